import API
import Basics
import Databases
import Finance
import Insights
import Store
import Sync

/// What a person sees of the server: where it is, what the banks bring, and once the first of it is there, a summary.
final class ServeScreen: Service {
  private struct State {
    /// Those whose first sync is over, well or not.
    var seen: Set<ID<Connection>> = []
    /// The rows that were last told of, for each connection.
    var told: [ID<Connection>: Int] = [:]
    var hasSummary = false
    var names: [ID<Connection>: String] = [:]
    var address: String?
    /// The bar on the screen, and whose it is.
    var bar: (id: ID<Connection>, bar: ProgressBar)?
  }

  let name = "screen"
  private let bank: Bank
  private let home: Home
  private let terminal: Terminal
  private let state = Locked(State())
  private let events: AsyncStream<BankJobs.Event>
  private let sink: AsyncStream<BankJobs.Event>.Continuation

  init(_ bank: Bank, _ home: Home, _ terminal: Terminal) {
    self.bank = bank
    self.home = home
    self.terminal = terminal
    (events, sink) = AsyncStream.makeStream(of: BankJobs.Event.self, bufferingPolicy: .bufferingNewest(1_000))
  }

  /// Takes an event from any task. They are shown in their order.
  func show(_ event: BankJobs.Event) { sink.yield(event) }

  func run() async throws {
    for await event in events { await tell(event) }
  }

  // MARK: - Lines

  /// - Parameter setup: What makes whoever opens the first page the owner; nil when there is one, or nobody looks.
  func welcome(port: UInt16, host: String, setup: Secret<String>? = nil) {
    let address = "http://\(host.contains(":") ? "[\(host)]" : host):\(port)"
    state.withLock { $0.address = address }
    terminal.line(terminal.bold("Magpie \(Magpie.version)") + " listens on \(address)")
    if bank.isSimulated {
      terminal.paragraph(
        "The bank is simulated: every name and amount is invented. For your own banks see `magpie help plaid`.")
    }
    terminal.line("Data: \(home.directory.path)")
    if let setup {
      terminal.line("Open this page within an hour to become the owner:")
      terminal.line("  \(terminal.bold("\(home.configuration.publicURL ?? address)/welcome#\(setup.reveal)"))")
    } else {
      terminal.line("Open:  \(home.configuration.publicURL ?? address)")
    }
    showHow(address)
    terminal.line("Stop with Ctrl-C.")
    terminal.line()
  }

  private func showHow(_ address: String) {
    terminal.line("Try:  curl -H \"Authorization: Bearer $(cat '\(home.directory.apiToken)')\" \(address)/v1/accounts")
  }

  func sayNothingLinked() {
    terminal.paragraph("No bank is linked yet. Link one with `magpie link`; this server then keeps it up to date.")
  }

  func complain(_ what: String, _ error: any Error) {
    terminal.complain("magpie: \(what): \(Fault.failure(error, directory: home.directory))")
  }

  private func tell(_ event: BankJobs.Event) async {
    switch event {
    case .progress(let id, let progress):
      guard terminal.showsProgress || progress.phase == .fetching && progress.rows > 0 && isNews(progress.rows, of: id)
      else { return }
      let name = await name(of: id)
      if terminal.showsProgress { return bar(of: id, name).show(progress) }
      let reach = progress.oldest.map { ", back to \(AmountText.day($0))" } ?? ""
      terminal.line("\(name): \(Self.rows(progress.rows)) read\(reach)")
    case .done(let id, let outcome):
      endBar()
      guard case .applied(let counts) = outcome else { return }
      state.withLock { state in
        state.seen.insert(id)
        state.told[id] = nil
      }
      await tell(counts, of: id)
      await summarise()
    case .failed(let id, let error):
      endBar()
      state.withLock { _ = $0.seen.insert(id) }
      complain(await name(of: id), error)
      await summarise()
    }
  }

  private func tell(_ counts: RunCounts, of id: ID<Connection>) async {
    let changes = [(counts.added, "new"), (counts.changed, "changed"), (counts.removed, "removed")]
    let words = changes.filter { $0.0 > 0 }.map { "\(AmountText.count($0.0)) \($0.1)" }
    guard !words.isEmpty || counts.quarantined > 0 else { return }
    terminal.line("\(await name(of: id)): " + (words + odd(counts.quarantined)).joined(separator: ", "))
  }

  private func odd(_ quarantined: Int) -> [String] {
    quarantined == 0 ? [] : ["\(Self.rows(quarantined)) set aside because they could not be read"]
  }

  /// Whether more was read than when it was last told.
  private func isNews(_ rows: Int, of id: ID<Connection>) -> Bool {
    state.withLock { state in
      guard rows > state.told[id, default: 0] else { return false }
      state.told[id] = rows
      return true
    }
  }

  private static func rows(_ count: Int) -> String { count == 1 ? "1 row" : "\(AmountText.count(count)) rows" }

  /// There is room for one bar: the next connection's takes the place of the last one's.
  private func bar(of id: ID<Connection>, _ name: String) -> ProgressBar {
    if let shown = state.withLock({ $0.bar }), shown.id == id { return shown.bar }
    endBar()
    let bar = ProgressBar(name, terminal)
    state.withLock { $0.bar = (id, bar) }
    return bar
  }

  private func endBar() {
    let shown = state.withLock { state in
      defer { state.bar = nil }
      return state.bar
    }
    shown?.bar.clear()
  }

  private func name(of id: ID<Connection>) async -> String {
    if let known = state.withLock({ $0.names[id] }) { return known }
    let scope = home.scope
    let found = try? await home.database.read { try Connections.listed(id, scope, $0) }
    guard let name = found?.institutionName else { return "\(id)" }
    // A bank's text must not move the cursor.
    let plain = String(name.map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
    state.withLock { $0.names[id] = plain }
    return plain
  }

  // MARK: - The summary

  /// Sums it all up once every bank has been asked and the simulated one has given all its history.
  private func summarise() async {
    guard let seen = state.withLock({ $0.hasSummary ? nil : $0.seen }) else { return }
    let (scope, now) = (home.scope, home.world.now())
    do {
      let (connections, overview) = try await home.database.read { session in
        (
          try Connections.list(after: nil, limit: Limits.listMax, scope, session),
          try Overview.read(now: now, scope, session)
        )
      }
      let isWaiting = connections.contains { connection in
        switch connection.state {
        case .needsReauthentication, .revoked, .removing, .removed: false
        default: !seen.contains(connection.id) || bank.isSimulated && connection.progress != .historical
        }
      }
      guard !isWaiting, !overview.accounts.isEmpty else { return }
      state.withLock { $0.hasSummary = true }
      terminal.line()
      Summary(overview).show(on: terminal)
      terminal.line()
      terminal.line("Magpie keeps this up to date until it is stopped with Ctrl-C.")
      if let address = state.withLock({ $0.address }) { showHow(address) }
    } catch {
      complain("the summary cannot be made", error)
    }
  }
}
