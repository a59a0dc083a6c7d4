import API
import Basics
import Databases
import Finance
import Glibc
import Store
import Sync
import Testing

@testable import App

@Suite struct `The bank behind the settings` {
  private let dwelling = Dwelling()

  private func choice(_ environment: [String: String], hadReal: Bool = false) -> String {
    do throws(Failure) {
      let settings = environment.merging(["MAGPIE_DATA_DIR": "/nowhere"]) { given, _ in given }
      guard let configuration = try? Configuration(settings) else { return "wrong settings" }
      switch try Bank.Choice(configuration, hadReal: hadReal) {
      case .plaid: return "plaid"
      case .simulated: return "simulated"
      }
    } catch {
      #expect(error.code == .attention)
      return error.description.contains("another MAGPIE_DATA_DIR") ? "keeps away" : "none"
    }
  }

  @Test func `is Plaid with keys, and simulated without them unless that is forbidden`() {
    let keys = ["PLAID_CLIENT_ID": "me", "PLAID_SECRET": "hunter2"]
    func with(_ simulation: String, _ more: [String: String] = [:]) -> [String: String] {
      more.merging(["MAGPIE_SIMULATION": simulation]) { $1 }
    }
    #expect(choice([:]) == "simulated" && choice(with("on")) == "simulated" && choice(with("off")) == "none")
    #expect(choice(keys) == "plaid" && choice(with("off", keys)) == "plaid")
    #expect(choice(with("on", keys)) == "simulated")
    for simulation in ["auto", "on"] {
      #expect(choice(with(simulation), hadReal: true) == "keeps away")
    }
    #expect(choice(keys, hadReal: true) == "plaid" && choice(with("on", keys), hadReal: true) == "keeps away")
  }

  @Test func `never invents money beside a link that was real once`() async throws {
    let home = try await dwelling.home()
    let id: ID<Connection> = home.world.newID()
    try await home.database.write { [scope = home.scope] session in
      try Connections.insert(
        NewConnection(id: id, origin: .plaid, environment: "production", host: "https://bank", itemID: "item"), scope,
        now: Timestamp(seconds: 0), session)
      try Connections.end(id, scope, session)
    }
    await #expect(throws: Failure.self) { try await Bank.open(home) }
  }

  @Test func `is one and the same simulated bank on every start`() async throws {
    let first = try await dwelling.home()
    let id = try await Bank.with(first) { bank in
      #expect(bank.isSimulated)
      return try await bank.banks.linkSandbox(institution: "ins_109508").id
    }
    #expect(Folder.mode(dwelling.data + "/simulated-bank.journal") == 0o600)
    let outcome = try await Bank.with(try await dwelling.home()) { try await $0.banks.sync(id) }
    guard case .applied = outcome else {
      Issue.record("the bank forgot the link: \(outcome)")
      return
    }
  }

  @Test func `does not wait for a process that was killed`() async throws {
    let home = try await dwelling.home()
    let id = try await Bank.with(home) { try await $0.banks.linkSandbox(institution: "ins_109508").id }
    func hold(_ owner: String) async throws {
      let (scope, now) = (home.scope, home.world.now())
      try await home.database.write { session in
        for (_, lease) in try Connections.leases(session) { try Connections.release(lease, scope, session) }
        _ = try Connections.takeLease(id, owner: owner, until: now + .seconds(90), now: now, scope, session)
      }
    }
    func outcome() async throws -> SyncOutcome {
      try await Bank.with(home) { try await $0.banks.sync(id) }
    }
    let alive = try #require(ProcessName.current)
    #expect(!ProcessName.hasEnded(alive))
    for owner in [alive, "another machine", "\(alive)/5"] {
      try await hold(owner)
      #expect(try await outcome() == .superseded, "\(owner)")
    }
    // The same number, begun at another time: that process has ended and its number was used again.
    let dead = alive.split(separator: "/").dropLast().joined(separator: "/") + "/1"
    #expect(ProcessName.hasEnded(dead))
    try await hold(dead)
    #expect(try await outcome() != .superseded)
  }
}
