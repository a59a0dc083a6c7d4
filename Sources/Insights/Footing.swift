import Basics
package import Databases
package import Finance
import Store

/// How somebody stands today: worth, burn and runway, read at the cost of a few months whatever the history.
package struct Footing: Sendable {
  package var netWorth: NetWorth
  /// Savings that could be spent tomorrow, in the base currency, other currencies converted where a rate is known.
  package var liquidMinor: Int64
  /// Currencies of liquid savings without a rate: in no sum.
  package var currenciesLeftOut: [Currency]
  /// The last full months and the present one.
  package var months: [Month]
  package var flows: Flows
  /// What the burn is made from: of its months alone, and not of the present one.
  package var burnInputs: Inputs
  /// Nil: unknown, because not one full month is known.
  package var burnMinor: Int64?
  /// Those that the burn is the mean of, oldest first.
  package var burnMonths: [Month]
  /// The dearest and the cheapest of these months.
  package var burnMostMinor: Int64?
  package var burnLeastMinor: Int64?
  package var runway: Runway
  /// At the dearest month's pace, and at the cheapest one's.
  package var runwayPessimistic: Runway
  package var runwayOptimistic: Runway

  package static func read(
    months monthsMax: Int = Burn.monthsMax, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> Footing {
    let present = Month(of: ground.today, firstDay: ground.settings.firstMonthDay)
    let months = (-monthsMax...0).map { present.adding($0) }
    let flows = try Flows.read(over: months.map(\.days), ground, scope, session)
    let full = months.indices.filter { index in
      ground.rowDays.map { months[index].isFull(today: ground.today, knownSince: $0.lowerBound) } ?? false
    }
    let burnInputs =
      full.isEmpty
      ? flows.inputs : try Flows.read(over: full.map { months[$0].days }, ground, scope, session).inputs
    let spent = full.map { flows.flows[$0].expensesMinor }
    let burn: Int64? =
      spent.isEmpty
      ? nil : Int64(Ratio.rounded(spent.reduce(Int128(0)) { $0 + Int128($1) }, by: Int128(spent.count)))
    let worth = try NetWorth(ground.accounts, muted: ground.muted, base: ground.base)
    let (liquid, left) = try liquid(worth, ground, scope, session)
    func runway(_ burn: Int64?) -> Runway {
      guard let burn else { return .unknown }
      return burn <= 0 ? .unlimited : .months(savings: liquid, burn: burn)
    }
    return Footing(
      netWorth: worth, liquidMinor: liquid, currenciesLeftOut: left, months: months, flows: flows,
      burnInputs: burnInputs, burnMinor: burn,
      burnMonths: full.map { months[$0] }, burnMostMinor: spent.max(), burnLeastMinor: spent.min(),
      runway: runway(burn), runwayPessimistic: runway(spent.max()), runwayOptimistic: runway(spent.min()))
  }

  /// Savings that could be spent tomorrow, in the base currency; and the currencies of those without a rate.
  static func liquid(
    _ worth: NetWorth, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> (minor: Int64, left: [Currency]) {
    let held = worth.worths.filter { $0.liquidMinor != 0 }
    let rates = try Rates.read(held.map(\.currency), ground, scope, session)
    var (liquid, left) = (Int64(0), [Currency]())
    for part in held {
      guard let minor = try rates.minor(of: part.liquid, in: ground.base, on: ground.today) else {
        left.append(part.currency)
        continue
      }
      let (sum, overflowed) = liquid.addingReportingOverflow(minor)
      guard !overflowed else { throw MoneyError.overflow }
      liquid = sum
    }
    return (liquid, left)
  }
}
