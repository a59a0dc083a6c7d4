// Where histories come from.

package import Finance

/// Makes a bank's history of one customer out of rules: who pays, what recurs, what people buy, what happens to them.
///
/// Pure: the same persona, seed and first day give the same rows on every machine and in every process. The last day
/// only cuts off; whoever extends a history day by day finds everything as it was.
package enum HouseholdLife {
  package static func history(
    _ persona: Persona, seed: UInt64, from: CalendarDate, through: CalendarDate
  ) -> BankHistory {
    let plan = plan(persona, seed: seed, from: from)
    var life = Life(plan)
    life.live(through: through)
    let used = Set(life.trades.compactMap(\.security) + plan.accounts.flatMap { $0.openingPositions.map(\.security) })
    let invests = plan.accounts.contains { $0.type == "investment" }
    return BankHistory(
      persona: persona, seed: seed, from: from, through: through, utcOffsetMinutes: plan.city.utcOffsetMinutes,
      holder: plan.holder, accounts: plan.accounts, entries: life.entries,
      securities: BankSecurity.all.filter { used.contains($0.key) || (invests && $0.key == "CUR:USD") },
      investmentTransactions: life.trades)
  }

  static func plan(_ persona: Persona, seed: UInt64, from: CalendarDate) -> Plan {
    let builder = Builder(persona: persona, seed: seed, from: from)
    return switch persona {
    case .household: builder.household()
    case .dynamic: builder.dynamic()
    case .yuppie: builder.yuppie()
    case .smallBusiness: builder.smallBusiness()
    case .ewaUser: builder.ewaUser()
    case .saver: builder.saver()
    }
  }
}
