package import Basics
package import Finance
import JSON

/// The calls that read what a bank holds. Answers come back whole: the bytes are kept, and read by the translation.
extension PlaidClient {
  /// The most rows a page may have.
  static let pageRows = Limits.pageRows
  /// The newer taxonomy; asking for it is the only way not to get an older one by history.
  static let categoryVersion = "v2"

  /// From Plaid's store: free.
  package func accountsGet(_ accessToken: Secret<String>) async throws(PlaidError) -> PlaidAnswer {
    try await call("/accounts/get", Self.body(accessToken), .read)
  }

  /// Live from the bank: slow and billed.
  package func accountsBalanceGet(_ accessToken: Secret<String>) async throws(PlaidError) -> PlaidAnswer {
    try await call("/accounts/balance/get", Self.body(accessToken), .bankAct)
  }

  /// One page of changes after `cursor`; "" from the beginning.
  package func transactionsSync(_ accessToken: Secret<String>, cursor: String) async throws(PlaidError) -> PlaidAnswer {
    var body = Self.body(accessToken)
    if !cursor.isEmpty { body["cursor"] = .string(cursor) }
    body["count"] = .int(Self.pageRows)
    // For an Item that gets its transactions with this call: 90 days would be fixed for its whole life.
    body["options"] = Self.rowOptions.setting("days_requested", .int(Self.historyDays))
    return try await call("/transactions/sync", body, .read)
  }

  package func transactionsGet(
    _ accessToken: Secret<String>, from: CalendarDate, through: CalendarDate, offset: Int = 0
  ) async throws(PlaidError) -> PlaidAnswer {
    var body = Self.window(accessToken, from, through)
    body["options"] = Self.rowOptions.setting("count", .int(Self.pageRows)).setting("offset", .int(offset))
    return try await call("/transactions/get", body, .read)
  }

  /// Asks Plaid to look at the bank now; what is found comes by webhook. Billed.
  package func transactionsRefresh(_ accessToken: Secret<String>) async throws(PlaidError) {
    _ = try await call("/transactions/refresh", Self.body(accessToken), .bankAct)
  }

  /// Streams of repeating rows, as Plaid sees them.
  package func transactionsRecurringGet(_ accessToken: Secret<String>) async throws(PlaidError) -> PlaidAnswer {
    let options: JSONValue = ["personal_finance_category_version": .string(Self.categoryVersion)]
    return try await call(
      "/transactions/recurring/get", Self.body(accessToken).setting("options", options), .read)
  }

  package func holdingsGet(_ accessToken: Secret<String>) async throws(PlaidError) -> PlaidAnswer {
    try await call("/investments/holdings/get", Self.body(accessToken), .bankRead)
  }

  /// Asks Plaid to look at the bank's investments now. Billed.
  package func investmentsRefresh(_ accessToken: Secret<String>) async throws(PlaidError) {
    _ = try await call("/investments/refresh", Self.body(accessToken), .bankAct)
  }

  package func investmentsTransactionsGet(
    _ accessToken: Secret<String>, from: CalendarDate, through: CalendarDate, offset: Int = 0
  ) async throws(PlaidError) -> PlaidAnswer {
    var body = Self.window(accessToken, from, through)
    body["options"] = ["count": .int(Self.pageRows), "offset": .int(offset)]
    return try await call("/investments/transactions/get", body, .gatheringRead)
  }

  package func liabilitiesGet(_ accessToken: Secret<String>) async throws(PlaidError) -> PlaidAnswer {
    try await call("/liabilities/get", Self.body(accessToken), .read)
  }

  package func identityGet(_ accessToken: Secret<String>) async throws(PlaidError) -> PlaidAnswer {
    try await call("/identity/get", Self.body(accessToken), .read)
  }

  static func body(_ accessToken: Secret<String>) -> JSONValue { ["access_token": .string(accessToken.reveal)] }

  private static let rowOptions: JSONValue = [
    "include_original_description": true, "personal_finance_category_version": .string(categoryVersion),
  ]

  private static func window(
    _ accessToken: Secret<String>, _ from: CalendarDate, _ through: CalendarDate
  ) -> JSONValue {
    body(accessToken).setting("start_date", .string(from.description))
      .setting("end_date", .string(through.description))
  }
}
