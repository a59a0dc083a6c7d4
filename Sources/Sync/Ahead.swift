import Basics
import Glibc

/// Works something out on a thread of its own while this one is busy, for code that must not suspend: a transaction
/// stays on its thread, and reading the next page of JSON need not.
///
/// Not a task: who waits here blocks, and blocked threads must not wait for a pool of threads that they may be part of.
final class Ahead<Value: Sendable> {
  private let outcome: Locked<Result<Value, any Error>?>
  private var thread: pthread_t?

  /// Starts at once. What `work` does must depend on nothing that changes meanwhile.
  init(_ work: @escaping @Sendable () throws -> Value) {
    let outcome = Locked<Result<Value, any Error>?>(nil)
    self.outcome = outcome
    let errand = Unmanaged.passRetained(
      Errand {
        let result = Result { try work() }
        outcome.withLock { $0 = result }
      })
    var thread = pthread_t()
    let failure = pthread_create(
      &thread, nil,
      { context in
        guard let context else { return nil }
        Unmanaged<Errand>.fromOpaque(context).takeRetainedValue().run()
        return nil
      }, errand.toOpaque())
    if failure == 0 {
      self.thread = thread
    } else {
      // Without a thread to give it to, it is done here.
      errand.takeRetainedValue().run()
    }
  }

  deinit { if let thread { pthread_detach(thread) } }

  /// Waits until it is there. To be called once.
  func get() throws -> Value {
    if let thread { pthread_join(thread, nil) }
    thread = nil
    return try outcome.withLock { outcome in
      defer { outcome = nil }
      guard let outcome else { throw CancellationError() }
      return try outcome.get()
    }
  }
}

private final class Errand: Sendable {
  let run: @Sendable () -> Void
  init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}
