package import Basics
import Databases

/// How much may go on at once, over all processes.
package struct JobLimits: Sendable, Equatable {
  /// Jobs that ask one provider.
  package var providerMax: Int
  /// Jobs that ask one bank behind it: banks are slower than providers, and quicker to refuse.
  package var institutionMax: Int

  package init(providerMax: Int = 32, institutionMax: Int = 8) {
    self.providerMax = providerMax
    self.institutionMax = institutionMax
  }
}

/// What goes on at this moment, and what more there is room for. Pure, but for being read.
package struct JobUsage: Sendable, Equatable {
  private let limits: JobLimits
  /// Those that are left alone, or tried with one job at a time.
  private let circuits: [String: Circuit.State]
  private var providers: [String: Int]
  private var institutions: [String: Int]
  /// Those for which something runs.
  private var households: Set<ID<Tenant>>

  package init(
    _ limits: JobLimits, circuits: [String: Circuit.State] = [:], providers: [String: Int] = [:],
    institutions: [String: Int] = [:], households: Set<ID<Tenant>> = []
  ) {
    self.limits = limits
    self.circuits = circuits
    self.providers = providers
    self.institutions = institutions
    self.households = households
  }

  /// - Parameter circuits: Asked with what runs, in one journey.
  init(_ limits: JobLimits, circuits: Later<[String: Circuit]>, now: Timestamp, _ session: any Session) throws {
    var providers: [String: Int] = [:]
    var institutions: [String: Int] = [:]
    var households: Set<ID<Tenant>> = []
    _ = try session.query("SELECT provider, institution, household_id FROM job WHERE state = 'running'") { row in
      if let household: ID<Tenant> = try row(2) { households.insert(household) }
      guard let provider: String = try row(0) else { return }
      providers[provider, default: 0] += 1
      if let institution: String = try row(1) { institutions[institution, default: 0] += 1 }
    }
    self.init(
      limits, circuits: try circuits.get().mapValues { $0.state(now: now) }, providers: providers,
      institutions: institutions,
      households: households)
  }

  private func roomMax(_ circuit: String, _ usual: Int) -> Int {
    switch circuits[circuit] ?? .closed {
    case .closed: usual
    case .probing: min(1, usual)
    case .open: 0
    }
  }

  private func hasRoom(provider: String) -> Bool {
    providers[provider, default: 0] < roomMax(Circuit.name(provider: provider), limits.providerMax)
  }

  private func hasRoom(institution: String) -> Bool {
    institutions[institution, default: 0] < roomMax(Circuit.name(institution: institution), limits.institutionMax)
  }

  /// Of those that are known to be in use or held back: jobs that need them need not be looked at.
  package var fullProviders: Set<String> {
    let held = circuits.keys.compactMap { Circuit.provider(of: $0) }
    return Set((Array(providers.keys) + held).filter { !hasRoom(provider: $0) })
  }

  package var fullInstitutions: Set<String> {
    let held = circuits.keys.compactMap { Circuit.institution(of: $0) }
    return Set((Array(institutions.keys) + held).filter { !hasRoom(institution: $0) })
  }

  private func hasRoom(for job: Job) -> Bool {
    if let provider = job.provider, !hasRoom(provider: provider) { return false }
    if let institution = job.institution, !hasRoom(institution: institution) { return false }
    return true
  }

  /// Takes what there is room for, in the given order, and counts it.
  ///
  /// A household for which something runs comes after those for which nothing does, unless a person waits: one with many
  /// connections keeps nobody from theirs, and what two of one household write would only be refused by the other.
  package mutating func choose(from jobs: [Job], count: Int) -> [Job] {
    var (chosen, busy) = ([Job](), [Job]())
    for job in jobs where chosen.count < count && hasRoom(for: job) {
      if job.priority > JobPriority.person.rawValue, let household = job.household, households.contains(household) {
        busy.append(job)
      } else {
        chosen.append(counted(job))
      }
    }
    for job in busy where chosen.count < count && hasRoom(for: job) { chosen.append(counted(job)) }
    return chosen
  }

  private mutating func counted(_ job: Job) -> Job {
    if let provider = job.provider { providers[provider, default: 0] += 1 }
    if let institution = job.institution { institutions[institution, default: 0] += 1 }
    if let household = job.household { households.insert(household) }
    return job
  }
}
