import Basics
import HTTP
import JSON
import Testing

@testable import API

@Suite struct `The advisor` {
  /// A model's server: what it was asked, and what it answers in turn.
  private struct Stub: Sendable {
    let asked = Locked<[JSONValue]>([])
    let keys = Locked<[String?]>([])

    func settings(_ answers: [Result<HTTPAnswer, HTTPClientError>]) -> Interface.Settings {
      let (asked, keys) = (asked, keys)
      let http = HTTPClient { call throws(HTTPClientError) in
        let turn = asked.withLock { list in
          list.append((try? JSONValue.parse(call.body)) ?? .null)
          return list.count - 1
        }
        keys.withLock { $0.append(call.headers["Authorization"]) }
        return try answers[min(turn, answers.count - 1)].get()
      }
      var settings = Interface.Settings()
      settings.advisor = Advisor.Settings(
        url: "http://127.0.0.1:1/v1", model: "stub", key: Secret("key-of-the-model"), http: http)
      return settings
    }
  }

  private static func says(_ message: JSONValue) -> Result<HTTPAnswer, HTTPClientError> {
    let body: JSONValue = [
      "choices": [["message": message]], "usage": ["prompt_tokens": 10, "completion_tokens": 3],
    ]
    return .success(HTTPAnswer(status: 200, body: body.serialized()))
  }

  private static func calls(_ name: String, _ arguments: String) -> Result<HTTPAnswer, HTTPClientError> {
    says([
      "role": "assistant", "content": .null,
      "tool_calls": [
        ["id": "1", "type": "function", "function": ["name": .string(name), "arguments": .string(arguments)]]
      ],
    ])
  }

  private static let question: JSONValue = ["question": "How long does it last?", "level": "totals"]

  @Test func `is off unless somebody chose a model`() async throws {
    try await HTTPBench.run { http in
      let answer = try await http.post("/v1/advisor/ask", Self.question)
      #expect(answer.status == 409 && answer.code == "advisor.off")
    }
  }

  @Test func `lets the model look things up, and change nothing`() async throws {
    let stub = Stub()
    let settings = stub.settings([
      Self.calls("get_runway", "{}"), Self.calls("note_transaction", "{\"transactions\":[],\"note\":\"x\"}"),
      Self.calls("get_burn", "no json"), Self.says(["role": "assistant", "content": "Nine months."]),
    ])
    try await HTTPBench.run(settings: settings) { http in
      _ = try await http.link()
      let answer = try await http.post("/v1/advisor/ask", Self.question)
      #expect(answer.status == 200 && answer.json["answer"] == "Nine months.", "\(answer.text)")
      #expect(answer.json["tools"] == ["get_runway", "note_transaction", "get_burn"])
      #expect(answer.json["prompt_tokens"] == 40 && answer.json["completion_tokens"] == 12)
      let asked = stub.asked.withLock { $0 }
      #expect(asked.count == 4)
      let names = (asked[0]["tools"]?.elements ?? []).compactMap { $0["function"]?["name"]?.string }
      #expect(names.contains("get_runway") && !names.contains("note_transaction") && !names.contains("confirm_change"))
      let results = (asked[3]["messages"]?.elements ?? []).filter { $0["role"] == "tool" }
      let texts = results.compactMap { $0["content"]?.string }
      #expect(texts.count == 3 && texts[0].contains("liquid"))
      #expect(texts[1] == "There is no such tool." && texts[2] == "The arguments are no JSON.")
      #expect(stub.keys.withLock { $0 }.allSatisfy { $0 == "Bearer key-of-the-model" })
      #expect(!answer.text.contains("key-of-the-model"))
    }
  }

  @Test func `ends a model that never stops asking`() async throws {
    let stub = Stub()
    try await HTTPBench.run(settings: stub.settings([Self.calls("get_burn", "{}")])) { http in
      let answer = try await http.post("/v1/advisor/ask", Self.question)
      #expect(answer.status == 502 && answer.code == "advisor.refused")
      #expect(stub.asked.withLock { $0.count } == Advisor.roundsMax)
    }
  }

