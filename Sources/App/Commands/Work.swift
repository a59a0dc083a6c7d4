import API
import Basics

/// A process that only works: beside servers, as many as it takes.
struct Work: Command {
  static let name = "worker"
  static let summary = "Do the work of magpie serve in a process of its own."
  static let options: [Option] = [
    .value("slots", "NUMBER", "how much is done at a time; 8 unless said otherwise"),
    .flag("verbose", "log every job and call to standard error"),
  ]
  static let details = """
    Any number of workers may run on one database. For servers that should only answer, set
    MAGPIE_WORKERS=0.
    """

  let slots: Int
  let isVerbose: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    slots = try arguments.option("slots", as: Int.self, wanted: "a number from 1 to 64") ?? 8
    guard (1...64).contains(slots) else { throw UsageError("--slots must be a number from 1 to 64") }
    isVerbose = arguments.flag("verbose")
  }

  func run(_ surroundings: Surroundings) async throws {
    let configuration = try Configuration(surroundings.environment)
    let log = Log.standardError(level: isVerbose ? .debug : .warning)
    let home = try await Home.open(configuration, log: log)
    try await Bank.with(home) { bank in
      let workforce = try Workforce(bank, home, slots: slots)
      surroundings.terminal.line("Working. Stop with Ctrl-C.")
      try await ServiceGroup(workforce.services).run(until: surroundings.untilStop)
      surroundings.terminal.line("Stopped. What was begun goes on elsewhere, or when a worker runs again.")
    }
  }
}
