package import Basics
package import Databases
import Finance
package import Jobs
package import Store
import Sync

/// When a connection is looked at without anybody asking. Pure, but for reading the connections.
///
/// Where no webhooks reach us this is all that brings news: often while the bank still gathers its history, then several
/// times a day, and not at all where asking cannot help.
package enum KeepUp {
  /// Between two looks at a connection that is well and never told us anything, before it is spread.
  package static let usualPause = Duration.seconds(5 * 3600)
  /// The same for one that tells us: what it tells may get lost.
  package static let tellingPause = Duration.seconds(20 * 3600)
  /// After something that is nobody's failure, such as a run of another process.
  package static let shortPause = Duration.seconds(30)
  /// While history comes in: by the connection's age, in seconds.
  private static let freshPauses: [(age: Int64, pause: Duration)] = [
    (60, .seconds(3)), (600, .seconds(30)), (3600, .seconds(180)),
  ]

  /// The pause while a bank is still gathering its history; nil when it has taken longer than any bank usually does.
  package static func freshPause(age: Duration) -> Duration? {
    freshPauses.first { age.milliseconds < $0.age * 1000 }?.pause
  }

  /// What to do for a connection, apart from what is in the queue for it.
  package enum Step: Sendable, Equatable {
    case sync
    /// The removal was begun and not confirmed.
    case remove
    /// Not now; or only a person can help.
    case leave
  }

  package static func step(_ connection: KeptConnection, now: Timestamp) -> Step {
    switch connection.state {
    case .needsReauthentication, .revoked, .removed: return .leave
    case .removing: return .remove
    case .pending, .healthy, .degraded, .expiring, .misconfigured: break
    }
    guard let last = connection.lastAttemptAt else { return .sync }
    return now >= last + pause(connection, last: last) ? .sync : .leave
  }

  private static func pause(_ connection: KeptConnection, last: Timestamp) -> Duration {
    if connection.progress != .historical, let fresh = freshPause(age: last - connection.createdAt) {
      return max(fresh, .seconds(60))
    }
    // Between three quarters and five quarters of the pause, so that not everybody asks at the same minute. It follows
    // from the connection and its last run, so that it stays the same however often it is looked at.
    let full = (connection.lastWebhookAt == nil ? usualPause : tellingPause).milliseconds
    let seed = UInt64(truncatingIfNeeded: connection.id.bits) ^ UInt64(bitPattern: last.milliseconds)
    var random = SeededRandom(seed: seed)
    return .milliseconds(full * 3 / 4 + Int64(random.next() % UInt64(full / 2 + 1)))
  }

  /// Jobs for every connection that is due and has none.
  package static func jobs(
    _ settings: Banks.Settings, now: Timestamp, _ session: any Session
  ) throws -> [NewJob] {
    let busy = try JobQueue.subjects(inLane: JobKind.update.lane, session)
    let ending = try JobQueue.subjects(inLane: JobKind.removal.lane, session)
    // What fails before the bank is asked leaves no trace of when it was tried.
    let resting = try DeadLetters.subjects(inLane: JobKind.update.lane, since: now - usualPause, session)
    return try Connections.kept(environment: settings.environment, host: settings.host, session).compactMap {
      connection in
      let name = connection.id.description
      return switch step(connection, now: now) {
      case .sync:
        busy.contains(name) || (resting.contains(name) && !isFresh(connection, now: now))
          ? nil : job(connection.nextKind, connection)
      case .remove: ending.contains(name) ? nil : job(.removal, connection)
      case .leave: nil
      }
    }
  }

  /// Whether its history is still being gathered, and it is looked at often.
  private static func isFresh(_ connection: KeptConnection, now: Timestamp) -> Bool {
    connection.progress != .historical && freshPause(age: now - connection.createdAt) != nil
  }

  /// Jobs of one kind for every connection that can be asked, spread over a while.
  package static func everywhere(
    _ kind: JobKind?, over spread: Duration, _ settings: Banks.Settings, now: Timestamp, _ session: any Session
  ) throws -> [NewJob] {
    try Connections.kept(environment: settings.environment, host: settings.host, session).compactMap { connection in
      switch connection.state {
      case .needsReauthentication, .revoked, .removing, .removed: return nil
      case .pending, .healthy, .degraded, .expiring, .misconfigured: break
      }
      var job = job(kind ?? connection.nextKind, connection)
      let width = UInt64(max(0, spread.milliseconds)) + 1
      var random = SeededRandom(seed: UInt64(truncatingIfNeeded: connection.id.bits))
      job.runAt = now + .milliseconds(Int64(random.next() % width))
      return job
    }
  }

  /// Connections whose provider was told another address for webhooks than the one we are reached at now.
  package static func addresses(
    _ settings: Banks.Settings, now: Timestamp, _ session: any Session
  ) throws -> [NewJob] {
    guard let url = settings.webhookURL else { return [] }
    let lane = JobKind.webhookAddress.lane
    let busy = try JobQueue.subjects(inLane: lane, session)
      .union(DeadLetters.subjects(inLane: lane, since: now - tellingPause, session))
    return try Connections.kept(environment: settings.environment, host: settings.host, session).compactMap {
      connection in
      guard connection.webhookURL != url, !busy.contains(connection.id.description) else { return nil }
      switch connection.state {
      case .revoked, .removing, .removed: return nil
      default: return job(.webhookAddress, connection)
      }
    }
  }

  static func job(_ kind: JobKind, _ connection: KeptConnection) -> NewJob {
    NewJob(
      kind, connection.id.description, household: ID(bits: connection.household.bits), provider: "plaid",
      institution: connection.institutionID)
  }
}

extension KeptConnection {
  /// Which part of its life the next run belongs to.
  var nextKind: JobKind {
    if progress == .historical { return .update }
    return lastSuccessAt == nil || progress == .notReady ? .initialSync : .historicalSync
  }
}

extension Banks.Settings {
  /// Where the provider sends its webhooks; nil when nobody outside can reach us.
  package var webhookURL: String? { publicURL.map { $0 + "/v1/webhooks/plaid" } }
}
