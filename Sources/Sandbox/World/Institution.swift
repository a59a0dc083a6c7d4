import Basics

/// A bank of the sandbox: what it is called, what it offers, and how it behaves.
struct Institution: Sendable {
  /// What people run into at this bank.
  enum Temper: Hashable, Sendable {
    case reliable
    /// Every call to the bank takes this long, and history takes its time.
    case slow(Duration)
    /// This share of the calls that reach the bank fails.
    case failing(percent: Int)
    case down
    /// The login lapses this long after it was made.
    case forgetful(Duration)
    /// Consent ends after this long; the bank says so a week ahead.
    case expiringConsent(Duration)
    /// Cannot be connected any more.
    case unsupported
  }

  var id: String
  var name: String
  var countries: [String]
  var products: [String]
  var usesOAuth = false
  var routingNumbers: [String] = []
  var url: String?
  /// `#rrggbb`.
  var color: String
  var temper: Temper = .reliable
  /// Whether the bank knows of purchases before they post.
  var showsPending = true
  /// Whether accounts carry an id that is the same across Items.
  var hasPersistentAccounts = false

  var currency: String {
    switch countries.first {
    case "CA": "CAD"
    case "GB": "GBP"
    case "US", nil: "USD"
    default: "EUR"
    }
  }

  /// The share of requests that fail, for the status page.
  var failurePercent: Int {
    switch temper {
    case .failing(let percent): percent
    case .down: 100
    default: 0
    }
  }
}

extension Institution {
  private static let american = [
    "assets", "auth", "balance", "identity", "investments", "liabilities", "recurring_transactions", "signal",
    "statements", "transactions", "transactions_refresh", "transfer",
  ]
  private static let european = ["auth", "balance", "identity", "payment_initiation", "transactions"]
  private static let canadian = ["auth", "balance", "identity", "investments", "liabilities", "transactions"]

  private static func us(
    _ id: String, _ name: String, _ color: String, _ routing: [String] = [], oauth: Bool = false,
    temper: Temper = .reliable, products: [String] = american
  ) -> Institution {
    Institution(
      id: id, name: name, countries: ["US"], products: products, usesOAuth: oauth, routingNumbers: routing,
      url: "https://plaid.com", color: color, temper: temper)
  }

  /// Plaid's own sandbox banks, and a few with habits of our own, in the order a list shows them.
  static let all: [Institution] = {
    var platypusOAuth = us("ins_127287", "Platypus OAuth Bank", "#6f5499", oauth: true)
    platypusOAuth.hasPersistentAccounts = true
    var gingham = us("ins_109509", "First Gingham Credit Union", "#b3322b", ["110000001"])
    gingham.showsPending = false
    return [
      us("ins_109508", "First Platypus Bank", "#2b6cb0", ["011000015"]),
      gingham,
      us("ins_109510", "Tattersall Federal Credit Union", "#2f855a", ["110000002"]),
      us("ins_109511", "Tartan Bank", "#9b2c2c", ["110000003"]),
      us("ins_109512", "Houndstooth Bank", "#1a202c", ["110000000"]),
      us("ins_130016", "First Platypus Balance Bank", "#2c5282", ["011000016"]),
      platypusOAuth,
      us("ins_132241", "First Platypus OAuth App2App Bank", "#553c9a", oauth: true),
      us("ins_135858", "Windowpane Bank", "#2b6a6c", ["333333334"]),
      us(
        "ins_132363", "Unhealthy Platypus Bank - Degraded", "#b7791f", temper: .failing(percent: 35)),
      us("ins_132361", "Unhealthy Platypus Bank - Bank Down", "#742a2a", temper: .down),
      us("ins_133402", "Unsupported Platypus Bank", "#718096", temper: .unsupported),
      Institution(
        id: "ins_43", name: "Tartan-Dominion Bank of Canada", countries: ["CA"], products: canadian,
        routingNumbers: [], url: "https://plaid.com", color: "#c53030"),
      Institution(
        id: "ins_116834", name: "Flexible Platypus Open Banking", countries: ["GB"], products: european,
        usesOAuth: true, url: "https://plaid.com", color: "#2a4365", temper: .expiringConsent(.seconds(90 * 86_400))),
      Institution(
        id: "ins_117181", name: "Flexible Platypus Open Banking - QR Code", countries: ["GB"], products: european,
        usesOAuth: true, url: "https://plaid.com", color: "#3c366b", temper: .expiringConsent(.seconds(90 * 86_400))),
      Institution(
        id: "ins_117650", name: "Royal Bank of Plaid", countries: ["GB"], products: european, usesOAuth: true,
        url: "https://plaid.com", color: "#44337a"),
      us("ins_900001", "Slow River Savings", "#4a5568", ["111000019"], temper: .slow(.seconds(4))),
      us(
        "ins_900002", "Forget-Me Trust", "#805ad5", ["111000020"], temper: .forgetful(.seconds(86_400))),
    ]
  }()

  private static let byID = Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0) })

  static func named(_ id: String) -> Institution? { byID[id] }
}
