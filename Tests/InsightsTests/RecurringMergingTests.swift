import Basics
import Finance
import Testing

@testable import Insights
@testable import Store

private let world = World.simulated(seed: 12)
private let start = CalendarDate(days: 20_000)

private func row(_ name: String, _ minor: Int64, on day: CalendarDate) -> MeasuredRow {
  MeasuredRow(
    id: world.newID(), account: account(1), day: day, amountMinor: minor, currency: .usd,
    flow: minor > 0 ? .income : .expense, category: "C", merchant: nil, name: name)
}

private func told(
  _ id: String, _ rows: [MeasuredRow], _ rhythm: FeedRhythm?, _ standing: FeedStream.Standing = .mature,
  next: CalendarDate? = nil, isActive: Bool = true
) -> StoredBankStream {
  var feed = FeedStream(
    id: id, accountID: "A", name: id, isIncoming: (rows.first?.amountMinor ?? 0) > 0, rhythm: rhythm,
    standing: standing, isActive: isActive)
  (feed.firstOn, feed.lastOn, feed.nextOn) = (rows.first?.day, rows.last?.day, next)
  var stream = StoredBankStream(feed, account: account(1))
  stream.rows = rows.map(\.id)
  return stream
}

private func merged(
  _ rows: [MeasuredRow], _ told: [StoredBankStream], today: CalendarDate
) -> RecurringFinder.Merged {
  let rows = rows.sorted { $0.day < $1.day }
  return RecurringFinder.merged(RecurringFinder.find(rows, today: today), with: told, rows: rows, today: today)
}

@Suite struct `What the bank says comes again` {
  @Test func `is one stream with what was found in its rows`() throws {
    let rent = (0..<6).map { row("Rent", -1_800_00, on: start.adding(months: $0)) }
    let today = start.adding(months: 5) + 3
    let both = merged(rent, [told("Landlord", rent, .monthly)], today: today)
    #expect(both.streams.count == 1 && both.leftOut == 0)
    let stream = try #require(both.streams.first)
    #expect(stream.source == .both && stream.name == "Rent" && stream.rows.count == 6)
    #expect(merged(rent, [], today: today).streams.first?.source == .rows)
  }

  @Test func `knows pay on two days of a month from pay every two weeks`() throws {
    let pay = (0..<12).map { index in
      row("ACME", 2_000_00, on: start.firstOfMonth.adding(months: index / 2) + (index % 2 == 0 ? 14 : 29))
    }
    let last = try #require(pay.last?.day)
    let alone = try #require(merged(pay, [], today: last + 2).streams.first)
    #expect(alone.cadence == .everyTwoWeeks, "by its days alone it looks like that")
    let next = last.firstOfMonth.adding(months: 1) + 14
    let stream = try #require(
      merged(pay, [told("pay", pay, .twiceAMonth, next: next)], today: last + 2).streams.first)
    #expect(stream.cadence == .twiceAMonth && stream.nextOn == next && stream.state == .active)
    let dates = stream.dates(in: (last + 1)..<(last + 95))
    #expect(dates.count == 6 && dates.first == next, "\(dates)")
    #expect(stream.monthlyMinor == 4_000_00)
    // What it is not sure of does not overrule the rows.
    let early = merged(pay, [told("pay", pay, .twiceAMonth, .early, next: next)], today: last + 2)
    #expect(early.streams.first?.cadence == .everyTwoWeeks)
  }

  @Test func `is told where the rows alone are too few, and left out where nothing can be said`() throws {
    let yearly = [row("Insurance", -600_00, on: start), row("Club", -40_00, on: start + 9)]
    let lost = told("unknown rows", [row("Elsewhere", -1_00, on: start)], .monthly)
    let all = merged(
      yearly,
      [
        told("a", [yearly[0]], .yearly, .early), told("b", [yearly[1]], nil), lost,
        told("d", [yearly[1]], .monthly, .givenUp),
      ], today: start + 20)
    #expect(all.streams.count == 1 && all.leftOut == 3)
    let stream = try #require(all.streams.first)
    #expect(stream.source == .bank && stream.cadence == .yearly && stream.nextOn == start.adding(months: 12))
    #expect(stream.amountMinor == -600_00 && stream.rows == [yearly[0]])
  }

  @Test func `is over when the bank says so and nothing came`() throws {
    let gym = (0..<5).map { row("Gym", -30_00, on: start.adding(months: $0)) }
    let today = start.adding(months: 5) + 8
    #expect(merged(gym, [], today: today).streams.first?.state == .missed)
    let over = merged(gym, [told("gym", gym, .monthly, isActive: false)], today: today)
    #expect(over.streams.first?.state == .ended)
  }
}
