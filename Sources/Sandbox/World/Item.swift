import Basics
import Finance

/// One connection of one customer at one bank, as Plaid keeps it.
struct Item: Sendable {
  /// How much of the history is there.
  enum Readiness: Int, Comparable, Sendable {
    /// Transactions were never asked for.
    case dormant
    case extracting
    /// The last thirty days are there.
    case initial
    case historical

    static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
  }

  let id: String
  var accessToken: String
  /// How often the access token was replaced.
  var tokenGeneration = 0
  let institution: Institution
  var customer: Customer
  let createdAt: Timestamp
  var webhook: String?
  /// In Plaid's order of switching them on.
  var billed: [String]
  /// Products the person agreed to beyond those; nil: everything, as at banks without OAuth.
  var consented: [String]?
  /// Why the Item does not answer; nil while it does.
  var trouble: Refusal?
  var isRemoved = false
  var daysRequested: Int
  var readiness = Readiness.dormant
  /// Whether the first sync call was made: only then are updates announced.
  var isArmed = false
  /// Keys of the accounts the person chose.
  var selected: Set<String>
  /// Keys of accounts that the bank closed.
  var vanished: Set<String> = []
  /// How often the bank lost track of its accounts.
  var accountGeneration = 0
  var verification: [String: String] = [:]
  var ledger: Ledger
  var bulk: BulkBook?
  var refreshes = 0
  var lastUpdate: Timestamp?
  var lastFailure: Timestamp?
  var lastWebhook: (code: String, at: Timestamp)?
  var consentEndsAt: Timestamp?
  /// The next page in the middle of a loop finds that the bank changed a row meanwhile.
  var mutatesNextPage = false
  /// The changes between two places as last computed: pages of one loop ask for them again and again.
  var lastChanges: (base: Int, end: Int, account: String?, changes: [ChangeLog.Entry])?

  var hasTransactions: Bool { billed.contains("transactions") }

  /// Accounts the person shares and the bank still has, in the bank's order.
  var accounts: [BankAccount] {
    customer.history.accounts.filter { selected.contains($0.key) && !vanished.contains($0.key) }
  }

  func accountID(_ key: String) -> String { ledger.names.accountID(key) }

  func account(withID id: String) -> BankAccount? { accounts.first { accountID($0.key) == id } }

  /// What a login has in common at a bank that counts accounts across connections.
  func persistentID(_ key: String, naming: Naming) -> String? {
    institution.hasPersistentAccounts
      ? naming.id("persistent", institution.id, customer.signIn.username, key) : nil
  }

  func moment(at now: Timestamp) -> Moment { Moment(now, utcOffsetMinutes: customer.history.utcOffsetMinutes) }

  /// The first day the Item reaches back to: no row is dated before it.
  var depth: CalendarDate { moment(at: createdAt).day - daysRequested }
}

// MARK: - Making one

extension Item {
  struct Order: Sendable {
    var institution: Institution
    var customer: Customer
    var products: [String]
    var consented: [String]?
    var webhook: String?
    var daysRequested: Int
    /// Keys of the chosen accounts; nil: all.
    var selected: Set<String>?
  }

  init(_ order: Order, number: Int, naming: Naming, at now: Timestamp) {
    id = naming.id("item", String(number))
    accessToken = Self.accessToken(number: number, generation: 0, naming: naming)
    institution = order.institution
    customer = order.customer
    createdAt = now
    webhook = order.webhook
    billed = order.products
    consented = order.consented
    daysRequested = order.daysRequested
    let history = order.customer.history
    selected = order.selected ?? Set(history.accounts.map(\.key))
    let moment = Moment(now, utcOffsetMinutes: history.utcOffsetMinutes)
    ledger = Ledger(
      names: .init(naming: naming, itemID: id, accountIDs: [:]), showsPending: order.institution.showsPending,
      hours: order.customer.hours, now: moment)
    ledger.names.accountIDs = Self.accountIDs(of: history, item: id, generation: 0, naming: naming)
    let covered = Set(history.accounts.filter { selected.contains($0.key) && $0.hasTransactions }.map(\.key))
    ledger.covered = covered
    if case .bulk(let rows) = customer.signIn.who {
      bulk = BulkBook(rows: rows, seed: customer.seed, names: ledger.names, today: moment.day)
    } else {
      ledger.extend(with: history.entries)
    }
    if case .expiringConsent(let duration) = institution.temper { consentEndsAt = now + duration }
  }

  static func accessToken(number: Int, generation: Int, naming: Naming) -> String {
    "access-sandbox-" + naming.uuid("access", String(number), String(generation))
  }

  static func accountIDs(
    of history: BankHistory, item: String, generation: Int, naming: Naming
  ) -> [String: String] {
    Dictionary(
      uniqueKeysWithValues: history.accounts.map { ($0.key, naming.id("account", item, $0.key, String(generation))) })
  }
}
