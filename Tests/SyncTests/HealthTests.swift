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

@Suite struct `A connection that is silent` {
  private func day(_ ago: Double) -> Timestamp { now - .milliseconds(Int64((ago * 86_400_000).rounded())) }

  private func silent(news: [Double], read: Double?, linked: Double = 900) -> Timestamp? {
    Staleness.silentSince(news: news.map(day), lastSuccess: read.map(day), linked: day(linked), now: now)
  }

  @Test func `is measured by its own habit`() {
    let busy = [5.9, 7, 8, 9, 10]
    #expect(silent(news: busy, read: 0.1) == nil, "a long weekend")
    #expect(silent(news: busy.map { $0 + 0.2 }, read: 0.1) == day(6.1))
    // Rent comes once a month: one that is late is no silence, one that stays away is.
    let monthly: [Double] = [40, 70, 101, 131]
    #expect(silent(news: monthly, read: 0.1) == nil)
    #expect(silent(news: monthly.map { $0 + 81 }, read: 0.1) == day(121))
    // One holiday does not make a habit.
    #expect(silent(news: [7, 8, 60, 61, 62], read: 0.1) == day(7))
    // Without a habit yet, a month.
    #expect(silent(news: [29, 30], read: 0.1) == nil && silent(news: [31, 32], read: 0.1) == day(31))
    #expect(silent(news: [], read: 0.1, linked: 29) == nil && silent(news: [], read: 0.1, linked: 31) == day(31))
  }

  @Test func `is told when it was not read for two days, or never`() {
    #expect(silent(news: [0.5], read: 1.9) == nil && silent(news: [0.5], read: 2.1) == day(2.1))
    #expect(silent(news: [], read: nil, linked: 1.9) == nil && silent(news: [], read: nil, linked: 2.1) == day(2.1))
  }
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
