package import Basics
package import Databases
package import Finance

extension Households {
  /// Which day it is where the household lives; the day in UTC where its zone is not known.
  package static func day(at now: Timestamp, _ scope: Scope, _ session: any Session) throws -> CalendarDate {
    let zone = try timeZone(scope, session).flatMap { try? TimeZone.named($0) }
    return CalendarDate(days: (zone ?? .utc).day(of: now))
  }
}
