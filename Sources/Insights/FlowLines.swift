package import Basics
package import Databases
package import Finance
import Store

/// Income and expenses over any periods by one way of looking, such as by person by month.
package struct FlowLines: Sendable, Equatable {
  package struct Line: Sendable, Equatable {
    /// A category's code, an account's id, or the name itself.
    package var key: String
    package var name: String
    package var incomeMinor: Int64 = 0
    /// Positive: spent, refunds netted.
    package var expensesMinor: Int64 = 0

    package var netMinor: Int64 { incomeMinor &- expensesMinor }

    package init(key: String, name: String) {
      self.key = key
      self.name = name
    }
  }

  package let currency: Currency
  /// For each period its lines, the most moved first; ties by name.
  package let lines: [[Line]]

  /// - Parameter periods: Each converted at its last day's rate; what has no rate is in no line.
  package static func read(
    over periods: [Range<CalendarDate>], by grouping: Spending.Grouping, accounts: [ID<Account>] = [],
    _ ground: Ground, _ scope: Scope, _ session: any Session
  ) throws -> FlowLines {
    let filter = ground.only(accounts)
    let book = try CategoryBook.read(scope, session)
    var pieces: [Piece] = []
    switch grouping {
    case .category, .group, .account:
      for total in try Totals.sums(over: periods, filter, scope, session) where !total.isPending {
        let key =
          switch grouping {
          case .account: total.account.description
          case .group: book.group(total.category)
          default: total.category
          }
        pieces.append(
          Piece(
            period: total.period, key: key, flow: total.flow,
            amount: Money(minorUnits: total.sum.amountMinor, total.currency)))
      }
    case .merchant, .tag, .person:
      pieces = try rowPieces(over: periods, by: grouping, filter, scope, session)
    }
    pieces.removeAll { $0.flow != .income && $0.flow != .expense }
    let rates = try Rates.read(pieces.map(\.amount.currency), ground, scope, session)
    let name = Spending.name(by: grouping, ground.accounts, book)
    var lines = [[String: Line]](repeating: [:], count: periods.count)
    for piece in pieces {
      let day = periods[piece.period].upperBound - 1
      guard let minor = try rates.minor(of: piece.amount, in: ground.base, on: day) else { continue }
      var line = lines[piece.period][piece.key] ?? Line(key: piece.key, name: name(piece.key))
      try line.add(minor, piece.flow)
      lines[piece.period][piece.key] = line
    }
    return FlowLines(
      currency: ground.base,
      lines: lines.map { lines in
        lines.values.sorted { ($1.volume, $0.name, $0.key) < ($0.volume, $1.name, $1.key) }
      })
  }

  private struct Piece {
    var period: Int
    var key: String
    var flow: FlowKind
    var amount: Money
  }

  private static func rowPieces(
    over periods: [Range<CalendarDate>], by grouping: Spending.Grouping, _ filter: TotalFilter, _ scope: Scope,
    _ session: any Session
  ) throws -> [Piece] {
    // Put together before conversion, as the totals are: so that lines add up to their period.
    struct Place: Hashable {
      var period: Int
      var key: String
      var flow: FlowKind
      var currency: Currency
      var category: String
      var account: ID<Account>
    }
    var sums: [Place: Int64] = [:]
    let people = grouping == .person ? try MeasuredRows.people(scope, session) : [:]
    for (period, days) in periods.enumerated() {
      let tags = grouping == .tag ? try MeasuredRows.tags(days, scope, session) : [:]
      for row in try MeasuredRows.read(days, filter, scope, session) where !row.isPending {
        for key in Spending.keys(of: row, by: grouping, tags: tags, people: people, book: CategoryBook()) {
          let place = Place(
            period: period, key: key, flow: row.flow, currency: row.currency, category: row.category,
            account: row.account)
          sums[place, default: 0] &+= row.amountMinor
        }
      }
    }
    return sums.map { place, minor in
      Piece(period: place.period, key: place.key, flow: place.flow, amount: Money(minorUnits: minor, place.currency))
    }
  }
}

extension FlowLines.Line {
  fileprivate var volume: Int64 { abs(incomeMinor) &+ abs(expensesMinor) }

  fileprivate mutating func add(_ minor: Int64, _ flow: FlowKind) throws(MoneyError) {
    let (sum, overflowed) =
      flow == .income
      ? incomeMinor.addingReportingOverflow(minor) : expensesMinor.subtractingReportingOverflow(minor)
    guard !overflowed else { throw .overflow }
    if flow == .income { incomeMinor = sum } else { expensesMinor = sum }
  }
}
