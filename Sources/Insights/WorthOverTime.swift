import Basics
package import Databases
package import Finance
package import Store

/// What was owned and owed on past days.
///
/// On a day the last balance known counts. Before an account's first known balance it is that balance less the rows
/// booked since, back to its first row, and marked as worked out; where value moves without rows, as with investments
/// and loans, nothing is made up.
package struct WorthOverTime: Sendable, Equatable {
  package struct Point: Sendable, Equatable {
    package var day: CalendarDate
    package var assetsMinor: Int64 = 0
    package var debtsMinor: Int64 = 0
    /// Some of it was worked out from rows.
    package var isReconstructed = false
    /// Accounts of which nobody knows what they held that day: in no sum, and not zero.
    package var unknown = 0

    package var totalMinor: Int64 { assetsMinor &+ debtsMinor }
  }

  package let currency: Currency
  package let points: [Point]
  /// Accounts kept in a currency without a rate: in no sum.
  package let currenciesLeftOut: [Currency]
  /// The rows counted are those that past balances were worked out from.
  package let inputs: Inputs

  package static func read(
    _ days: [CalendarDate], _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> WorthOverTime {
    guard let first = days.min(), let last = days.max() else {
      return WorthOverTime(
        currency: ground.base, points: [], currenciesLeftOut: [],
        inputs: ground.balanceInputs(ground.today..<ground.today + 1))
    }
    let known = try BalanceHistory.known(through: max(last, ground.today), scope, session)
    let moved = try BalanceHistory.moved(first..<(max(last, ground.today) + 1), scope, session)
    let firstRows = try BalanceHistory.firstRows(scope, session)
    let rates = try Rates.read(ground.counted.map(\.currency), ground, scope, session)
    var points = days.map { Point(day: $0) }
    var left: Set<Currency> = []
    let (knownBy, movedBy) = (Dictionary(grouping: known, by: \.account), Dictionary(grouping: moved, by: \.account))
    var inputs = ground.balanceInputs(first..<max(last, ground.today) + 1)
    for account in ground.counted {
      let course = Course(
        known: (knownBy[account.id] ?? []).filter { $0.currency == account.currency }, moved: movedBy[account.id] ?? [],
        firstRow: account.kind.movesByRows ? firstRows[account.id] : nil)
      for index in points.indices {
        guard let value = course.value(on: points[index].day) else {
          points[index].unknown += 1
          continue
        }
        let balance = Money(minorUnits: value.minor, account.currency)
        guard let minor = try rates.minor(of: balance, in: ground.base, on: points[index].day) else {
          left.insert(account.currency)
          continue
        }
        points[index].assetsMinor &+= max(0, minor)
        points[index].debtsMinor &+= min(0, minor)
        if value.isReconstructed { points[index].isReconstructed = true }
      }
      if course.value(on: first)?.isReconstructed == true { inputs.rowsCounted += course.rows(after: first) }
    }
    inputs.currenciesLeftOut = left.sorted { $0.code < $1.code }
    return WorthOverTime(
      currency: ground.base, points: points, currenciesLeftOut: inputs.currenciesLeftOut, inputs: inputs)
  }

  /// One account's balance through time.
  struct Course {
    let known: [KnownBalance]
    /// What rows moved, by day.
    let moved: [KnownBalance]
    /// Nil: rows do not explain the balance.
    let firstRow: CalendarDate?

    func value(on day: CalendarDate) -> (minor: Int64, isReconstructed: Bool)? {
      if let last = known.last(where: { $0.day <= day }) { return (last.minor, false) }
      guard let first = known.first, let firstRow, day >= firstRow - 1 else { return nil }
      let since = moved.filter { $0.day > day && $0.day <= first.day }.reduce(Int64(0)) { $0 &+ $1.minor }
      return (first.minor &- since, true)
    }

    /// How many rows lie between a day and the first known balance.
    func rows(after day: CalendarDate) -> Int {
      guard let first = known.first else { return 0 }
      return moved.filter { $0.day > day && $0.day <= first.day }.reduce(0) { $0 + $1.rows }
    }
  }

  /// What one account held at the end of a day.
  package struct Held: Sendable {
    package var account: StoredAccount
    /// In the account's currency; nil: nobody knows.
    package var minor: Int64?
    /// In the base currency; nil without a balance or a rate.
    package var baseMinor: Int64?
    /// Worked out backwards from this day's balance.
    package var reconstructedFrom: CalendarDate?
  }

  /// Each account by itself on one day, not after today.
  package static func held(
    on day: CalendarDate, _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> [Held] {
    let rates = try Rates.read(ground.counted.map(\.currency), ground, scope, session)
    func held(_ account: StoredAccount, _ minor: Int64?, from: CalendarDate? = nil) throws -> Held {
      let base = try minor.flatMap {
        try rates.minor(of: Money(minorUnits: $0, account.currency), in: ground.base, on: day)
      }
      return Held(account: account, minor: minor, baseMinor: base, reconstructedFrom: from)
    }
    if day >= ground.today { return try ground.counted.map { try held($0, $0.currentMinor) } }
    let known = Dictionary(
      grouping: try BalanceHistory.known(through: ground.today, scope, session), by: \.account)
    let moved = Dictionary(
      grouping: try BalanceHistory.moved(day..<ground.today + 1, scope, session), by: \.account)
    let firstRows = try BalanceHistory.firstRows(scope, session)
    return try ground.counted.map { account in
      let course = Course(
        known: (known[account.id] ?? []).filter { $0.currency == account.currency }, moved: moved[account.id] ?? [],
        firstRow: account.kind.movesByRows ? firstRows[account.id] : nil)
      guard let value = course.value(on: day) else { return try held(account, nil) }
      return try held(account, value.minor, from: value.isReconstructed ? course.known.first?.day : nil)
    }
  }

  /// Days at even distances, ending today.
  package static func days(
    back count: Int, every kind: Step, before today: CalendarDate
  ) -> [CalendarDate] {
    var days: [CalendarDate] = []
    var day = today
    let first = today - count
    while day >= first {
      days.append(day)
      switch kind {
      case .day: day = day - 1
      case .week: day = day - 7
      case .month: day = day.firstOfMonth - 1
      }
    }
    return days.reversed()
  }

  package enum Step: String, Sendable, CaseIterable {
    case day, week, month
  }
}

extension AccountKind {
  /// Whether its rows explain how its balance moves.
  package var movesByRows: Bool {
    switch self {
    case .checking, .savings, .moneyMarket, .cashManagement, .prepaid, .cash, .deposit, .creditCard: true
    case .healthSavings, .loan, .mortgage, .studentLoan, .investment, .retirement, .otherAsset: false
    }
  }
}
