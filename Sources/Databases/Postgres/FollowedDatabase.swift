package import Basics

/// A primary with a standby beside it, which answers what ``Following`` allows.
///
/// The primary is asked how far it has come, and the standby answers only when it has replayed as much: so it shows what
/// the primary would have shown, also what was written a moment ago through another process. Where it lags, is away, was
/// promoted, or follows somebody else, the primary answers, and nobody waits for the standby to come back.
package final class FollowedDatabase: Database {
  private struct State: Sendable {
    var isUsable = false
    var isTrying = false
    var nextTry = ContinuousClock.now
  }

  private let primary: PostgresDatabase
  private let standby: PostgresDatabase
  private let world: World
  private let state = Locked(State())

  /// A standby is mostly behind by less than this, and a question that is as long is no shorter elsewhere.
  private static let patience = (tries: 5, pause: Duration.milliseconds(10))
  private static let rest = Duration.seconds(2)

  /// Connects only when something is first asked.
  ///
  /// - Throws: ``DatabaseError`` when the system has no threads to give.
  package init(
    _ primary: PostgresDatabase, standby: PostgresSettings, world: World = .live
  ) throws(DatabaseError) {
    var settings = standby
    settings.isStandby = true
    self.primary = primary
    self.standby = try PostgresDatabase(settings, world: world)
    self.world = world
  }

  package func read<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    if Following.isAllowed, isUsable(), case .value(let value) = try await follow(body) { return value }
    return try await primary.read(body)
  }

  @discardableResult
  package func write<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    try await primary.write(body)
  }

  private func follow<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> PostgresDatabase.Followed<Value> {
    guard let position = try await primary.position() else {
      pause()
      return .unable
    }
    for attempt in 1...Self.patience.tries {
      switch try await standby.read(following: position, body) {
      case .value(let value): return .value(value)
      case .behind where attempt < Self.patience.tries: try await world.sleep(Self.patience.pause)
      case .behind, .unable:
        pause()
        return .unable
      }
    }
    return .unable
  }

  private func pause() {
    state.withLock { state in
      state.isUsable = false
      state.nextTry = .now + Self.rest
    }
  }

  /// Whether it answered when it was last asked. If not, it is asked again now and then, beside the question at hand.
  private func isUsable() -> Bool {
    let (isUsable, isTime) = state.withLock { state in
      let isTime = !state.isUsable && !state.isTrying && state.nextTry <= .now
      if isTime { state.isTrying = true }
      return (state.isUsable, isTime)
    }
    if isTime {
      Task(name: "trying a standby") {
        let answer = try? await follow { _ in }
        state.withLock { state in
          state.isTrying = false
          if case .value = answer { state.isUsable = true } else { state.nextTry = .now + Self.rest }
        }
      }
    }
    return isUsable
  }
}

extension FollowedDatabase: Notifying {
  package func notifications(on channel: String) -> AsyncStream<Void> { primary.notifications(on: channel) }
}

extension PostgresDatabase {
  /// What a standby had to say.
  enum Followed<Value: Sendable>: Sendable {
    case value(Value)
    /// It has not come so far.
    case behind
    case unable
  }

  /// How far this primary has come; nil when it does not say.
  func position() async throws -> PostgresPosition? {
    try await read { session in try (session as? PostgresSession).flatMap { try PostgresPosition(of: $0) } }
  }

  /// Asks a standby, once.
  ///
  /// - Throws: What `body` threw of its own.
  func read<Value: Sendable>(
    following position: PostgresPosition, _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Followed<Value> {
    let (connection, ticket) = try await lease(isWriting: false)
    let outcome = await connection.transaction(.following(position), body)
    giveBack(connection, ticket, wasRefused: false)
    switch outcome {
    case .done(let value): return .value(value)
    case .runAgain: return .unable
    // Whatever the store has, the primary may do better, or says the same.
    case .failed(let error as DatabaseError): return error == PostgresSession.behind ? .behind : .unable
    case .failed(let error): throw error
    }
  }
}
