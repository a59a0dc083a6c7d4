import Dispatch
import Glibc

/// Being asked to stop: Ctrl-C, or a service manager's SIGTERM.
enum Signals {
  /// Returns at the first request. A second one ends the program at once, whatever it is doing.
  static func untilStop() async {
    // A reader that went away must not end a server.
    signal(SIGPIPE, SIG_IGN)
    let (requests, sink) = AsyncStream.makeStream(of: Void.self)
    let sources = [SIGINT, SIGTERM].map { number in
      signal(number, SIG_IGN)
      let source = DispatchSource.makeSignalSource(signal: number)
      source.setEventHandler { sink.yield() }
      source.resume()
      return source
    }
    for await _ in requests { break }
    for source in sources { source.cancel() }
    for number in [SIGINT, SIGTERM] { signal(number, SIG_DFL) }
  }
}
