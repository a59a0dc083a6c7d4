package import Basics
package import Databases
package import Finance
package import Store

/// What of all that stands out is news: it happened lately, or is so now, and is told once.
package struct InsightNews: Sendable, Equatable {
  /// Programs name it, so a spelling never changes once shipped.
  package enum Kind: String, Sendable, CaseIterable {
    case duplicateCharge = "duplicate_charge"
    case unusualCharge = "unusual_charge"
    case priceRise = "price_rise"
    case trialCharged = "trial_charged"
    case missedIncome = "missed_income"
    case missedPayment = "missed_payment"
    case feePaid = "fee_paid"
    case idleCash = "idle_cash"
    case lowBalanceAhead = "low_balance_ahead"
    case doesNotAddUp = "does_not_add_up"
    case turnedFeed = "turned_feed"
    case budgetPassed = "budget_passed"

    /// It did not happen on a day, but is so until it ends.
    package var isLasting: Bool {
      switch self {
      case .idleCash, .lowBalanceAhead, .doesNotAddUp, .turnedFeed: true
      default: false
      }
    }
  }

  package var kind: Kind
  /// Ids of what it is about, and nothing that a bank or a person wrote.
  package var cause: String
  package var day: CalendarDate
  package var amount: Money
  /// What was usual, or came before.
  package var compared: Money?
  /// The payee's, account's or category's name.
  package var about: String
  package var account: ID<Account>?
  /// The row it is about, and the one it is held against.
  package var row: ID<Transaction>?
  package var other: ID<Transaction>?
  package var budget: ID<Budget>?

  /// What happened longer ago is history that came in late. Less than the days that events are kept, or it would be told
  /// again once its event is forgotten.
  static let newsDays = 7
  /// What was due is missed only some days later.
  static let overdueDays = newsDays + RecurringStream.Cadence.allCases.map(\.slack).reduce(0, max)

  /// That a trial became a charge is known when the charge has come twice.
  static let trialDays = 31 + RecurringStream.Cadence.monthly.slack + newsDays

  /// - Returns: Nil where it is none.
  package init?(_ finding: Finding, today: CalendarDate) {
    (day, amount, compared) = (finding.day, finding.amount, finding.compared)
    (about, account) = (finding.about, finding.account)
    let age = today - finding.day
    switch finding.kind {
    case .duplicateCharge: (kind, row, other) = (.duplicateCharge, finding.rows.last, finding.rows.first)
    case .unusualCharge: (kind, row) = (.unusualCharge, finding.rows.first)
    case .priceRise: (kind, row, other) = (.priceRise, finding.rows.last, finding.rows.first)
    case .trialCharged: (kind, row, other) = (.trialCharged, finding.rows.last, finding.rows.first)
    case .missedIncome: (kind, row) = (.missedIncome, finding.rows.last)
    case .missedPayment: (kind, row) = (.missedPayment, finding.rows.last)
    // Told row by row.
    case .fees: return nil
    case .idleCash: kind = .idleCash
    case .lowBalanceAhead: kind = .lowBalanceAhead
    case .doesNotAddUp: kind = .doesNotAddUp
    case .turnedFeed: kind = .turnedFeed
    }
    switch kind {
    case .lowBalanceAhead: cause = "liquid"
    case .idleCash, .doesNotAddUp, .turnedFeed:
      guard let account else { return nil }
      (cause, row) = ("\(account)", nil)
    case .missedIncome, .missedPayment:
      guard let row, age <= Self.overdueDays else { return nil }
      cause = "\(row)"
    case .trialCharged:
      guard let row, age <= Self.trialDays else { return nil }
      cause = "\(row)"
    default:
      guard let row, age <= Self.newsDays else { return nil }
      cause = "\(row)"
    }
  }

  /// A fee that was taken.
  package init?(fee: MeasuredRow, today: CalendarDate) {
    guard fee.category.hasPrefix("BANK_FEES"), fee.flow == .expense, !fee.isPending, fee.amountMinor < 0,
      (fee.part ?? 0) == 0, today - fee.day <= Self.newsDays
    else { return nil }
    (kind, cause, day, about) = (.feePaid, "\(fee.id)", fee.day, fee.payee)
    amount = Money(minorUnits: 0 &- fee.amountMinor, fee.currency)
    (account, row) = (fee.account, fee.id)
  }

  /// A budget of which more than all is spent.
  package init?(_ standing: BudgetStanding, category: String) {
    guard standing.leftMinor < 0 else { return nil }
    (kind, budget, about) = (.budgetPassed, standing.budget.id, category)
    (cause, day) = ("\(standing.budget.id) \(standing.days.lowerBound)", standing.days.lowerBound)
    amount = Money(minorUnits: standing.spentMinor, standing.budget.currency)
    compared = Money(
      minorUnits: standing.budget.amountMinor &+ standing.carriedMinor, standing.budget.currency)
  }
}

extension InsightNews {
  /// What is new, of accounts and of the household as a whole; with a person's scope, as that person sees it.
  package static func read(_ ground: Ground, _ scope: Scope, _ session: any Session) throws -> [InsightNews] {
    let today = ground.today
    let proofs = try BalanceProofs.all(scope, session)
    let found = try FindingRules.read(ground, scope, session).compactMap { finding -> InsightNews? in
      guard let news = InsightNews(finding, today: today) else { return nil }
      guard news.kind == .doesNotAddUp, let proof = proofs.first(where: { $0.account == news.account }) else {
        return news
      }
      return try BalanceProofs.isLasting(proof, scope, session) ? news : nil
    }
    let days = (today - newsDays)..<(today + 1)
    let fees = try MeasuredRows.read(days, ground.counting, scope, session).compactMap {
      InsightNews(fee: $0, today: today)
    }
    let names = Dictionary(try Categories.all(scope, session).map { ($0.code, $0.name) }) { first, _ in first }
    let budgets = try BudgetStanding.read(ground, scope, session).compactMap {
      InsightNews($0, category: names[$0.budget.category] ?? CategoryName.words($0.budget.category))
    }
    return (found + fees + budgets).sorted {
      ($0.day, $0.kind.rawValue, $0.cause) < ($1.day, $1.kind.rawValue, $1.cause)
    }
  }
}
