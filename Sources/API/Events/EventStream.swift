import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// What happens in a household, as server-sent events (the HTML standard, §9.2), from a position on.
struct EventStream: Sendable {
  /// A line now and then keeps proxies from closing what they take for dead, and shows who has gone.
  static let heartbeat = Duration.seconds(15)
  /// After so many of them, a quarter of an hour, the client comes again and shows anew who it is.
  static let heartbeatsMax = 60
  private static let batch = 200

  let database: any Database
  /// Waits in the time of the network, whatever time it is in the household.
  let wait: @Sendable (Duration) async throws -> Void
  let hub: EventHub
  let scope: Scope
  /// Throws when whoever asks may not listen any more.
  let check: @Sendable () async throws -> Scope

  /// - Parameter last: What the client has seen; nil: it begins with what happens from now on.
  func response(after last: Int?) async throws -> Response {
    let household = scope.household
    let extent = try await database.read { try Events.extent(of: household, $0) }
    var position = last ?? extent.last
    // What came after it is not kept any more, or it never was a position of ours.
    let isLost = position > extent.last || position < extent.first - 1
    if isLost { position = extent.last }
    let (ticks, tick) = AsyncStream.makeStream(of: Bool.self, bufferingPolicy: .bufferingNewest(1))
    var opening = Array("retry: 2000\n\n".utf8)
    if isLost { opening += Self.text(position, "reset", "{\"position\":\(position)}") }
    let reading = Reading(self, position: position, opening: opening, ticks)
    let feeding = feed(tick)
    var response = Response.streaming(
      200, contentType: "text/event-stream",
      BodyStream(
        next: { try await reading.next() },
        end: {
          for task in feeding { task.cancel() }
          tick.finish()
        }))
    response.headers["X-Accel-Buffering"] = "no"
    return response
  }

  /// Ticks for news and for signs of life, until the stream is old enough.
  private func feed(_ tick: AsyncStream<Bool>.Continuation) -> [Task<Void, Never>] {
    let wakes = hub.listen(to: scope.household)
    tick.yield(true)
    // Both in tasks of their own: one stream cannot be waited for with a time limit.
    let news = Task(name: "event news") { for await _ in wakes { tick.yield(true) } }
    let timer = Task(name: "event heartbeat") { [wait] in
      for _ in 0..<Self.heartbeatsMax {
        do { try await wait(Self.heartbeat) } catch { break }
        tick.yield(false)
      }
      news.cancel()
      tick.finish()
    }
    return [news, timer]
  }

  /// What happened since a position, and the next one.
  fileprivate func read(after start: Int, _ scope: Scope) async throws -> ([UInt8], next: Int, isMore: Bool) {
    let (events, last) = try await database.read { session in
      (
        try Events.after(start, limit: Self.batch, scope, session),
        try Events.extent(of: scope.household, session).last
      )
    }
    let bytes = events.flatMap { Self.text($0.position, $0.event.kind, $0.event.body) }
    // What this person may not see is passed over.
    guard events.count == Self.batch, let read = events.last?.position else { return (bytes, last, false) }
    return (bytes, read, true)
  }

  private static func text(_ position: Int, _ kind: String, _ body: String) -> [UInt8] {
    Array("id: \(position)\nevent: \(kind)\ndata: \(body)\n\n".utf8)
  }
}

/// How far one client has come.
private actor Reading {
  private let stream: EventStream
  private var position: Int
  private var opening: [UInt8]
  private let ticks: AsyncStream<Bool>
  private var isMore = false

  init(_ stream: EventStream, position: Int, opening: [UInt8], _ ticks: AsyncStream<Bool>) {
    self.stream = stream
    self.position = position
    self.opening = opening
    self.ticks = ticks
  }

  /// The next part; nil when the stream ends.
  func next() async throws -> [UInt8]? {
    if !opening.isEmpty {
      defer { opening = [] }
      return opening
    }
    var isNews = true
    if !isMore {
      var iterator = ticks.makeAsyncIterator()
      guard let tick = await iterator.next(isolation: self) else { return nil }
      isNews = tick
    }
    // Who may not listen any more hears nothing more.
    guard let scope = try? await stream.check() else { return nil }
    // A heartbeat may have taken the place of news.
    let (bytes, next, isMore) = try await stream.read(after: position, scope)
    (position, self.isMore) = (next, isMore)
    return bytes.isEmpty && !isNews ? Array(": still here\n\n".utf8) : bytes
  }
}

extension Interface {
  var eventOperations: [Operation] {
    [
      Operation(
        "streamEvents", .get, "/v1/events", .events, "Follow what happens",
        needs: .household(.read, .viewer),
        parameters: [
          .query("after", .integer(0...Int(Int32.max)), "A position; without one, what happens from now on."),
          .header("Last-Event-ID", .token(1...20), "What browsers send of themselves when they come again."),
        ],
        answers: [
          .other(
            200, "text/event-stream", "Server-sent events that go on for a quarter of an hour at most.",
            example: """
              retry: 2000

              id: 17
              event: saved_views.changed
              data: {"group":"chg_01kj3v5d8ve2r9q0w4y7h6t1cz","count":1,"ids":["viw_01kj3v5d8ve2r9q0w4y7h6t1cz"]}

              """)
        ]
      ) { call in
        // What is no position of ours is answered like one that is not kept any more, and not passed over in silence.
        let header = call.request.headers["Last-Event-ID"].map { Int($0) ?? -1 }
        let named: Int? = call.query["after"]
        let (request, scope, authenticate) = (call.request, try call.scope, authenticate)
        let events = EventStream(database: banks.database, wait: settings.wait, hub: hub, scope: scope) {
          let caller = try await authenticate(request)
          let membership = try caller.membership.get()
          guard membership.scope.household == scope.household, caller.scopes.contains(.read) else {
            throw ProblemKind.unauthorized.problem()
          }
          return membership.scope
        }
        return try await events.response(after: header ?? named)
      }
      .saying(
        """
        Each event has its position as `id`, its kind as `event`, and a JSON object as `data`. Kinds are added over \
        time. A position that is older than the thirty days events are kept is answered with an event `reset`: read \
        anew what you need, and go on from there. Events come at least once and in order.
        """
      )
      .secretly()
    ]
  }
}

extension Tag {
  package static let events = Tag("Events", "What happens, for those who follow along.")
}
