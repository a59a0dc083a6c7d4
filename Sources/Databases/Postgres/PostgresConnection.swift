import Basics

/// One connection on one thread of its own, opened when it is first used.
actor PostgresConnection {
  private let executor: ThreadExecutor
  private let settings: PostgresSettings
  private var session: PostgresSession?

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  init(_ settings: PostgresSettings) throws(DatabaseError) {
    self.settings = settings
    executor = try ThreadExecutor()
  }

  deinit { executor.stop() }

  enum Mode: Sendable {
    case reading, writing

    /// Writers must come out as if one had run after the other, and PostgreSQL sees to it at this level alone. Readers
    /// see one moment.
    fileprivate var begin: String {
      switch self {
      case .reading: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"
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
    let value: Value
    do {
      try session.begin(mode.begin, isReading: mode == .reading)
      value = try body(session)
    } catch {
      session.rollback()
      // The body may have put its own error in the place of ours.
      return session.failure?.mayRunAgain == true ? .runAgain(error) : .failed(error)
    }
    do throws(DatabaseError) {
      try session.commit()
      return .done(value)
    } catch {
      session.rollback()
      if error.kind == .disconnected {
        return .failed(
          DatabaseError(
            kind: .disconnected, message: "the connection ended before the commit was confirmed: \(error.message)"))
      }
      return session.failure?.mayRunAgain == true ? .runAgain(error) : .failed(error)
    }
  }

  private func open() throws(DatabaseError) -> PostgresSession {
    if let session { return session }
    let opened = try PostgresSession(settings)
    session = opened
    return opened
  }
}
