import Basics
import Glibc
import HTTP
import Testing

/// Runs a server on a free port for the length of `body`.
func withServer(
  _ configuration: HTTPServer.Configuration = .init(), handler: @escaping @Sendable (Request) async -> Response,
  _ body: (_ origin: String, HTTPServer) async throws -> Void
) async throws {
  let server = HTTPServer(configuration, handler: handler)
  let port = try server.start()
  let host = configuration.host.contains(":") ? "[\(configuration.host)]" : configuration.host
  do {
    try await body("http://\(host):\(port)", server)
    await server.stop()
  } catch {
    await server.stop()
    throw error
  }
}

extension HTTPClient {
  func get(
    _ url: String, deadline: Duration = .seconds(20), answerBytesMax: Int = Limits.answerBytesMax
  ) async throws(HTTPClientError) -> HTTPAnswer {
    try await send(HTTPCall(method: "GET", url: url, deadline: deadline, answerBytesMax: answerBytesMax))
  }

  func post(
    _ url: String, _ body: [UInt8], headers: HeaderFields = .init()
  ) async throws(HTTPClientError) -> HTTPAnswer {
    try await send(HTTPCall(method: "POST", url: url, headers: headers, body: body, deadline: .seconds(20)))
  }
}

extension HTTPAnswer {
  var text: String { String(decoding: body, as: UTF8.self) }
}

/// A gate that tasks wait at until it is opened. Waiting ends early when the task is cancelled.
final class TestGate: Sendable {
  private let stream: AsyncStream<Void>
  private let sink: AsyncStream<Void>.Continuation

  init() { (stream, sink) = AsyncStream.makeStream() }

  func open() { sink.finish() }

  /// For one waiter only.
  func wait() async { for await _ in stream {} }
}

/// Counts events, and lets a test wait for the count.
final class Tally: Sendable {
  private let state = Locked<(count: Int, waiters: [(Int, CheckedContinuation<Void, Never>)])>((0, []))

  var count: Int { state.withLock { $0.count } }

  func add() {
    let ready = state.withLock { state in
      state.count += 1
      let ready = state.waiters.filter { $0.0 <= state.count }.map { $0.1 }
      state.waiters.removeAll { $0.0 <= state.count }
      return ready
    }
    for waiter in ready { waiter.resume() }
  }

  func wait(for count: Int) async {
    await withCheckedContinuation { waiter in
      let isReady = state.withLock { state in
        if state.count < count { state.waiters.append((count, waiter)) }
        return state.count >= count
      }
      if isReady { waiter.resume() }
    }
  }
}

/// A plain socket, to say what no proper client would.
final class RawClient: Sendable {
  private let descriptor: Int32

  init(port: UInt16) throws {
    descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var patience = timeval(tv_sec: 20, tv_usec: 0)
    setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = port.bigEndian
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    let failure = withUnsafePointer(to: address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
        connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
      }
    }
    try #require(failure == 0)
  }

  deinit { close(descriptor) }

  func say(_ text: String) {
    let bytes = Array(text.utf8)
    _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  }

  func closeHalf() { shutdown(descriptor, Int32(SHUT_WR)) }

  func hangUp() { shutdown(descriptor, Int32(SHUT_RDWR)) }

  /// Everything until the other end closes.
  func readToEnd() async -> String { await read { _ in false } }

  /// Until `isEnough` says so of what has come.
  ///
  /// It waits on a thread of its own: Swift's pool may have one thread only, and the server's handlers need it.
  func read(until isEnough: @escaping @Sendable (String) -> Bool) async -> String {
    await withCheckedContinuation { continuation in
      let work = Work { continuation.resume(returning: self.readNow(until: isEnough)) }
      var thread = pthread_t()
      let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
        if let context { Unmanaged<Work>.fromOpaque(context).takeRetainedValue().run() }
        return nil
      }
      if pthread_create(&thread, nil, start, Unmanaged.passRetained(work).toOpaque()) == 0 { pthread_detach(thread) }
    }
  }

  private final class Work: Sendable {
    let run: @Sendable () -> Void
    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
  }

  private func readNow(until isEnough: (String) -> Bool) -> String {
    var all: [UInt8] = []
    var buffer = [UInt8](repeating: 0, count: 4096)
    while !isEnough(String(decoding: all, as: UTF8.self)) {
      let count = recv(descriptor, &buffer, buffer.count, 0)
      if count < 0, errno == EAGAIN { return String(decoding: all, as: UTF8.self) + "(and then nothing)" }
      guard count > 0 else { break }
      all += buffer[..<count]
    }
    return String(decoding: all, as: UTF8.self)
  }
}
