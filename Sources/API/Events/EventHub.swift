package import Basics
package import Databases
import Finance
import Store

/// Tells streams that something has happened in their household: one look at the database for all of them, as soon as
/// this program has written. What other programs write is looked for now and then.
package final class EventHub: Service {
  private struct State {
    var listeners: [ID<Household>: [Int: AsyncStream<Void>.Continuation]] = [:]
    var positions: [ID<Household>: Int] = [:]
    var tokens = 0
    /// What the database was when it was last looked at, where it says so.
    var edition: Int?
    /// Those who want to know how many listen.
    var watchers: [AsyncStream<Int>.Continuation] = []

    var count: Int { listeners.values.reduce(0) { $0 + $1.count } }
    func tellWatchers() { for watcher in watchers { watcher.yield(count) } }
  }

  package let name = "events"
  private let database: any Database
  private let world: World
  private let state = Locked(State())
  private let wakes: AsyncStream<Void>
  private let wakeSink: AsyncStream<Void>.Continuation
  /// Between two looks for what others wrote, while anybody listens. Where the database says at no cost whether anybody
  /// wrote, it is looked at only then.
  private static let pause = Duration.milliseconds(50)

  package init(_ database: any Database, _ world: World) {
    self.database = database
    self.world = world
    (wakes, wakeSink) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
    (database as? CountedDatabase)?.listen { [state, wakeSink] in
      if state.withLock({ !$0.listeners.isEmpty }) { wakeSink.yield() }
    }
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
        if state.listeners[household]?.isEmpty == true {
          (state.listeners[household], state.positions[household]) = (nil, nil)
        }
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
    let rounds = Task(name: "event rounds") { [world, state, wakeSink] in
      while !Task.isCancelled {
        do { try await world.sleep(Self.pause) } catch { break }
        if state.withLock({ !$0.listeners.isEmpty }) { wakeSink.yield() }
      }
    }
    defer { rounds.cancel() }
    // One look at a time: what is written meanwhile is seen by the next one, however much it is.
    for await _ in wakes {
      if Task.isCancelled { break }
      await look()
    }
  }

  /// Looks whether something happened where somebody listens.
  package func look() async {
    // Before anything is read: what is written later shows as another one.
    let edition = database.edition()
    let households = state.withLock { state -> [ID<Household>] in
      if let edition, edition == state.edition { return [] }
      return Array(state.listeners.keys)
    }
    guard !households.isEmpty,
      let positions = try? await database.read({ try Events.positions(of: households, $0) })
    else { return }
    let woken = state.withLock { state in
      state.edition = edition
      var woken: [AsyncStream<Void>.Continuation] = []
      for household in households {
        let position = positions[household] ?? 0
        guard state.positions.updateValue(position, forKey: household) != position else { continue }
        woken += state.listeners[household].map { Array($0.values) } ?? []
      }
      return woken
    }
    for sink in woken { sink.yield() }
  }
}
