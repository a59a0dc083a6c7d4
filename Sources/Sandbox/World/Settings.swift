package import Basics
package import Finance

/// What a sandbox world is told at its beginning.
package struct Settings: Sendable {
  /// Which limits on the number of calls hold.
  package enum RateLimits: String, Sendable { case off, sandbox, production }

  package var clientID: String
  package var secret: Secret<String>
  package var seed: UInt64
  /// The day the world begins; histories reach back two years and a month from here.
  package var startedOn: CalendarDate
  /// From linking to the last thirty days being there, and to all of it.
  package var initialDelay: Duration
  package var historicalDelay: Duration
  /// Whether testers may provoke faults, by header and by control call.
  package var isControllable: Bool
  package var rateLimits: RateLimits
  /// Where the pages of Link are found, without a slash at the end.
  package var linkBase: String

  package init(
    clientID: String, secret: Secret<String>, seed: UInt64, startedOn: CalendarDate,
    initialDelay: Duration = .seconds(1), historicalDelay: Duration = .seconds(2), isControllable: Bool = false,
    rateLimits: RateLimits = .off, linkBase: String = "http://127.0.0.1"
  ) {
    self.clientID = clientID
    self.secret = secret
    self.seed = seed
    self.startedOn = startedOn
    self.initialDelay = initialDelay
    self.historicalDelay = historicalDelay
    self.isControllable = isControllable
    self.rateLimits = rateLimits
    self.linkBase = linkBase
  }
}
