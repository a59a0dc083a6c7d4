import Basics
import Glibc

/// The thread that lets clients in, as many as there is room for.
///
/// libmicrohttpd could do it. But to stop listening, `MHD_quiesce_daemon` takes the socket away from its threads without a
/// lock, and when one of them does so too, the library ends the process: a server under load would die of being told to
/// stop. Here nothing is shared but a socket, which the system takes back from whoever waits at it. It is counted here as
/// well: libmicrohttpd 0.9.75 stands still for ever when a thread of its own is handed a client beyond its limit.
@safe struct Doorman: Sendable {
  private static let breath: useconds_t = 20_000
  private static let lookAgain: useconds_t = 1_000

  private let listener: Listener
  private let thread: RunningThread

  /// - Returns: Nil when the system has no thread to give.
  init?(_ listener: Listener, _ daemon: MHDDaemon, _ core: ServerCore) {
    let begun = Threads.begin("http-door") {
      while !core.isStopping {
        guard core.hasRoom else {
          usleep(Self.lookAgain)
          continue
        }
        // Counted before the daemon can say that it has gone again.
        core.letIn()
        let failure = daemon.accept(from: listener)
        if failure == 0 { continue }
        core.turnedAway()
        switch failure {
        case -1, EINTR, ECONNABORTED: continue
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
