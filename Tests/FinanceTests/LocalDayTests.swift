import Basics
import Finance
import Testing

@Suite struct `A day in a zone` {
  @Test func `is cut at local midnight`() throws {
    let berlin = try TimeZone.named("Europe/Berlin")
    let day = try #require(CalendarDate("2024-03-31"))
    #expect(day.start(in: berlin).description == "2024-03-30T23:00:00Z")
    // The day of the change has twenty-three hours.
    #expect((day + 1).start(in: berlin) - day.start(in: berlin) == .seconds(23 * 3600))
    #expect(CalendarDate(day.start(in: berlin), in: berlin) == day)
    #expect(CalendarDate(day.start(in: berlin) - .milliseconds(1), in: berlin) == day - 1)
    #expect(CalendarDate(day.start(in: berlin), in: .utc) == day - 1)
  }
}
