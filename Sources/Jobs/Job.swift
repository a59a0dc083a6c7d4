package import Basics

/// Whose job it is. The queue knows households by name only.
package enum Tenant: Identified {
  package static let idPrefix = "hhd"
}

/// A job to be put into the queue.
package struct NewJob: Sendable, Equatable {
  package var kind: JobKind
  /// What it is about, such as a connection's id: of each lane and subject at most one job waits.
  package var subject: String
  /// Nil for the upkeep of the whole installation.
  package var household: ID<Tenant>?
  /// What the kind needs to know besides its subject. Jobs that are merged keep the first one's.
  package var arguments: String
  package var priority: JobPriority
  /// Nil: at once.
  package var runAt: Timestamp?
  /// Who is asked, for limits and for holding back: the provider, and the bank behind it.
  package var provider: String?
  package var institution: String?

  package init(
    _ kind: JobKind, _ subject: String, household: ID<Tenant>? = nil, arguments: String = "",
    priority: JobPriority = .scheduled, runAt: Timestamp? = nil, provider: String? = nil, institution: String? = nil
  ) {
    self.kind = kind
    self.subject = subject
    self.household = household
    self.arguments = arguments
    self.priority = priority
    self.runAt = runAt
    self.provider = provider
    self.institution = institution
  }
}

/// Names jobs. A type of its own: what is queued is not what is run.
package enum QueuedJob: Identified {
  package static let idPrefix = "job"
}

/// A job as it is kept.
package struct Job: Sendable, Equatable {
  package var id: ID<QueuedJob>
  package var kind: JobKind
  package var subject: String
  package var household: ID<Tenant>?
  package var arguments: String
  package var priority: Int
  package var runAt: Timestamp
  /// The try that is under way, or was the last: 0 before the first.
  package var attempt: Int
  /// How often it was taken: whoever holds a lower number has lost it.
  package var claim: Int
  package var madeAt: Timestamp
  package var provider: String?
  package var institution: String?
  /// Whoever has taken it; nil while it waits.
  package var owner: String?
}

/// How a job went, as its handler says.
package enum JobOutcome: Sendable, Equatable {
  case done
  /// It failed and may be tried again, not before `pause` when there is one.
  case failed(JobFailure, pause: Duration? = nil)
  /// Trying again cannot help: it is set aside at once.
  case hopeless(JobFailure)
  /// Nobody's failure: it is to be looked at again after a while, and the try does not count.
  case later(Duration)
}

/// What went wrong, for people. Holds no secret.
package struct JobFailure: Sendable, Equatable {
  /// For programs, such as `bank.unreachable`.
  package var code: String
  package var message: String
  /// Whose failure it was, if it was the provider's or a bank's: enough of them in a row, and it is left alone a while.
  package var blames: Blame?

  package enum Blame: Sendable { case provider, institution }

  package init(_ code: String, _ message: String, blames: Blame? = nil) {
    self.code = code
    self.message = message
    self.blames = blames
  }
}

/// What becomes of a job after a try. Pure.
package enum JobVerdict: Sendable, Equatable {
  case done
  case again(at: Timestamp, attempt: Int)
  /// A dead letter: kept for a person to look at.
  case dead

  package static func after(
    _ outcome: JobOutcome, _ job: Job, now: Timestamp, random: UInt64
  ) -> JobVerdict {
    switch outcome {
    case .done: return .done
    case .hopeless: return .dead
    case .later(let pause): return .again(at: now + max(.milliseconds(1), pause), attempt: max(0, job.attempt - 1))
    case .failed(_, let asked):
      let policy = job.kind.policy
      guard job.attempt < policy.tries else { return .dead }
      let pause = max(policy.pause(attempt: job.attempt, random: random), asked ?? .zero)
      return .again(at: now + pause, attempt: job.attempt)
    }
  }
}
