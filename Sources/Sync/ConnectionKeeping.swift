package import Basics
package import Databases
package import Finance
package import Store

/// Writes down what an event makes of a connection, and tells whom it concerns, in the transaction of the event.
package enum ConnectionKeeping {
  /// - Returns: The condition afterwards; nil when there is no such connection.
  @discardableResult
  package static func note(
    _ event: ConnectionEvent, _ id: ID<Connection>, now: Timestamp, _ world: World, _ scope: Scope,
    _ session: any Session
  ) throws -> ConnectionCondition? {
    guard let (before, progress) = try Connections.condition(id, scope, session) else { return nil }
    let after = ConnectionHealth.next(before, event, now: now)
    if after != before { try Connections.setCondition(id, after, scope, session) }
    // What the bank took away is taken away here too.
    if after.state == .revoked, case .revoked = event { try Connections.dropToken(id, scope, session) }
    if after.state != before.state {
      try Events.append([changed(id, before, after)], now: now, scope, session)
    }
    for notice in notices(id, before, after, event, progress: progress, now: now) {
      try Notifications.add(notice, id: world.newID(), now: now, scope, session)
    }
    if [.healthy, .removed, .removing].contains(after.state), before.state != after.state {
      try Notifications.settle(NotificationKind.healing, about: id, now: now, scope, session)
    }
    return after
  }

  private static func changed(
    _ id: ID<Connection>, _ before: ConnectionCondition, _ after: ConnectionCondition
  ) -> NewEvent {
    NewEvent(
      kind: after.state == .removed ? "connection.removed" : "connection.changed",
      body: "{\"connection\":\"\(id)\",\"state\":\"\(after.state.rawValue)\",\"before\":\"\(before.state.rawValue)\"}",
      connection: id)
  }

  /// What people are told of a change. Pure.
  static func notices(
    _ id: ID<Connection>, _ before: ConnectionCondition, _ after: ConnectionCondition, _ event: ConnectionEvent,
    progress: FeedProgress, now: Timestamp
  ) -> [NewNotification] {
    var notices: [NewNotification] = []
    func tell(_ kind: NotificationKind, _ cause: String, _ body: String = "{}") {
      notices.append(NewNotification(kind, cause: cause, connection: id, body: body))
    }
    if after.state != before.state {
      switch after.state {
      case .needsReauthentication: tell(.signInNeeded, "\(id) \(now.milliseconds)")
      case .revoked: tell(.revoked, "\(id) \(now.milliseconds)")
      case .expiring:
        let end = after.disconnectsAt ?? after.consentExpiresAt
        tell(.expiring, "\(id) \(end?.milliseconds ?? 0)", end.map { "{\"ends_at\":\"\($0)\"}" } ?? "{}")
      case .pending, .healthy, .degraded, .misconfigured, .removing, .removed: break
      }
    }
    if case .synced(let now) = event {
      if now == .initial || now == .historical, progress != .initial, progress != .historical {
        tell(.firstDays, "\(id)")
      }
      if now == .historical, progress != .historical { tell(.historyComplete, "\(id)") }
    }
    return notices
  }
}
