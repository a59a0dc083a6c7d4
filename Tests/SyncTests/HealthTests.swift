import Basics
import Finance
import Store
import Testing

@testable import Sync

private let now = Timestamp(seconds: 1_773_478_800)

extension FeedError {
  fileprivate static let fault = FeedFault(type: "T", code: "CODE", message: "words")
  fileprivate static let passing: [FeedError] = [
    .wait(.seconds(60), fault), .retry(fault), .mutated(fault), .cursorRefused(fault), .accountsChanged(fault),
    .bug(fault), .unsupported(fault),
  ]
}

@Suite struct `The health of a connection` {
  private static let events: [ConnectionEvent] =
    [
      .synced(.unknown), .synced(.notReady), .synced(.initial), .synced(.historical), .repaired, .signedIn,
      .ends(at: now + .seconds(3 * 86_400), code: "PENDING_DISCONNECT"), .ends(at: nil, code: "PENDING_EXPIRATION"),
      .revoked(code: "USER_PERMISSION_REVOKED"), .removalBegan, .removed, .failed(.reauthenticate(FeedError.fault)),
      .failed(.gone(FeedError.fault)), .failed(.configuration(FeedError.fault)), .failed(.notReady(FeedError.fault)),
    ] + FeedError.passing.map { .failed($0) }

  private func state(_ before: ConnectionState, _ event: ConnectionEvent) -> ConnectionState {
    ConnectionHealth.next(ConnectionCondition(before), event, now: now).state
  }

  @Test func `is healed by any success, unless it is over`() {
    for before in ConnectionState.allCases {
      let expected: ConnectionState = before == .removing || before == .removed ? before : .healthy
      #expect(state(before, .synced(.historical)) == expected)
      let after = ConnectionHealth.next(
        ConnectionCondition(before, code: "X", message: "x"), .synced(.historical), now: now)
      if expected == .healthy { #expect(after.code == nil && after.message == nil) }
    }
  }

  @Test func `never comes back from removal`() {
    for event in Self.events {
      #expect(state(.removed, event) == .removed)
      #expect(state(.removing, event) == (event == .removed ? .removed : .removing))
    }
  }

  @Test func `that a person must act is not hidden by a failure that passes`() {
    for error in FeedError.passing {
      for before in [ConnectionState.needsReauthentication, .expiring] {
        let condition = ConnectionCondition(before, code: "OLD", message: "old")
        #expect(ConnectionHealth.next(condition, .failed(error), now: now) == condition)
      }
      for before in [ConnectionState.pending, .healthy, .degraded, .misconfigured] {
        #expect(state(before, .failed(error)) == .degraded)
      }
    }
  }

  @Test func `asks for a sign-in when the bank does, and no longer after it`() {
    let asked = ConnectionEvent.failed(.reauthenticate(FeedError.fault))
    for before in ConnectionState.allCases where ![.removed, .removing, .revoked].contains(before) {
      #expect(state(before, asked) == .needsReauthentication)
    }
    #expect(state(.needsReauthentication, .repaired) == .healthy)
    #expect(state(.needsReauthentication, .signedIn) == .pending)
    #expect(state(.needsReauthentication, .ends(at: now, code: "X")) == .needsReauthentication)
  }

  @Test func `stays expiring however well it is read, until the person signs in or the day has passed`() {
    let told = ConnectionHealth.next(
      ConnectionCondition(.healthy), .ends(at: now + .seconds(6 * 86_400), code: "PENDING_DISCONNECT"), now: now)
    #expect(told.state == .expiring && told.code == "PENDING_DISCONNECT")
    let read = ConnectionHealth.next(told, .synced(.historical), now: now + .seconds(86_400))
    #expect(read == told)
    #expect(ConnectionHealth.next(read, .signedIn, now: now).disconnectsAt == nil)
    let late = ConnectionHealth.next(read, .synced(.historical), now: now + .seconds(7 * 86_400))
    #expect(late.state == .healthy && late.disconnectsAt == nil)
  }

  @Test func `expires with a consent that ends within a week`() {
    var condition = ConnectionCondition(.healthy, consentExpiresAt: now + .seconds(20 * 86_400))
    #expect(ConnectionHealth.next(condition, .synced(.historical), now: now).state == .healthy)
    condition.consentExpiresAt = now + .seconds(5 * 86_400)
    #expect(ConnectionHealth.next(condition, .synced(.historical), now: now).state == .expiring)
  }

  @Test func `is revoked until a sign-in or a success says otherwise`() {
    #expect(state(.healthy, .revoked(code: "X")) == .revoked)
    for error in FeedError.passing { #expect(state(.revoked, .failed(error)) == .revoked) }
    #expect(state(.revoked, .ends(at: nil, code: "X")) == .revoked)
    #expect(state(.revoked, .signedIn) == .pending)
  }

  @Test func `settles: an event that comes twice changes nothing the second time`() {
    var random = SeededRandom(seed: 5)
    for _ in 0..<2_000 {
      var condition = ConnectionCondition(random.pick(ConnectionState.allCases))
      for _ in 0..<random.int(in: 1...8) {
        let event = random.pick(Self.events)
        condition = ConnectionHealth.next(condition, event, now: now)
        #expect(ConnectionHealth.next(condition, event, now: now) == condition)
      }
    }
  }

  @Test func `tells people once of each change that concerns them`() {
    let id: ID<Connection> = World.simulated(seed: 1).newID()
    func kinds(_ before: ConnectionState, _ event: ConnectionEvent, _ progress: FeedProgress) -> [NotificationKind] {
      let before = ConnectionCondition(before)
      let after = ConnectionHealth.next(before, event, now: now)
      return ConnectionKeeping.notices(id, before, after, event, progress: progress, now: now).map(\.kind)
    }
    let asked = ConnectionEvent.failed(.reauthenticate(FeedError.fault))
    #expect(kinds(.healthy, asked, .historical) == [.signInNeeded])
    #expect(kinds(.needsReauthentication, asked, .historical).isEmpty)
    #expect(kinds(.pending, .synced(.notReady), .unknown).isEmpty)
    #expect(kinds(.pending, .synced(.initial), .notReady) == [.firstDays])
    #expect(kinds(.healthy, .synced(.historical), .initial) == [.historyComplete])
    #expect(kinds(.pending, .synced(.historical), .unknown) == [.firstDays, .historyComplete])
    #expect(kinds(.healthy, .synced(.historical), .historical).isEmpty)
    #expect(kinds(.healthy, .ends(at: now, code: "X"), .historical) == [.expiring])
    #expect(kinds(.expiring, .ends(at: now, code: "X"), .historical).isEmpty)
    #expect(kinds(.healthy, .revoked(code: "X"), .historical) == [.revoked])
  }
}
