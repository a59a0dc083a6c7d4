import Basics
import Finance
import HTTP
import JSON
import Plaid
import Sandbox
import Testing

/// Every call that Magpie makes, answered by the simulated bank over HTTP.
@Suite struct `Plaid's client at the simulated bank` {
  @Test func `opens Link, follows it, and repairs by it`() async throws {
    let bench = try WireBench()
    let plain = try await bench.client.linkTokenCreate(
      PlaidLinkRequest(userID: "u-1", webhook: "https://me.example/v1/webhooks/plaid"))
    #expect(plain.token.reveal.hasPrefix("link-sandbox-") && plain.hostedURL == nil)
    #expect(plain.expiresAt == WireBench.start + .seconds(4 * 3600))
    let hosted = try await bench.client.linkTokenCreate(
      PlaidLinkRequest(userID: "u-1", isHosted: true, completionURI: "https://me.example/done"))
    #expect(hosted.hostedURL?.hasPrefix(bench.base) == true)
    let status = try await bench.client.linkTokenGet(hosted.token)
    #expect(!status.isFinished && status.publicTokens.isEmpty && status.exitError == nil)
    let linked = try await bench.link()
    let repair = try await bench.client.linkTokenCreate(
      PlaidLinkRequest(userID: "u-1", accessToken: linked.accessToken, selectsAccounts: true))
    #expect(repair.expiresAt == WireBench.start + .seconds(30 * 60))
    let wrong = await plaidError { try await bench.client.linkTokenGet(Secret("link-sandbox-none")) }
    #expect(wrong?.code == "INVALID_LINK_TOKEN" && wrong?.remedy == .bug)
    await bench.stop()
  }

  @Test func `exchanges once, looks after an Item, and removes it`() async throws {
    let bench = try WireBench()
    let token = try await bench.client.sandboxPublicTokenCreate(
      institutionID: "ins_109508", webhook: "https://me.example/old")
    let linked = try await bench.client.publicTokenExchange(token)
    let again = await plaidError { try await bench.client.publicTokenExchange(token) }
    #expect(again?.code == "INVALID_PUBLIC_TOKEN" && again?.requestID != nil)

    var item = try await bench.client.itemGet(linked.accessToken)
    #expect(item.itemID == linked.itemID && item.institutionID == "ins_109508" && item.error == nil)
    #expect(item.institutionName == "First Platypus Bank" && item.billedProducts.contains("transactions"))
    #expect(item.webhook == "https://me.example/old" && item.transactionsUpdatedAt == WireBench.start)
    item = try await bench.client.webhookUpdate(linked.accessToken, url: "https://me.example/new")
    #expect(item.webhook == "https://me.example/new")
    item = try await bench.client.webhookUpdate(linked.accessToken, url: nil)
    #expect(item.webhook == nil)

    let fresh = try await bench.client.accessTokenInvalidate(linked.accessToken)
    let old = await plaidError { try await bench.client.itemGet(linked.accessToken) }
    #expect(old?.code == "INVALID_ACCESS_TOKEN" && old?.remedy == .gone)
    try await bench.client.sandboxResetLogin(fresh)
    #expect(try await bench.client.itemGet(fresh).error?.remedy == .reauthenticate)
    let locked = await plaidError { try await bench.client.accountsGet(fresh) }
    #expect(locked?.code == "ITEM_LOGIN_REQUIRED" && locked?.displayMessage?.isEmpty == false)
    try await bench.control("item/repair", ["item_id": .string(linked.itemID)])
    _ = try await bench.client.accountsGet(fresh)
    try await bench.client.itemRemove(fresh)
    let gone = await plaidError { try await bench.client.itemRemove(fresh) }
    #expect(gone?.code == "ITEM_NOT_FOUND" && gone?.remedy == .gone)
    await bench.stop()
  }

  @Test func `reads accounts and rows as the bank has them`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link()
    let feed = bench.client.feed(accessToken: linked.accessToken)
    let truth = try await bench.truth(linked.itemID)

