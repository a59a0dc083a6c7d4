import Basics
package import Databases
package import Finance
import Store

/// A recommendation by rule, with the numbers that led to it. No model is asked, and nothing is judged that the numbers
/// do not say.
package struct Recommendation: Sendable, Equatable {
  /// Stored by programs: a spelling never changes.
  package enum Rule: String, Sendable, CaseIterable {
    case buildReserve = "build_reserve"
    case spendsMoreThanEarned = "spends_more_than_earned"
    case dearDebt = "dear_debt"
    case idleCash = "idle_cash"
    case lowBalanceAhead = "low_balance_ahead"
    case lookAtCharges = "look_at_charges"
    case risenPrices = "risen_prices"
    case avoidFees = "avoid_fees"
    case subscriptions
    case unknownYet = "unknown_yet"
  }

  package var rule: Rule
  package var words: String
  /// Named sums that it follows from.
  package var numbers: [(name: String, amount: Money)]

  package static func == (left: Recommendation, right: Recommendation) -> Bool {
    left.rule == right.rule && left.words == right.words
      && left.numbers.map(\.name) == right.numbers.map(\.name)
      && left.numbers.map(\.amount) == right.numbers.map(\.amount)
  }

  /// Months that liquid savings should last, as households are commonly told.
  static let reserveMonths: Int64 = 3

  package static func read(
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [Recommendation] {
    let base = ground.base
    let footing = try Footing.read(ground, scope, session)
    let findings = try FindingRules.read(ground, scope, session)
    var advice: [Recommendation] = []
    func add(_ rule: Rule, _ words: String, _ numbers: [(String, Money)]) {
      advice.append(Recommendation(rule: rule, words: words, numbers: numbers.map { (name: $0.0, amount: $0.1) }))
    }
    func money(_ minor: Int64) -> Money { Money(minorUnits: minor, base) }
    if let burn = footing.burnMinor {
      if burn > 0, footing.liquidMinor < reserveMonths &* burn {
        add(
          .buildReserve, "Liquid savings last less than three months. A reserve of three months' expenses comes first.",
          [
            ("liquid", money(footing.liquidMinor)), ("burn", money(burn)),
            ("missing", money(3 &* burn &- footing.liquidMinor)),
          ])
      }
      let full = zip(footing.months, footing.flows.flows).filter { footing.burnMonths.contains($0.0) }.map(\.1)
      let (earned, spent) = full.reduce((Int64(0), Int64(0))) { ($0.0 &+ $1.incomeMinor, $0.1 &+ $1.expensesMinor) }
      if spent > earned {
        add(
          .spendsMoreThanEarned, "In the last full months more went out than came in.",
          [("income", money(earned)), ("expenses", money(spent))])
      }
    } else {
      add(.unknownYet, "Not one full month is known yet, so that burn and runway are unknown.", [])
    }
    try addDebt(ground, footing, scope, session, add)
    for finding in findings.prefix(200) {
      switch finding.kind {
      case .idleCash:
        add(.idleCash, "More than three months' expenses lie on \(finding.about).", [("above", finding.amount)])
      case .lowBalanceAhead:
        add(
          .lowBalanceAhead, "Before the next income, liquid accounts may fall below nought on \(finding.day).",
          [("lowest", finding.amount)])
      case .fees: add(.avoidFees, "Banks took fees: \(finding.about).", [("fees", finding.amount)])
      default: continue
      }
    }
    let charges = findings.filter { $0.kind == .duplicateCharge || $0.kind == .unusualCharge }
    if !charges.isEmpty {
      add(
        .lookAtCharges, "\(charges.count) charges look unusual or were taken twice.",
        charges.prefix(5).map { ($0.kind.rawValue, $0.amount) })
    }
    let rises = findings.filter { $0.kind == .priceRise }
    if !rises.isEmpty {
      add(.risenPrices, "\(rises.count) recurring charges became dearer.", rises.prefix(5).map { ("now", $0.amount) })
    }
    return advice
  }

  /// A debt that costs more than savings bring.
  private static func addDebt(
    _ ground: Ground, _ footing: Footing, _ scope: Scope, _ session: any Session,
    _ add: (Rule, String, [(String, Money)]) -> Void
  ) throws {
    let owed = ground.counted.filter { ($0.currentMinor ?? 0) < 0 }
    for term in try Liabilities.latest(in: owed.map(\.id), scope, session) {
      guard let account = owed.first(where: { $0.id == term.account }), let rate = term.ratePercent,
        let known = Rates.rate(rate), known.numerator >= 15 * known.denominator
      else { continue }
      let debt = Money(minorUnits: -(account.currentMinor ?? 0), account.currency)
      add(
        .dearDebt, "\(account.name) costs \(rate.text) percent a year. Paying it off earns as much, without risk.",
        [("owed", debt), ("liquid", Money(minorUnits: footing.liquidMinor, ground.base))])
    }
  }
}
