import Basics

/// One request from its first byte to its answer's last.
///
/// The daemon's thread fills it, a task answers it, and the lock is where they meet.
final class Exchange: Sendable {
  private struct State {
    var request: Request
    var received = 0
    /// Bytes of its body that are taken, when it is one of the larger ones.
    var largeLimit: Int?
    var isBegun = false
    /// The suspended connection, until somebody has an answer for it.
    var waiting: MHDConnection?
    var response: Response?
    var isAnswered = false
    var task: Task<Void, Never>?
    var isCancelled = false
    /// The body of the answer, while it goes on.
    var stream: BodyStream?
  }

  enum Step: Sendable {
    /// Go on reading.
    case more
    case answer(Response)
    /// The request is whole and has no answer yet.
    case work
    case hangUp
  }

  private let state: Locked<State>
  let core: ServerCore

  /// - Parameter target: As it stands in the request line.
  init(target: String, _ core: ServerCore) {
    state = Locked(State(request: Request("", Self.originForm(of: target))))
    self.core = core
  }

  /// Takes the method and the header, which come after the request line.
  func begin(method: String, _ headers: HeaderFields, peer: String) {
    state.withLock { state in
      state.isBegun = true
      state.request.method = method
      state.request.headers = headers
      state.request.peer = peer
    }
  }

  deinit {
    if state.withLock({ $0.largeLimit != nil }) { core.leaveLargeBody() }
  }

  var isBegun: Bool { state.withLock { $0.isBegun } }

  /// What the header alone decides.
  func stepAfterHead() -> Step {
    state.withLock { state in
      var limit = core.configuration.bodyBytesMax
      let announced = state.request.headers["Content-Length"].flatMap { Int($0) } ?? 0
      if announced > limit, let large = core.configuration.largeBodies[state.request.path] {
        limit = large
        if announced <= large {
          guard core.takeLargeBody() else { return .answer(.busy) }
          state.largeLimit = large
        }
      }
      guard announced > limit else {
        state.request.body.reserveCapacity(announced)
        return .more
      }
      // Whoever asks before sending, or would send without end, is told at once. Others are read to their end first,
      // because closing on unread bytes would take the answer away from them.
      let isAsking = state.request.headers["Expect"] != nil
      return isAsking || announced > core.discardBytesMax ? .answer(.tooLarge(limit: limit)) : .more
    }
  }

  /// Takes a piece of the body. Past the limit the pieces are counted and forgotten.
  func step(afterReceiving bytes: UnsafeRawBufferPointer) -> Step {
    state.withLock { state in
      state.received += bytes.count
      if state.received <= state.largeLimit ?? core.configuration.bodyBytesMax {
        unsafe state.request.body.append(contentsOf: bytes)
      } else {
        state.request.body = []
      }
      return state.received > core.discardBytesMax ? .hangUp : .more
    }
  }

  /// What to do when the daemon has nothing more to give: after the body, and again after the answer.
  func stepAfterBody() -> Step {
    state.withLock { state in
      if let response = state.response.take() { return .answer(response) }
      let limit = state.largeLimit ?? core.configuration.bodyBytesMax
      return state.received > limit ? .answer(.tooLarge(limit: limit)) : .work
    }
  }

  /// Starts the handler on this thread, and goes on without it where it has to wait for something: the connection is put
  /// to sleep then, and the handler's last act is to wake it.
  ///
  /// - Returns: The answer, when nothing had to be waited for.
  func work(_ connection: MHDConnection, _ link: Link) -> Response? {
    if !link.begin(self) { cancel() }
    let request = state.withLock { state in
      defer { state.request.body = [] }
      return state.request
    }
    let task = Task.immediate(name: "http request") { [self] in finish(await core.handler(request)) }
    let response = state.withLock { state -> Response? in
      if state.isCancelled { task.cancel() }
      if let response = state.response.take() { return response }
      connection.suspend()
      state.waiting = connection
      state.task = task
      return nil
    }
    if response != nil { core.workEnded(self) }
    return response
  }

  /// Answers, unless there is an answer already.
  func finish(_ response: Response) {
    let isFirst = state.withLock { state in
      guard !state.isAnswered else { return false }
      state.isAnswered = true
      state.stream = response.stream
      return true
    }
    guard isFirst else { return }
    if let stream = response.stream {
      // Who is stopping or gone gets what is there already, and its end.
      if !core.streamBegins(self, stream) || state.withLock({ $0.isCancelled }) { stream.end?() }
    }
    let sleeping = state.withLock { state in
      state.response = response
      state.task = nil
      return state.waiting.take()
    }
    // Nobody sleeps while the handler is still on the daemon's thread.
    guard let sleeping else { return }
    sleeping.resume()
    core.workEnded(self)
  }

  /// Nobody waits for the answer any more.
  func cancel() {
    let (task, stream) = state.withLock { state in
      // The task may not have been made yet.
      state.isCancelled = true
      return (state.task, state.stream)
    }
    task?.cancel()
    stream?.end?()
  }

  /// The server's patience is over: the handler is told, and the client is answered without it.
  func abandon() {
    cancel()
    finish(.stopping)
  }

  /// A client that takes us for a proxy writes the whole URL (RFC 9112 §3.2.2); what counts is its path and query.
  private static func originForm(of target: String) -> String {
    for scheme in ["http://", "https://"] where target.lowercased().hasPrefix(scheme) {
      let rest = target.dropFirst(scheme.count)
      guard let start = rest.firstIndex(where: { $0 == "/" || $0 == "?" }) else { return "/" }
      return (rest[start] == "?" ? "/" : "") + rest[start...]
    }
    return target
  }
}

extension Response {
  static func tooLarge(limit: Int) -> Response {
    refusal(Problem(413, "too_large", "The request is too large.", detail: "At most \(limit) bytes are taken."))
  }

  static var stopping: Response { refusal(Problem(503, "stopping", "The server is stopping.")) }

  static var busy: Response {
    var response = refusal(Problem(503, "too_many_connections", "The server has too many connections."))
    response.headers["Retry-After"] = "1"
    return response
  }

  /// What the server answers without asking the handler: the connection ends with it.
  private static func refusal(_ problem: Problem) -> Response {
    var response = Response.problem(problem, requestID: nil)
    response.headers["Connection"] = "close"
    return response
  }
}
