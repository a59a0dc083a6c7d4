import Basics

/// Who has which connection and who waits for one. It decides and never waits: each method says what is to be done.
struct PostgresPool: Sendable {
  typealias Waiter = CheckedContinuation<PostgresConnection, any Error>

  enum Turn {
    case now(PostgresConnection)
    /// The waiter is kept until a connection is given back.
    case later
    case cancelled
  }

  /// The one used last is used next, so that connections which are not needed fall idle.
  private var idle: [PostgresConnection]
  private var waiters: [(ticket: Int, waiter: Waiter)] = []
  private var cancelled: Set<Int> = []
  private var tickets = 0

  init(_ connections: [PostgresConnection]) { idle = connections }

  mutating func ticket() -> Int {
    tickets += 1
    return tickets
  }

  mutating func lease(_ ticket: Int, _ waiter: Waiter) -> Turn {
    // A task may be cancelled before it has come to wait.
    guard cancelled.remove(ticket) == nil else { return .cancelled }
    if let connection = idle.popLast() { return .now(connection) }
    waiters.append((ticket, waiter))
    return .later
  }

  /// - Returns: Who is to be told, if it waits.
  mutating func cancel(_ ticket: Int) -> Waiter? {
    guard let place = waiters.firstIndex(where: { $0.ticket == ticket }) else {
      cancelled.insert(ticket)
      return nil
    }
    return waiters.remove(at: place).waiter
  }

  /// The ticket is used up: a late cancellation of it means nothing.
  mutating func forget(_ ticket: Int) { cancelled.remove(ticket) }

  /// - Returns: Whose turn it is now; nobody's when the connection is kept.
  mutating func giveBack(_ connection: PostgresConnection) -> Waiter? {
    if waiters.isEmpty {
      idle.append(connection)
      return nil
    }
    return waiters.removeFirst().waiter
  }
}
