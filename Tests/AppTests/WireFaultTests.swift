import Basics
import Finance
import JSON
import Plaid
import Testing

/// What goes wrong between Magpie and the bank, provoked at the bank and seen through the socket.
@Suite struct `Plaid's client at a bank in trouble` {
  static let sync = "/transactions/sync"

  /// Every reading call, by its endpoint.
  private static let reads: [(String, @Sendable (PlaidClient, Secret<String>) async throws -> Void)] = [
    ("/accounts/get", { _ = try await $0.accountsGet($1) }),
    ("/transactions/sync", { _ = try await $0.feed(accessToken: $1).page("") }),
    ("/transactions/get", { _ = try await $0.transactionsGet($1, from: WireBench.today, through: WireBench.today) }),
    ("/transactions/recurring/get", { _ = try await $0.transactionsRecurringGet($1) }),
    ("/investments/holdings/get", { _ = try await $0.holdingsGet($1) }),
    (
      "/investments/transactions/get",
      { _ = try await $0.investmentsTransactionsGet($1, from: WireBench.today - 9, through: WireBench.today) }
    ),
    ("/liabilities/get", { _ = try await $0.liabilitiesGet($1) }),
    ("/identity/get", { _ = try await $0.identityGet($1) }),
    ("/item/get", { _ = try await $0.itemGet($1) }),
    ("/institutions/get", { client, _ in _ = try await client.institutionsGet() }),
    ("/institutions/search", { client, _ in _ = try await client.institutionsSearch("bank") }),
    ("/institutions/get_by_id", { client, _ in _ = try await client.institutionsGetByID("ins_109508") }),
  ]

  /// Every call that acts or costs.
  private static let acts: [(String, @Sendable (PlaidClient, Secret<String>) async throws -> Void)] = [
    ("/accounts/balance/get", { _ = try await $0.accountsBalanceGet($1) }),
    ("/transactions/refresh", { try await $0.transactionsRefresh($1) }),
    ("/investments/refresh", { try await $0.investmentsRefresh($1) }),
    ("/item/webhook/update", { _ = try await $0.webhookUpdate($1, url: nil) }),
    ("/item/access_token/invalidate", { _ = try await $0.accessTokenInvalidate($1) }),
    ("/item/remove", { try await $0.itemRemove($1) }),
    ("/link/token/create", { client, _ in _ = try await client.linkTokenCreate(PlaidLinkRequest(userID: "u")) }),
    (
      "/item/public_token/exchange",
      { client, _ in _ = try await client.publicTokenExchange(Secret("public-sandbox-none")) }
    ),
  ]

  private struct Outcome: Equatable {
    var code: String?
    var remedy: PlaidRemedy?
    var calls: Int
  }

  private func outcome(
    _ bench: WireBench, _ body: @Sendable (PlaidClient, Secret<String>) async throws -> Void, _ token: Secret<String>
  ) async -> Outcome {
    _ = bench.takeCalls()
    let error = await plaidOrFeedError { try await body(bench.client, token) }
    return Outcome(code: error?.0, remedy: error?.1, calls: bench.takeCalls().count)
  }

  /// The feed's errors carry the same code; their kind is compared elsewhere.
  private func plaidOrFeedError(_ body: () async throws -> Void) async -> (String, PlaidRemedy?)? {
    do {
      try await body()
      return nil
    } catch let error as PlaidError {
      return (error.code, error.remedy)
    } catch let error as FeedError {
      let remedy: PlaidRemedy? =
        switch error {
        case .retry: .retry
        case .wait(let pause, _): .wait(pause)
        default: nil
        }
      return (error.fault.code, remedy)
    } catch { return ("\(error)", nil) }
  }

