import Basics
import Finance
import Insights
import Sandbox
import Store
import Testing

/// How often a range that should hold four times of five does hold, on lives that nobody tuned the forecast on: with a
/// new job, a move and a child, flights and holidays.
@Suite struct `The ranges of a forecast` {
  private struct Past {
    var rows: [MeasuredRow] = []
    var opening: Int64 = 0
    var first: CalendarDate
  }

  /// The liquid accounts of a simulated life.
  private static func past(_ persona: Persona, _ seed: UInt64, _ first: CalendarDate) -> Past {
    let world = World.simulated(seed: seed)
    let history = HouseholdLife.history(persona, seed: seed, from: first, through: first + 730)
    var past = Past(first: first)
    var ids: [String: ID<Account>] = [:]
    for account in history.accounts
    where account.type == "depository" && account.currency == "USD" && account.subtype != "cd"
      && account.subtype != "hsa"
    {
      ids[account.key] = world.newID()
      past.opening += account.openingMinor
    }
    for entry in history.entries {
      guard let account = ids[entry.account], entry.postsOn != nil, entry.removedOn == nil else { continue }
      let isTransfer = entry.pairKey != nil
      let minor = -(entry.correctedAmountMinor ?? entry.amountMinor)
      past.rows.append(
        MeasuredRow(
          id: world.newID(), account: account, day: entry.occurredOn, amountMinor: minor, currency: .usd,
          flow: isTransfer ? .transfer : minor > 0 ? .income : .expense, category: "", merchant: entry.merchantName,
          name: entry.name))
    }
    return past
  }

  @Test func `hold about as often as they say`() throws {
    var (inside, all) = (0, 0)
    let first = CalendarDate(days: 19_723)
    for persona in [Persona.household, .yuppie, .saver] {
      for seed in 901...904 as ClosedRange<UInt64> {
        let past = Self.past(persona, seed, first)
        for origin in stride(from: 400, through: 620, by: 55) {
          let today = first + origin
          let before = past.rows.filter { $0.day < today }
          let start = before.reduce(past.opening) { $0 + $1.amountMinor }
          let forecast = try #require(
            Forecast.make(before, start: start, first: today, days: 90, knownSince: first, seed: seed))
          var balance = start
          for (offset, day) in forecast.days.enumerated() {
            balance += past.rows.filter { $0.day == day.day }.reduce(0) { $0 + $1.amountMinor }
            guard offset % 15 == 14 else { continue }
            all += 1
            if (day.lowMinor...day.highMinor).contains(balance) { inside += 1 }
          }
        }
      }
    }
    let percent = 100 * inside / all
    #expect((72...88).contains(percent), "\(inside) of \(all) days were inside")
  }
}
