package import Basics
import JSON

/// What a person is asked in Link, and for what.
package struct PlaidLinkRequest: Sendable {
  /// Our own name for the person; neither an e-mail address nor a telephone number.
  package var userID: String
  /// Shown in Link; longer than 30 characters it is replaced by "This Application".
  package var clientName: String
  package var language: String
  package var countryCodes: [String]
  /// What a bank must offer to be shown. Investments and liabilities are optional unless named here: a bank without
  /// them still links.
  package var products: [String]
  package var webhook: String?
  /// Must be registered at Plaid; left out when nil, because an empty one is refused.
  package var redirectURI: String?
  /// Update mode: repairs the Item of this token instead of making one.
  package var accessToken: Secret<String>?
  /// In update mode: the person may change which accounts are shared.
  package var selectsAccounts: Bool
  /// Plaid hosts the page; the public token comes by webhook or ``PlaidClient/linkTokenGet(_:)``.
  package var isHosted: Bool
  /// Where the hosted page leads when it is done.
  package var completionURI: String?

  package init(
    userID: String, clientName: String = "Magpie", language: String = "en", countryCodes: [String] = ["US"],
    products: [String] = ["transactions"], webhook: String? = nil, redirectURI: String? = nil,
    accessToken: Secret<String>? = nil,
    selectsAccounts: Bool = false, isHosted: Bool = false, completionURI: String? = nil
  ) {
    self.userID = userID
    self.clientName = clientName
    self.language = language
    self.countryCodes = countryCodes
    self.products = products
    self.webhook = webhook
    self.redirectURI = redirectURI
    self.accessToken = accessToken
    self.selectsAccounts = selectsAccounts
    self.isHosted = isHosted
    self.completionURI = completionURI
  }
}

package struct PlaidLinkToken: Sendable {
  package var token: Secret<String>
  package var expiresAt: Timestamp?
  /// Only for a hosted Link.
  package var hostedURL: String?
}

/// How far a Link has come: what ``PlaidClient/linkTokenGet(_:)`` knows.
package struct PlaidLinkStatus: Sendable {
  /// One for each Item that was added.
  package var publicTokens: [Secret<String>]
  /// A session has ended, well or not.
  package var isFinished: Bool
  /// Why the person left, when Plaid names a fault.
  package var exitError: PlaidError?
}

package struct PlaidExchange: Sendable {
  package var accessToken: Secret<String>
  package var itemID: String
}

extension PlaidClient {
  /// The days of history asked for: the most there is. It is fixed for the life of an Item, so it is never less.
  static let historyDays = 730

  package func linkTokenCreate(_ request: PlaidLinkRequest) async throws(PlaidError) -> PlaidLinkToken {
    var body: JSONValue = [
      "client_name": .string(request.clientName), "language": .string(request.language),
      "country_codes": JSONValue(request.countryCodes), "user": ["client_user_id": .string(request.userID)],
    ]
    // Also in update mode: an Item that gets its transactions only now takes its history from here.
    body["transactions"] = ["days_requested": .int(Self.historyDays)]
    if let accessToken = request.accessToken {
      body["access_token"] = .string(accessToken.reveal)
      if request.selectsAccounts { body["update"] = ["account_selection_enabled": true] }
    } else {
      body["products"] = JSONValue(request.products)
      let optional = ["investments", "liabilities"].filter { !request.products.contains($0) }
      if !optional.isEmpty { body["optional_products"] = JSONValue(optional) }
      body["webhook"] = request.webhook.map(JSONValue.string)
    }
    body["redirect_uri"] = request.redirectURI.map(JSONValue.string)
    if request.isHosted {
      var hosted = JSONValue.object([])
      hosted["completion_redirect_uri"] = request.completionURI.map(JSONValue.string)
      body["hosted_link"] = hosted
    }
    let answer = try await call("/link/token/create", body, .act)
    return PlaidLinkToken(
      token: Secret(try answer.required("link_token")),
      expiresAt: answer.root["expiration"]?.string.flatMap { Timestamp(rfc3339: $0) },
      hostedURL: answer.root["hosted_link_url"]?.string)
  }

  package func linkTokenGet(_ token: Secret<String>) async throws(PlaidError) -> PlaidLinkStatus {
    let answer = try await call("/link/token/get", ["link_token": .string(token.reveal)], .read)
    var status = PlaidLinkStatus(publicTokens: [], isFinished: false)
    for session in answer.root["link_sessions"]?.elements.map({ $0 }) ?? [] {
      if session["finished_at"]?.string != nil { status.isFinished = true }
      var tokens = session["results"]?["item_add_results"]?.elements.compactMap { $0["public_token"]?.string } ?? []
      if tokens.isEmpty, let single = session["on_success"]?["public_token"]?.string { tokens = [single] }
      status.publicTokens += tokens.map { Secret($0) }
      let exit = session["exit"]?["error"] ?? session["on_exit"]?["error"]
      if let error = exit.flatMap({ PlaidError($0, status: 0) }) { status.exitError = error }
    }
    return status
  }

  package func publicTokenExchange(_ publicToken: Secret<String>) async throws(PlaidError) -> PlaidExchange {
    let answer = try await call("/item/public_token/exchange", ["public_token": .string(publicToken.reveal)], .act)
    return PlaidExchange(
      accessToken: Secret(try answer.required("access_token")), itemID: try answer.required("item_id"))
  }
}
