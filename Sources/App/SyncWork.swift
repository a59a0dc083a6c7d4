import API
import Basics
import Databases
import Finance
import JSON
import Store
import Sync

/// One bank brought up to date at a person's command, and how to tell them.
struct SyncWork: Sendable {
  /// What became of one connection.
  struct Report: Sendable {
    var connection: StoredConnection
    var outcome: SyncOutcome?
    var failure: BanksError?
    var isFull = false
    /// Rows that a full reading found gone at the bank.
    var gone: [ListedTransaction] = []

    var bank: String { SyncWork.name(of: connection) }
  }

  /// Rows listed after a full reading; the rest is counted.
  private static let goneMax = 20

  let home: Home
  let banks: Banks
  let terminal: Terminal

  init(_ home: Home, _ banks: Banks, _ terminal: Terminal) {
    self.home = home
    self.banks = banks
    self.terminal = terminal
  }

  static func name(of connection: StoredConnection) -> String {
    PlainText.clean(connection.institutionName ?? connection.institutionID ?? connection.id.description)
  }

  /// The same, once more after a while when another program is at the bank or the bank asks for a pause, as long as
  /// that takes less than `patience`.
  func sync(_ connection: StoredConnection, isFull: Bool, patience: Duration) async throws -> Report {
    let end = home.world.now() + patience
    while true {
      let report = try await sync(connection, isFull: isFull)
      let pause = report.outcome == .superseded ? Self.busyPause : report.failure?.retryAfter
      guard let pause, home.world.now() + pause <= end else { return report }
      let bar = ProgressBar(report.bank, terminal)
      bar.say("waiting")
      defer { bar.clear() }
      try await home.world.sleep(pause)
    }
  }

  /// Between two looks whether another program is done.
  private static let busyPause = Duration.seconds(2)

  /// Never throws for what goes wrong at the bank: that is in the report.
  func sync(_ connection: StoredConnection, kind: RunKind = .manual, isFull: Bool = false) async throws -> Report {
    var report = Report(connection: connection, isFull: isFull)
    let started = home.world.now()
    let bar = ProgressBar(report.bank, terminal)
    bar.say("asking the bank")
    defer { bar.clear() }
    do throws(BanksError) {
      report.outcome = try await banks.sync(
        connection.id, kind: kind, isFull: isFull, progress: { bar.show($0) })
    } catch {
      if error == .cancelled { throw error }
      report.failure = error
    }
    if isFull, case .applied = report.outcome {
      let scope = home.scope
      report.gone = try await home.database.read { session in
        try Transactions.gone(since: started, connection.id, limit: Limits.listMax, scope, session)
      }
    }
    return report
  }

  /// Syncs again and again until the bank has given all of its history, as long as that takes less than `patience`.
  func syncHistory(_ connection: StoredConnection, patience: Duration) async throws -> [Report] {
    var reports: [Report] = []
    let end = home.world.now() + patience
    while true {
      let report = try await sync(connection, kind: try await banks.connection(connection.id).nextRun)
      reports.append(report)
      let progress = try await banks.connection(connection.id).progress
      guard report.failure == nil, report.outcome != .superseded, progress != .historical, home.world.now() < end
      else { return reports }
      let bar = ProgressBar(report.bank, terminal)
      bar.say("the bank is gathering older rows")
      defer { bar.clear() }
      try await home.world.sleep(.milliseconds(300))
    }
  }

  // MARK: - Telling

