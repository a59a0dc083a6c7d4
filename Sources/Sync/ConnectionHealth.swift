package import Basics
package import Finance
package import Store

/// Something that says how a connection is: from an answer, from a webhook, or from a person.
package enum ConnectionEvent: Sendable, Equatable {
  /// A run was applied.
  case synced(FeedProgress)
  case failed(FeedError)
  /// The person signed in again elsewhere, and the bank told us.
  case repaired
  /// The person signed in again through us.
  case signedIn
  /// The bank or the consent ends soon. The code is the provider's word for it.
  case ends(at: Timestamp?, code: String)
  /// The person took access away at the bank or the provider.
  case revoked(code: String)
  case removalBegan
  case removed
}

/// How a connection is doing: one state machine, driven by answers and webhooks alike, and healed by any success. Pure.
package enum ConnectionHealth {
  /// So long before its end a connection counts as expiring: banks tell seven days ahead.
  static let warning = Duration.seconds(8 * 86_400)

  package static func next(
    _ before: ConnectionCondition, _ event: ConnectionEvent, now: Timestamp
  ) -> ConnectionCondition {
    var after = before
    switch (before.state, event) {
    // What has ended stays ended, and what is being ended is not called back by what is still under way.
    case (.removed, _): return before
    case (_, .removed): after = ended(before, .removed)
    case (.removing, _): return before
    case (_, .removalBegan): after = ended(before, .removing)
    case (_, .revoked(let code)):
      after = ended(before, .revoked)
      after.code = code
    case (_, .synced(let progress)):
      let isEnding = [before.consentExpiresAt, before.disconnectsAt].contains { end in
        end.map { $0 > now && $0 - now <= warning } ?? false
      }
      // Reading well says nothing about the end that was announced.
      after.state = progress == .notReady ? .pending : isEnding ? .expiring : .healthy
      if after.state != .expiring || before.state != .expiring { (after.code, after.message) = (nil, nil) }
      if let end = before.disconnectsAt, end <= now { after.disconnectsAt = nil }
    case (_, .signedIn), (_, .repaired):
      after = ConnectionCondition(event == .signedIn ? .pending : .healthy)
      after.consentExpiresAt = event == .signedIn ? nil : before.consentExpiresAt
    case (_, .ends(let at, let code)):
      after.disconnectsAt = at ?? before.disconnectsAt ?? now + .seconds(7 * 86_400)
      // Whoever must sign in already will renew it with that.
      guard before.state != .revoked, before.state != .needsReauthentication else { break }
      (after.state, after.code, after.message) = (.expiring, code, nil)
    case (.revoked, .failed): return before
    case (_, .failed(let error)):
      let state = state(after: error, before.state)
      // A failure that passes leaves what is known of what the person has to do.
      if state == before.state, !concernsPerson(error), needsPerson(state) { return before }
      after.state = state
      after.code = error.fault.code
      after.message = error.fault.displayMessage ?? error.fault.message
    }
    return after
  }

  private static func ended(_ before: ConnectionCondition, _ state: ConnectionState) -> ConnectionCondition {
    var after = ConnectionCondition(state)
    after.consentExpiresAt = before.consentExpiresAt
    return after
  }

  private static func needsPerson(_ state: ConnectionState) -> Bool {
    state == .expiring || state == .needsReauthentication
  }

  private static func concernsPerson(_ error: FeedError) -> Bool {
    if case .reauthenticate = error { true } else { false }
  }

  /// What a failure makes of a connection. A failure that passes by itself does not hide what a person has to do.
  private static func state(after error: FeedError, _ before: ConnectionState) -> ConnectionState {
    switch error {
    case .reauthenticate: .needsReauthentication
    case .gone: .revoked
    case .configuration: before == .needsReauthentication ? before : .misconfigured
    case .notReady: needsPerson(before) ? before : .pending
    case .wait, .retry, .unsupported, .mutated, .cursorRefused, .accountsChanged, .bug:
      needsPerson(before) ? before : .degraded
    }
  }

  /// What the person should do; nil when there is nothing to be done.
  package static func advice(_ state: ConnectionState) -> String? {
    switch state {
    case .healthy: nil
    case .pending: "Nothing: the bank is gathering its data."
    case .degraded: "Nothing: it is tried again by itself. If it lasts for days, ask your bank."
    case .needsReauthentication: "Sign in at the bank again through this connection."
    case .expiring: "Sign in at the bank again before the date given, and nothing is interrupted."
    case .misconfigured: "Whoever runs this server has to check its keys and products at Plaid."
    case .revoked: "Link the bank again if you want its data here; what is here stays."
    case .removing: "Nothing: it is being ended at the bank's provider."
    case .removed: "Link the bank again if you want its data here; what is here stays."
    }
  }
}
