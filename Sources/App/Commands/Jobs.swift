import API
import Basics
import Databases
import Finance
import JSON
import Jobs
import Store

/// Work that was given up, of the whole installation: what it was and why, tried again or dropped.
struct ShowJobs: Command {
  static let name = "jobs"
  static let summary = "Show work that was given up, and try it again or drop it."
  static let words = "[retry JOB|all | drop JOB|all]"
  static let options: [Option] = [.flag("json", "as JSON, for programs")]
  static let details = """
    magpie jobs              how much waits and goes on, and what was given up and why
    magpie jobs retry all    try all of it again, each with all its tries; or name one: job_…
    magpie jobs drop job_…   forget it; a bank is read again on schedule all the same

    What is tried again is done by magpie serve or magpie worker. A sync that was given up goes from
    this list by itself when a later one succeeds.
    """

  enum Action: Sendable, Equatable {
    case show
    /// Nil: all of them.
    case retry(ID<QueuedJob>?)
    case drop(ID<QueuedJob>?)
  }

  /// So many are listed; the rest is counted.
  private static let listMax = 1_000

  let action: Action
  let isJSON: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    switch arguments.word() {
    case nil: action = .show
    case "retry": action = .retry(try Self.job(try arguments.word("the name of a job, or all,")))
    case "drop": action = .drop(try Self.job(try arguments.word("the name of a job, or all,")))
    case let word?: throw UsageError("unknown word \"\(word)\": retry or drop")
    }
    isJSON = arguments.flag("json")
  }

  private static func job(_ word: String) throws(UsageError) -> ID<QueuedJob>? {
    if word == "all" { return nil }
    guard let id = ID<QueuedJob>(word) else { throw UsageError("\"\(word)\" names no job: job_… or all") }
    return id
  }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(
      Configuration(surroundings.environment), for: action == .show ? .reading : .writing)
    switch action {
    case .show: try await show(home, surroundings.terminal)
    case .retry(let id):
      let now = home.world.now()
      let count = try await each(id, home) { try DeadLetters.retry($0, of: nil, now: now, $1) }
      tell(count, "in the queue again; magpie serve or magpie worker does it", surroundings.terminal)
    case .drop(let id):
      let count = try await each(id, home) { try DeadLetters.drop($0, of: nil, $1) }
      tell(count, "dropped", surroundings.terminal)
    }
  }

  /// - Returns: How many it was done to.
  private func each(
    _ id: ID<QueuedJob>?, _ home: Home, _ body: @escaping @Sendable (ID<QueuedJob>, any Session) throws -> Bool
  ) async throws -> Int {
    let count = try await home.database.write { session in
      let ids = try id.map { [$0] } ?? DeadLetters.list(of: nil, limit: .max, session).map(\.job.id)
      return try ids.count { try body($0, session) }
    }
    if let id, count == 0 { throw Failure("no work that was given up is called \(id); magpie jobs lists it") }
    return count
  }

  private func tell(_ count: Int, _ words: String, _ terminal: Terminal) {
    if isJSON { return terminal.json(["count": .int(count)]) }
    terminal.line(count == 0 ? "Nothing was given up." : "\(AmountText.count(count, "job")) \(words).")
  }

  private func show(_ home: Home, _ terminal: Terminal) async throws {
    let now = home.world.now()
    let (queue, letters) = try await home.database.read { session in
      (try QueueDepth.all(now: now, session), try DeadLetters.list(of: nil, limit: Self.listMax, session))
    }
    let (waiting, running, dead) = queue.reduce((0, 0, 0)) { ($0.0 + $1.waiting, $0.1 + $1.running, $0.2 + $1.dead) }
    if isJSON {
      return terminal.json([
        "waiting": .int(waiting), "running": .int(running), "dead": .int(dead),
        "data": .array(letters.map(Wire.deadJob)),
      ])
    }
    terminal.line("Waiting: \(AmountText.count(waiting)), going on: \(AmountText.count(running)).")
    guard !letters.isEmpty else { return terminal.line("Nothing was given up.") }
    var table = Table([.left, .left, .right, .left], head: ["Given up", "Work", "Tries", "At (UTC)"])
    for letter in letters {
      table.append([
        letter.job.id.description, letter.job.kind.rawValue, AmountText.count(letter.job.attempt),
        String(letter.endedAt.description.prefix(16)),
      ])
    }
    for (line, letter) in zip(table.lines, [nil] + letters.map(Optional.some)) {
      terminal.line(line)
      guard let letter else { continue }
      let words = [letter.job.subject, letter.message ?? letter.code ?? ""].filter { !$0.isEmpty }
      for word in words { terminal.line("  " + PlainText.cut(PlainText.clean(word), to: 78)) }
    }
    if dead > letters.count { terminal.line("and \(AmountText.count(dead - letters.count)) more") }
  }
}
