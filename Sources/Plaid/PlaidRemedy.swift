/// What a caller can do about an error of Plaid's.
package enum PlaidRemedy: Equatable, Sendable {
  /// The person signs in at the bank again, in Link's update mode.
  case reauthenticate
  /// Not before this time has passed.
  case wait(Duration)
  /// The same call may succeed later.
  case retry
  /// The bank's data is still being gathered.
  case notReady
  /// The Item is lost; only a new one helps.
  case gone
  /// The operator must act: keys, products, permissions at Plaid.
  case configuration
  /// This Item has no such feature.
  case unsupported
  /// Start over from the first cursor of the run.
  case mutated
  /// The cursor is of no use any more.
  case cursorRefused
  /// Read the accounts again.
  case accountsChanged
  /// The request was wrong.
  case bug
}

extension PlaidRemedy {
  /// Limits count by the minute, and no answer is documented to say when the next one begins.
  static let rateLimitPause = Duration.seconds(60)
  /// Maintenance is announced in hours, not seconds.
  static let maintenancePause = Duration.seconds(15 * 60)
  /// Whatever a header asks for, we look again after this.
  private static let pauseMax = 6 * 60 * 60

  /// Branches on the type and the code, which Plaid promises to keep. The message is looked at for the cursor alone:
  /// there the code is that of any wrong field.
  init(type: String, code: String, message: String, status: Int, retryAfter: Int?) {
    let asked = retryAfter.map { Duration.seconds(min(max(1, $0), Self.pauseMax)) }
    if code == "INVALID_FIELD", message.lowercased().contains("cursor") {
      self = .cursorRefused
    } else if code == "CREDITS_EXHAUSTED" {
      self = .configuration
    } else if status == 429 || type == "RATE_LIMIT_EXCEEDED" {
      self = .wait(asked ?? Self.rateLimitPause)
    } else if code == "PLANNED_MAINTENANCE" {
      self = .wait(asked ?? Self.maintenancePause)
    } else if let known = Self.byCode[code] {
      self = known
    } else if status >= 500 || type == "API_ERROR" || type == "INSTITUTION_ERROR" {
      self = .retry
    } else {
      self = .bug
    }
  }

  private static let byCode: [String: PlaidRemedy] = {
    let table: [(PlaidRemedy, [String])] = [
      (
        .reauthenticate,
        [
          "ITEM_LOGIN_REQUIRED", "PENDING_EXPIRATION", "PENDING_DISCONNECT", "ACCESS_NOT_GRANTED",
          "ADDITIONAL_CONSENT_REQUIRED", "NO_ACCOUNTS", "PASSWORD_RESET_REQUIRED", "USER_SETUP_REQUIRED",
          "ITEM_LOCKED", "INVALID_CREDENTIALS", "INVALID_MFA", "INVALID_OTP", "INSUFFICIENT_CREDENTIALS",
          "INVALID_SEND_METHOD", "INVALID_PHONE_NUMBER", "USER_INPUT_TIMEOUT",
        ]
      ),
      (
        .gone,
        [
          "ITEM_NOT_FOUND", "INVALID_ACCESS_TOKEN", "USER_PERMISSION_REVOKED", "ITEM_CONCURRENTLY_DELETED",
          "INVALID_UPDATED_USERNAME", "INSTITUTION_NO_LONGER_SUPPORTED",
        ]
      ),
      (.notReady, ["PRODUCT_NOT_READY"]),
      (.accountsChanged, ["INVALID_ACCOUNT_ID"]),
      (.mutated, ["TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION"]),
      (
        .unsupported,
        [
          "PRODUCTS_NOT_SUPPORTED", "PRODUCT_NOT_SUPPORTED", "PRODUCT_NOT_ENABLED", "NO_INVESTMENT_ACCOUNTS",
          "NO_LIABILITY_ACCOUNTS", "NO_AUTH_ACCOUNTS", "NO_INVESTMENT_AUTH_ACCOUNTS", "UNSUPPORTED_RESPONSE",
          "MFA_NOT_SUPPORTED", "ITEM_NOT_SUPPORTED", "INSTANT_MATCH_FAILED", "SANDBOX_PRODUCT_NOT_ENABLED",
        ]
      ),
      (
        .configuration,
        [
          "INVALID_API_KEYS", "INVALID_PRODUCT", "UNAUTHORIZED_ROUTE_ACCESS", "UNAUTHORIZED_ENVIRONMENT",
          "DIRECT_INTEGRATION_NOT_ENABLED", "UNAUTHORIZED_INSTITUTION", "INSTITUTION_REGISTRATION_REQUIRED",
          "INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT", "INVALID_LINK_CUSTOMIZATION", "SANDBOX_ONLY",
        ]
      ),
      (
        .retry,
        [
          "INSTITUTION_DOWN", "INSTITUTION_NOT_RESPONDING", "INSTITUTION_NOT_AVAILABLE", "INTERNAL_SERVER_ERROR",
          "plaid-internal-error", "LAST_UPDATED_DATETIME_OUT_OF_RANGE",
        ]
      ),
    ]
    return Dictionary(uniqueKeysWithValues: table.flatMap { remedy, codes in codes.map { ($0, remedy) } })
  }()
}
