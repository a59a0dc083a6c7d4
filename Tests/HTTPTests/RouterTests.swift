import Basics
import HTTP
import Testing

struct Account: Identified { static let idPrefix = "acc" }

struct PublicContext: RequestContext {
  var info = RequestInfo(requestID: "req_1")
}

struct UserContext: RequestContext {
  var info: RequestInfo
  let user: String

  init(_ request: Request, _ context: PublicContext) throws(Problem) {
    guard let token = request.headers["Authorization"] else {
      throw Problem(401, "unauthenticated", "Sign in first.")
    }
    info = context.info
    user = token
  }
}

/// Marks every answer that passed through it.
private struct Stamp: Middleware {
  func respond(to request: Request, _ context: PublicContext, next: Handler<PublicContext>) async throws -> Response {
    var response = try await next(request, context)
    response.headers["X-Stamp"] = "seen"
    return response
  }
}

private struct Unexpected: Error { let text = "a private matter" }

@Suite struct `A router` {
  let logged = Locked<[String]>([])
  let handler: Handler<PublicContext>

  init() {
    let logged = self.logged
    var router = Router<PublicContext>()
    router.use(Stamp())
    router.use(ProblemMiddleware(log: Log(level: .debug) { line in logged.withLock { $0.append(line) } }))
    router.on("GET", "/") { _, _ in .text(200, "front page") }
    router.on("GET", "/v1/things/{name}") { _, context in
      .text(200, (context.info.endpoint ?? "") + " " + (context.info.parameters["name"] ?? ""))
    }
    router.on("GET", "/v1/things/newest") { _, _ in .text(200, "literal") }
    router.on("DELETE", "/v1/things/{key}") { _, context in .text(200, context.info.parameters["key"] ?? "") }
    router.on("POST", "/v1/things/newest/parts") { _, _ in Response(204) }
    router.on("GET", "/files/{path...}") { _, context in .text(200, context.info.parameters["path"] ?? "") }
    router.on("GET", "/boom") { _, _ in throw Unexpected() }
    router.on("GET", "/gone") { _, _ in throw CancellationError() }
    router.group({ try UserContext($0, $1) }) { user in
      user.on("GET", "/v1/accounts/{id}") { _, context in
        let id = try context.info.parameter("id", as: ID<Account>.self)
        return .text(200, "\(id) \(context.user)")
      }
    }
    handler = router.handler()
  }

  func send(_ request: Request) async throws -> (status: Int, text: String, headers: HeaderFields) {
    let response = try await handler(request, PublicContext())
    return (response.status, String(decoding: response.body, as: UTF8.self), response.headers)
  }

  @Test(arguments: [
    ("GET", "/", 200, "front page"),
    ("GET", "/v1/things/milk", 200, "/v1/things/{name} milk"),
    ("GET", "/v1/things/milk/", 200, "/v1/things/{name} milk"),
    ("GET", "/v1/things/a%2Fb%20c", 200, "/v1/things/{name} a/b c"),
    ("GET", "/v1/things/a+b", 200, "/v1/things/{name} a+b"),
    ("GET", "/v1/things/newest", 200, "literal"),
    ("DELETE", "/v1/things/oldest", 200, "oldest"),
    ("POST", "/v1/things/newest/parts", 204, ""),
    ("HEAD", "/v1/things/newest", 200, "literal"),
    ("GET", "/files/css/a%20b.css", 200, "css/a b.css"),
  ])
  func `finds a handler`(method: String, path: String, status: Int, text: String) async throws {
    let answer = try await send(Request(method, path))
    #expect(answer.status == status)
    #expect(answer.text == text)
  }

  @Test(arguments: [
    "/nothing", "/v1/things", "/v1//things/x", "/v1/things/", "/v1/things/%zz", "/v1/things/%ff", "x", "",
  ])
  func `answers 404 through the middleware`(path: String) async throws {
    let answer = try await send(Request("GET", path))
    #expect(answer.status == 404)
    #expect(answer.headers["content-type"] == "application/problem+json")
    #expect(answer.headers["x-stamp"] == "seen")
    #expect(answer.text.contains(#""code":"not_found""#) && answer.text.contains(#""request_id":"req_1""#))
  }

  @Test func `answers 405 with the methods that are allowed`() async throws {
    let literal = try await send(Request("DELETE", "/v1/things/newest"))
    #expect(literal.status == 405 && literal.headers["Allow"] == "GET, HEAD")
    let one = try await send(Request("POST", "/v1/things/milk"))
    #expect(one.status == 405)
    #expect(one.headers["Allow"] == "DELETE, GET, HEAD")
    #expect(one.headers["X-Stamp"] == "seen")
    let other = try await send(Request("GET", "/v1/things/newest/parts"))
    #expect(other.status == 405)
    #expect(other.headers["Allow"] == "POST")
  }

  @Test func `refuses a stranger before the handler runs`() async throws {
    #expect(try await send(Request("GET", "/v1/accounts/x")).status == 401)
  }

  @Test func `gives a signed-in handler its user and a typed identity`() async throws {
    let id: ID<Account> = World.simulated(seed: 1).newID()
    let headers: HeaderFields = ["authorization": "ann"]
    #expect(try await send(Request("GET", "/v1/accounts/\(id)", headers: headers)).text == "\(id) ann")
    #expect(try await send(Request("GET", "/v1/accounts/7", headers: headers)).status == 404)
  }

  @Test func `tells the log about an unexpected error and the client nothing`() async throws {
    let answer = try await send(Request("GET", "/boom"))
    #expect(answer.status == 500)
    #expect(!answer.text.contains("private"))
    let lines = logged.withLock { $0 }
    #expect(lines.count == 1)
    #expect(lines.first?.contains("private") == true && lines.first?.contains("req_1") == true)
    #expect(lines.first?.contains(#""endpoint":"/boom""#) == true)
  }

  @Test func `does not call a cancelled request an error`() async throws {
    #expect(try await send(Request("GET", "/gone")).status == 503)
    #expect(logged.withLock { $0 }.isEmpty)
  }

  @Test func `lists its endpoints`() {
    var router = Router<PublicContext>()
    router.on("GET", "/a") { _, _ in Response(200) }
    router.group({ try UserContext($0, $1) }) { $0.on("PUT", "/b/{id}") { _, _ in Response(200) } }
    #expect(router.endpoints.map { "\($0.method) \($0.pattern)" } == ["GET /a", "PUT /b/{id}"])
  }

  @Test func `refuses the same route twice`() async {
    await #expect(processExitsWith: .failure) {
      var router = Router<PublicContext>()
      router.on("GET", "/a") { _, _ in Response(200) }
      router.on("GET", "/a") { _, _ in Response(200) }
    }
  }
}
