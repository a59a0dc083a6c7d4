package import Basics
package import Databases

/// How many calls to its bank's provider a household may make in a day: a loop must never burn a person's quota.
package enum CallBudget {
  /// Days that counts are kept.
  private static let daysKept = 400

  /// Takes calls from what is left of the day, in UTC.
  ///
  /// - Returns: How many were granted, from 0 to `count`.
  package static func take(
    _ count: Int, of max: Int, _ household: ID<Tenant>, now: Timestamp, _ session: any Session
  ) throws -> Int { try askToTake(count, of: max, household, now: now, session).get() }

  /// The same, looked up with whatever else is asked: they are taken when the answer is.
  package static func askToTake(
    _ count: Int, of max: Int, _ household: ID<Tenant>, now: Timestamp, _ session: any Session
  ) throws -> Later<Int> {
    try askForUsed(household, now: now, session).map { used in
      let granted = Swift.max(0, min(count, max - used))
      try add(granted, household, now: now, session)
      return granted
    }
  }

  /// Gives back what was taken and not used.
  package static func giveBack(
    _ count: Int, _ household: ID<Tenant>, now: Timestamp, _ session: any Session
  ) throws {
    try add(-count, household, now: now, session)
  }

  private static func add(_ count: Int, _ household: ID<Tenant>, now: Timestamp, _ session: any Session) throws {
    guard count != 0 else { return }
    try session.execute(
      """
      INSERT INTO call_count (household_id, day, calls) VALUES (\(household), \(day(now)), \(max(0, count)))
      ON CONFLICT (household_id, day) DO UPDATE SET calls = call_count.calls + \(count)
      """)
  }

  /// Calls made, and taken to be made, in the day of `now`.
  package static func used(_ household: ID<Tenant>, now: Timestamp, _ session: any Session) throws -> Int {
    try askForUsed(household, now: now, session).get()
  }

  private static func askForUsed(
    _ household: ID<Tenant>, now: Timestamp, _ session: any Session
  ) throws -> Later<Int> {
    try session.askFirst(
      "SELECT calls FROM call_count WHERE household_id = \(household) AND day = \(day(now))"
    ) { try $0(0, as: Int.self) }.map { $0 ?? 0 }
  }

  /// The same for all households together.
  package static func usedByAll(now: Timestamp, _ session: any Session) throws -> Int {
    // A count for each and not their sum, which PostgreSQL gives as a number of any length.
    try session.query("SELECT calls FROM call_count WHERE day = \(day(now))") { try $0(0, as: Int.self) }
      .reduce(0, +)
  }

  /// Of the household that made most of them: the budget is each household's.
  package static func mostOfOne(now: Timestamp, _ session: any Session) throws -> Int {
    try session.first("SELECT MAX(calls) FROM call_count WHERE day = \(day(now))") { try $0(0, as: Int?.self) }
      .flatMap { $0 } ?? 0
  }

  /// When there are new ones.
  package static func renews(after now: Timestamp) -> Timestamp { Timestamp(seconds: Int64(day(now) + 1) * 86_400) }

  package static func forget(now: Timestamp, _ session: any Session) throws {
    try session.execute("DELETE FROM call_count WHERE day < \(day(now) - daysKept)")
  }

  private static func day(_ now: Timestamp) -> Int { Int(now.seconds / 86_400) }
}