  @Test func `tells refusals, garbage and silence apart`() async throws {
    let refusal = HTTPAnswer(status: 401, body: Array("{\"error\":{\"message\":\"key-of-the-model\"}}".utf8))
    for (given, code) in [
      (Result<HTTPAnswer, HTTPClientError>.success(refusal), "advisor.refused"),
      (.success(HTTPAnswer(status: 200, body: Array("<html>".utf8))), "advisor.refused"),
      (.success(HTTPAnswer(status: 200, body: Array("{\"choices\":[]}".utf8))), "advisor.refused"),
      (Self.says(["role": "assistant", "content": ""]), "advisor.refused"),
      (.failure(.badURL("x")), "advisor.unreachable"),
    ] {
      try await HTTPBench.run(settings: Stub().settings([given])) { http in
        let answer = try await http.post("/v1/advisor/ask", Self.question)
        #expect(answer.status == 502 && answer.code == code)
        #expect(!answer.text.contains("key-of-the-model"))
      }
    }
    let refuses = Stub()
    let settings = refuses.settings([Self.says(["role": "assistant", "content": .null, "refusal": "I will not."])])
    try await HTTPBench.run(settings: settings) { http in
      let answer = try await http.post("/v1/advisor/ask", Self.question)
      #expect(answer.json["answer"] == "I will not.")
    }
  }

  @Test func `is heard while it speaks, in whatever pieces it comes`() async throws {
    func event(_ value: JSONValue) -> String { "data: \(value.text())\n\n" }
    func delta(_ value: JSONValue) -> String { event(["choices": [["delta": value]]]) }
    let call: JSONValue = ["index": 0, "id": "1", "function": ["name": "get_burn", "arguments": "{"]]
    let rest: JSONValue = ["index": 0, "function": ["arguments": "}"]]
    let answers = [
      delta(["tool_calls": [call]]) + delta(["tool_calls": [rest]]) + "data: [DONE]\n\n",
      ": hello\n\n" + delta(["role": "assistant", "content": "Nine "]) + delta(["content": "mönths.\nAbout."])
        + event(["choices": [], "usage": ["prompt_tokens": 7, "completion_tokens": 2]]) + "data: [DONE]\n\n",
    ]
    for size in [1, 7, 10_000] {
      let turn = Locked(0)
      var settings = Interface.Settings()
      settings.advisor = Advisor.Settings(
        url: "http://127.0.0.1:1/v1", model: "stub", key: nil,
        http: HTTPClient { call throws(HTTPClientError) in
          let bytes = Array(
            answers[
              min(
                turn.withLock {
                  $0 += 1; return $0 - 1
                }, 1)
            ].utf8)
          for start in stride(from: 0, to: bytes.count, by: size) {
            call.heard?(Array(bytes[start..<min(start + size, bytes.count)]))
          }
          return HTTPAnswer(status: 200, body: bytes)
        })
      try await HTTPBench.run(settings: settings) { http in
        _ = try await http.link()
        let answer = try await http.post("/v1/advisor/stream", Self.question)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(answer.text.contains("event: look_up\ndata: {\"tool\":\"get_burn\"}\n\n"))
        // What comes at once is told at once.
        #expect(size > 7 || answer.text.contains("event: text\ndata: {\"text\":\"Nine \"}\n\n"))
        let done = try #require(answer.text.split(separator: "event: done\ndata: ").last.map(String.init))
        let value = try JSONValue.parse(done.split(separator: "\n")[0].description)
        #expect(value["answer"] == "Nine mönths.\nAbout." && value["prompt_tokens"] == 7)
        let uses = try await http.get("/v1/advisor/uses").json
        #expect(uses["last_30_days"]?["asked"] == 1 && uses["data"]?.elements.first?["look_ups"] == 1)
      }
    }
  }

  @Test func `does not take a stream that was cut off for an answer`() async throws {
    let bytes = Array("data: {\"choices\":[{\"delta\":{\"content\":\"Sell every\"}}]}\n\ndata: {\"choi".utf8)
    var settings = Interface.Settings()
    settings.advisor = Advisor.Settings(
      url: "http://127.0.0.1:1/v1", model: "stub", key: nil,
      http: HTTPClient { call throws(HTTPClientError) in
        call.heard?(bytes)
        return HTTPAnswer(status: 200, body: bytes)
      })
    try await HTTPBench.run(settings: settings) { http in
      let answer = try await http.post("/v1/advisor/stream", Self.question)
      #expect(answer.text.contains("event: failed\ndata: {\"code\":\"advisor.refused\""), "\(answer.text)")
      #expect(!answer.text.contains("event: done"))
    }
  }

