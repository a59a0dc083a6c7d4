import Basics

/// How the sandbox says no: one row of Plaid's error vocabulary, with the HTTP status it travels under.
///
/// The words follow Plaid's published error pages; programs branch on type and code, never on the message.
struct Refusal: Error, Hashable, Sendable {
  var type: String
  var code: String
  var message: String
  /// A sentence for the person who banks there; null where only a developer can help.
  var display: String?
  var status: Int
  /// Only for OAuth Items: why the bank's grant ended.
  var reason: String?

  init(
    _ type: String, _ code: String, _ message: String, display: String? = nil, status: Int = 400, reason: String? = nil
  ) {
    self.type = type
    self.code = code
    self.message = message
    self.display = display
    self.status = status
    self.reason = reason
  }

  /// Where a developer reads about it: a page per type, an anchor per code.
  var documentationURL: String {
    let page =
      switch type {
      case "API_ERROR": "api"
      case "ITEM_ERROR": "item"
      case "INSTITUTION_ERROR": "institution"
      case "SANDBOX_ERROR": "sandbox"
      case "TRANSACTIONS_ERROR": "transactions"
      case "OAUTH_ERROR": "oauth"
      case "RECAPTCHA_ERROR": "recaptcha"
      default: String(type.lowercased().map { $0 == "_" ? "-" : $0 })
      }
    return "https://plaid.com/docs/errors/\(page)/#\(code.lowercased())"
  }

  /// What the person can do, for the few codes where that is more than "try again".
  var suggestedAction: String? {
    switch code {
    case "ITEM_LOGIN_REQUIRED", "ACCESS_NOT_GRANTED", "NO_ACCOUNTS":
      "Send the user through Link's update mode for this Item"
    case "ITEM_LOCKED", "USER_SETUP_REQUIRED", "PASSWORD_RESET_REQUIRED":
      "Ask the user to sign in at the institution first, then to reconnect"
    default: nil
    }
  }
}

// MARK: - Requests that make no sense

extension Refusal {
  static let notFound = Refusal("INVALID_REQUEST", "NOT_FOUND", "not found", status: 404)
  static let unreadableBody = Refusal("INVALID_REQUEST", "INVALID_BODY", "body could not be parsed as JSON")

  static func missing(_ fields: [String]) -> Refusal {
    let names = fields.joined(separator: ", ")
    return Refusal("INVALID_REQUEST", "MISSING_FIELDS", "the following required fields are missing: \(names)")
  }

  static func unknown(_ fields: [String]) -> Refusal {
    let names = fields.joined(separator: ", ")
    return Refusal(
      "INVALID_REQUEST", "UNKNOWN_FIELDS", "the following fields are not recognized by this endpoint: \(names)")
  }

  static func invalidField(_ message: String) -> Refusal { Refusal("INVALID_REQUEST", "INVALID_FIELD", message) }
}

// MARK: - Inputs that name nothing

extension Refusal {
  private static func input(_ code: String, _ message: String) -> Refusal { Refusal("INVALID_INPUT", code, message) }

  static let apiKeys = input("INVALID_API_KEYS", "invalid client_id or secret provided")
  static let accessToken = input("INVALID_ACCESS_TOKEN", "could not find matching access token")
  static let publicToken = input("INVALID_PUBLIC_TOKEN", "could not find matching public token")
  static let expiredPublicToken = input(
    "INVALID_PUBLIC_TOKEN", "provided public token is expired. Public tokens expire 30 minutes after creation")
  static let linkToken = input("INVALID_LINK_TOKEN", "invalid or expired link_token provided")
  static let institution = input("INVALID_INSTITUTION", "invalid institution_id provided")
  static let accountID = input("INVALID_ACCOUNT_ID", "failed to find requested account ID for requested item")
  static let webhookKey = input("INVALID_WEBHOOK_VERIFICATION_KEY_ID", "invalid key_id provided")
  static let permissionRevoked = input(
    "USER_PERMISSION_REVOKED", "the holder of this account has revoked their permission for your application")

  static func product(_ names: [String]) -> Refusal {
    input(
      "INVALID_PRODUCT",
      "client is not authorized to access the following products: [\(names.map { "\"\($0)\"" }.joined(separator: " "))]"
    )
  }

  static func consent(_ product: String) -> Refusal {
    input("ADDITIONAL_CONSENT_REQUIRED", "client does not have user consent to access the \(product) product")
  }
}

// MARK: - Items that cannot answer

extension Refusal {
  private static func item(_ code: String, _ message: String, _ display: String? = nil) -> Refusal {
    Refusal("ITEM_ERROR", code, message, display: display)
  }

  static let itemNotFound = item(
    "ITEM_NOT_FOUND", "The Item you requested cannot be found. This Item does not exist, or has been removed")
  static let loginRequired = item(
    "ITEM_LOGIN_REQUIRED",
    "the login details of this item have changed (credentials, MFA, or required user action) and a user login is "
      + "required to update this information. use Link's update mode to restore the item to a good state",
    "Your sign-in at this institution has changed. Please connect it again.")
  static let productNotReady = item(
    "PRODUCT_NOT_READY",
    "the requested product is not yet ready. please provide a webhook or try the request again later")
  static let noInvestmentAccounts = item("NO_INVESTMENT_ACCOUNTS", "no valid investment accounts found for this item")
  static let noLiabilityAccounts = item("NO_LIABILITY_ACCOUNTS", "no valid liability accounts found for this item")

  static func unsupported(_ products: [String]) -> Refusal {
    let names = products.map { "\"\($0)\"" }.joined(separator: ",")
    return item("PRODUCTS_NOT_SUPPORTED", "the following products are not supported by this institution: [\(names)]")
  }

  static let mutatedDuringPagination = Refusal(
    "TRANSACTIONS_ERROR", "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION",
    "underlying transaction data changed since last page was fetched. please restart pagination from last update")
  static let productNotEnabled = Refusal(
    "SANDBOX_ERROR", "SANDBOX_PRODUCT_NOT_ENABLED", "the requested product is not enabled for this item")
  static let webhookInvalid = Refusal(
    "SANDBOX_ERROR", "SANDBOX_WEBHOOK_INVALID", "the item has no webhook, or this webhook cannot be fired for it")
}

// MARK: - Trouble at Plaid or at the bank

extension Refusal {
  static let internalError = Refusal(
    "API_ERROR", "INTERNAL_SERVER_ERROR", "an unexpected error occurred", status: 500)
  static let maintenance = Refusal(
    "API_ERROR", "PLANNED_MAINTENANCE",
    "the Plaid API is temporarily unavailable due to maintenance. visit "
      + "https://status.plaid.com for more information", status: 503)
  static let institutionDown = Refusal(
    "INSTITUTION_ERROR", "INSTITUTION_DOWN",
    "this institution is not currently responding to this request. please "
      + "try again soon", display: "This institution is not responding at the moment. Please try again later.")
  static let institutionNotResponding = Refusal(
    "INSTITUTION_ERROR", "INSTITUTION_NOT_RESPONDING",
    "this institution is not currently responding to this request. "
      + "please try again soon", display: "This institution is not responding at the moment. Please try again later.")
  static let institutionUnsupported = Refusal(
    "INSTITUTION_ERROR", "INSTITUTION_NO_LONGER_SUPPORTED", "this institution is no longer supported",
    display: "This institution is no longer supported.")

  static func rateLimit(_ code: String) -> Refusal {
    Refusal(
      "RATE_LIMIT_EXCEEDED", code, "rate limit exceeded for this endpoint. please try again later", status: 429)
  }
}
