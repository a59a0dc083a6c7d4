import Basics
import Testing

@Suite struct `A time zone` {
  struct Case: Sendable, CustomTestStringConvertible {
    var zone: String
    var instant: String
    var offset: Int
    init(_ zone: String, _ instant: String, _ offset: Int) {
      (self.zone, self.instant, self.offset) = (zone, instant, offset)
    }
    var testDescription: String { "\(zone) at \(instant)" }
  }

  static func instant(_ text: String) throws -> Timestamp { try #require(Timestamp(rfc3339: text)) }

  @Test(arguments: [
    Case("UTC", "2024-07-01T00:00:00Z", 0),
    // The last second before and the first after each change.
    Case("Europe/Berlin", "2024-03-31T00:59:59Z", 3600), Case("Europe/Berlin", "2024-03-31T01:00:00Z", 7200),
    Case("Europe/Berlin", "2024-10-27T00:59:59Z", 7200), Case("Europe/Berlin", "2024-10-27T01:00:00Z", 3600),
    Case("America/New_York", "2025-03-09T06:59:59Z", -18_000),
    Case("America/New_York", "2025-03-09T07:00:00Z", -14_400),
    Case("America/New_York", "2025-11-02T05:59:59Z", -14_400),
    Case("America/New_York", "2025-11-02T06:00:00Z", -18_000),
    // South of the equator summer spans the turn of the year.
    Case("Australia/Sydney", "2025-01-01T00:00:00Z", 39_600), Case("Australia/Sydney", "2025-07-01T00:00:00Z", 36_000),
    Case("Australia/Sydney", "2024-10-05T15:59:59Z", 36_000), Case("Australia/Sydney", "2024-10-05T16:00:00Z", 39_600),
    // Half an hour of summer time, and offsets of 45 minutes.
    Case("Australia/Lord_Howe", "2025-01-01T00:00:00Z", 39_600),
    Case("Australia/Lord_Howe", "2025-07-01T00:00:00Z", 37_800), Case("Asia/Kathmandu", "2025-01-01T00:00:00Z", 20_700),
    // Winter is the exception in Ireland's law: summer's name stands first.
    Case("Europe/Dublin", "2025-01-01T00:00:00Z", 0), Case("Europe/Dublin", "2025-07-01T00:00:00Z", 3600),
    // Before there were zones, clocks showed the sun's time.
    Case("Europe/Berlin", "1850-01-01T00:00:00Z", 3208), Case("Europe/Paris", "1900-01-01T00:00:00Z", 561),
    // Double summer time in the war, and a year of it all round.
    Case("Europe/London", "1942-06-01T00:00:00Z", 7200), Case("Europe/London", "1970-01-01T00:00:00Z", 3600),
    // The day line moved: Samoa has no 30 December 2011.
    Case("Pacific/Apia", "2011-12-30T09:59:59Z", -36_000), Case("Pacific/Apia", "2011-12-30T10:00:00Z", 50_400),
    // Long after the last change that any file lists: the rule at its end decides.
    Case("Europe/Berlin", "2387-07-01T00:00:00Z", 7200), Case("Europe/Berlin", "2387-12-01T00:00:00Z", 3600),
    Case("America/New_York", "9998-03-08T06:59:59Z", -18_000),
    Case("America/New_York", "9998-03-08T07:00:00Z", -14_400),
    Case("Asia/Tokyo", "9000-07-01T00:00:00Z", 32_400), Case("Pacific/Auckland", "5000-01-01T00:00:00Z", 46_800),
  ])
  func `knows what clocks showed`(at: Case) throws {
    #expect(try TimeZone.named(at.zone).offsetSeconds(at: Self.instant(at.instant)) == at.offset)
  }

  @Test func `tells the local day`() throws {
    let late = try Self.instant("2024-12-31T23:30:00Z")
    let last = CivilDay.days(year: 2024, month: 12, day: 31)
    #expect(TimeZone.utc.day(of: late) == last)
    #expect(try TimeZone.named("Europe/Berlin").day(of: late) == last + 1)
    #expect(try TimeZone.named("America/New_York").day(of: late) == last)
    let ancient = try Self.instant("1969-12-31T23:59:59Z")
    #expect(TimeZone.utc.day(of: ancient) == -1)
  }

  @Test(arguments: [
    ("Europe/Berlin", 2024, 3, 31, "2024-03-30T23:00:00Z"),
    ("America/New_York", 2024, 11, 3, "2024-11-03T04:00:00Z"),
    // At midnight clocks go to one, so the day begins at one.
    ("Asia/Beirut", 2022, 3, 27, "2022-03-26T22:00:00Z"),
    // Half past eleven in the evening became half past midnight.
    ("America/Toronto", 1919, 3, 31, "1919-03-31T04:30:00Z"),
    // Midnight came twice: the first counts.
    ("America/St_Johns", 2006, 10, 29, "2006-10-29T02:30:00Z"),
    // A day that never was begins when the next one did.
    ("Pacific/Apia", 2011, 12, 30, "2011-12-30T10:00:00Z"),
    ("Pacific/Apia", 2011, 12, 31, "2011-12-30T10:00:00Z"),
  ])
  func `tells when a day begins`(name: String, year: Int, month: Int, day: Int, expected: String) throws {
    let start = try TimeZone.named(name).start(ofDay: CivilDay.days(year: year, month: month, day: day))
    #expect(start.description == expected)
  }

  @Test(arguments: [
    "Europe/Berlin", "America/New_York", "Australia/Sydney", "Asia/Beirut", "America/St_Johns", "Pacific/Apia",
    "Africa/Casablanca", "America/Nuuk",
  ])
  func `begins each day one second after the one before ends`(name: String) throws {
    let zone = try TimeZone.named(name)
    for day in -10_000...40_000 where day % 7 == 0 || (14_900...15_400).contains(day) {
      let start = zone.start(ofDay: day)
      #expect(zone.day(of: start) == day || name == "Pacific/Apia" && day == 15_338)
      #expect(zone.day(of: start - .seconds(1)) < day)
    }
  }

  @Test(arguments: [
    "", "/", "/etc/passwd", "../../etc/passwd", "Europe/../../etc/passwd", "Europe//Berlin", "Europe/",
    "Europe/Berlin\0",
    ".", "..", "zone.tab", "Europe\\Berlin", "Ëurope", String(repeating: "a", count: 65),
  ])
  func `has a name that cannot lead out of its folder`(name: String) {
    #expect(throws: TimeZoneError.badName(name)) { try TimeZone.named(name) }
  }

  @Test func `that nobody knows is refused, and so are folders and other files`() {
    #expect(throws: TimeZoneError.unknown("Europe/Atlantis")) { try TimeZone.named("Europe/Atlantis") }
    #expect(throws: TimeZoneError.unknown("Europe")) { try TimeZone.named("Europe") }
    #expect(throws: TimeZoneError.malformed("hosts")) { try TimeZone.named("hosts", folder: "/etc") }
  }
}
