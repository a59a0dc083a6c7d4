package import Basics
package import Databases
package import Finance
package import Store

/// Reads what a journal tells, a stretch of days at a time, so that a long history needs no more memory than a short one.
extension Journal {
  /// What a journal begins with and which days it has to go through.
  package struct Beginning: Sendable {
    package var journal: Journal
    package var text: String
    package var filter: TotalFilter
    /// Nil when there are no rows.
    package var days: Range<CalendarDate>?
  }

  /// Days that are read at once.
  package static let stretch = 92

  /// - Parameters:
  ///   - window: From the first day up to, but not with, the last; nil: all there is.
  ///   - accounts: Empty: all that count. Accounts that another connection shows too are left out.
  package static func begin(
    _ format: Format, window: Range<CalendarDate>?, accounts chosen: [ID<Account>], today: CalendarDate, _ scope: Scope,
    _ session: any Session
  ) throws -> Beginning {
    let muted = try Accounts.muted(scope, session)
    let accounts = try Accounts.all(scope, session).filter {
      !muted.contains($0.id) && (chosen.isEmpty || chosen.contains($0.id))
    }
    let filter = TotalFilter(accounts: accounts.map(\.id))
    let span = try Totals.span(filter, scope, session)
    let known = span.map { $0.lowerBound..<($0.upperBound + 1) }
    let days = window.flatMap { window in known.map { $0.clamped(to: window) } } ?? known
    // What was there before: the balance less every row since, pending ones aside.
    let since = (days?.lowerBound ?? today)..<max(known?.upperBound ?? today, days?.lowerBound ?? today)
    var moved: [ID<Account>: Int64] = [:]
    for total in try Totals.sums(over: [since], filter, scope, session) where !total.isPending {
      guard let account = accounts.first(where: { $0.id == total.account }), account.currency == total.currency else {
        continue
      }
      moved[total.account, default: 0] &+= total.sum.amountMinor
    }
    let holders = accounts.map { account in
      Holder(
        id: account.id, kind: account.kind, name: account.name, mask: account.mask,
        opening: account.currentMinor.map {
          Money(minorUnits: $0 &- (moved[account.id] ?? 0), account.currency)
        })
    }
    var journal = Journal(format, holders)
    let text = journal.beginning(on: (days?.lowerBound ?? today) - 1)
    return Beginning(
      journal: journal, text: text, filter: filter, days: days.flatMap { $0.isEmpty ? nil : $0 })
  }

  /// The rows of some days as text, oldest first.
  package mutating func part(
    _ days: Range<CalendarDate>, _ filter: TotalFilter, _ scope: Scope, _ session: any Session
  ) throws -> String {
    transactions(try MeasuredRows.read(days, filter, scope, session))
  }
}
