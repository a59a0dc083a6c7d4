package import Basics
package import Databases
package import Finance
import Store

/// What was spent (or earned) in a window by one way of looking, beside the stretch before and the year before.
package struct Spending: Sendable, Equatable {
  package enum Grouping: String, Sendable, CaseIterable {
    case category, group, merchant, account, tag, person
  }

  package struct Line: Sendable, Equatable {
    /// A category's code, an account's id, or the name itself.
    package var key: String
    package var name: String
    /// Positive: spent, refunds netted.
    package var minor: Int64 = 0
    package var rows = 0
    package var beforeMinor: Int64 = 0
    package var yearBeforeMinor: Int64 = 0

    package init(key: String = "", name: String = "") {
      self.key = key
      self.name = name
    }
  }

  package let currency: Currency
  package let days: Range<CalendarDate>
  /// Most first; ties by name.
  package let lines: [Line]
  package let total: Line
  package let inputs: Inputs

  /// Income is counted as spending is, the other way round.
  package enum Side: String, Sendable, CaseIterable {
    case expenses, income

    var flow: FlowKind { self == .income ? .income : .expense }
    func minor(_ amount: Int64) -> Int64 { self == .income ? 0 &- amount : amount }
  }

  /// One sum that belongs to a line.
  struct Piece {
    var window: Int
    var key: String
    var amount: Money
    var rows: Int
  }

  static func windows(_ days: Range<CalendarDate>) -> [Range<CalendarDate>] {
    [days, Comparison.before(days), Comparison.yearBefore(days)]
  }

  package static func read(
    _ days: Range<CalendarDate>, by grouping: Grouping, of side: Side = .expenses, accounts: [ID<Account>] = [],
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> Spending {
    let filter = ground.only(accounts)
    var inputs = ground.inputs(days, filter)
    let windows = windows(days)
    let book = try CategoryBook.read(scope, session)
    let totals = try Totals.sums(over: windows, filter, scope, session)
    for total in totals where total.period == 0 { inputs.note(total) }
    // What all of it comes to does not depend on how it is looked at: a row with two tags is in it once.
    let whole = totals.compactMap { total -> Piece? in
      guard total.flow == side.flow, !total.isPending else { return nil }
      let key =
        switch grouping {
        case .account: total.account.description
        case .group: book.group(total.category)
        default: total.category
        }
      return Piece(
        window: total.period, key: key, amount: Money(minorUnits: side.minor(total.sum.amountMinor), total.currency),
        rows: total.sum.rows)
    }
    let pieces =
      switch grouping {
      case .category, .group, .account: whole
      case .merchant, .tag, .person: try rowPieces(windows, by: grouping, of: side, filter, scope, session)
      }
    let rates = try Rates.read(whole.map(\.amount.currency), ground, scope, session)
    return try Spending(
      pieces, of: whole, over: windows, inputs, in: ground.base, rates: rates,
      name: name(by: grouping, ground.accounts, book))
  }

  static func name(
    by grouping: Grouping, _ accounts: [StoredAccount], _ book: CategoryBook
  ) -> (String) -> String {
    switch grouping {
    case .category: return { book.words($0) }
    case .account:
      let names = Dictionary(accounts.map { ($0.id.description, $0.name) }) { first, _ in first }
      return { names[$0] ?? $0 }
    default: return { $0 }
    }
  }

  private static func rowPieces(
    _ windows: [Range<CalendarDate>], by grouping: Grouping, of side: Side, _ filter: TotalFilter, _ scope: Scope,
    _ session: any Session
  ) throws -> [Piece] {
    // Put together before conversion, as the totals are: so that lines come to what is told elsewhere.
    struct Place: Hashable {
      var window: Int
      var key: String
      var account: ID<Account>
      var category: String
      var currency: Currency
    }
    var sums: [Place: TotalSum] = [:]
    let people = grouping == .person ? try MeasuredRows.people(scope, session) : [:]
    for (index, window) in windows.enumerated() {
      let tags = grouping == .tag ? try MeasuredRows.tags(window, scope, session) : [:]
      for row in try MeasuredRows.read(window, filter, scope, session) {
        guard row.flow == side.flow, !row.isPending else { continue }
        for key in keys(of: row, by: grouping, tags: tags, people: people, book: CategoryBook()) {
          let place = Place(
            window: index, key: key, account: row.account, category: row.category, currency: row.currency)
          var sum = sums[place] ?? TotalSum(amountMinor: 0, rows: 0)
          let (minor, overflowed) = sum.amountMinor.addingReportingOverflow(side.minor(row.amountMinor))
          guard !overflowed else { throw MoneyError.overflow }
          sum.amountMinor = minor
          if (row.part ?? 0) == 0 { sum.rows += 1 }
          sums[place] = sum
        }
      }
    }
    return sums.map { place, sum in
      Piece(
        window: place.window, key: place.key, amount: Money(minorUnits: sum.amountMinor, place.currency), rows: sum.rows
      )
    }
  }

  /// Which lines a row belongs to: one, or one for each of its tags.
  static func keys(
    of row: MeasuredRow, by grouping: Grouping, tags: [ID<Transaction>: [String]], people: [ID<Account>: String],
    book: CategoryBook
  ) -> [String] {
    switch grouping {
    case .tag: tags[row.id] ?? [""]
    case .person: [people[row.account] ?? ""]
    case .merchant: [row.payee]
    case .account: [row.account.description]
    case .group: [book.group(row.category)]
    case .category: [row.category]
    }
  }

  /// - Parameters:
  ///   - pieces: What is in the lines.
  ///   - whole: What the total is made of.
  ///   - windows: What was asked for, and what it is compared with: each is converted at its last day's rate.
  init(
    _ pieces: [Piece], of whole: [Piece], over windows: [Range<CalendarDate>], _ inputs: Inputs, in currency: Currency,
    rates: Rates, name: (String) -> String
  ) throws(MoneyError) {
    self.currency = currency
    days = windows[0]
    var inputs = inputs
    var lines: [String: Line] = [:]
    var total = Line()
    var left: Set<Currency> = []
    func spent(_ piece: Piece) throws(MoneyError) -> Int64? {
      guard
        let amount = try rates.minor(of: piece.amount, in: currency, on: windows[piece.window].upperBound - 1)
      else { return nil }
      guard amount != .min else { throw .overflow }
      return -amount
    }
    for piece in whole {
      if let amount = try spent(piece) {
        try total.add(amount, piece)
      } else {
        left.insert(piece.amount.currency)
      }
    }
    for piece in pieces {
      guard let amount = try spent(piece) else { continue }
      var line = lines[piece.key] ?? Line(key: piece.key, name: name(piece.key))
      try line.add(amount, piece)
      lines[piece.key] = line
    }
    inputs.currenciesLeftOut = left.sorted { $0.code < $1.code }
    self.inputs = inputs
    self.total = total
    self.lines = lines.values.sorted { ($1.minor, $0.name, $0.key) < ($0.minor, $1.name, $1.key) }
  }
}

extension Spending.Line {
  fileprivate mutating func add(_ minor: Int64, _ piece: Spending.Piece) throws(MoneyError) {
    func sum(_ left: Int64) throws(MoneyError) -> Int64 {
      let (sum, overflowed) = left.addingReportingOverflow(minor)
      guard !overflowed else { throw .overflow }
      return sum
    }
    switch piece.window {
    case 0:
      self.minor = try sum(self.minor)
      rows += piece.rows
    case 1: beforeMinor = try sum(beforeMinor)
    default: yearBeforeMinor = try sum(yearBeforeMinor)
    }
  }
}

extension Inputs {
  mutating func note(_ row: MeasuredRow) {
    guard (row.part ?? 0) == 0 else { return }
    note(
      PeriodTotal(
        period: 0, account: row.account, category: row.category, currency: row.currency, flow: row.flow,
        isPending: row.isPending, sum: TotalSum(amountMinor: row.amountMinor, rows: 1)))
  }
}
