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

  /// Somebody whose turn it is now.
  struct Call {
    let waiter: Waiter
    let connection: PostgresConnection
  }

  private struct Waiting {
    let ticket: Int
    let isWriting: Bool
    let waiter: Waiter
  }

  /// The one used last is used next, so that connections which are not needed fall idle.
  private var idle: [PostgresConnection]
  /// In the order in which they came.
  private var waiting: [Waiting] = []
  private var cancelled: Set<Int> = []
  private var tickets = 0
  private var pace: PostgresPace

  init(_ connections: [PostgresConnection]) {
    idle = connections
    pace = PostgresPace(most: connections.count)
  }

  mutating func ticket() -> Int {
    tickets += 1
    return tickets
  }

  mutating func lease(_ ticket: Int, isWriting: Bool, _ waiter: Waiter, _ now: ContinuousClock.Instant) -> Turn {
    // A task may be cancelled before it has come to wait.
    guard cancelled.remove(ticket) == nil else { return .cancelled }
    if !isWriting || pace.hasRoom(now), let connection = idle.popLast() {
      if isWriting { pace.begin(ticket, now) }
      return .now(connection)
    }
    waiting.append(Waiting(ticket: ticket, isWriting: isWriting, waiter: waiter))
    return .later
  }

  /// - Returns: Who is to be told, if it waits.
  mutating func cancel(_ ticket: Int) -> Waiter? {
    guard let place = waiting.firstIndex(where: { $0.ticket == ticket }) else {
      cancelled.insert(ticket)
      return nil
    }
    return waiting.remove(at: place).waiter
  }

  /// The ticket is used up: a late cancellation of it means nothing.
  mutating func forget(_ ticket: Int) { cancelled.remove(ticket) }

  /// - Parameters:
  ///   - ticket: What it was leased with.
  ///   - wasRefused: Whether what it wrote was refused because of others.
  /// - Returns: Whose turn it is now.
  mutating func giveBack(
    _ connection: PostgresConnection, _ ticket: Int, wasRefused: Bool, _ now: ContinuousClock.Instant
  ) -> [Call] {
    idle.append(connection)
    pace.end(ticket, wasRefused: wasRefused)
    var calls: [Call] = []
    while !idle.isEmpty, let place = waiting.firstIndex(where: { !$0.isWriting || pace.hasRoom(now) }),
      let next = idle.popLast()
    {
      let chosen = waiting.remove(at: place)
      if chosen.isWriting { pace.begin(chosen.ticket, now) }
      calls.append(Call(waiter: chosen.waiter, connection: next))
    }
    return calls
  }
}
