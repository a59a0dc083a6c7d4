package import Basics
package import Finance
import JSON

/// Levers that exist only in Plaid's sandbox, and in servers that imitate it.
extension PlaidClient {
  package func sandboxPublicTokenCreate(
    institutionID: String, products: [String] = ["transactions"], webhook: String? = nil,
    username: String = "user_good", password: String = "pass_good", daysRequested: Int = 730
  ) async throws(PlaidError) -> Secret<String> {
    var options: JSONValue = [
      "override_username": .string(username), "override_password": .string(password),
      "transactions": ["days_requested": .int(daysRequested)],
    ]
    options["webhook"] = webhook.map(JSONValue.string)
    let body: JSONValue = [
      "institution_id": .string(institutionID), "initial_products": JSONValue(products), "options": options,
    ]
    return Secret(try await call("/sandbox/public_token/create", body, .act).required("public_token"))
  }

  package func sandboxFireWebhook(
    _ accessToken: Secret<String>, code: String, type: String? = nil
  ) async throws(PlaidError) {
    let body = Self.body(accessToken).setting("webhook_code", .string(code))
      .setting("webhook_type", type.map(JSONValue.string))
    _ = try await call("/sandbox/item/fire_webhook", body, .act)
  }

  /// Puts the Item into `ITEM_LOGIN_REQUIRED`.
  package func sandboxResetLogin(_ accessToken: Secret<String>) async throws(PlaidError) {
    _ = try await call("/sandbox/item/reset_login", Self.body(accessToken), .act)
  }

  /// - Parameter rows: One to ten; amounts in Plaid's sign.
  package func sandboxTransactionsCreate(
    _ accessToken: Secret<String>, _ rows: [PlaidSandboxRow]
  ) async throws(PlaidError) {
    let list = rows.map { row -> JSONValue in
      [
        "date_transacted": .string(row.transacted.description), "date_posted": .string(row.posted.description),
        "amount": .number(row.amount.text), "description": .string(row.description),
        "iso_currency_code": .string(row.currencyCode),
      ]
    }
    let body = Self.body(accessToken).setting("transactions", .array(list))
    _ = try await call("/sandbox/transactions/create", body, .act)
  }
}

/// A row to be made up. Positive = out of the account, as Plaid counts.
package struct PlaidSandboxRow: Sendable {
  package var transacted: CalendarDate
  package var posted: CalendarDate
  package var amount: DecimalText
  package var description: String
  package var currencyCode: String

  package init(
    transacted: CalendarDate, posted: CalendarDate, amount: DecimalText, description: String,
    currencyCode: String = "USD"
  ) {
    self.transacted = transacted
    self.posted = posted
    self.amount = amount
    self.description = description
    self.currencyCode = currencyCode
  }
}
