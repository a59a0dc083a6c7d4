import Basics
import Foundation
import HTTP
import JSON
import Sandbox
import Testing

@Suite final class `A bank with a journal` {
  private static let day = Duration.seconds(86_400)
  private let file: String

  init() throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "magpie-journal-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    file = folder.appending(path: "bank.journal").path
  }

  deinit { try? FileManager.default.removeItem(at: URL(filePath: file).deletingLastPathComponent()) }

  private func text() throws -> String { try String(contentsOfFile: file, encoding: .utf8) }

  /// Everything there is to know of an Item, but for the numbers of the requests.
  private func everything(_ bench: Bench, _ linked: Linked) async throws -> [JSONValue] {
    let paths = ["/identity/get", "/liabilities/get", "/investments/holdings/get", "/accounts/get", "/item/get"]
    // The first call for a product switches it on, which the others' answers show.
    for path in paths { try await bench.post(path, ["access_token": linked.access]) }
    var answers = [try await bench.truth(of: linked)]
    for path in paths { answers.append(try await bench.post(path, ["access_token": linked.access])) }
    return answers.map { $0.removing(keys: ["request_id"]) }
  }

  @Test func `knows its Items, their tokens and every cursor in the next process`() async throws {
    let first = try Bench(journal: file)
    let linked = try await first.link(products: ["transactions", "identity"], days: 90)
    var cursor = ""
    var rows: [String: JSONValue] = [:]
    func take(_ page: JSONValue) throws -> Bool {
      for row in page["added"]?.elements ?? [] { rows[try #require(row["transaction_id"]?.string)] = row }
      cursor = try #require(page["next_cursor"]?.string)
      return page["has_more"]?.bool == true
    }
    var client = SyncClient(first, linked)
    for _ in 0..<3 { #expect(try take(try await client.page(cursor, count: 20))) }
    let half = rows.count

    let second = try Bench(journal: file)
    client = SyncClient(second, linked)
    while try take(try await client.page(cursor, count: 20)) {}
    #expect(half == 60 && rows.count > 200)
    client.rows = rows
    let truth = SyncClient.summary(ofTruth: try await second.truth(of: linked))
    let isTrue = client.summary == truth
    #expect(isTrue)
    let isSame = try await everything(first, linked) == everything(second, linked)
    #expect(isSame)

    // The end of the loop is a place in either.
    client.cursor = cursor
    try await client.sync()
    #expect(client.rows.count == rows.count)
  }

  @Test(arguments: [false, true]) func `goes on through the days in between`(ticks: Bool) async throws {
    let first = try Bench(journal: file, delay: .seconds(5))
    let linked = try await first.link(days: 60)
    await first.server.advance(by: .seconds(10))
    var client = SyncClient(first, linked)
    try await client.sync()
    let (cursor, rows) = (client.cursor, client.rows)

    let later = Bench.start + Self.day * 20
    let second = try Bench(journal: file, start: later, ticks: ticks)
    client = SyncClient(second, linked)
    (client.cursor, client.rows) = (cursor, rows)
    try await client.sync()
    #expect(client.rows.count > rows.count + 20)
    #expect(client.rows.values.contains { ($0["date"]?.string ?? "") >= "2026-03-21" })
    let isTrue = client.summary == SyncClient.summary(ofTruth: try await second.truth(of: linked))
    #expect(isTrue)
    // A bank that was there all the time says the same.
    await first.server.advance(by: Self.day * 20 - .seconds(10))
    let isSame = try await everything(first, linked) == everything(second, linked)
    #expect(isSame)
    // Nobody is told twice, or of what is long past.
    #expect(second.inbox.codes.isEmpty)
  }

  @Test(arguments: 1...6) func `is one bank in two processes at once`(seed: UInt64) async throws {
    var random = SeededRandom(seed: seed)
    let banks = [try Bench(journal: file, delay: .seconds(3)), try Bench(journal: file, delay: .seconds(3))]
    var linked: [Linked] = []
    var clients: [SyncClient] = []
    for _ in 0..<30 {
      let bank = random.pick(banks)
      let index = linked.isEmpty ? 0 : random.int(in: 0...linked.count - 1)
      switch linked.isEmpty ? 0 : random.int(in: 0...9) {
      case 0 where linked.count < 3:
        linked.append(try await bank.link(random.pick(["user_good", "user_transactions_dynamic"]), days: 40))
        clients.append(SyncClient(bank, linked[linked.count - 1]))
      case 0, 1: try await bank.control("item/churn", ["item_id": linked[index].item, "rows": 3])
      case 2: try await bank.control("item/remove_rows", ["item_id": linked[index].item])
      case 3: try await bank.control("item/correct", ["item_id": linked[index].item, "rows": 2, "by_minor": 7])
      case 4, 5: try await bank.post("/transactions/refresh", ["access_token": linked[index].access])
      case 6:
        // Both clocks show the same, as they do on one machine.
        let span = Duration.seconds(random.int(in: 1...40_000))
        for bank in banks { await bank.server.advance(by: span) }
      default:
        var client = SyncClient(bank, linked[index])
        (client.cursor, client.rows) = (clients[index].cursor, clients[index].rows)
        try await client.sync(count: 50)
        clients[index] = client
      }
    }
    for bank in banks { await bank.server.advance(by: Self.day) }
    let third = try Bench(journal: file, start: banks[0].server.now)
    for (index, link) in linked.enumerated() {
      let answers = try await everything(banks[0], link)
      let isSame = try await [everything(banks[1], link), everything(third, link)] == [answers, answers]
      #expect(isSame)
      var client = SyncClient(third, link)
      (client.cursor, client.rows) = (clients[index].cursor, clients[index].rows)
      try await client.sync()
      let isTrue = client.summary == SyncClient.summary(ofTruth: answers[0])
      #expect(isTrue)
    }
  }

  @Test func `remembers all that leaves a mark`() async throws {
    let first = try Bench(journal: file)
    let removed = try await first.link(days: 30)
    var renamed = try await first.link(days: 30)
    let broken = try await first.link(institution: "ins_132363", days: 30)
    let custom = try await first.link(
      "user_custom", #"{"override_accounts":[{"type":"depository","subtype":"checking","starting_balance":5}]}"#)
    let oauth = try await first.link(institution: "ins_127287")
    try await first.post("/item/remove", ["access_token": removed.access])
    renamed.access = try #require(
      try await first.post("/item/access_token/invalidate", ["access_token": renamed.access])["new_access_token"])
    try await first.post(
      "/item/webhook/update", ["access_token": renamed.access, "webhook": "https://app.example/hook"])
    try await first.post("/sandbox/item/reset_login", ["access_token": broken.access])
    try await first.post(
      "/sandbox/transactions/create",
      [
        "access_token": custom.access,
        "transactions": [
          ["date_transacted": "2026-03-01", "date_posted": "2026-03-01", "amount": 3, "description": "Tea"]
        ],
      ])
    let unused = try #require(
      try await first.post(
        "/sandbox/public_token/create", ["institution_id": "ins_109508", "initial_products": ["transactions"]])[
          "public_token"])

    let second = try Bench(journal: file)
    #expect(try await second.errorCode("/item/get", ["access_token": removed.access]) == "ITEM_NOT_FOUND")
    #expect(try await second.errorCode("/accounts/get", ["access_token": broken.access]) == "ITEM_LOGIN_REQUIRED")
    for linked in [renamed, custom, oauth] {
      let isSame = try await everything(first, linked) == everything(second, linked)
      #expect(isSame)
    }
    let rows = try await second.truth(of: custom)["transactions"]?.elements
    #expect(rows?.map { $0["name"] } == ["Tea"])
    let exchange: JSONValue = ["public_token": unused]
    #expect(try await second.post("/item/public_token/exchange", exchange)["access_token"]?.string != nil)
    #expect(try await first.errorCode("/item/public_token/exchange", exchange) == "INVALID_PUBLIC_TOKEN")
  }

  @Test func `remembers a sign-in, a repair and a choice of accounts made on the pages of Link`() async throws {
    let first = try Bench(journal: file)
    func visit(_ more: [JSONValue.Member]) async throws -> Visitor {
      let body: JSONValue = [
        "client_name": "App", "language": "en", "country_codes": ["US"], "user": ["client_user_id": "u"],
      ]
      let token = try await first.post("/link/token/create", .object(body.members + more))["link_token"]?.string
      return await Visitor(first, try #require(token))
    }
    var visitor = try await visit([.init("products", ["transactions"])])
    await visitor.submit("institution", [("institution", "ins_109508")])
    await visitor.submit("credentials", [("username", "user_yuppie"), ("password", "a-real-password-perhaps")])
    await visitor.submit("accounts", [("account", visitor.accounts[0])])
    let made = try await first.post("/item/public_token/exchange", ["public_token": .string(visitor.publicToken)])
    let linked = Linked(access: try #require(made["access_token"]), item: try #require(made["item_id"]))
    #expect(try await Bench(journal: file).truth(of: linked)["accounts"]?.elements.count == 1)

    try await first.control("item/break", ["item_id": linked.item])
    visitor = try await visit([
      .init("access_token", linked.access), .init("update", ["account_selection_enabled": true]),
    ])
    await visitor.submit("credentials", [("username", "user_yuppie"), ("password", "a-real-password-perhaps")])
    await visitor.submit("accounts", visitor.accounts.map { ("account", $0) })
    let second = try Bench(journal: file)
    #expect(try await second.truth(of: linked)["accounts"]?.elements.count ?? 0 > 1)
    #expect(try await second.post("/accounts/get", ["access_token": linked.access])["error_code"] == nil)
    let isSame = try await everything(first, linked) == everything(second, linked)
    #expect(isSame)
    #expect(!(try text()).contains("a-real-password"))
  }

  @Test func `is kept from other people's eyes, and holds no token and no key`() async throws {
    let bench = try Bench(journal: file)
    let linked = try await bench.link(days: 30)
    try await bench.post(
      "/item/webhook/update",
      [
        "client_id": "client", "secret": "secret", "access_token": linked.access, "webhook": "https://app.example/hook",
      ])
    let written = try text()
    #expect(written.contains("app.example"))
    for word in ["access-sandbox", "public-sandbox", "\"secret\"", "client_id"] { #expect(!written.contains(word)) }
    let mode = try FileManager.default.attributesOfItem(atPath: file)[.posixPermissions] as? Int
    #expect(mode == 0o600)
    // Reading leaves no mark.
    let before = written.count
    _ = try await everything(bench, linked)
    let afterBilling = try text().count
    _ = try await everything(bench, linked)
    #expect(try text().count == afterBilling && afterBilling > before)
  }

  @Test func `drops a line that a crash cut off`() async throws {
    let first = try Bench(journal: file)
    let linked = try await first.link(days: 30)
    let whole = try text()
    let handle = try #require(FileHandle(forWritingAtPath: file))
    try handle.seekToEnd()
    try handle.write(contentsOf: Data(#"{"at_ms":177245"#.utf8))
    let second = try Bench(journal: file)
    #expect(try await second.truth(of: linked)["transactions"]?.elements.isEmpty == false)
    #expect(try text() == whole)
  }

  @Test func `refuses what it cannot go on from`() async throws {
    _ = try await Bench(journal: file).link(days: 30)
    #expect(throws: JournalTrouble.seed(path: file, found: 1)) { _ = try Bench(journal: file, seed: 2) }
    let lines = try text().split(separator: "\n")
    for (line, damage) in [(1, "{\"a\":1}"), (2, "{\"do\":\"dance\",\"at_ms\":1,\"count\":1}"), (3, "nonsense")] {
      var damaged = lines.map(String.init)
      damaged[line - 1] = damage
      try (damaged.joined(separator: "\n") + "\n").write(toFile: file, atomically: false, encoding: .utf8)
      #expect(throws: JournalTrouble.unreadable(path: file, line: line)) { _ = try Bench(journal: file) }
    }
    #expect(throws: JournalTrouble.file(path: "/dev/full", reason: "No space left on device")) {
      _ = try Bench(journal: "/dev/full")
    }
    #expect(throws: JournalTrouble.file(path: "/nowhere/at/all", reason: "No such file or directory")) {
      _ = try Bench(journal: "/nowhere/at/all")
    }
  }
}