  /// What a connection's runs came to, in a line; failures go to standard error by the caller.
  func tell(_ reports: [Report]) {
    guard let last = reports.last, last.failure == nil else { return }
    let counts = reports.reduce(into: RunCounts()) { sum, report in
      guard case .applied(let counts) = report.outcome else { return }
      sum.rows += counts.rows
      sum.added += counts.added
      sum.changed += counts.changed
      sum.removed += counts.removed
      sum.quarantined += counts.quarantined
      sum.oldest = [sum.oldest, counts.oldest].compactMap { $0 }.min()
    }
    switch last.outcome {
    case .superseded:
      terminal.line("\(last.bank): another program is syncing it at this moment")
    case .notReady where counts.rows == 0:
      terminal.line("\(last.bank): the bank is still gathering its data; run magpie sync in a minute")
    default:
      terminal.line("\(last.bank): \(last.isFull ? Self.fullWords(counts) : Self.words(counts))")
    }
    for row in last.gone.prefix(Self.goneMax) {
      let amount = AmountText.full(row.amount)
      let name = PlainText.cut(PlainText.clean(row.name), to: 80 - 16 - amount.utf8.count)
      terminal.line("  gone: \(row.occurredOn)  \(name)  \(amount)")
    }
    if last.gone.count > Self.goneMax { terminal.line("  and \(last.gone.count - Self.goneMax) more") }
  }

  static func words(_ counts: RunCounts) -> String {
    var parts: [String] = []
    if counts.added > 0 { parts.append("\(AmountText.count(counts.added)) new") }
    if counts.changed > 0 { parts.append("\(AmountText.count(counts.changed)) changed") }
    if counts.removed > 0 { parts.append("\(AmountText.count(counts.removed)) taken back by the bank") }
    var text = parts.isEmpty ? "nothing new" : parts.joined(separator: ", ")
    if counts.added > 0, let oldest = counts.oldest { text += ", back to \(oldest)" }
    return text + unreadable(counts)
  }

  /// A full reading touches every row, so that how many it touched says nothing.
  private static func fullWords(_ counts: RunCounts) -> String {
    var text = "\(AmountText.count(counts.rows, "row")) read anew"
    if counts.added > 0 { text += ", \(AmountText.count(counts.added)) of them new" }
    text +=
      counts.removed > 0
      ? ", \(AmountText.count(counts.removed)) taken out as the bank has them no more" : ", none gone"
    return text + unreadable(counts)
  }

  private static func unreadable(_ counts: RunCounts) -> String {
    guard counts.quarantined > 0 else { return "" }
    return
      "; \(AmountText.count(counts.quarantined, "row")) could not be read and \(counts.quarantined == 1 ? "was" : "were")"
      + " set aside"
  }

  static func json(_ report: Report) -> JSONValue {
    var value: JSONValue = [
      "connection": .string(report.connection.id.description),
      "institution": JSONValue(report.connection.institutionName),
      "simulated": .bool(report.connection.origin == Origin.simulated.rawValue),
    ]
    switch report.outcome {
    case .applied(let counts):
      value["outcome"] = "applied"
      value["counts"] = Wire.counts(counts)
    case .notReady: value["outcome"] = "not_ready"
    case .superseded: value["outcome"] = "superseded"
    case nil:
      value["outcome"] = "failed"
      value["problem"] = report.failure.map { Wire.problem($0.problem) }
    }
    if !report.gone.isEmpty {
      value["gone"] = .array(
        report.gone.map { row in
          [
            "id": .string(row.id.description), "occurred_on": .string(row.occurredOn.description),
            "name": .string(row.name), "amount": Wire.money(row.amount),
          ]
        })
    }
    return value
  }

  /// What all the failures come to, and the exit code: what needs a person stands above what passes by itself.
  static func failure(_ reports: [Report]) -> Failure? {
    var failures = reports.compactMap { report in report.failure.map { (report.bank, Fault.failure($0)) } }
    failures += reports.filter { $0.outcome == .superseded }.map { report in
      (report.bank, Failure("another program is syncing it; its result will be the same", .later))
    }
    guard let first = failures.first else { return nil }
    if failures.count == 1 { return Failure("\(first.0): \(first.1)", first.1.code) }
    let code = [ExitCode.attention, .signIn, .failed, .later].first { code in
      failures.contains { $0.1.code == code }
    }
    let lines = failures.map { "\n  \($0.0): \($0.1)" }.joined()
    return Failure("\(failures.count) of \(reports.count) banks were not synced:\(lines)", code ?? .failed)
  }
}
