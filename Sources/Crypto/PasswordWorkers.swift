package import Basics

/// Password hashes are slow on purpose. They are made on threads of their own, so that nobody else waits for them; few
/// at a time, so that they take little memory; and not from an endless queue, so that guessing cannot stop the server.
package final class PasswordWorkers: Sendable {
  /// So many are waiting already that another would wait too long.
  package struct Busy: Error, Sendable {
    package init() {}
  }

  private typealias Work = @Sendable () -> Void
  private struct State: Sendable {
    var running = 0
    var waiting: [Work] = []
  }

  package let cost: Password.Cost
  private let atOnce: Int
  private let waitingMax: Int
  private let state = Locked(State())
  /// The hash of a password nobody knows, at today's cost.
  private let decoy: String

  package init(cost: Password.Cost = .standard, atOnce: Int = 2, waitingMax: Int = 32) {
    self.cost = cost
    self.atOnce = atOnce
    self.waitingMax = waitingMax
    decoy = Password.hash(Secret(RandomBytes.token()), cost)
  }

  package func hash(_ password: Secret<String>) async throws(Busy) -> String {
    let cost = cost
    return try await run { Password.hash(password, cost) }
  }

  /// - Parameter hash: `nil` when there is no such user: the answer is no, and takes as long as for one there is.
  package func verify(_ password: Secret<String>, against hash: String?) async throws(Busy) -> Bool {
    let decoy = decoy
    return try await run { Password.verify(password, against: hash, decoy: decoy) }
  }

  /// Whether a hash was made at another cost than today's.
  package func needsRehash(_ hash: String) -> Bool { Password.needsRehash(hash, cost) }

  private func run<Value: Sendable>(_ work: @escaping @Sendable () -> Value) async throws(Busy) -> Value {
    let value: Value? = await withCheckedContinuation { continuation in
      if !start({ continuation.resume(returning: work()) }) { continuation.resume(returning: nil) }
    }
    guard let value else { throw Busy() }
    return value
  }

  /// - Returns: False when there is no room: the work is dropped.
  private func start(_ work: @escaping Work) -> Bool {
    enum Place { case now, later, nowhere }
    let place = state.withLock { state in
      if state.running < atOnce {
        state.running += 1
        return Place.now
      }
      guard state.waiting.count < waitingMax else { return .nowhere }
      state.waiting.append(work)
      return .later
    }
    switch place {
    case .later: return true
    case .nowhere: return false
    case .now:
      if Threads.start("password", { [self] in runAll(beginningWith: work) }) { return true }
      state.withLock { $0.running -= 1 }
      return false
    }
  }

  private func runAll(beginningWith first: @escaping Work) {
    var next: Work? = first
    while let work = next {
      work()
      next = state.withLock { state in
        guard !state.waiting.isEmpty else {
          state.running -= 1
          return nil
        }
        return state.waiting.removeFirst()
      }
    }
  }
}
