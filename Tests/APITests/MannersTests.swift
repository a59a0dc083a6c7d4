import Basics
import Finance
import HTTP
import JSON
import Testing

@testable import API

@Suite struct `The manners of the interface` {
  @Test func `tag what does not change, and send it once`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let first = try await http.get("/v1/accounts")
      let tag = try #require(first.headers["ETag"])
      for header in [tag, "W/\(tag)", "\"x\", \(tag)", "*"] {
        let again = try await http.send("GET", "/v1/accounts", headers: ["If-None-Match": header])
        #expect(again.status == 304 && again.text.isEmpty && again.headers["ETag"] == tag, "\(header)")
      }
      #expect(try await http.send("GET", "/v1/accounts", headers: ["If-None-Match": "\"x\""]).status == 200)
      #expect(try await http.get("/v1/accounts?limit=1").headers["ETag"] != tag)
    }
  }

  @Test func `compress for those who take it`() async throws {
    let text = Array(String(repeating: "an amount of money, ", count: 500).utf8)
    let request = Request("GET", "/", headers: ["Accept-Encoding": "br;q=1, gzip;q=0.5"])
    let plain = Response.json(200, text)
    let small = Finishing.finish(plain, request)
    #expect(small.headers["Content-Encoding"] == "gzip" && small.body.count < text.count / 5)
    #expect(small.headers["Vary"] == "Accept-Encoding")
    let whole = Finishing.finish(plain, Request("GET", "/"))
    #expect(whole.body == text && whole.headers["Content-Encoding"] == nil)
    #expect(whole.headers["ETag"] != small.headers["ETag"], "other bytes, another tag")
    let tag = try #require(small.headers["ETag"])
    let known = Request("GET", "/", headers: ["Accept-Encoding": "gzip", "If-None-Match": tag])
    #expect(Finishing.finish(plain, known).status == 304)
    for refusal in ["gzip;q=0", "gzip; q=0.000", "identity", "", "*;q=0"] {
      #expect(!Gzip.isAccepted([refusal]), "\(refusal)")
    }
    for consent in ["gzip", "GZIP;q=1.0", "*", "deflate, gzip;q=0.1"] {
      #expect(Gzip.isAccepted([consent]), "\(consent)")
    }
    let compressed = try #require(Gzip.compress(text))
    #expect(compressed.prefix(2) == [0x1F, 0x8B])
    try await HTTPBench.run { http in
      _ = try await http.link()
      // The client asks for gzip by itself, and gives what it was.
      #expect(try await http.get("/v1/transactions").headers["Vary"] == "Accept-Encoding")
    }
  }

  @Test func `let other sites ask only when they are named`() async throws {
    let asked: HeaderFields = ["Origin": "https://app.example", "Access-Control-Request-Method": "POST"]
    try await HTTPBench.run { http in
      let answer = try await http.send("OPTIONS", "/v1/accounts", headers: asked)
      #expect(answer.status == 405 && answer.headers["Access-Control-Allow-Origin"] == nil)
    }
    var settings = Interface.Settings()
    settings.origins = ["https://app.example"]
    try await HTTPBench.run(settings: settings) { http in
      let preflight = try await http.send("OPTIONS", "/v1/accounts", token: nil, headers: asked)
      #expect(preflight.status == 204 && preflight.headers["Access-Control-Allow-Origin"] == "https://app.example")
      let answer = try await http.send("GET", "/v1/accounts", headers: ["Origin": "https://app.example"])
      #expect(answer.headers["Access-Control-Allow-Origin"] == "https://app.example")
      #expect(
        answer.headers["Access-Control-Allow-Credentials"] == nil && answer.headers.all("Vary").contains("Origin"))
      for origin in ["https://app.example.evil.example", "http://app.example", "null"] {
        let other = try await http.send("GET", "/v1/accounts", headers: ["Origin": origin])
        #expect(other.headers["Access-Control-Allow-Origin"] == nil, "\(origin)")
      }
    }
  }

  @Test func `name each request, and take a name that is given`() async throws {
    try await HTTPBench.run { http in
      let own = try await http.get("/v1/nothing")
      #expect(own.headers["Request-Id"]?.hasPrefix("req_") == true)
      for header in ["Request-Id", "X-Request-Id"] {
        let given = try await http.send("GET", "/v1/nothing", headers: [header: "trace-1.a:b"])
        #expect(given.headers["Request-Id"] == "trace-1.a:b" && given.json["request_id"] == "trace-1.a:b")
      }
      for name in ["a b", "a\"b", String(repeating: "a", count: 65), "é"] {
        let odd = try await http.send("GET", "/v1/nothing", headers: ["Request-Id": name])
        #expect(odd.headers["Request-Id"]?.hasPrefix("req_") == true, "\(name)")
      }
      _ = try await http.get("/v1/accounts?limit=7")
      let line = try #require(http.bench.logged.last { $0.contains("\"request\"") })
      let fields = try JSONValue.parse(line)
      #expect(fields["route"] == "/v1/accounts" && fields["status"] == 200 && fields["via"] == "installation")
      #expect(fields["user"] == .string(http.bench.scope.user.description) && !line.contains("limit"))
    }
  }

  @Test func `keep browsers from doing harm`() async throws {
    try await HTTPBench.run(publicURL: "https://money.example") { http in
      for path in ["/health", "/v1/accounts", "/v1/nothing", "/docs"] {
        let answer = try await http.get(path)
        #expect(answer.headers["X-Content-Type-Options"] == "nosniff" && answer.headers["X-Frame-Options"] == "DENY")
        #expect(answer.headers["Content-Security-Policy"]?.contains("frame-ancestors 'none'") == true)
        #expect(answer.headers["Referrer-Policy"] == "no-referrer" && answer.headers["Cache-Control"] == "no-store")
        #expect(answer.headers["Strict-Transport-Security"] == "max-age=31536000")
      }
    }
  }

  @Test func `show measurements to whoever holds their token`() async throws {
    try await HTTPBench.run { http in
      let absent = try await http.get("/metrics")
      #expect(absent.status == 404)
      #expect(try await http.send("GET", "/ready", token: nil).json["status"] == "ready")
    }
    var settings = Interface.Settings()
    settings.metricsToken = Secret("a-token-for-measurements")
    try await HTTPBench.run(settings: settings) { http in
      #expect(try await http.send("GET", "/metrics", token: nil).status == 401)
      #expect(try await http.get("/metrics").status == 401, "the owner's token is another")
      _ = try await http.get("/v1/accounts/zzz?secret=1")
      _ = try await http.get("/v1/accounts")
      let text = try await http.send("GET", "/metrics", token: "a-token-for-measurements").text
      #expect(text.contains(#"magpie_http_requests_total{method="GET",route="/v1/accounts",status="200"} 1"#))
      #expect(text.contains(#"magpie_http_request_seconds_count{route="/v1/accounts"} 1"#))
      #expect(text.contains("magpie_http_requests_under_way 1") && !text.contains("zzz"))
      #expect(try await http.send("GET", "/v1/accounts", token: "a-token-for-measurements").status == 401)
    }
  }

  @Test func `tell whoever asks too often to wait`() async throws {
    var settings = Interface.Settings()
    settings.limits.ordinary = .init(3, refill: .seconds(10))
    settings.limits.failures = .init(2, refill: .seconds(5))
    try await HTTPBench.run(settings: settings) { http in
      for _ in 0..<3 { #expect(try await http.get("/v1/accounts").status == 200) }
      let refused = try await http.get("/v1/accounts")
      #expect(refused.status == 429 && refused.code == "rate.limited" && refused.headers["Retry-After"] == "10")
      #expect(try await http.send("GET", "/health", token: nil).status == 200, "a probe is never limited")
      try await http.bench.world.sleep(.seconds(10))
      #expect(try await http.get("/v1/accounts").status == 200)
      for _ in 0..<2 { #expect(try await http.send("GET", "/v1/accounts", token: "wrong").status == 401) }
      #expect(try await http.send("GET", "/v1/accounts", token: "wrong").status == 429)
      let elsewhere: HeaderFields = ["X-Forwarded-For": "9.9.9.9, 203.0.113.7"]
      #expect(try await http.send("GET", "/v1/accounts", token: "wrong", headers: elsewhere).status == 401)
      try await http.bench.world.sleep(.seconds(10))
      #expect(try await http.get("/v1/accounts").status == 200, "who is right is let in")
    }
  }

  @Test(arguments: [
    ("203.0.113.7", "203.0.113.7"), ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8::/64"),
    ("::1", "::/64"),
  ])
  func `count a network of IPv6 as one client`(address: String, client: String) {
    #expect(RateLimiter.client(address) == client)
  }
}
