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
  /// What is older is history that came in late, and no news.
  private static let newsDays = 7

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
        try EventFollowers.behind(Self.name, limit: 10_000, session).map { behind in
          NewJob(.insights, "\(behind.household)", household: ID(bits: behind.household.bits), priority: .upkeep)
        }
      }
    ]
  }

  private func look(_ job: Job) async -> JobOutcome {
    guard let household = ID<Household>(job.subject) else { return .done }
    let (world, now) = (world, world.now())
    let scope = Scope(household: household, user: ID(bits: 0)).wholeHousehold
    do {
      let (found, before, last) = try await database.read { session in
        let ground = try Ground.read(now: now, scope, session)
        let found = try FindingRules.unusualCharges(ground, scope, session)
        let behind = try EventFollowers.behind(Self.name, limit: 10_000, session).first { $0.household == household }
        return (
          found.filter { ground.today - $0.day <= Self.newsDays }, behind?.position ?? 0,
          try Events.extent(of: household, session).last
        )
      }
      try await database.write { session in
        for finding in found { try Self.tell(finding, now: now, world, scope, session) }
        try EventFollowers.move(Self.name, .init(household: household, from: before, to: last), session)
      }
      return .done
    } catch {
      return .failed(JobFailure("insights", "It could not be looked at what stands out."))
    }
  }

  /// Once for each row, to those who see the account's rows.
  private static func tell(
    _ finding: Finding, now: Timestamp, _ world: World, _ scope: Scope, _ session: any Session
  ) throws {
    guard let row = finding.rows.first, let account = finding.account else { return }
    let body: JSONValue = [
      "transaction": Wire.id(row), "payee": .string(String(finding.about.prefix(60))),
      "amount": .string(finding.amount.decimal), "currency": .string(finding.amount.currency.code),
    ]
    let notice = NewNotification(.unusualCharge, cause: "\(row)", account: account, body: body.text())
    guard try Notifications.add(notice, id: world.newID(), now: now, scope, session) else { return }
    try Events.append(
      [
        NewEvent(
          kind: "insight.unusual_charge", body: "{\"account\":\"\(account)\",\"transaction\":\"\(row)\"}",
          account: account)
      ], now: now, scope, session)
  }
}
