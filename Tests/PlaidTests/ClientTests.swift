import Basics
import Finance
import HTTP
import JSON
import Plaid
import Testing

/// What leaves the house: asserted on the bytes handed to the transport.
@Suite struct `A call to Plaid` {
  @Test func `carries the keys and the version in its header, and never in its body`() async throws {
    let wire = Wire(#"{"accounts":[],"request_id":"r"}"#)
    _ = try await wire.client().accountsGet(token)
    let call = try #require(wire.calls.first)
    #expect(call.method == "POST" && call.url == "https://plaid.test/accounts/get")
    #expect(call.headers["PLAID-CLIENT-ID"] == "client-1" && call.headers["PLAID-SECRET"] == "secret-1")
    #expect(call.headers["Plaid-Version"] == "2020-09-14" && call.headers["Content-Type"] == "application/json")
    #expect(try wire.asked() == ["access_token": .string(token.reveal)])
  }

  @Test func `for a link token asks for all the history there is and for the products that may be had`() async throws {
    let wire = Wire(#"{"link_token":"link-sandbox-x","expiration":"2026-01-01T00:00:00Z","request_id":"r"}"#)
    let made = try await wire.client().linkTokenCreate(PlaidLinkRequest(userID: "u", webhook: "https://me/hook"))
    #expect(made.token.reveal == "link-sandbox-x" && made.expiresAt?.description == "2026-01-01T00:00:00Z")
    let body = try wire.asked()
    #expect(body["transactions"]?["days_requested"]?.int == 730)
    #expect(body["products"] == ["transactions"])
    #expect(body["optional_products"] == ["investments", "liabilities"])
    #expect(body["webhook"] == "https://me/hook" && body["redirect_uri"] == nil && body["hosted_link"] == nil)
  }

  @Test func `for a repair names the Item and no products`() async throws {
    let wire = Wire(#"{"link_token":"link-sandbox-x","hosted_link_url":"https://h","request_id":"r"}"#)
    let made = try await wire.client().linkTokenCreate(
      PlaidLinkRequest(
        userID: "u", redirectURI: "https://me/back", accessToken: token, selectsAccounts: true, isHosted: true))
    #expect(made.hostedURL == "https://h")
    let body = try wire.asked()
    #expect(body["access_token"] == .string(token.reveal) && body["products"] == nil)
    #expect(body["optional_products"] == nil && body["update"]?["account_selection_enabled"]?.bool == true)
    #expect(body["hosted_link"] == .object([]) && body["redirect_uri"] == "https://me/back")
    #expect(body["transactions"]?["days_requested"]?.int == 730)
  }

  @Test func `for changes asks for full pages, the bank's own words and the newer categories`() async throws {
    let wire = Wire(#"{"added":[],"modified":[],"removed":[],"next_cursor":"c2","has_more":false}"#)
    let page = try await wire.client().feed(accessToken: token).page("c1")
    #expect(page.nextCursor == "c2" && !page.hasMore)
    let body = try wire.asked()
    #expect(body["cursor"] == "c1" && body["count"]?.int == 500)
    #expect(body["options"]?["include_original_description"]?.bool == true)
    #expect(body["options"]?["personal_finance_category_version"] == "v2")
    #expect(body["options"]?["days_requested"]?.int == 730)
    _ = try await wire.client().feed(accessToken: token).page("")
    #expect(try wire.asked()["cursor"] == nil)
  }

  @Test func `exchanges a public token for one that is not printed`() async throws {
    let wire = Wire(#"{"access_token":"access-sandbox-9","item_id":"i","request_id":"r"}"#)
    let made = try await wire.client().publicTokenExchange(Secret("public-sandbox-1"))
    #expect(made.accessToken.reveal == "access-sandbox-9" && made.itemID == "i")
    #expect(!"\(made)".contains("access-sandbox-9"))
  }

  @Test func `reads a broken Item and says how it is broken`() async throws {
    let wire = Wire(
      #"{"item":{"item_id":"i","institution_id":"ins_1","webhook":null,"error":\#(errorBody("ITEM_LOGIN_REQUIRED")),"#
        + #""available_products":["auth"],"billed_products":["transactions"],"consent_expiration_time":null},"#
        + #""status":{"transactions":{"last_successful_update":"2026-01-02T03:04:05Z"}},"request_id":"r"}"#)
    let item = try await wire.client().itemGet(token)
    #expect(item.itemID == "i" && item.error?.code == "ITEM_LOGIN_REQUIRED" && item.error?.remedy == .reauthenticate)
    #expect(
      item.transactionsUpdatedAt?.description == "2026-01-02T03:04:05Z" && item.billedProducts == ["transactions"])
  }

  @Test func `finds the public tokens of a hosted session`() async throws {
    let wire = Wire(
      #"{"link_sessions":[{"finished_at":"2026-01-01T00:00:00Z","results":{"item_add_results":"#
        + #"[{"public_token":"public-sandbox-1"}]}}]}"#)
    let status = try await wire.client().linkTokenGet(Secret("link-sandbox-x"))
    #expect(status.isFinished && status.publicTokens.map(\.reveal) == ["public-sandbox-1"])
  }

  @Test func `that only reads is sent again after a cut, three times in all`() async throws {
    let ok = Result<HTTPAnswer, HTTPClientError>.success(answer(#"{"accounts":[]}"#))
    let wire = Wire([.failure(.cut("x")), .failure(.timedOut), ok])
    _ = try await wire.client().accountsGet(token)
    #expect(wire.calls.count == 3)
    let down = Wire([.failure(.cut("x"))])
    await #expect(throws: PlaidError.self) { try await down.client().accountsGet(token) }
    #expect(down.calls.count == 3)
  }

  @Test func `that acts is sent again only when it never left`() async throws {
    let cut = Wire([.failure(.cut("x"))])
    await #expect(throws: PlaidError.self) { try await cut.client().transactionsRefresh(token) }
    #expect(cut.calls.count == 1)
    let refused = Wire([.failure(.cannotConnect("x")), .success(answer(#"{"request_id":"r"}"#))])
    try await refused.client().transactionsRefresh(token)
    #expect(refused.calls.count == 2)
  }

  @Test(arguments: [
    errorBody("ITEM_LOGIN_REQUIRED"), errorBody("INSTITUTION_DOWN", type: "INSTITUTION_ERROR"),
    errorBody("TRANSACTIONS_SYNC_LIMIT", type: "RATE_LIMIT_EXCEEDED"),
  ])
  func `that the bank or a limit stops is not repeated`(body: String) async {
    let wire = Wire(body, status: 400)
    await #expect(throws: PlaidError.self) { try await wire.client().accountsGet(token) }
    #expect(wire.calls.count == 1)
  }
}
