package import Basics

/// A PostgreSQL server, reached through a bounded number of connections, each on a thread of its own.
///
/// Transactions that write are SERIALIZABLE: what the rest of the program relies on with SQLite's single writer holds
/// here too. The price is that the server may refuse one because of another; it is then run again, after a pause.
package final class PostgresDatabase: Database {
  private let settings: PostgresSettings
  private let pool: Locked<PostgresPool>
  private let world: World

  /// A transaction is tried so often. With the pauses below the last try is about two seconds after the first: longer
  /// than a standby takes to be promoted by hand is for the caller to wait.
  private static let triesMax = 9
  private static let backoff = Backoff(first: .milliseconds(5), longest: .milliseconds(800))

  /// Connects only when something is first asked.
  ///
  /// - Throws: ``DatabaseError`` when the system has no threads to give.
  package init(_ settings: PostgresSettings, world: World = .live) throws(DatabaseError) {
    self.settings = settings
    var connections: [PostgresConnection] = []
    let term = PostgresTerm()
    for _ in 0..<max(1, settings.connectionsMax) { connections.append(try PostgresConnection(settings, term)) }
    pool = Locked(PostgresPool(connections))
    self.world = world
  }

  package func read<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    try await run(.reading, body)
  }

  @discardableResult
  package func write<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    try await run(.writing, body)
  }

  private func run<Value: Sendable>(
    _ mode: PostgresConnection.Mode, _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    var tries = 0
    while true {
      let (connection, ticket) = try await lease(isWriting: mode == .writing)
      let outcome = await connection.transaction(mode, body)
      giveBack(connection, ticket, wasRefused: outcome.isRefused)
      switch outcome {
      case .done(let value): return value
      case .failed(let error): throw error
      case .runAgain(let error):
        tries += 1
        guard tries < Self.triesMax else { throw error }
        try await world.sleep(Self.backoff.delay(attempt: tries, random: world.random()))
      }
    }
  }

  /// - Parameter isWriting: Writers wait as well while enough others write.
  /// - Returns: Also the ticket, to be given back with it.
  func lease(isWriting: Bool) async throws -> (PostgresConnection, ticket: Int) {
    let ticket = pool.withLock { $0.ticket() }
    let connection = try await withTaskCancellationHandler {
      try await withCheckedThrowingContinuation { waiter in
        switch pool.withLock({ $0.lease(ticket, isWriting: isWriting, waiter, .now) }) {
        case .now(let connection): waiter.resume(returning: connection)
        case .later: break
        case .cancelled: waiter.resume(throwing: CancellationError())
        }
      }
    } onCancel: {
      pool.withLock { $0.cancel(ticket) }?.resume(throwing: CancellationError())
    }
    pool.withLock { $0.forget(ticket) }
    return (connection, ticket)
  }

  func giveBack(_ connection: PostgresConnection, _ ticket: Int, wasRefused: Bool) {
    let calls = pool.withLock { $0.giveBack(connection, ticket, wasRefused: wasRefused, .now) }
    for call in calls { call.waiter.resume(returning: call.connection) }
  }
}

extension PostgresDatabase: Notifying {
  package func notifications(on channel: String) -> AsyncStream<Void> {
    let (stream, sink) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let task = Task(name: "listening on \(channel)") { [settings, world] in
      guard let listener = try? PostgresListener(settings, channel: channel) else { return sink.finish() }
      while !Task.isCancelled {
        if await listener.wait() { sink.yield() }
        if await listener.isCut { try? await world.sleep(.seconds(2)) }
      }
      sink.finish()
    }
    sink.onTermination = { _ in task.cancel() }
    return stream
  }
}
