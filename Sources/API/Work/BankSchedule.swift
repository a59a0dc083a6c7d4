package import Basics
import Databases
import Finance
package import Jobs
import Store
import Sync

/// The timetable of banks: what is looked at when, without anybody asking.
package struct BankSchedule: Sendable {
  /// When every bank is read; nil: never by the clock.
  package var sync: Cron?
  /// When balances alone are read, which is free.
  package var balances: Cron?
  /// Whose clock it is.
  package var zone: TimeZone
  /// Banks that are read by the clock are spread over so long.
  package static let spread = Duration.seconds(3600)

  package init(sync: Cron? = nil, balances: Cron? = nil, zone: TimeZone = .utc) {
    self.sync = sync
    self.balances = balances
    self.zone = zone
  }

  package func lines(_ banks: Banks) throws(CronError) -> [Scheduled] {
    let (settings, world) = (banks.settings, banks.world)
    var lines = [
      Scheduled("keep-up", try Cron("* * * * *"), in: .utc) { now, session in
        try KeepUp.jobs(settings, now: now, session) + KeepUp.addresses(settings, now: now, session)
      },
      Scheduled("staleness", try Cron("23 * * * *"), in: .utc) { now, session in
        try Self.tellStale(settings, world, now: now, session)
        return []
      },
      Scheduled("retention", try Cron("41 3 * * *"), in: zone) { _, _ in
        [NewJob(.retention, "all", priority: .upkeep)]
      },
    ]
    if let sync {
      lines.append(
        Scheduled("sync", sync, in: zone) { now, session in
          try KeepUp.everywhere(nil, over: Self.spread, settings, now: now, session)
        })
    }
    if let balances {
      lines.append(
        Scheduled("balances", balances, in: zone) { now, session in
          try KeepUp.everywhere(.balances, over: .seconds(600), settings, now: now, session)
        })
    }
    return lines
  }

  /// Tells people of connections that have been silent for longer than is their habit, once for each silence.
  static func tellStale(
    _ settings: Banks.Settings, _ world: World, now: Timestamp, _ session: any Session
  ) throws {
    for connection in try Connections.kept(environment: settings.environment, host: settings.host, session)
    where [.pending, .healthy, .degraded, .expiring, .misconfigured].contains(connection.state) {
      guard let owner = try Connections.owner(connection.id, of: connection.household, session) else { continue }
      let news = try SyncRuns.news(of: connection.id, limit: 12, owner, session)
      let since = Staleness.silentSince(
        news: news, lastSuccess: connection.lastSuccessAt, linked: connection.createdAt, now: now)
      guard let since else { continue }
      let notice = NewNotification(
        .stale, cause: "\(connection.id) \(since.milliseconds)", connection: connection.id,
        body: "{\"since\":\"\(since)\"}")
      try Notifications.add(notice, id: world.newID(), now: now, owner, session)
    }
  }
}
