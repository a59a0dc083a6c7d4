package import Basics
import Databases
package import Finance

/// Which trades a reader wants, and after which one the page begins.
package struct InvestmentFilter: Sendable {
  package var accounts: [ID<Account>] = []
  /// Booked days, both included.
  package var from: CalendarDate?
  package var to: CalendarDate?
  /// The last row of the page before.
  package var before: (day: CalendarDate, id: ID<InvestmentTransaction>)?

  package init() {}

  /// As conditions on the table's own columns.
  var conditions: SQL {
    var all: SQL = ""
    if !accounts.isEmpty { all = "\(all) AND account_id IN \(list: accounts.prefix(Limits.listMax))" }
    if let from { all = "\(all) AND booked_on >= \(from)" }
    if let to { all = "\(all) AND booked_on <= \(to)" }
    if let before { all = "\(all) AND (booked_on, id) < (\(before.day), \(before.id))" }
    return all
  }
}
