import CMicroHTTPD
import Glibc

/// Threads of our own, for loops that wait in C. They take no signals: those are for the thread that asked for them.
enum Threads {
  /// Starts a detached thread; it does not keep the process from exiting.
  ///
  /// - Parameter name: At most 15 characters.
  /// - Returns: False when the system has no thread to give.
  static func start(_ name: String, _ body: @escaping @Sendable () -> Void) -> Bool {
    let box = unsafe Unmanaged.passRetained(Body(name, body))
    var thread = pthread_t()
    let failure = blockingSignals {
      unsafe pthread_create(
        &thread, nil,
        { context in
          guard let context = unsafe context else { return nil }
          let body = unsafe Unmanaged<Body>.fromOpaque(context).takeRetainedValue()
          unsafe cmhd_name_thread(body.name)
          body.run()
          return nil
        }, box.toOpaque())
    }
    guard failure == 0 else {
      unsafe box.release()
      return false
    }
    pthread_detach(thread)
    return true
  }

  /// Runs `body` with every signal blocked, so that threads started in it inherit that.
  static func blockingSignals<Result>(_ body: () -> Result) -> Result {
    var all = sigset_t()
    var before = sigset_t()
    unsafe sigfillset(&all)
    unsafe pthread_sigmask(SIG_SETMASK, &all, &before)
    defer { unsafe pthread_sigmask(SIG_SETMASK, &before, nil) }
    return body()
  }

  private final class Body: Sendable {
    let name: String
    let run: @Sendable () -> Void
    init(_ name: String, _ run: @escaping @Sendable () -> Void) {
      self.name = name
      self.run = run
    }
  }
}
