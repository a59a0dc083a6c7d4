package import Basics
package import Databases
package import Finance
package import Store

/// What every measure stands on: today where the household lives, what it counts in, and which accounts count.
package struct Ground: Sendable {
  package var today: CalendarDate
  package var settings: HouseholdSettings
  package var accounts: [StoredAccount]
  /// Accounts that another connection shows too: that one counts, these do not.
  package var muted: Set<ID<Account>>
  /// The days of the first and last row, pending ones included; nil when there is none.
  package var rowDays: ClosedRange<CalendarDate>?

  package var base: Currency { settings.baseCurrency }
  package var counted: [StoredAccount] { accounts.filter { !muted.contains($0.id) } }
  package var counting: TotalFilter { TotalFilter(accounts: counted.map(\.id)) }

  /// - Throws: ``TimeZoneError`` when the household's zone is unknown here.
  package static func read(now: Timestamp, _ scope: Scope, _ session: any Session) throws -> Ground {
    guard let settings = try Households.settings(scope, session) else {
      throw DatabaseError(kind: .programmer, message: "the household does not exist")
    }
    let accounts = try Accounts.all(scope, session)
    var ground = Ground(
      today: CalendarDate(now, in: try TimeZone.named(settings.timeZone)), settings: settings, accounts: accounts,
      muted: try Accounts.muted(scope, session), rowDays: nil)
    ground.rowDays = try Totals.span(ground.counting, scope, session)
    return ground
  }

  /// The same as if the household had these accounts alone; for no ids, as it is.
  package func narrowed(to ids: [ID<Account>], _ scope: Scope, _ session: any Session) throws -> Ground {
    if ids.isEmpty { return self }
    var ground = self
    let chosen = Set(ids)
    ground.accounts = accounts.filter { chosen.contains($0.id) }
    ground.rowDays = try Totals.span(ground.counting, scope, session)
    return ground
  }

  /// What an answer over these accounts is made from, before its rows are counted.
  func inputs(_ days: Range<CalendarDate>, _ filter: TotalFilter) -> Inputs {
    var inputs = Inputs(days: days, accounts: filter.accounts ?? [])
    if !muted.isEmpty { inputs.accountsLeftOut["counted_elsewhere"] = muted.count }
    return inputs
  }

  /// What an answer made of balances alone is made from.
  package func balanceInputs(_ days: Range<CalendarDate>) -> Inputs {
    let known = counted.filter { $0.currentMinor != nil }
    var inputs = inputs(days, TotalFilter(accounts: known.map(\.id)))
    if known.count < counted.count { inputs.accountsLeftOut["unknown_balance"] = counted.count - known.count }
    return inputs
  }

  /// What a list is made from that banks tell by account, such as the terms of debts.
  ///
  /// - Parameters:
  ///   - told: Whose there are.
  ///   - belongs: Whose there could be.
  package func toldInputs(
    _ told: Set<ID<Account>>, on day: CalendarDate, among asked: [ID<Account>], where belongs: (AccountKind) -> Bool
  ) -> Inputs {
    var inputs = Inputs(days: day..<day + 1, accounts: told.sorted())
    let silent = accounts.count { account in
      (asked.isEmpty || asked.contains(account.id)) && belongs(account.kind) && !told.contains(account.id)
    }
    if silent > 0 { inputs.accountsLeftOut["not_told"] = silent }
    return inputs
  }

  /// Only some accounts; none of the household's is left for ids that it does not have.
  package func only(_ ids: [ID<Account>]) -> TotalFilter {
    ids.isEmpty ? counting : TotalFilter(accounts: counted.map(\.id).filter { ids.contains($0) })
  }
}

/// What a number was made from, so that it can be opened.
package struct Inputs: Sendable, Equatable {
  /// From the first day up to, but not with, the last.
  package var days: Range<CalendarDate>
  package var accounts: [ID<Account>]
  package var rowsCounted = 0
  /// Rows in the window that are in no sum, by why: `pending`, `transfer`, `excluded`.
  package var rowsLeftOut = ["excluded": 0, "pending": 0, "transfer": 0]
  /// Accounts that are in no sum, by why: `counted_elsewhere`, `unknown_balance`, `not_liquid`, `other_currency`; of lists,
  /// those whose bank tells nothing: `not_told`.
  package var accountsLeftOut: [String: Int] = [:]
  /// Streams of the bank's provider that say too little to be told.
  package var streamsLeftOut = 0
  /// Currencies that could not be converted: what is in them is listed by itself.
  package var currenciesLeftOut: [Currency] = []

  package init(days: Range<CalendarDate>, accounts: [ID<Account>]) {
    self.days = days
    self.accounts = accounts
  }

  mutating func note(_ total: PeriodTotal) {
    let rows = total.sum.rows
    if total.isPending {
      leave(rows, "pending")
    } else {
      switch total.flow {
      case .income, .expense: rowsCounted += rows
      case .transfer: leave(rows, "transfer")
      case .excluded: leave(rows, "excluded")
      }
    }
  }

  mutating func leave(_ rows: Int, _ reason: String) {
    rowsLeftOut[reason, default: 0] += rows
  }
}
