import Basics
import Testing

@testable import Jobs

/// One schedule, where, after which moment, and when it takes place then.
private struct Case: CustomTestStringConvertible, Sendable {
  let expression: String
  let zone: String
  let after: String
  let expected: [String]

  init(_ expression: String, _ zone: String, _ after: String, _ expected: String...) {
    self.expression = expression
    self.zone = zone
    self.after = after
    self.expected = expected
  }

  var testDescription: String { "\(expression) in \(zone) after \(after)" }
}

@Suite struct `A cron schedule` {
  @Test(arguments: [
    // An ordinary day, and the same moment asked again.
    Case("0 2 * * *", "UTC", "2026-03-01T00:00:00Z", "2026-03-01T02:00:00Z", "2026-03-02T02:00:00Z"),
    Case("0 2 * * *", "UTC", "2026-03-01T02:00:00Z", "2026-03-02T02:00:00Z"),
    Case("0 2 * * *", "UTC", "2026-03-01T01:59:59.999Z", "2026-03-01T02:00:00Z"),
    // New York, 8 March 2026: 02:00 does not exist; clocks go from 02:00 to 03:00 at 07:00Z.
    Case(
      "0 2 * * *", "America/New_York", "2026-03-07T00:00:00Z", "2026-03-07T07:00:00Z", "2026-03-08T07:00:00Z",
      "2026-03-09T06:00:00Z"),
    Case(
      "30 2 * * *", "America/New_York", "2026-03-07T12:00:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:30:00Z"),
    // Both are skipped by one jump: once.
    Case(
      "0,30 2 * * *", "America/New_York", "2026-03-08T00:00:00Z", "2026-03-08T07:00:00Z", "2026-03-09T06:00:00Z"),
    // Berlin, 29 March 2026: from 02:00 to 03:00 at 01:00Z.
    Case("0 2 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T00:00:00Z"),
    Case("0 3 * * *", "Europe/Berlin", "2026-03-28T12:00:00Z", "2026-03-29T01:00:00Z", "2026-03-30T01:00:00Z"),
    // Berlin, 25 October 2026: 02:30 comes twice, at 00:30Z and 01:30Z. The first counts.
    Case(
      "30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
    // New York, 1 November 2026: 01:30 comes twice, at 05:30Z and 06:30Z.
    Case(
      "30 1 * * *", "America/New_York", "2026-10-31T12:00:00Z", "2026-11-01T05:30:00Z", "2026-11-02T06:30:00Z"),
    // Every half hour means all the time: nothing is left out, nothing made up for.
    Case(
      "*/30 * * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", "2026-10-25T00:30:00Z", "2026-10-25T01:00:00Z",
      "2026-10-25T01:30:00Z", "2026-10-25T02:00:00Z"),
    Case(
      "15 * * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", "2026-03-29T00:15:00Z", "2026-03-29T01:15:00Z",
      "2026-03-29T02:15:00Z"),
    // Half an hour of change: Lord Howe, 4 October 2026, from 02:00 to 02:30 at 15:30Z of the day before.
    Case(
      "15 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", "2026-10-03T15:30:00Z", "2026-10-04T15:15:00Z"),
    // Midnight that does not exist: Havana, 8 March 2026, at 05:00Z.
    Case("0 0 * * *", "America/Havana", "2026-03-07T12:00:00Z", "2026-03-08T05:00:00Z", "2026-03-09T04:00:00Z"),
    // Quarter hours from UTC.
    Case("0 2 * * *", "Asia/Kathmandu", "2026-01-01T00:00:00Z", "2026-01-01T20:15:00Z"),
    // Leap days, and the century that has none.
    Case("0 2 29 2 *", "UTC", "2026-01-01T00:00:00Z", "2028-02-29T02:00:00Z", "2032-02-29T02:00:00Z"),
    Case("0 2 29 2 *", "UTC", "2096-03-01T00:00:00Z", "2104-02-29T02:00:00Z"),
    // Month ends: only the months that have the day.
    Case(
      "0 2 31 * *", "UTC", "2026-01-31T02:00:00Z", "2026-03-31T02:00:00Z", "2026-05-31T02:00:00Z",
      "2026-07-31T02:00:00Z"),
    Case("0 2 30 2,4 *", "UTC", "2026-01-01T00:00:00Z", "2026-04-30T02:00:00Z"),
    // Either day is enough when both are given; 2026-03-13 is a Friday.
    Case(
      "0 0 13 * 5", "UTC", "2026-03-01T00:00:00Z", "2026-03-06T00:00:00Z", "2026-03-13T00:00:00Z",
      "2026-03-20T00:00:00Z", "2026-03-27T00:00:00Z", "2026-04-03T00:00:00Z", "2026-04-10T00:00:00Z",
      "2026-04-13T00:00:00Z"),
    Case("0 0 */2 * 1", "UTC", "2026-03-01T00:00:00Z", "2026-03-09T00:00:00Z"),
    Case("0 9 * * mon-fri", "UTC", "2026-03-06T09:00:00Z", "2026-03-09T09:00:00Z"),
    Case("0 9 * * 7", "UTC", "2026-03-06T09:00:00Z", "2026-03-08T09:00:00Z"),
    Case("0 9 * jan,JUL 0", "UTC", "2026-03-06T09:00:00Z", "2026-07-05T09:00:00Z"),
    Case("5-15/5 8 * * *", "UTC", "2026-03-06T00:00:00Z", "2026-03-06T08:05:00Z", "2026-03-06T08:10:00Z"),
    Case("10/20 8 * * *", "UTC", "2026-03-06T08:10:00Z", "2026-03-06T08:30:00Z", "2026-03-06T08:50:00Z"),
    Case("@daily", "Europe/Berlin", "2026-06-01T00:00:00Z", "2026-06-01T22:00:00Z"),
    Case("@weekly", "UTC", "2026-03-06T09:00:00Z", "2026-03-08T00:00:00Z"),
    Case("@monthly", "UTC", "2026-12-06T09:00:00Z", "2027-01-01T00:00:00Z"),
  ])
  fileprivate func `takes place`(_ test: Case) throws {
    let cron = try Cron(test.expression)
    let zone = try TimeZone.named(test.zone)
    var moment = try #require(Timestamp(rfc3339: test.after))
    for expected in test.expected {
      let next = try #require(cron.next(after: moment, in: zone))
      #expect(next == Timestamp(rfc3339: expected))
      moment = next
    }
  }

  @Test(arguments: [
    "", "* * * *", "* * * * * *", "60 * * * *", "* 24 * * *", "* * 0 * *", "* * 32 * *", "* * * 13 *", "* * * * 8",
    "5-1 * * * *", "*/0 * * * *", "1,,2 * * * *", "a * * * *", "* * * foo *", "1-2-3 * * * *", "+1 * * * *",
    "0 0 30 2 *", "@reboot", "*/5/5 * * * *", "/5 * * * *",
  ])
  func `is refused`(_ expression: String) {
    #expect(throws: CronError.self) { try Cron(expression) }
  }

  @Test(arguments: ["Europe/Berlin", "America/New_York", "Australia/Lord_Howe", "America/Havana", "UTC"])
  func `takes place once each day of a year, whatever the hour`(_ name: String) throws {
    let zone = try TimeZone.named(name)
    let end = try #require(Timestamp(rfc3339: "2027-01-02T00:00:00Z"))
    for hour in 0..<24 {
      let cron = try Cron("30 \(hour) * * *")
      var moment = try #require(Timestamp(rfc3339: "2025-12-31T00:00:00Z"))
      var days: [Int] = []
      while let next = cron.next(after: moment, in: zone), next < end {
        days.append(zone.day(of: next))
        moment = next
      }
      #expect(days == Array(Set(days)).sorted())
      #expect(days.count >= 366)
    }
  }
}