  @Test func `bears a model's server that counts without end, and answers all that it says it asked`() async throws {
    let calls = (0..<30).map { number -> JSONValue in
      ["id": .string("\(number)"), "type": "function", "function": ["name": "get_burn", "arguments": "[1]"]]
    }
    let body: JSONValue = [
      "choices": [["message": ["role": "assistant", "content": .null, "tool_calls": .array(calls)]]],
      "usage": ["prompt_tokens": .int(Int.max), "completion_tokens": -5],
    ]
    let stub = Stub()
    let settings = stub.settings([
      .success(HTTPAnswer(status: 200, body: body.serialized())),
      .success(HTTPAnswer(status: 200, body: body.serialized())), Self.says(["role": "assistant", "content": "Well."]),
    ])
    try await HTTPBench.run(settings: settings) { http in
      let answer = try await http.post("/v1/advisor/ask", Self.question)
      #expect(answer.json["answer"] == "Well." && answer.json["tools"]?.elements.count == 16, "\(answer.text)")
      let told = stub.asked.withLock { $0.last?["messages"]?.elements ?? [] }
      let asked = told.reduce(0) { $0 + ($1["tool_calls"]?.elements.count ?? 0) }
      #expect(asked == 16 && told.count { $0["role"] == "tool" } == 16)
    }
  }

  @Test func `tells in the stream what went wrong, and writes that down too`() async throws {
    let slow = Stub().settings([.failure(.timedOut)])
    try await HTTPBench.run(settings: slow) { http in
      let answer = try await http.post("/v1/advisor/stream", Self.question)
      #expect(answer.status == 200 && answer.text.contains("event: failed\ndata: {\"code\":\"advisor.unreachable\""))
      let asked = try await http.post("/v1/advisor/ask", Self.question)
      #expect(asked.code == "advisor.unreachable")
      let outcomes = try await http.get("/v1/advisor/uses").rows.map { $0["outcome"] }
      #expect(outcomes == ["advisor.unreachable", "advisor.unreachable"])
    }
  }

  @Test func `tells a prompt no more than its level`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      var lengths: [Int] = []
      for level in AdvisorLevel.allCases {
        let prompt = try #require(
          try await http.get("/v1/advisor/prompt?level=\(level.rawValue)").json["prompt"]?.string)
        #expect(!prompt.contains("acc_") && !prompt.contains("txn_"))
        #expect(prompt.contains("spending_by_category") == (level != .totals))
        #expect(prompt.contains("spending_by_merchant") == (level == .merchants))
        lengths.append(prompt.utf8.count)
      }
      #expect(lengths == lengths.sorted())
      #expect(try await http.get("/v1/advisor/recommendations").status == 200)
    }
  }
}

@Suite struct `The description for actions` {
  @Test func `has few operations with short words`() async throws {
    try await HTTPBench.run(publicURL: "https://money.example") { http in
      let document = try await http.get("/openapi.json?for=actions").json
      let operations = (document["paths"]?.members ?? []).flatMap { $0.value.members }
      #expect(operations.count == Interface.actionIDs.count && operations.count <= 30)
      for operation in operations {
        #expect((operation.value["description"]?.string ?? "").count <= 300)
        #expect(operation.key == "get")
      }
      #expect(document["servers"]?.elements.first?["url"] == "https://money.example")
    }
  }
}

