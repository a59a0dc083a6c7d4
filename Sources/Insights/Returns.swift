package import Basics
package import Databases
package import Finance
package import Store

/// What investments returned over a window, where balances and movements are known well enough to say so.
///
/// Money that its owner moved in or out is no return. *Time-weighted*: the growth between each two such movements,
/// multiplied, which is what a fund would publish. *Money-weighted*, by Dietz' formula: the gain by the capital at work,
/// each movement weighted by the days it was there. Neither is made yearly.
package struct Returns: Sendable, Equatable {
  /// Why one is unknown.
  package enum Reason: String, Sendable, CaseIterable {
    case nothingInvested = "nothing_invested"
    /// Fewer than two days with a known balance.
    case tooFewBalances = "too_few_balances"
    /// What was moved in or out has no known worth: securities that came without a price.
    case movementUnpriced = "movement_unpriced"
    /// No balance is known right before some movement.
    case noBalanceAtMovement = "no_balance_at_movement"
    case currencies
    /// There was no capital to divide by.
    case noCapital = "no_capital"
  }

  package enum Answer: Sendable, Equatable {
    /// As a share with four decimals: `0.0512` is 5.12 %.
    case share(String)
    case unknown(Reason)
  }

  package struct Movement: Sendable, Equatable {
    package var day: CalendarDate
    /// Positive: put in.
    package var minor: Int64

    package init(day: CalendarDate, minor: Int64) {
      self.day = day
      self.minor = minor
    }
  }

  /// From the end of the first day to the end of the last; nil when no two balances are known.
  package var first: CalendarDate?
  package var last: CalendarDate?
  package var startMinor: Int64?
  package var endMinor: Int64?
  package var movements: [Movement] = []
  package var timeWeighted = Answer.unknown(.tooFewBalances)
  package var moneyWeighted = Answer.unknown(.tooFewBalances)

  /// A balance older than this says nothing about a day.
  static let staleDays = 7
  /// Twelve decimals of growth.
  private static let one: Int128 = 1_000_000_000_000

  /// - Parameters:
  ///   - days: The first day at whose end it may begin, and the last.
  ///   - worth: What all of it was worth at the end of a day; nil when that is not known.
  ///   - movements: In the order of their days; nil when some have no known worth.
  package static func make(
    _ days: ClosedRange<CalendarDate>, worth: (CalendarDate) -> Int64?, movements: [Movement]?
  ) -> Returns {
    var returns = Returns()
    var (first, last) = (days.lowerBound, days.upperBound)
    while first < last, worth(first) == nil { first = first + 1 }
    while last > first, worth(last) == nil { last = last - 1 }
    guard first < last, let start = worth(first), let end = worth(last) else { return returns }
    (returns.first, returns.last, returns.startMinor, returns.endMinor) = (first, last, start, end)
    guard let movements else {
      (returns.timeWeighted, returns.moneyWeighted) = (.unknown(.movementUnpriced), .unknown(.movementUnpriced))
      return returns
    }
    returns.movements = movements.filter { $0.day > first && $0.day <= last }
    returns.moneyWeighted = dietz(returns.movements, first, last, start, end)
    returns.timeWeighted = chained(returns.movements, first, start, end, worth)
    return returns
  }

  private static func dietz(
    _ movements: [Movement], _ first: CalendarDate, _ last: CalendarDate, _ start: Int64, _ end: Int64
  ) -> Answer {
    let length = Int128(last - first)
    var (moved, weighted) = (Int128(0), Int128(start) * length)
    for movement in movements {
      moved += Int128(movement.minor)
      weighted += Int128(movement.minor) * Int128(last - movement.day + 1)
    }
    guard weighted > 0 else { return .unknown(.noCapital) }
    return share((Int128(end) - Int128(start) - moved) * length * one, by: weighted)
  }

  /// Movements count at the beginning of their day.
  private static func chained(
    _ movements: [Movement], _ first: CalendarDate, _ start: Int64, _ end: Int64, _ worth: (CalendarDate) -> Int64?
  ) -> Answer {
    var (growth, base) = (one, Int128(start))
    for day in Set(movements.map(\.day)).sorted() {
      guard let before = day - 1 == first ? start : worth(day - 1) else { return .unknown(.noBalanceAtMovement) }
      let sum = movements.filter { $0.day == day }.reduce(Int128(0)) { $0 + Int128($1.minor) }
      // Nothing was there: growth begins with what comes.
      if base > 0 { growth = Ratio.rounded(growth * Int128(before), by: base) }
      guard growth.magnitude < UInt128(1) << 60 else { return .unknown(.noCapital) }
      base = Int128(before) + sum
      if base < 0 { return .unknown(.noCapital) }
    }
    guard base > 0 else { return .unknown(.noCapital) }
    return share(Ratio.rounded(growth * Int128(end), by: base) - one, by: 1)
  }

  private static func share(_ scaled: Int128, by divisor: Int128) -> Answer {
    guard let units = Int64(exactly: Ratio.rounded(scaled, by: divisor)),
      let text = Ratio.text(units, by: Int64(one), digits: 4)
    else { return .unknown(.noCapital) }
    return .share(text)
  }

  /// Over the accounts that hold investments, together, in the base currency.
  package static func read(
    _ days: Range<CalendarDate>, accounts chosen: [ID<Account>], _ ground: Ground, _ scope: Scope,
    _ session: any Session
  ) throws -> Returns {
    func unknown(_ reason: Reason) -> Returns {
      Returns(timeWeighted: .unknown(reason), moneyWeighted: .unknown(reason))
    }
    let accounts = ground.counted.filter { $0.kind.isInvestment && (chosen.isEmpty || chosen.contains($0.id)) }
    if accounts.isEmpty { return unknown(.nothingInvested) }
    // At a rate that moves, what a currency did would look like a return.
    guard accounts.allSatisfy({ $0.currency == ground.base }) else { return unknown(.currencies) }
    let through = min(days.upperBound - 1, ground.today)
    let known = Dictionary(grouping: try BalanceHistory.known(through: through, scope, session), by: \.account)
    func worth(_ day: CalendarDate) -> Int64? {
      var sum: Int64 = 0
      for account in accounts {
        guard let last = known[account.id]?.last(where: { $0.day <= day }), day - last.day <= staleDays,
          last.currency == account.currency
        else {
          return nil
        }
        sum &+= last.minor
      }
      return sum
    }
    var filter = InvestmentFilter()
    filter.accounts = accounts.map(\.id)
    (filter.from, filter.to) = (days.lowerBound, through)
    let trades = try InvestmentTransactions.list(filter, limit: tradesMax, scope, session)
    guard trades.allSatisfy({ $0.amount.currency == ground.base }) else { return unknown(.currencies) }
    guard days.lowerBound - 1 < through else { return unknown(.tooFewBalances) }
    return make((days.lowerBound - 1)...through, worth: worth, movements: movements(trades))
  }

  static let tradesMax = 100_000

  /// What the owner moved, by the kinds that banks tell: https://plaid.com/docs/api/accounts/#investment-transaction-types-schema
  ///
  /// - Returns: Nil when something came or went whose worth is not known.
  package static func movements(_ trades: [StoredInvestmentTransaction]) -> [Movement]? {
    var movements: [Movement] = []
    for trade in trades {
      let kind = trade.subtype ?? trade.type
      switch trade.type {
      case "cash" where ["contribution", "deposit", "withdrawal", "distribution"].contains(kind):
        movements.append(Movement(day: trade.bookedOn, minor: trade.amount.minorUnits))
      case "transfer" where ["transfer", "send", "request"].contains(kind):
        if trade.amount.minorUnits != 0 {
          movements.append(Movement(day: trade.bookedOn, minor: trade.amount.minorUnits))
        } else if !trade.quantity.isZero {
          guard let price = trade.price, !price.isZero,
            let worth = Decimals.product(trade.quantity, price, trade.amount.currency)
          else { return nil }
          movements.append(Movement(day: trade.bookedOn, minor: worth.minorUnits))
        }
      default: continue
      }
    }
    return movements.sorted { $0.day < $1.day }
  }
}
