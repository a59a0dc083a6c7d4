import Basics

/// What a job does, and how patient it is. The words are stored: a spelling never changes once shipped.
package enum JobKind: String, Sendable, CaseIterable {
  case initialSync = "sync.initial"
  case historicalSync = "sync.historical"
  case update = "sync.update"
  case balances
  case holdings
  case liabilities
  case recategorize
  /// A webhook that could not be placed when it came, such as one for a link that is being kept at this moment.
  case webhook
  /// One event to one outgoing webhook.
  case delivery
  case mail
  /// Puts one person's weekly mail together.
  case digest
  /// Looks whether something stands out in what came in.
  case insights
  /// Ends a connection at its provider. A forgotten one goes on being billed, so this goes on for days.
  case removal
  /// Tells the provider under which address we can be reached now.
  case webhookAddress = "webhook_address"
  /// Drops what is older than it is kept.
  case retention
  /// Deletes what somebody wanted gone, once banks have been told.
  case erasure

  /// Jobs of one lane and one subject are merged while they wait, and never run side by side.
  package var lane: String {
    switch self {
    case .initialSync, .historicalSync, .update, .balances, .holdings, .liabilities: "sync"
    default: rawValue
    }
  }

  /// Whether it asks the bank's provider: such jobs are limited, counted, and held back while the provider is down.
  package var asksProvider: Bool {
    switch self {
    case .initialSync, .historicalSync, .update, .balances, .holdings, .liabilities, .removal, .webhookAddress: true
    case .recategorize, .webhook, .delivery, .mail, .digest, .insights, .retention, .erasure: false
    }
  }

  /// What one job has to do when two that wait are made one: the wider of the two, or an update, which does all.
  package func joined(with other: JobKind) -> JobKind {
    if self == other { return self }
    let syncs: [JobKind] = [.initialSync, .historicalSync, .update]
    if let wide = syncs.first(where: { $0 == self || $0 == other }) { return wide }
    return lane == "sync" && other.lane == "sync" ? .update : self
  }

  package var policy: JobPolicy {
    switch self {
    case .initialSync, .historicalSync, .update, .balances, .holdings, .liabilities:
      JobPolicy(tries: 3, first: .seconds(300))
    case .recategorize, .retention, .digest, .insights:
      JobPolicy(tries: 5, first: .seconds(60), factor: 2, longest: .seconds(3600))
    case .webhook: JobPolicy(tries: 5, first: .seconds(5), factor: 4, longest: .seconds(600))
    // About four days, so that a receiver may fail over a weekend.
    case .delivery: JobPolicy(tries: 14, first: .seconds(5), factor: 5, longest: .seconds(12 * 3600))
    case .mail: JobPolicy(tries: 8, first: .seconds(60), factor: 3, longest: .seconds(6 * 3600))
    case .removal, .erasure: JobPolicy(tries: 40, first: .seconds(60), factor: 2, longest: .seconds(6 * 3600))
    case .webhookAddress: JobPolicy(tries: 8, first: .seconds(60), factor: 4, longest: .seconds(6 * 3600))
    }
  }
}

/// How often a job is tried, and how long it rests between two tries.
package struct JobPolicy: Sendable, Equatable {
  package var tries: Int
  package var first: Duration
  package var factor: Int
  package var longest: Duration

  package init(tries: Int, first: Duration, factor: Int = 1, longest: Duration? = nil) {
    self.tries = tries
    self.first = first
    self.factor = factor
    self.longest = longest ?? first
  }

  /// The rest after a try that failed: at least what was told, and up to a tenth more, so that jobs which failed
  /// together do not come back together.
  ///
  /// - Parameter attempt: 1 for the first.
  package func pause(attempt: Int, random: UInt64) -> Duration {
    var full = first.milliseconds
    for _ in 1..<max(1, min(attempt, 62)) {
      let (next, overflowed) = full.multipliedReportingOverflow(by: Int64(factor))
      full = overflowed ? longest.milliseconds : min(longest.milliseconds, next)
    }
    return .milliseconds(full + Int64(random % UInt64(full / 10 + 1)))
  }
}

/// Who goes first: a lower number. Stored as a number, so the order never changes once shipped.
package enum JobPriority: Int, Sendable, Comparable {
  /// A person is waiting for it.
  case person = 0
  /// Something happened at the bank.
  case event = 10
  case scheduled = 20
  case upkeep = 30

  package static func < (left: JobPriority, right: JobPriority) -> Bool { left.rawValue < right.rawValue }
}
