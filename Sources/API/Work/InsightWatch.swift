package import Basics
package import Databases
import Finance
import Insights
import JSON
package import Jobs
import Store

/// Looks now and then whether something stands out in what came in, and tells of it once.
package struct InsightWatch: Sendable {
  /// Stored beside positions: it never changes.
  private static let name = "insights"

  /// What changes no finding: that a bank was read, what people were told, and how they look at it.
  private static let beside = ["sync.", "notification.", "insight.", "saved_views."]
  private static let householdsMax = 100_000

  private let database: any Database
  private let world: World

  package init(_ database: any Database, _ world: World) {
    self.database = database
    self.world = world
  }

  package var handlers: [JobKind: JobHandler] { [.insights: { [self] in await look($0) }] }

  package func lines() throws(CronError) -> [Scheduled] {
    [
      Scheduled("insights", try Cron("*/30 * * * *"), in: .utc) { _, session in
        try EventFollowers.behind(Self.name, limit: Self.householdsMax, session).map { behind in
          NewJob(.insights, "\(behind.household)", household: ID(bits: behind.household.bits), priority: .upkeep)
        }
      }
    ]
  }

  /// News, and whom alone it concerns.
  private struct Told: Sendable {
    var news: InsightNews
    var person: ID<User>?
  }

  private func look(_ job: Job) async -> JobOutcome {
    guard let household = ID<Household>(job.subject) else { return .done }
    let (world, now) = (world, world.now())
    let scope = Scope(household: household, user: ID(bits: 0)).wholeHousehold
    do {
      let (told, before, last) = try await database.read { session in
        let position = try EventFollowers.position(Self.name, in: household, session)
        let isDue = try Self.isDue(after: position, now: now, scope, session)
        return (
          isDue ? try Self.read(now: now, scope, session) : [], position,
          try Events.extent(of: household, session).last
        )
      }
      try await database.write { session in
        try Self.tell(told, now: now, world, scope, session)
        try EventFollowers.move(Self.name, .init(household: household, from: before, to: last), session)
      }
      return .done
    } catch {
      return .failed(JobFailure("insights", "It could not be looked at what stands out."))
    }
  }

  /// Whether the rows have to be read: only then can anything be found that was not found before. That takes a second for
  /// a household with a hundred thousand of them, and most of what happens is that a bank had nothing new.
  private static func isDue(
    after position: Int, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    if try Events.hasOther(than: beside, after: position, in: scope.household, session) { return true }
    // What is due or lasts shows as days go by, without anything that happens.
    guard let seen = try Events.time(of: position, in: scope.household, session) else { return true }
    return try Households.day(at: seen, scope, session) != Households.day(at: now, scope, session)
  }

  /// What is about an account reaches those who see its rows. What is about all of them together is told to everybody
  /// where everybody sees everything, and else to each by what that person sees.
  private static func read(now: Timestamp, _ scope: Scope, _ session: any Session) throws -> [Told] {
    let all = try InsightNews.read(try Ground.read(now: now, scope, session), scope, session)
    guard try Sharing.isAnythingWithheld(scope, session) else { return all.map { Told(news: $0) } }
    let own = try Memberships.members(scope, session).flatMap { member in
      let scope = Scope(household: scope.household, user: member.user)
      return try InsightNews.read(try Ground.read(now: now, scope, session), scope, session)
        .filter { $0.account == nil }.map { Told(news: $0, person: member.user) }
    }
    return all.filter { $0.account != nil }.map { Told(news: $0) } + own
  }

  private static func tell(
    _ all: [Told], now: Timestamp, _ world: World, _ scope: Scope, _ session: any Session
  ) throws {
    for (kind, all) in Dictionary(grouping: all, by: \.news.kind).sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
      var known = try Events.causes(of: kind.eventKind, scope, session)
      for told in all {
        let cause = [told.news.cause, told.person.map { "\($0)" } ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
        guard known.insert(cause).inserted else { continue }
        if let notice = kind.notice {
          // What lasts is told again when its event is forgotten; what happened, never.
          let notice = NewNotification(
            notice, cause: kind.isLasting ? "\(cause) \(CalendarDate(now, in: .utc))" : cause,
            account: told.news.account, person: told.person, body: told.news.words.text())
          guard try Notifications.add(notice, id: world.newID(), now: now, scope, session) else { continue }
        }
        let event = NewEvent(
          kind: kind.eventKind, body: told.news.facts.text(), account: told.news.account, person: told.person,
          cause: cause)
        try Events.append([event], now: now, scope, session)
      }
    }
  }
}

extension InsightNews.Kind {
  var eventKind: String { "insight.\(rawValue)" }

  /// What people are told it as; nil for what only programs hear of.
  var notice: NotificationKind? {
    switch self {
    case .duplicateCharge: .duplicateCharge
    case .unusualCharge: .unusualCharge
    case .priceRise: .priceRise
    case .trialCharged: .trialCharged
    case .missedIncome: .missedIncome
    case .missedPayment: .missedPayment
    case .feePaid: .fee
    // Advice, and no news that anybody has to act on.
    case .idleCash: nil
    case .lowBalanceAhead: .lowBalance
    case .doesNotAddUp: .doesNotAddUp
    case .turnedFeed: .turnedFeed
    case .budgetPassed: .budgetOverspent
    }
  }
}

extension InsightNews {
  /// For programs: ids and days.
  fileprivate var facts: JSONValue {
    var facts: [JSONValue.Member] = []
    if let account { facts.append(.init("account", Wire.id(account))) }
    if let budget { facts.append(.init("budget", Wire.id(budget))) }
    if let row { facts.append(.init("transaction", Wire.id(row))) }
    if let other { facts.append(.init("other", Wire.id(other))) }
    return .object(facts + [.init("day", .string("\(day)"))])
  }

  /// What the words of a notification need.
  fileprivate var words: JSONValue {
    var facts: [JSONValue.Member] = [
      .init("about", .string(String(about.prefix(60)))), .init("amount", .string(amount.decimal)),
      .init("currency", .string(amount.currency.code)), .init("day", .string("\(day)")),
    ]
    if let compared { facts.append(.init("compared", .string(compared.decimal))) }
    if let row { facts.append(.init("transaction", Wire.id(row))) }
    return .object(facts)
  }
}
