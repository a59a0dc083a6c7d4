import Basics
import CMicroHTTPD

/// Something whose connection is asleep, and which can be woken before its time.
protocol Sleeper: AnyObject, Sendable {
  /// The server's patience is over.
  func abandon()
}

extension Exchange: Sleeper {}

/// A streamed body on its way out: the daemon takes what is there, and its connection sleeps while the next part is made.
final class BodyFeed: Sleeper {
  private struct State {
    var part: [UInt8] = []
    /// Bytes of the part that the daemon has taken.
    var taken = 0
    var isEnded = false
    var hasFailed = false
    /// The suspended connection, while the next part is being made.
    var waiting: MHDConnection?
    var task: Task<Void, Never>?
  }

  /// What the daemon is told in place of a number of bytes: cast macros that are not imported.
  private static let endOfStream = -1
  private static let endWithError = -2

  private let stream: BodyStream
  private let connection: MHDConnection
  private let core: ServerCore
  private let state = Locked(State())

  init(_ stream: BodyStream, _ connection: MHDConnection, _ core: ServerCore) {
    (self.stream, self.connection, self.core) = (stream, connection, core)
  }

  /// In the daemon's callback: copies what is there, or puts the connection to sleep.
  func take(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    let taken = state.withLock { state -> Int? in
      if state.hasFailed { return Self.endWithError }
      let count = min(state.part.count - state.taken, buffer.count)
      guard count > 0 else { return state.isEnded ? Self.endOfStream : nil }
      unsafe state.part.withUnsafeBytes { part in
        unsafe buffer.copyMemory(from: UnsafeRawBufferPointer(rebasing: part[state.taken..<state.taken + count]))
      }
      state.taken += count
      return count
    }
    if let taken { return taken }
    guard core.workBegins(self) else { return Self.endWithError }
    connection.suspend()
    state.withLock { state in
      state.waiting = connection
      state.task = Task(name: "http body") { [self] in await make() }
    }
    return 0
  }

  func abandon() { end { $0.hasFailed = true } }

  /// Nobody takes the rest.
  func cancel() { state.withLock { $0.task }?.cancel() }

  private func make() async {
    do {
      var part = try await stream.next()
      while part?.isEmpty == true { part = try await stream.next() }
      let made = part
      end { state in
        (state.part, state.taken) = (made ?? [], 0)
        state.isEnded = made == nil
      }
    } catch {
      end { $0.hasFailed = true }
    }
  }

  /// Wakes the connection, unless that was done already.
  private func end(_ change: (inout State) -> Void) {
    let connection = state.withLock { state -> MHDConnection? in
      guard let connection = state.waiting else { return nil }
      state.waiting = nil
      change(&state)
      state.task = nil
      return connection
    }
    guard let connection else { return }
    connection.resume()
    core.workEnded(self)
  }

  /// The library's answer that draws on this body, whose length nobody knows yet.
  func makeResponse() -> OpaquePointer? {
    let box = unsafe Unmanaged.passRetained(self).toOpaque()
    let made = unsafe MHD_create_response_from_callback(
      UInt64.max, 32 << 10,
      { context, _, buffer, size in
        guard let context = unsafe context, let buffer = unsafe buffer else { return -2 }
        let feed = unsafe Unmanaged<BodyFeed>.fromOpaque(context).takeUnretainedValue()
        return unsafe feed.take(into: UnsafeMutableRawBufferPointer(start: buffer, count: size))
      }, box,
      { context in
        guard let context = unsafe context else { return }
        unsafe Unmanaged<BodyFeed>.fromOpaque(context).takeRetainedValue().cancel()
      })
    if unsafe made == nil { unsafe Unmanaged<BodyFeed>.fromOpaque(box).release() }
    return unsafe made
  }
}
