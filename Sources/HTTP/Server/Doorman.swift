import Basics
import Glibc

/// The thread that lets clients in.
///
/// libmicrohttpd could do it. But to stop listening, `MHD_quiesce_daemon` takes the socket away from its threads without a
/// lock, and when one of them does so too, the library ends the process: a server under load would die of being told to
/// stop. Here nothing is shared but a socket, which the system takes back from whoever waits at it.
@safe struct Doorman: Sendable {
  private static let breath: useconds_t = 20_000

  private let listener: Listener
  private let thread: RunningThread

  /// - Returns: Nil when the system has no thread to give.
  init?(_ listener: Listener, _ daemon: MHDDaemon) {
    let begun = Threads.begin("http-door") {
      while true {
        switch daemon.accept(from: listener) {
        case 0, EINTR, ECONNABORTED: continue
        // The listener was shut.
        case EINVAL, EBADF: return
        // No descriptors or no memory are left, or the network has a moment: whoever waits goes on waiting.
        default: usleep(Self.breath)
        }
      }
    }
    guard let begun else { return nil }
    (self.listener, thread) = (listener, begun)
  }

  /// Refuses whoever comes from now on. When it returns, nobody else comes in.
  func close() {
    listener.refuse()
    thread.join()
  }
}
