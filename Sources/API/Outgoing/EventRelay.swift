package import Basics
package import Databases
import Finance
import Jobs
import Store

/// Hands the events of all households to a stream such as Kafka's: in order within each, at least once. One process
/// among all does it, and where each household has come is kept with the data.
package final class EventRelay: Service {
  /// One event for the stream. Those of one key keep their order.
  package struct Message: Sendable, Equatable {
    package var key: String
    package var value: [UInt8]
  }

  /// Returns when all of them are kept there; throws when some may not be.
  package typealias Send = @Sendable ([Message]) async throws -> Void

  package let name: String
  private let database: any Database
  private let world: World
  private let log: Log
  private let leadership: Leadership
  /// A fresh way to send: a former one is of no use once it failed.
  private let open: @Sendable () async throws -> Send

  private static let pause = Duration.milliseconds(500)
  private static let retryPause = Duration.seconds(5)
  /// Events that are sent, and noted, together.
  private static let batch = 500

  /// - Parameter name: Stored with the positions: it never changes once shipped.
  package init(
    _ name: String, _ database: any Database, _ world: World, log: Log, owner: String,
    open: @escaping @Sendable () async throws -> Send
  ) {
    self.name = name
    self.database = database
    self.world = world
    self.log = log.with(("part", .text(name)))
    leadership = Leadership(name, owner: owner)
    self.open = open
  }

  package func run() async throws {
    var send: Send?
    while !Task.isCancelled {
      var rest = Self.pause
      do {
        if let ready = send {
          if try await relay(ready) > 0 { rest = .zero }
        } else {
          send = try await open()
        }
      } catch is CancellationError {
        break
      } catch {
        log.warning("events could not be handed on", ("reason", .text("\(error)")))
        (send, rest) = (nil, Self.retryPause)
      }
      do { try await world.sleep(rest) } catch { break }
    }
    let leadership = leadership
    // In a task of its own: ours is cancelled.
    _ = await Task { [database] in try? await database.write { try leadership.release($0) } }.value
  }

  /// Hands on what has come, if we lead.
  ///
  /// - Returns: How many events.
  @discardableResult
  package func relay(_ send: Send) async throws -> Int {
    let (leadership, name, now) = (leadership, name, world.now())
    let term = try await database.write { try leadership.hold(now: now, $0) }
    guard let term else { return 0 }
    let (messages, moves) = try await database.read { session in
      var (messages, moves): ([Message], [EventFollowers.Move]) = ([], [])
      for behind in try EventFollowers.behind(name, limit: 100, session) where messages.count < Self.batch {
        let scope = Scope(household: behind.household, user: ID(bits: 0)).wholeHousehold
        let rows = try Events.after(behind.position, limit: Self.batch - messages.count, scope, session)
        messages += rows.map { row in
          let event = OutgoingEvent(
            household: behind.household, position: row.position, at: row.at, kind: row.event.kind, data: row.event.body)
          return Message(key: behind.household.description, value: event.body)
        }
        // What is not kept any more is passed over.
        let through = rows.last?.position ?? behind.last
        moves.append(.init(household: behind.household, from: behind.position, to: through))
      }
      return (messages, moves)
    }
    guard !moves.isEmpty else { return 0 }
    if !messages.isEmpty { try await send(messages) }
    let later = world.now()
    try await database.write { session in
      // Whoever leads since then sends these again, and notes so.
      guard try leadership.hold(now: later, session) == term else { return }
      for move in moves { try EventFollowers.move(name, move, session) }
    }
    return messages.count
  }
}
