package import Databases
package import Finance

/// What a household counts by.
package struct HouseholdSettings: Sendable, Equatable {
  package var timeZone: String
  package var baseCurrency: Currency
  /// 1 for Monday to 7 for Sunday.
  package var firstWeekday: Int
  /// 1 to 28.
  package var firstMonthDay: Int
}

extension Households {
  /// Nil when there is no such household.
  package static func settings(_ scope: Scope, _ session: any Session) throws -> HouseholdSettings? {
    try askForSettings(scope, session).get()
  }

  package static func askForSettings(_ scope: Scope, _ session: any Session) throws -> Later<HouseholdSettings?> {
    try session.askFirst(
      """
      SELECT time_zone, base_currency, first_weekday, first_month_day FROM household WHERE id = \(scope.household)
      """
    ) { row in
      HouseholdSettings(
        timeZone: try row(0), baseCurrency: try row(1), firstWeekday: try row(2), firstMonthDay: try row(3))
    }
  }

  /// Changes what the household counts by, but its time zone. Where months begin on another day, what is kept of them is
  /// counted anew.
  package static func count(by new: HouseholdSettings, _ scope: Scope, _ session: any Session) throws {
    let old = try settings(scope, session)
    try session.execute(
      """
      UPDATE household SET base_currency = \(new.baseCurrency), first_weekday = \(new.firstWeekday),
        first_month_day = \(new.firstMonthDay)
      WHERE id = \(scope.household)
      """)
    if old?.firstMonthDay != new.firstMonthDay { try Totals.recount(scope, session) }
  }
}
