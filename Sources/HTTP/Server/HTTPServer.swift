import Basics

/// libmicrohttpd on a few threads of its own; each request becomes a task. It begins on the daemon's thread, so that an
/// answer that is there already is sent without waking anybody; at its first wait it goes on in Swift's pool, and its
/// connection sleeps until the answer.
///
/// The daemon's threads never wait for Swift, and Swift's pool never waits for a socket. A client that hangs up cancels
/// the task of its request.
package final class HTTPServer: Service {
  package struct Configuration: Sendable {
    /// A numeric IPv4 or IPv6 address, or `localhost`, which is 127.0.0.1. Only this address is listened at; `0.0.0.0`
    /// is every IPv4 address, and `::` every address of both kinds.
    package var host: String
    /// 0 takes any free port.
    package var port: UInt16
    /// Threads that read and write sockets, and on which handlers begin.
    package var threads: Int
    /// Connections above it are answered 503 and closed. Fewer when the process may not hold so many descriptors.
    package var connectionsMax: Int
    /// A connection that sends or takes nothing for so long is closed. A handler may take longer.
    package var idleTimeoutSeconds: Int
    /// How long a client may take to send one request, or to begin the next. Against those who dribble.
    package var requestTimeout: Duration
    /// Bytes of a request's body; more is answered 413.
    package var bodyBytesMax: Int
    /// Paths whose bodies may be larger than that, and how large. Their length has to be announced, and few at a time
    /// are read, because strangers may send them too.
    package var largeBodies: [String: Int]
    /// Bytes of a request's line and header together, within a little; more is answered 431 or 414.
    package var headerBytesMax: Int
    /// How long ``HTTPServer/stop()`` waits for handlers before it answers 503 in their place.
    package var stopGrace: Duration

    package init(
      host: String = "127.0.0.1", port: UInt16 = 0, threads: Int = 2, connectionsMax: Int = 2_048,
      idleTimeoutSeconds: Int = 30, requestTimeout: Duration = .seconds(120), bodyBytesMax: Int = Limits.bodyBytesMax,
      largeBodies: [String: Int] = [:], headerBytesMax: Int = 16 << 10,
      stopGrace: Duration = .seconds(20)
    ) {
      self.host = host
      self.port = port
      self.threads = threads
      self.connectionsMax = connectionsMax
      self.idleTimeoutSeconds = idleTimeoutSeconds
      self.requestTimeout = requestTimeout
      self.bodyBytesMax = bodyBytesMax
      self.largeBodies = largeBodies
      self.headerBytesMax = headerBytesMax
      self.stopGrace = stopGrace
    }
  }

  private struct Running {
    let listener: Listener
    let daemon: MHDDaemon
    let doorman: Doorman
    let core: ServerCore
  }

  private enum State {
    case idle
    case running(Running)
    case stopping(Task<Void, Never>)
  }

  package let name = "http"
  private let configuration: Configuration
  private let handler: @Sendable (Request) async -> Response
  private let state = Locked(State.idle)

  /// - Parameter handler: Answers every request; it runs once for each, at the same time for many.
  package init(_ configuration: Configuration, handler: @escaping @Sendable (Request) async -> Response) {
    self.configuration = configuration
    self.handler = handler
  }

  /// The port that is listened at, while it is.
  package var port: UInt16? {
    state.withLock { if case .running(let running) = $0 { running.listener.port } else { nil } }
  }

  /// Listens. When it returns, clients can connect.
  ///
  /// - Returns: The port.
  @discardableResult
  package func start() throws(CannotListen) -> UInt16 {
    try state.withLock { state throws(CannotListen) in
      switch state {
      case .running(let running): return running.listener.port
      case .stopping: throw cannotListen("the server was stopped")
      case .idle: break
      }
      var configuration = configuration
      configuration.connectionsMax = Descriptors.connectionsMax(atMost: configuration.connectionsMax)
      let backlog = Int32(clamping: min(configuration.connectionsMax, 4_096))
      let listener = try Listener(host: configuration.host, port: configuration.port, backlog: backlog)
      guard let watch = ConnectionWatch.start(patience: configuration.requestTimeout) else {
        listener.close()
        throw cannotListen("no thread or descriptor is left")
      }
      let core = ServerCore(configuration, watch, handler: handler)
      guard let daemon = MHDDaemon(core) else {
        watch.stop()
        listener.close()
        throw cannotListen("no thread, descriptor or memory is left")
      }
      guard let doorman = Doorman(listener, daemon, core) else {
        daemon.stop()
        watch.stop()
        listener.close()
        throw cannotListen("no thread is left")
      }
      state = .running(Running(listener: listener, daemon: daemon, doorman: doorman, core: core))
      return listener.port
    }
  }

  /// Refuses new connections, finishes the requests that were begun, and closes. Calling it again waits for the same.
  package func stop() async {
    let stopping = state.withLock { state -> Task<Void, Never>? in
      switch state {
      case .idle: return nil
      case .stopping(let task): return task
      case .running(let running):
        let grace = configuration.stopGrace
        // A task of its own: the caller has usually been cancelled, and the requests must not feel it.
        let task = Task(name: "http stop") { await Self.stop(running, grace: grace) }
        state = .stopping(task)
        return task
      }
    }
    await stopping?.value
  }

  /// Starts if that was not done, waits to be cancelled, and stops.
  package func run() async throws {
    try start()
    let (cancelled, end) = AsyncStream.makeStream(of: Never.self)
    for await _ in cancelled {}
    end.finish()
    await stop()
  }

  private static func stop(_ running: Running, grace: Duration) async {
    let (listener, daemon, core) = (running.listener, running.daemon, running.core)
    core.beginStopping()
    running.doorman.close()
    let clock = ContinuousClock()
    let end = clock.now + grace
    while !core.closeIfIdle() && clock.now < end { await pause() }
    // The daemon may only be stopped when no connection is asleep.
    while !core.closeNow() { await pause() }
    daemon.stop()
    core.watch.stop()
    listener.close()
  }

  private static func pause() async { try? await Task.sleep(for: .milliseconds(5)) }

  private func cannotListen(_ reason: String) -> CannotListen {
    CannotListen(host: configuration.host, port: configuration.port, reason: reason, isTaken: false)
  }
}
