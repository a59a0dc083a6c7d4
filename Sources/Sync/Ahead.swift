import Basics
import Glibc

/// Works something out on another thread while this one is busy, for code that must not suspend: a transaction stays on
/// its thread, and reading the next page of JSON need not.
@safe final class Ahead<Value: Sendable>: Sendable {
  private let outcome = Locked<Result<Value, any Error>?>(nil)
  // Written by `init` alone; a semaphore is made to be used from several threads.
  private nonisolated(unsafe) let isDone = UnsafeMutablePointer<sem_t>.allocate(capacity: 1)

  /// Starts at once. What `work` does must depend on nothing that changes meanwhile.
  init(_ work: @escaping @Sendable () throws -> Value) {
    sem_init(isDone, 0, 0)
    Task.detached { [self] in
      let result = Result { try work() }
      outcome.withLock { $0 = result }
      sem_post(isDone)
    }
  }

  deinit {
    sem_destroy(isDone)
    isDone.deallocate()
  }

  /// Waits until it is there. To be called once, from a thread that may block.
  func get() throws -> Value {
    while sem_wait(isDone) != 0 {}
    return try outcome.withLock { outcome in
      defer { outcome = nil }
      guard let outcome else { throw CancellationError() }
      return try outcome.get()
    }
  }
}