    let accounts = try await feed.accounts()
    #expect(accounts.unreadable.isEmpty && accounts.institutionID == "ins_109508")
    #expect(accounts.accounts.map(\.id) == truth.accounts.compactMap { $0["account_id"]?.string })
    let live = try await bench.client.accountsBalanceGet(linked.accessToken)
    #expect(bench.client.accounts(live, isLive: true).map(\.current) == accounts.accounts.map(\.current))
    for (account, told) in zip(accounts.accounts, truth.accounts) {
      let current = try #require(told["balances"]?["current"]?.numberText.flatMap { DecimalText($0) })
      #expect(account.current == (account.kind.isDebt ? -current : current))
    }

    var reading = FeedReading()
    try await reading.read(feed)
    #expect(reading.pages > 3 && reading.progress == .historical && reading.unreadable.isEmpty)
    try expect(reading.rows, are: truth.rows)
    // The same by dates, page by page.
    var ids: Set<String> = []
    while true {
      let page = try await bench.client.transactionsGet(
        linked.accessToken, from: WireBench.today - 740, through: WireBench.today, offset: ids.count)
      let found = page.root["transactions"]?.elements.compactMap { $0["transaction_id"]?.string } ?? []
      #expect(page.root["total_transactions"]?.int == reading.rows.count)
      if found.isEmpty { break }
      ids.formUnion(found)
    }
    #expect(ids == Set(reading.rows.keys))

