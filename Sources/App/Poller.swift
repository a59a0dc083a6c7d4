package import API
package import Basics
import Databases
package import Finance
import Store
package import Sync

/// Keeps every connection up to date for as long as it runs.
package final class Poller: Service {
  /// What happens, for whoever shows it.
  package enum Event: Sendable {
    case progress(ID<Connection>, SyncProgress)
    case done(ID<Connection>, SyncOutcome)
    case failed(ID<Connection>, BanksError)
  }

  /// Connections that are synced at the same time: most of a sync is waiting for the bank.
  private static let atOnce = 3
  /// The longest time without a look at the list: another process may have linked a bank.
  private static let lookPause = Duration.seconds(60)

  package let name = "poller"
  private let banks: Banks
  private let log: Log
  private let tell: @Sendable (Event) -> Void
  private let memory = Locked<[ID<Connection>: PollPlan.Memory]>([:])
  private let wakes: AsyncStream<Void>
  private let wakeSink: AsyncStream<Void>.Continuation

  package init(_ banks: Banks, log: Log, tell: @escaping @Sendable (Event) -> Void = { _ in }) {
    // Banks are kept up to date whoever sees them.
    self.banks = banks.acting(as: banks.scope.wholeHousehold)
    self.log = log.with(("part", "poller"))
    self.tell = tell
    (wakes, wakeSink) = AsyncStream.makeStream(of: Void.self, bufferingPolicy: .bufferingNewest(1))
  }

  /// Looks at once whether something is to be done: a bank was linked.
  package func wake() { wakeSink.yield() }

  /// Runs until it is cancelled. A failure of the database is told and waited out.
  package func run() async throws {
    wakeSink.yield()
    var timer: Task<Void, any Error>?
    for await _ in wakes {
      let next = await lookAround()
      timer?.cancel()
      if Task.isCancelled { break }
      let rest = next.map { $0 - banks.world.now() } ?? Self.lookPause
      let pause = max(.milliseconds(50), min(Self.lookPause, rest))
      timer = Task(name: "poller timer") { [world = banks.world, wakeSink] in
        try await world.sleep(pause)
        wakeSink.yield()
      }
    }
    timer?.cancel()
  }

  /// Does what is due, a few connections at a time.
  ///
  /// - Returns: When the next thing is due, as far as is known.
  @discardableResult
  package func lookAround() async -> Timestamp? {
    let (banks, scope) = (banks, banks.scope)
    let connections: [ListedConnection]
    do {
      connections = try await banks.database.read { session in
        try Connections.list(after: nil, limit: Limits.listMax, scope, session)
      }
    } catch {
      log.error("cannot read the connections", ("error", .text("\(error)")))
      return nil
    }
    let now = banks.world.now()
    let memories = memory.withLock { $0 }
    var due: [(ID<Connection>, PollPlan.Step)] = []
    var next: Timestamp?
    for connection in connections {
      let step = PollPlan.next(connection, memories[connection.id] ?? PollPlan.Memory(), now: now)
      switch step {
      case .sync(let at), .remove(let at):
        if at <= now { due.append((connection.id, step)) } else { next = min(next ?? at, at) }
      case .leave: break
      }
    }
    guard !due.isEmpty else { return next }
    await withTaskGroup(of: Void.self) { group in
      for (index, (id, step)) in due.enumerated() {
        if index >= Self.atOnce { await group.next() }
        guard !Task.isCancelled else { break }
        group.addTask { [self] in await take(step, id) }
      }
    }
    // What was done has changed what is due: look again at once.
    return banks.world.now()
  }

  private func take(_ step: PollPlan.Step, _ id: ID<Connection>) async {
    var pause: Duration?
    do throws(BanksError) {
      switch step {
      case .sync:
        let outcome = try await banks.sync(id, kind: nil) { [tell] in tell(.progress(id, $0)) }
        // The run of another process has not moved this connection's clock yet.
        if outcome == .superseded { pause = PollPlan.shortPause }
        tell(.done(id, outcome))
      case .remove: try await banks.remove(id)
      case .leave: break
      }
      let notBefore = pause.map { banks.world.now() + $0 }
      memory.withLock { $0[id] = PollPlan.Memory(isFirstLook: false, notBefore: notBefore) }
    } catch {
      guard error != .cancelled else { return }
      let (now, random) = (banks.world.now(), banks.world.random())
      memory.withLock {
        PollPlan.remember(
          failureAt: now, asked: error.retryAfter, random: random, in: &$0[id, default: PollPlan.Memory()])
      }
      log.warning(
        "a sync failed", ("connection", .id(id)), ("code", .text(error.problem.code)), ("reason", .text("\(error)")))
      tell(.failed(id, error))
    }
  }
}
