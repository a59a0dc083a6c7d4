#if TSAN
  import Glibc
#else
  package import Synchronization
#endif

/// A value and the lock that guards it, shared by reference.
///
/// Built with `-DTSAN` it uses a pthread mutex, because the thread sanitizer does not know Swift's own
/// `Mutex` on Linux and reports every use of it as a race.
package final class Locked<Value>: @unchecked Sendable {
  #if TSAN
    private var value: Value
    private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)

    package init(_ value: sending Value) {
      self.value = value
      pthread_mutex_init(mutex, nil)
    }

    deinit {
      pthread_mutex_destroy(mutex)
      mutex.deallocate()
    }

    package func withLock<Result, Failure: Error>(
      _ body: (inout Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      pthread_mutex_lock(mutex)
      defer { pthread_mutex_unlock(mutex) }
      return try body(&value)
    }
  #else
    @usableFromInline let mutex: Mutex<Value>

    package init(_ value: sending Value) { mutex = Mutex(value) }

    /// Compiled into its callers: it is part of nearly everything, and in a general form takes a tenth of a request.
    @inlinable package func withLock<Result, Failure: Error>(
      _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
      try mutex.withLock(body)
    }
  #endif
}
