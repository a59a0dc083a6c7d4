import Basics
import Finance
import JSON

/// A person at a bank: what the bank will ever know of them, and how it comes to know it.
struct Customer: Sendable {
  var signIn: SignIn
  var seed: UInt64
  var history: BankHistory
  /// What a custom user's description says beyond accounts and rows.
  var custom: CustomUser?

  /// How far ahead of the clock a history is made. When the clock comes near its end, a longer one takes its place.
  static let daysAhead = 60

  /// - Parameters:
  ///   - since: The first day of the sandbox's world: a fixed day, so that two Items of one login agree.
  ///   - today: The day of the sign-in.
  init(_ signIn: SignIn, at institution: Institution, naming: Naming, since: CalendarDate, today: CalendarDate)
    throws(Refusal)
  {
    self.signIn = signIn
    seed = naming.number("customer", institution.id, signIn.username)
    switch signIn.who {
    case .persona(let persona):
      history = HouseholdLife.history(persona, seed: seed, from: since, through: today + Self.daysAhead)
    case .dynamic:
      history = Self.frozen(
        HouseholdLife.history(.dynamic, seed: seed, from: today.adding(months: -6), through: today), today: today)
    case .custom(let text):
      let user = try CustomUser(text, currency: institution.currency, today: today)
      custom = user
      history = user.history(through: today + Self.daysAhead)
    case .bulk(let rows):
      history = BulkBook.history(rows: rows, seed: seed, today: today)
    }
  }

  /// A life that stands still: what has not happened by today never will by itself, and the newest purchases are
  /// pending until somebody refreshes.
  private static func frozen(_ history: BankHistory, today: CalendarDate) -> BankHistory {
    let future = { (day: CalendarDate?) in day.map { $0 > today } == true }
    var entries = history.entries.map { entry -> BankEntry in
      var entry = entry
      if future(entry.postsOn) {
        entry.postsOn = nil
        entry.isPendingFirst = true
        entry.secondOfDay = nil
      }
      if future(entry.vanishesOn) { entry.vanishesOn = nil }
      if future(entry.correctedOn) { entry.correctedOn = nil }
      if future(entry.removedOn) { (entry.removedOn, entry.resentOn) = (nil, nil) }
      return entry
    }
    let purchases = entries.indices.filter { entries[$0].amountMinor > 0 && entries[$0].merchantName != nil }
    for index in purchases.suffix(4) {
      entries[index].postsOn = nil
      entries[index].isPendingFirst = true
      entries[index].secondOfDay = nil
    }
    return BankHistory(
      persona: history.persona, seed: history.seed, from: history.from, through: history.through,
      utcOffsetMinutes: history.utcOffsetMinutes, holder: history.holder, accounts: history.accounts, entries: entries,
      securities: history.securities, investmentTransactions: history.investmentTransactions)
  }

  /// Whether refreshing changes this customer by rule, and nothing else does.
  var isDynamic: Bool { signIn.who == .dynamic }

  var hours: BankHours {
    switch signIn.who {
    case .persona: .mornings
    case .dynamic, .custom, .bulk: .atOnce
    }
  }

  /// How far back an Item reaches when nobody asks for a depth: Plaid's ninety days, but all of what a tester wrote.
  var defaultDays: Int {
    switch signIn.who {
    case .persona: 90
    case .dynamic, .custom, .bulk: 730
    }
  }

  /// A history that reaches past `today`, when the present one does not. Dynamic and bulk customers stand still.
  func longerHistory(today: CalendarDate) -> BankHistory? {
    guard history.through < today + 2 else { return nil }
    switch signIn.who {
    case .persona(let persona):
      return HouseholdLife.history(persona, seed: seed, from: history.from, through: today + Self.daysAhead)
    case .custom: return custom?.history(through: today + Self.daysAhead)
    case .dynamic, .bulk: return nil
    }
  }
}
