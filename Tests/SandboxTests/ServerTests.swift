import Basics
import HTTP
import JSON
import Sandbox
import Testing

@Suite struct `A sandbox on a socket` {
  private let http = HTTPClient.live(log: .silent)

  private func call(_ url: String, _ body: JSONValue, fault: String? = nil) -> HTTPCall {
    var headers: HeaderFields = ["PLAID-CLIENT-ID": "client", "PLAID-SECRET": "secret"]
    headers["Sandbox-Fault"] = fault
    return HTTPCall(method: "POST", url: url, headers: headers, body: body.serialized(), deadline: .seconds(300))
  }

  @Test func `answers, cuts off, and sends webhooks by itself`() async throws {
    let (letters, arrived) = AsyncStream.makeStream(of: Request.self)
    let receiver = HTTPServer(.init()) { request in
      arrived.yield(request)
      return Response(200)
    }
    let receiverPort = try receiver.start()
    let sandbox = SandboxServer(
      .init(
        clientID: "client", secret: Secret("secret"), seed: 5, isControllable: true,
        initialDelay: .milliseconds(20), historicalDelay: .milliseconds(40)), http: http)
    let base = "http://127.0.0.1:\(try sandbox.start())"

    let created = try await http.send(
      call(
        base + "/sandbox/public_token/create",
        [
          "institution_id": "ins_109508", "initial_products": ["transactions"],
          "options": ["webhook": .string("http://127.0.0.1:\(receiverPort)/hook")],
        ]))
    #expect(created.status == 200)
    var codes: [String?] = []
    for await letter in letters {
      #expect(letter.headers["Plaid-Verification"] != nil)
      codes.append(try JSONValue.parse(letter.body)["webhook_code"]?.string)
      if codes.count == 2 { break }
    }
    #expect(codes == ["INITIAL_UPDATE", "HISTORICAL_UPDATE"])

    await #expect(throws: HTTPClientError.self) {
      try await http.send(call(base + "/categories/get", .object([]), fault: "cut=10"))
    }
    let page = try await http.send(
      HTTPCall(method: "GET", url: base + "/fake-link?token=none", deadline: .seconds(300)))
    #expect(page.status == 404)

    let linkToken = try await http.send(
      call(
        base + "/link/token/create",
        [
          "client_name": "App", "language": "en", "country_codes": ["US"], "user": ["client_user_id": "u"],
          "products": ["transactions"], "hosted_link": .object([]),
        ]))
    let url = try #require(JSONValue.parse(linkToken.body)["hosted_link_url"]?.string)
    #expect(url.hasPrefix(base + "/fake-link?token="))
    #expect(try await http.send(HTTPCall(method: "GET", url: url, deadline: .seconds(300))).status == 200)
    await sandbox.stop()
    await receiver.stop()
  }
}
