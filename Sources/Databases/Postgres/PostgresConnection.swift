import Basics

/// One connection on one thread of its own, opened when it is first used.
actor PostgresConnection {
  private let executor: ThreadExecutor
  private let settings: PostgresSettings
  private let term: PostgresTerm
  private let hosts: [[(String, String)]]
  private var session: PostgresSession?

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  init(_ settings: PostgresSettings, _ term: PostgresTerm) throws(DatabaseError) {
    self.settings = settings
    self.term = term
    hosts = PostgresHosts.all(settings)
    executor = try ThreadExecutor()
  }

  deinit { executor.stop() }

  enum Mode: Sendable, Equatable {
    case reading, writing
    /// Reading on a standby that has come so far.
    case following(PostgresPosition)

    /// Writers must come out as if one had run after the other, and PostgreSQL sees to it at this level alone. Readers
    /// see one moment.
    fileprivate var begin: String {
      switch self {
      case .reading, .following: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
      case .writing: "BEGIN ISOLATION LEVEL SERIALIZABLE"
      }
    }
  }

  /// What became of one try.
  enum Outcome<Value: Sendable>: Sendable {
    case done(Value)
    case failed(any Error)
    /// Nothing of it has happened, and running it again may well succeed.
    case runAgain(any Error)

    /// Whether the server put another transaction before this one.
    var isRefused: Bool {
      if case .runAgain(let error as DatabaseError) = self { error.kind == .tryAgain } else { false }
    }
  }

  /// Runs one transaction and hands its value back.
  func transaction<Value: Sendable>(_ mode: Mode, _ body: @Sendable (any Session) throws -> Value) -> Outcome<Value> {
    let session: PostgresSession
    do throws(DatabaseError) {
      session = try open()
    } catch {
      return error.kind == .disconnected ? .runAgain(error) : .failed(error)
    }
    defer { if session.isBroken { self.session = nil } }
    lookAround()
    guard term.isCurrent(session.mark) else { return leave(session) }
    if case .following(let position) = mode {
      switch try? position.reach(of: session) {
      case .reached: break
      case .behind: return .failed(PostgresSession.behind)
      case .other, nil: return leave(session)
      }
    }
    let value: Value
    do {
      try session.begin(mode.begin, isReading: mode != .writing)
      value = try body(session)
    } catch {
      session.rollback()
      // The body may have put its own error in the place of ours.
      return session.failure?.mayRunAgain == true ? .runAgain(error) : .failed(error)
    }
    // Somebody may have been promoted meanwhile: what is committed here then would be lost.
    guard mode != .writing || mayCommit(session) else {
      session.rollback()
      return leave(session)
    }
    do throws(DatabaseError) {
      // With it travels what nobody has waited for yet.
      try session.commit()
      return .done(value)
    } catch {
      session.rollback()
      if error.kind == .disconnected, !session.hasRefusedEarlier {
        return .failed(
          DatabaseError(
            kind: .disconnected, message: "the connection ended before the commit was confirmed: \(error.message)"))
      }
      return session.failure?.mayRunAgain == true ? .runAgain(error) : .failed(error)
    }
  }

  private func open() throws(DatabaseError) -> PostgresSession {
    if let session { return session }
    let opened = try PostgresSession.primary(settings, term)
    session = opened
    return opened
  }

  private func mayCommit(_ session: PostgresSession) -> Bool {
    #if MUTANTS
      if Mutant.isOn(.commitToFormerPrimary) { return true }
    #endif
    return term.isCurrent(session.mark)
  }

  private func leave<Value: Sendable>(_ session: PostgresSession) -> Outcome<Value> {
    self.session = nil
    return .runAgain(PostgresSession.superseded)
  }

  /// Asks every host now and then where it stands: one may have been promoted while ours goes on as if nothing were.
  private func lookAround() {
    guard hosts.count > 1, !settings.isStandby else { return }
    term.lookAround { hosts.compactMap { host in (try? PostgresSession(settings, at: host))?.mark } }
  }
}
