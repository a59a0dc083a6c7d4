import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// What a household is called, and what it counts by.
extension Interface {
  func changeHousehold(_ call: Call) async throws -> Response {
    let (scope, name, trail): (Scope, String?, Trail) = (try call.scope, call.body["name"], Trail(call))
    let currency = (call.body["base_currency"] as String?).flatMap { Currency(stored: $0) }
    let (weekday, monthDay): (Int?, Int?) = (call.body["first_weekday"], call.body["first_month_day"])
    let now = banks.world.now()
    let value = try await banks.database.write { [identity] session in
      try call.check(ifMatch: Self.householdTag(try Self.household(scope, session)))
      if let name {
        try Households.rename(name, scope, session)
        try identity.note("household.renamed", by: scope.user, in: scope.household, trail, session)
      }
      guard let old = try Households.settings(scope, session) else { throw Problem.notFound }
      var new = old
      new.baseCurrency = currency ?? old.baseCurrency
      new.firstWeekday = weekday ?? old.firstWeekday
      new.firstMonthDay = monthDay ?? old.firstMonthDay
      if new != old {
        guard try new.baseCurrency == old.baseCurrency || Budgets.all(scope, session).isEmpty else {
          throw Problem.invalid(["/base_currency": "cannot change while there are budgets in \(old.baseCurrency.code)"])
        }
        try Households.count(by: new, scope, session)
        try identity.note("household.settings_changed", by: scope.user, in: scope.household, trail, session)
      }
      try Events.tell("household.changed", now: now, scope, session)
      return try Self.household(scope, session)
    }
    return .json(200, value).tagged(Self.householdTag(value))
  }
}