  @Test func `repeats what only reads, and gives up with what can be done`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link(products: ["transactions", "investments", "liabilities", "identity"], days: 30)
    for (endpoint, body) in Self.reads {
      func after(_ fault: String, count: Int? = nil) async throws -> Outcome {
        try await bench.fault(fault, at: endpoint, count: count)
        return await outcome(bench, body, linked.accessToken)
      }
      #expect(try await after("500", count: 2) == Outcome(calls: 3), "\(endpoint)")
      #expect(try await after("500") == Outcome(code: "INTERNAL_SERVER_ERROR", remedy: .retry, calls: 3), "\(endpoint)")
      #expect(try await after("cut=30", count: 1) == Outcome(calls: 2), "\(endpoint)")
      #expect(try await after("cut=30") == Outcome(code: "CUT", remedy: .retry, calls: 3), "\(endpoint)")
      #expect(try await after("html", count: 1) == Outcome(calls: 2), "\(endpoint)")
      #expect(try await after("html") == Outcome(code: "MALFORMED_ANSWER", remedy: .retry, calls: 3), "\(endpoint)")
      #expect(
        try await after("503") == Outcome(code: "PLANNED_MAINTENANCE", remedy: .wait(.seconds(900)), calls: 1),
        "\(endpoint)")
      let limited = try await after("429")
      #expect(limited.code?.hasSuffix("LIMIT") == true && limited.remedy == .wait(.seconds(60)) && limited.calls == 1)
      #expect(try await after("slow=50") == Outcome(calls: 1), "\(endpoint)")
      #expect(try await after("unknown-enum") == Outcome(calls: 1), "\(endpoint)")
      #expect(try await after("extra-key") == Outcome(calls: 1), "\(endpoint)")
      #expect(try await after("null=name") == Outcome(calls: 1) || endpoint.hasSuffix("get_by_id"), "\(endpoint)")
      let down = try await after("error=INSTITUTION_DOWN")
      #expect(down == Outcome(code: "INSTITUTION_DOWN", remedy: .retry, calls: 1), "\(endpoint)")
    }
    await bench.stop()
  }

  @Test func `never repeats what acts once it may have arrived`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link(products: ["transactions", "investments"], days: 30)
    for (endpoint, body) in Self.acts {
      for (fault, code) in [("500", "INTERNAL_SERVER_ERROR"), ("cut=5", "CUT"), ("html", "MALFORMED_ANSWER")] {
        // The token is exchanged, or the Item removed, all the same when only the answer is spoilt.
        if fault != "500", ["/item/access_token/invalidate", "/item/remove"].contains(endpoint) { continue }
        if fault != "500", endpoint.hasSuffix("exchange") { continue }
        try await bench.fault(fault, at: endpoint)
        let outcome = await outcome(bench, body, linked.accessToken)
        #expect(outcome == Outcome(code: code, remedy: .retry, calls: 1), "\(endpoint) \(fault)")
      }
    }
    await bench.stop()
  }

  @Test func `does not wait for ever`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link(days: 30)
    // Far less than the bank takes, and enough to connect on a busy machine.
    bench.limit(.seconds(8))
    try await bench.fault("slow=120000", at: "/accounts/get")
    let error = await plaidError { try await bench.client.accountsGet(linked.accessToken) }
    #expect(
      error?.code == "TIMED_OUT" && error?.remedy == .retry && error?.wasSent == true, "\(String(describing: error))")
    bench.limit(nil)
    try await bench.control("faults/remove")
    await bench.stop()
    let nobody = await plaidError { try await bench.client.transactionsRefresh(linked.accessToken) }
    #expect(nobody?.code == "CANNOT_CONNECT" && nobody?.wasSent == false)
  }

  @Test func `hears of a mutation, a broken sign-in and products that come later`() async throws {
    let bench = try WireBench()
    let linked = try await bench.link()
    let feed = bench.client.feed(accessToken: linked.accessToken)
    let first = try await feed.page("")
    #expect(first.hasMore)
    try await bench.fault("mutation", at: Self.sync, count: 1)
    await #expect {
      _ = try await feed.page(first.nextCursor)
    } throws: { error in
      guard case .mutated? = error as? FeedError else { return false }
      return true
    }
    let cases: [(String, PlaidRemedy)] = [
      ("ITEM_LOGIN_REQUIRED", .reauthenticate), ("PRODUCT_NOT_READY", .notReady), ("USER_PERMISSION_REVOKED", .gone),
      ("INVALID_API_KEYS", .configuration), ("INSTITUTION_NOT_RESPONDING", .retry),
    ]
    for (code, remedy) in cases {
      try await bench.fault("error=\(code)", at: "/accounts/get", count: 1)
      let error = await plaidError { try await bench.client.accountsGet(linked.accessToken) }
      #expect(error?.code == code && error?.remedy == remedy && error?.type.isEmpty == false, "\(code)")
    }
    await bench.stop()
  }

  @Test(arguments: [
    ("unknown-enum", 0), ("extra-key", 0), ("null=name", 0), ("null=merchant_name", 0), ("wrong-type=name", 0),
    ("wrong-type=pending", 0), ("missing-key=payment_channel", 0), ("null=amount", 1), ("wrong-type=amount", 1),
    ("missing-key=date", 1), ("garbage-row", 3),
  ])
  func `loses no row to a spoilt one`(fault: String, spoilt: Int) async throws {
    let bench = try WireBench()
    let linked = try await bench.link(days: 60)
    let truth = try await bench.truth(linked.itemID).rows
    #expect(truth.count < 500)
    try await bench.fault(fault, at: Self.sync, count: 1)
    var reading = FeedReading()
    try await reading.read(bench.client.feed(accessToken: linked.accessToken))
    #expect(reading.pages == 1 && reading.unreadable.count == spoilt)
    // A row that is no row comes on top of the others, once in each list.
    let lost = fault == "garbage-row" ? 0 : spoilt
    #expect(reading.rows.count == truth.count - lost && Set(reading.rows.keys).isSubset(of: truth.keys))
    if lost == 1 {
      let id = try #require(reading.unreadable.first?.id)
      #expect(truth[id] != nil && reading.rows[id] == nil)
    }
    await bench.stop()
  }
}
