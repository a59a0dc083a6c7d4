import Glibc

/// Threads of our own, for loops that wait in C and for work that must not hold up Swift's shared pool. They take no
/// signals: those are for the thread that asked for them.
package enum Threads {
  /// Starts a thread that nobody waits for; it does not keep the process from exiting.
  ///
  /// - Parameter name: As system tools show it; at most 15 characters.
  /// - Returns: False when the system has no thread to give: `body` is not run.
  package static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    guard let thread = begin(name, body) else { return false }
    thread.letGo()
    return true
  }

  /// The same, to be waited for or let go exactly once. Nil when the system has no thread to give.
  package static func begin(_ name: String, _ body: @escaping @Sendable () -> Void) -> RunningThread? {
    let box = Unmanaged.passRetained(Errand(name, body))
    var thread = pthread_t()
    let failure = blockingSignals {
      pthread_create(
        &thread, nil,
        { context in
          guard let context else { return nil }
          let errand = Unmanaged<Errand>.fromOpaque(context).takeRetainedValue()
          Threads.nameThisOne(errand.name)
          errand.run()
          return nil
        }, box.toOpaque())
    }
    guard failure == 0 else {
      box.release()
      return nil
    }
    return RunningThread(thread)
  }

  /// Runs `body` with every signal blocked, so that threads started in it inherit that.
  package static func blockingSignals<Result>(_ body: () -> Result) -> Result {
    var all = sigset_t()
    var before = sigset_t()
    sigfillset(&all)
    // 0 and 2 are Linux's SIG_BLOCK and SIG_SETMASK, whose names a release build does not see beside a C module.
    pthread_sigmask(0, &all, &before)
    defer { pthread_sigmask(2, &before, nil) }
    return body()
  }

  /// By the file that Linux has for it (proc(5)): the call of the C library is not visible to Swift.
  private static func nameThisOne(_ name: String) {
    let file = open("/proc/thread-self/comm", O_WRONLY | O_CLOEXEC)
    guard file >= 0 else { return }
    let bytes = Array(name.utf8.prefix(15))
    _ = write(file, bytes, bytes.count)
    close(file)
  }

  private final class Errand: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(_ name: String, _ run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }
}

/// A thread that was started: it is waited for or let go, once.
package struct RunningThread: Sendable {
  private let thread: pthread_t

  fileprivate init(_ thread: pthread_t) { self.thread = thread }

  /// Waits, blocking this thread, until it has ended.
  package func join() { pthread_join(thread, nil) }
  /// It ends by itself.
  package func letGo() { pthread_detach(thread) }
}
