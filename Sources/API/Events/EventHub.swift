package import Basics
package import Databases
import Finance
import Store

/// Tells streams that something has happened in their household: one look at the database for all of them.
package final class EventHub: Service {
  private struct State {
    var listeners: [ID<Household>: [Int: AsyncStream<Void>.Continuation]] = [:]
    var positions: [ID<Household>: Int] = [:]
    var tokens = 0
    /// Those who want to know how many listen.
    var watchers: [AsyncStream<Int>.Continuation] = []

    var count: Int { listeners.values.reduce(0) { $0 + $1.count } }
    func tellWatchers() { for watcher in watchers { watcher.yield(count) } }
  }

  package let name = "events"
  private let database: any Database
  private let world: World
  private let state = Locked(State())
  /// Between two looks, while anybody listens.
  private static let pause = Duration.milliseconds(200)

  package init(_ database: any Database, _ world: World) {
    self.database = database
    self.world = world
  }

  /// Yields whenever something may have happened. It ends with the task that waits for it.
  func listen(to household: ID<Household>) -> AsyncStream<Void> {
    let (stream, sink) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    let token = state.withLock { state in
      state.tokens += 1
      state.listeners[household, default: [:]][state.tokens] = sink
      state.tellWatchers()
      return state.tokens
    }
    sink.onTermination = { [state] _ in
      state.withLock { state in
        state.listeners[household]?[token] = nil
        if state.listeners[household]?.isEmpty == true { state.listeners[household] = nil }
        state.tellWatchers()
      }
    }
    return stream
  }

  /// How many listen.
  package var count: Int { state.withLock { $0.count } }

  /// The same, now and whenever it changes.
  package func counts() -> AsyncStream<Int> {
    let (stream, sink) = AsyncStream.makeStream(of: Int.self)
    state.withLock { state in
      state.watchers.append(sink)
      sink.yield(state.count)
    }
    return stream
  }

  package func run() async throws {
    while !Task.isCancelled {
      await look()
      do { try await world.sleep(Self.pause) } catch { return }
    }
  }

  /// Looks whether something happened where somebody listens.
  package func look() async {
    guard state.withLock({ !$0.listeners.isEmpty }) else { return }
    guard let positions = try? await database.read({ try Events.positions($0) }) else { return }
    let woken = state.withLock { state in
      var woken: [AsyncStream<Void>.Continuation] = []
      for (household, listeners) in state.listeners {
        let position = positions[household] ?? 0
        guard state.positions[household] != position else { continue }
        woken += listeners.values
      }
      state.positions = positions
      return woken
    }
    for sink in woken { sink.yield() }
  }
}
