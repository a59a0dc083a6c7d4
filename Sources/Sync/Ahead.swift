import Basics

/// Works something out on a thread of its own while this one is busy, for code that must not suspend: a transaction
/// stays on its thread, and reading the next page of JSON need not.
///
/// Not a task: who waits here blocks, and blocked threads must not wait for a pool of threads that they may be part of.
final class Ahead<Value: Sendable> {
  private let outcome: Locked<Result<Value, any Error>?>
  private var thread: RunningThread?

  /// Starts at once. What `work` does must depend on nothing that changes meanwhile.
  init(_ work: @escaping @Sendable () throws -> Value) {
    let outcome = Locked<Result<Value, any Error>?>(nil)
    self.outcome = outcome
    let errand: @Sendable () -> Void = {
      let result = Result { try work() }
      outcome.withLock { $0 = result }
    }
    thread = Threads.begin("ahead", errand)
    // Without a thread to give it to, it is done here.
    if thread == nil { errand() }
  }

  deinit { thread?.letGo() }

  /// Waits until it is there. To be called once.
  func get() throws -> Value {
    thread?.join()
    thread = nil
    return try outcome.withLock { outcome in
      defer { outcome = nil }
      guard let outcome else { throw CancellationError() }
      return try outcome.get()
    }
  }
}
