/// The codes a tester can ask for by name: with the password `error_CODE`, by a fault header or by a control call.
extension Refusal {
  /// The refusal a code stands for; nil when Plaid has no such code.
  static func named(_ code: String) -> Refusal? {
    if let ready = ready[code] { return ready }
    if itemCodes.contains(code) {
      return Refusal("ITEM_ERROR", code, sentence(code), display: displays[code] ?? nil)
    }
    if inputCodes.contains(code) { return Refusal("INVALID_INPUT", code, sentence(code)) }
    if requestCodes.contains(code) { return Refusal("INVALID_REQUEST", code, sentence(code)) }
    if institutionCodes.contains(code) {
      return Refusal(
        "INSTITUTION_ERROR", code, sentence(code), display: "This institution cannot be reached right now.")
    }
    if limitCodes.contains(code) { return rateLimit(code) }
    return nil
  }

  private static let ready: [String: Refusal] = Dictionary(
    uniqueKeysWithValues: [
      notFound, unreadableBody, apiKeys, accessToken, publicToken, linkToken, institution, accountID, webhookKey,
      permissionRevoked, itemNotFound, loginRequired, productNotReady, noInvestmentAccounts, noLiabilityAccounts,
      mutatedDuringPagination, productNotEnabled, webhookInvalid, internalError, maintenance, institutionDown,
      institutionNotResponding, institutionUnsupported,
      Refusal("RECAPTCHA_ERROR", "RECAPTCHA_REQUIRED", "the request was flagged as suspicious"),
      Refusal("RECAPTCHA_ERROR", "RECAPTCHA_BAD", "the provided challenge response was denied"),
    ].map { ($0.code, $0) })

  private static let itemCodes: Set<String> = [
    "ACCESS_NOT_GRANTED", "INSTANT_MATCH_FAILED", "INSUFFICIENT_CREDENTIALS", "INVALID_CREDENTIALS", "INVALID_MFA",
    "INVALID_OTP", "INVALID_PHONE_NUMBER", "INVALID_SEND_METHOD", "INVALID_UPDATED_USERNAME",
    "ITEM_CONCURRENTLY_DELETED", "ITEM_LOCKED", "ITEM_NOT_SUPPORTED", "MFA_NOT_SUPPORTED", "NO_ACCOUNTS",
    "NO_AUTH_ACCOUNTS", "PASSWORD_RESET_REQUIRED", "PRODUCTS_NOT_SUPPORTED", "PRODUCT_NOT_ENABLED",
    "PRODUCT_NOT_SUPPORTED", "USER_INPUT_TIMEOUT", "USER_SETUP_REQUIRED",
  ]
  private static let inputCodes: Set<String> = [
    "ADDITIONAL_CONSENT_REQUIRED", "DIRECT_INTEGRATION_NOT_ENABLED", "INVALID_PRODUCT", "INVALID_USER_ID",
    "INVALID_USER_TOKEN", "UNAUTHORIZED_ENVIRONMENT", "UNAUTHORIZED_ROUTE_ACCESS",
  ]
  private static let requestCodes: Set<String> = [
    "INCOMPATIBLE_API_VERSION", "INVALID_CONFIGURATION", "INVALID_FIELD", "INVALID_HEADERS", "MISSING_FIELDS",
    "SANDBOX_ONLY", "UNKNOWN_FIELDS",
  ]
  private static let institutionCodes: Set<String> = [
    "INSTITUTION_NOT_AVAILABLE", "INSTITUTION_NOT_ENABLED_IN_ENVIRONMENT", "INSTITUTION_REGISTRATION_REQUIRED",
    "UNAUTHORIZED_INSTITUTION", "UNSUPPORTED_RESPONSE",
  ]
  private static let limitCodes: Set<String> = [
    "ACCOUNTS_BALANCE_GET_LIMIT", "ACCOUNTS_LIMIT", "AUTH_LIMIT", "BALANCE_LIMIT", "CREDITS_EXHAUSTED",
    "IDENTITY_LIMIT", "INSTITUTIONS_GET_BY_ID_LIMIT", "INSTITUTIONS_GET_LIMIT", "INSTITUTION_RATE_LIMIT",
    "INVESTMENT_HOLDINGS_GET_LIMIT", "INVESTMENT_TRANSACTIONS_LIMIT", "ITEM_GET_LIMIT", "RATE_LIMIT",
    "TRANSACTIONS_LIMIT", "TRANSACTIONS_REFRESH_LIMIT", "TRANSACTIONS_SYNC_LIMIT",
  ]

  private static let displays: [String: String] = [
    "INVALID_CREDENTIALS": "The name or password was not right.",
    "INVALID_MFA": "The code or answer was not right.",
    "ITEM_LOCKED": "This sign-in is locked. Unlock it at the institution, then try again.",
    "PASSWORD_RESET_REQUIRED": "The institution wants a new password. Set one there, then try again.",
    "USER_SETUP_REQUIRED": "The institution wants something from you. Sign in there, then try again.",
    "NO_ACCOUNTS": "No account at this institution can be connected.",
  ]

  /// `ITEM_LOCKED` reads as `item locked`: plain, and nobody may parse it.
  private static func sentence(_ code: String) -> String { String(code.lowercased().map { $0 == "_" ? " " : $0 }) }
}
