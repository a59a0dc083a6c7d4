import Basics
import Finance
import JSON

/// A customer described by JSON, as Plaid's sandbox takes it for the user `user_custom`.
///
/// Fields that are left out, or null as in Plaid's blank template, get a plain default; what is there must make sense.
struct CustomUser: Sendable {
  var accounts: [CustomAccount]
  /// An error code every sign-in ends with.
  var forcedError: String?
  /// The day of the sign-in: a future booking is pending, a starting balance holds on this day.
  var today: CalendarDate

  static let bytesMax = 55_000
  static let accountsMax = 10

  init(_ text: String, currency: String, today: CalendarDate) throws(Refusal) {
    guard text.utf8.count <= Self.bytesMax * 2, let json = try? JSONValue.parse(text), case .object = json else {
      throw SignIn.wrongCredentials
    }
    let user = Body(json)
    let accounts = user.bodies("override_accounts")
    guard (1...Self.accountsMax).contains(accounts.count) else {
      throw Refusal.invalidField("custom user: override_accounts must have 1 to \(Self.accountsMax) entries")
    }
    if user["recaptcha"]?.string == "bad", let bad = Refusal.named("RECAPTCHA_BAD") { throw bad }
    self.today = today
    self.accounts = []
    for (index, account) in accounts.enumerated() {
      self.accounts.append(try CustomAccount(account, number: index, currency: currency, today: today))
    }
    forcedError = user.string("force_error")
    if let forcedError, forcedError != "none", let refusal = Refusal.named(forcedError) { throw refusal }
  }

  /// Everything the description says, with recurring inflows up to a day.
  func history(through: CalendarDate) -> BankHistory {
    let entries = accounts.flatMap { account in account.entries(through: through) }
    let names = accounts.lazy.compactMap(\.identity).flatMap { Body($0).strings("names") ?? [] }
    let first = entries.map(\.occurredOn).min() ?? today
    return BankHistory(
      persona: .dynamic, seed: 0, from: min(first, today - 730), through: through, utcOffsetMinutes: 0,
      holder: BankHolder(
        names: names.first.map { [$0] } ?? ["Custom User"], street: "1 Example Street", city: "Springfield",
        region: "IL", postalCode: "62701", country: "US"),
      accounts: accounts.map { $0.account },
      entries: entries.sorted { ($0.occurredOn, $0.key) < ($1.occurredOn, $1.key) }, securities: [],
      investmentTransactions: [])
  }
}
