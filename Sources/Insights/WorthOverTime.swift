import Basics
package import Databases
package import Finance
import Store

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

  package static func read(
    _ days: [CalendarDate], _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> WorthOverTime {
    guard let first = days.min(), let last = days.max() else {
      return WorthOverTime(currency: ground.base, points: [], currenciesLeftOut: [])
    }
    let known = try BalanceHistory.known(through: max(last, ground.today), scope, session)
    let moved = try BalanceHistory.moved(first..<(max(last, ground.today) + 1), scope, session)
    let firstRows = try BalanceHistory.firstRows(scope, session)
    let rates = try Rates.read(ground.counted.map(\.currency), ground, scope, session)
    var points = days.map { Point(day: $0) }
    var left: Set<Currency> = []
    let (knownBy, movedBy) = (Dictionary(grouping: known, by: \.account), Dictionary(grouping: moved, by: \.account))
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
    }
    return WorthOverTime(
      currency: ground.base, points: points, currenciesLeftOut: left.sorted { $0.code < $1.code })
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