@Suite struct `Plans over HTTP` {
  @Test func `are kept, stand somewhere, and go away`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let body: JSONValue = ["amount": "400.00", "rollover": "both", "starts_on": "2026-01-15"]
      let set = try await http.send("PUT", "/v1/budgets/FOOD_AND_DRINK", body)
      #expect(set.status == 200 && set.json["starts_on"] == "2026-01-01", "\(set.text)")
      let again = try await http.send("PUT", "/v1/budgets/FOOD_AND_DRINK", ["amount": "300.00"])
      #expect(again.json["amount"] == ["amount": "300.00", "currency": "USD"])
      #expect(try await http.get("/v1/budgets").rows.count == 1)
      #expect(try await http.send("PUT", "/v1/budgets/NOPE", body).status == 404)
      #expect(try await http.send("PUT", "/v1/budgets/TRAVEL", ["amount": "-1"]).pointers == ["/amount"])
      #expect(try await http.send("DELETE", "/v1/budgets/FOOD_AND_DRINK").status == 204)
      #expect(try await http.send("DELETE", "/v1/budgets/FOOD_AND_DRINK").status == 404)
      let goal = try await http.post("/v1/goals", ["name": "Boat", "amount": "9000.00", "due_on": "2027-03-14"])
      #expect(goal.status == 201 && goal.json["saved"] != .null && goal.json["monthly"] != .null, "\(goal.text)")
      #expect(try await http.get("/v1/goals").rows.count == 1)
    }
  }

  @Test func `convert what has a rate and list what has none`() async throws {
    try await HTTPBench.run { http in
      let told = try await http.post(
        "/v1/rates", ["rates": [["currency": "EUR", "quote": "USD", "day": "2026-03-13", "rate": "1.0850"]]])
      #expect(told.json["kept"] == 1, "\(told.text)")
      let wrong: JSONValue = ["rates": [["currency": "EUR", "quote": "EUR", "day": "2026-03-13", "rate": "0"]]]
      #expect(try await http.post("/v1/rates", wrong).status == 422)
      let file = Array("<Cube time='2026-03-12'><Cube currency='USD' rate='1.08'/></Cube>".utf8)
      let read = try await http.send("POST", "/v1/rates/ecb", raw: file)
      #expect(read.json["kept"] == 1)
      #expect(try await http.send("POST", "/v1/rates/ecb", raw: Array("x".utf8)).status == 422)
      #expect(try await http.get("/v1/rates").rows.map { $0["source"] } == ["typed", "ecb"])
    }
  }

  @Test func `show a calendar to whoever has its address, until it is revoked`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let path = try #require(try await http.post("/v1/recurring/calendar").json["path"]?.string)
      let calendar = try await http.send("GET", path, token: nil)
      #expect(calendar.status == 200 && calendar.text.hasPrefix("BEGIN:VCALENDAR\r\n"))
      #expect(calendar.text.hasSuffix("END:VCALENDAR\r\n") && calendar.text.contains("BEGIN:VEVENT"))
      let lines = calendar.text.split(separator: "\r\n")
      #expect(lines.allSatisfy { $0.utf8.count <= 75 })
      let newer = try #require(try await http.post("/v1/recurring/calendar").json["path"]?.string)
      #expect(try await http.send("GET", path, token: nil).status == 404)
      #expect(try await http.send("DELETE", "/v1/recurring/calendar").status == 204)
      #expect(try await http.send("GET", newer, token: nil).status == 404)
    }
  }

  @Test func `open every number down to the rows that make it`() async throws {
    try await HTTPBench.run { http in
      _ = try await http.link()
      let flow = try await http.get("/v1/cashflow?count=4").json["data"]?.elements ?? []
      for month in flow {
        let window = "from=\(month["from"]?.string ?? "")&to=\(month["to"]?.string ?? "")"
        for measure in ["income", "expenses", "net", "pending"] {
          let opened = try await http.get("/v1/explain?measure=\(measure)&limit=500&\(window)").json
          #expect(opened["value"] == month[measure], "\(measure) \(window)")
          #expect(opened["rows"]?.elements.count == opened["rows_counted"]?.int)
        }
      }
      let burn = try await http.get("/v1/burn").json
      #expect(try await http.get("/v1/explain?measure=burn").json["value"] == burn["per_month"])
      let worth = try await http.get("/v1/net-worth?days=30&every=day").json
      #expect(worth["days"]?.elements.count == 31)
      let forecast = try await http.get("/v1/forecast").json
      #expect(forecast["days"]?.elements.count == 90)
      let streams = try await http.get("/v1/recurring").rows
      #expect(!streams.isEmpty)
      #expect(try await http.get("/v1/insights").status == 200)
    }
  }
}