    // What the bank does afterwards comes by the cursor.
    let item: JSONValue = .string(linked.itemID)
    try await bench.control("item/churn", ["item_id": item, "rows": 4])
    try await bench.control("item/remove_rows", ["item_id": item, "rows": 2])
    try await bench.control("item/correct", ["item_id": item, "rows": 3, "by_minor": 5])
    await bench.sandbox.advance(by: .seconds(3 * 86_400))
    try await bench.client.transactionsRefresh(linked.accessToken)
    let pages = reading.pages
    try await reading.read(feed)
    #expect(reading.pages == pages + 1)
    try expect(reading.rows, are: try await bench.truth(linked.itemID).rows)
    await bench.stop()
  }

  private func expect(_ rows: [String: FeedTransaction], are truth: [String: JSONValue]) throws {
    #expect(rows.count > 700 && Set(rows.keys) == Set(truth.keys))
    for (id, row) in rows {
      let told = try #require(truth[id])
      let amount = try #require(told["amount"]?.numberText.flatMap { DecimalText($0) })
      let isSame =
        row.amount == -amount && row.accountID == told["account_id"]?.string
        && row.bookedOn.description == told["date"]?.string && row.isPending == told["pending"]?.bool
        && row.pendingID == told["pending_transaction_id"]?.string && row.name == told["name"]?.string
        && row.currency?.code == (told["iso_currency_code"]?.string ?? told["unofficial_currency_code"]?.string)
      #expect(isSame, "\(id)")
    }
  }

  @Test func `reads investments, debts, people and what recurs`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link(products: ["transactions", "investments", "liabilities", "identity"])
    let feed = bench.client.feed(accessToken: linked.accessToken)
    let held = try #require(try await feed.holdings())
    #expect(!held.holdings.isEmpty && held.unreadable.isEmpty)
    #expect(Set(held.holdings.map(\.securityID)).isSubset(of: Set(held.securities.map(\.id))))
    var trades: [String] = []
    while let page = try await feed.investmentTransactions(WireBench.today - 729, WireBench.today, trades.count) {
      #expect(page.unreadable.isEmpty && page.total > 0)
      trades += page.transactions.map(\.id)
      if trades.count >= page.total { break }
    }
    #expect(Set(trades).count == trades.count && trades.count > 10)
    let owed = try #require(try await feed.liabilities())
    #expect(owed.unreadable.isEmpty && owed.liabilities.contains { $0.ratePercent != nil })
    try await bench.client.investmentsRefresh(linked.accessToken)
    let people = try await bench.client.identityGet(linked.accessToken)
    #expect(people.root["accounts"].map { Array($0.elements) }?.first?["owners"]?.count == 1)
    let recurring = try await bench.client.transactionsRecurringGet(linked.accessToken)
    #expect(recurring.root["outflow_streams"]?.count ?? 0 > 3)
    await bench.stop()
  }

  @Test func `knows a bank without investments from one that failed`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link("ins_117650", days: 30)
    let feed = bench.client.feed(accessToken: linked.accessToken)
    for ask in [{ _ = try await feed.holdings() }, { _ = try await feed.liabilities() }]
      as [@Sendable () async throws -> Void]
    {
      do {
        try await ask()
        Issue.record("a bank without the product answered")
      } catch FeedError.unsupported(let fault) {
        #expect(["PRODUCTS_NOT_SUPPORTED", "ADDITIONAL_CONSENT_REQUIRED"].contains(fault.code))
      }
    }
    await bench.stop()
  }

  @Test func `finds banks`() async throws {
    let bench = try WireBench()
    let (banks, total) = try await bench.client.institutionsGet(count: 5)
    #expect(banks.count == 5 && total > 5)
    let rest = try await bench.client.institutionsGet(count: 500, offset: 5).institutions
    #expect(rest.count == total - 5 && Set(rest.map(\.id)).isDisjoint(with: Set(banks.map(\.id))))
    let found = try await bench.client.institutionsSearch("tartan")
    #expect(found.contains { $0.name == "Tartan Bank" } && found.count < total)
    let bank = try await bench.client.institutionsGetByID("ins_127287")
    #expect(bank.isOAuth && bank.logo != nil && bank.countryCodes == ["US"] && bank.primaryColor?.first == "#")
    let none = await plaidError { try await bench.client.institutionsGetByID("ins_0") }
    #expect(none?.code == "INVALID_INSTITUTION")
    await bench.stop()
  }

  @Test func `believes the bank's webhooks, and no other`() async throws {
    let bench = try WireBench()
    let (letters, arrived) = AsyncStream.makeStream(of: Request.self)
    let receiver = HTTPServer(.init()) { request in
      arrived.yield(request)
      return Response(200)
    }
    let url = "http://127.0.0.1:\(try receiver.start())/hook"
    let token = try await bench.client.sandboxPublicTokenCreate(institutionID: "ins_109508", webhook: url)
    let linked = try await bench.client.publicTokenExchange(token)
    try await bench.client.sandboxFireWebhook(linked.accessToken, code: "NEW_ACCOUNTS_AVAILABLE")
    let verifier = WebhookVerifier(bench.client)
    var codes: Set<String> = []
    for await letter in letters {
      let header = letter.headers["Plaid-Verification"]
      try await verifier.verify(header: header, body: letter.body)
      await #expect(throws: WebhookRefusal.wrongBody) {
        try await verifier.verify(header: header, body: letter.body + [0x20])
      }
      codes.insert(try JSONValue.parse(letter.body)["webhook_code"]?.string ?? "")
      if codes.contains("NEW_ACCOUNTS_AVAILABLE") { break }
    }
    #expect(codes.contains("HISTORICAL_UPDATE"))
    await receiver.stop()
    await bench.stop()
  }

  @Test func `makes rows up at a user who allows it`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link(user: "user_transactions_dynamic")
    let feed = bench.client.feed(accessToken: linked.accessToken)
    var reading = FeedReading()
    try await reading.read(feed)
    let before = reading.rows.count
    let amount = try #require(DecimalText("12.34"))
    try await bench.client.sandboxTransactionsCreate(
      linked.accessToken,
      [
        PlaidSandboxRow(
          transacted: WireBench.today - 2, posted: WireBench.today - 1, amount: amount, description: "A made-up row")
      ])
    try await reading.read(feed)
    #expect(reading.rows.count == before + 1)
    #expect(reading.rows.values.first { $0.name == "A made-up row" }?.amount.text == "-12.34")
    await bench.stop()
  }
}
