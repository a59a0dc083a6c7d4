import API
import Basics
import Databases
import Finance
import Glibc
import JSON
import Plaid
import Sandbox
import Store
import Testing

@testable import App

@Suite struct `A fault at the bank` {
  struct Case: Sendable, CustomTestStringConvertible {
    var fault: String
    var endpoint = "/transactions/sync"
    var code: ExitCode
    var words: String
    var testDescription: String { fault }
  }

  private static let cases = [
    Case(fault: "error=ITEM_LOGIN_REQUIRED", code: .signIn, words: "wants you to sign in again"),
    Case(fault: "error=INVALID_ACCESS_TOKEN", code: .signIn, words: "link it again"),
    Case(fault: "error=USER_PERMISSION_REVOKED", code: .signIn, words: "link it again"),
    Case(fault: "error=INSTITUTION_DOWN", code: .later, words: "the bank is out of reach"),
    Case(fault: "error=PRODUCT_NOT_READY", code: .later, words: "still gathering"),
    Case(fault: "error=INVALID_API_KEYS", code: .attention, words: "check PLAID_CLIENT_ID, PLAID_SECRET"),
    Case(fault: "error=INVALID_FIELD", code: .failed, words: "did not understand"),
    Case(fault: "503", code: .later, words: "try again in"),
    Case(fault: "html", code: .later, words: "is not Plaid"),
    Case(fault: "cut=50", code: .later, words: "out of reach"),
  ]

  @Test func `is told in one line with an exit code of its own, and nothing is lost`() async throws {
    let bank = try TroubledBank()
    let linked = await bank.run("link --institution ins_109508 --username user_yuppie")
    try #require(linked.code == 0, "\(linked)")
    let before = try await bank.rows()
    for fault in Self.cases {
      await bank.control(
        "faults/add", ["fault": .string(fault.fault), "endpoint": .string(fault.endpoint)])
      let outcome = await bank.run("sync")
      #expect(outcome.code == fault.code.rawValue, "\(fault.fault): \(outcome)")
      #expect(outcome.complaints.hasPrefix("magpie: ") && outcome.complaints.contains(fault.words), "\(outcome)")
      #expect(outcome.complaints.split(separator: "\n").count == 1 && !outcome.complaints.contains("hunter2"))
      await bank.control("faults/remove")
      #expect(try await bank.rows() == before)
      let healed = await bank.run("sync")
      #expect(healed.code == 0 && healed.complaints.isEmpty, "after \(fault.fault): \(healed)")
    }
    await bank.server.stop()
  }

  @Test func `shows beside the connection until it is over`() async throws {
    let bank = try TroubledBank()
    _ = await bank.run("link --institution ins_109508 --username user_yuppie")
    await bank.control("faults/add", ["fault": "error=ITEM_LOGIN_REQUIRED"])
    let failed = await bank.run("sync --json")
    #expect(failed.code == ExitCode.signIn.rawValue)
    let report = try #require(try JSONValue.parse(failed.output)["data"]?.elements.first)
    #expect(report["outcome"] == "failed" && report["problem"]?["code"] == "bank.sign_in_needed")
    #expect(await bank.run("connections").output.contains("sign in again"))
    await bank.control("faults/remove")
    #expect(await bank.run("sync").code == 0)
    #expect(await bank.run("connections").output.contains("works"))
    await bank.server.stop()
  }

  @Test func `at one bank does not keep the others from being synced`() async throws {
    let bank = try TroubledBank()
    for institution in ["ins_109508", "ins_109511"] {
      let linked = await bank.run("link --institution \(institution) --username user_yuppie")
      try #require(linked.code == 0, "\(linked)")
    }
    await bank.control("faults/add", ["fault": "error=ITEM_LOGIN_REQUIRED", "institution_id": "ins_109508"])
    let outcome = await bank.run("sync")
    #expect(outcome.code == ExitCode.signIn.rawValue)
    #expect(outcome.output.contains("nothing new") && outcome.output.split(separator: "\n").count == 1, "\(outcome)")
    #expect(outcome.complaints.hasPrefix("magpie: First Platypus Bank: "))
    await bank.control("faults/add", ["fault": "error=INSTITUTION_DOWN", "institution_id": "ins_109511"])
    let both = await bank.run("sync")
    #expect(both.code == ExitCode.signIn.rawValue, "what needs a person stands above what passes")
    #expect(both.complaints.hasPrefix("magpie: 2 of 2 banks were not synced:\n"))
    await bank.server.stop()
  }

  @Test func `can be left with Ctrl-C, and the next sync need not wait`() async throws {
    let bank = try TroubledBank()
    let linked = await bank.run("link --institution ins_109508 --username user_yuppie")
    try #require(linked.code == 0, "\(linked)")
    await bank.control("faults/add", ["fault": "slow=60000", "endpoint": "/transactions/sync"])
    let (asked, sink) = AsyncStream.makeStream(of: Void.self)
    // The bar appears when the bank is about to be asked.
    let stopped = await bank.dwelling.run(
      "sync", bank.environment, isTerminal: true,
      heard: { if $0.contains("asking the bank") { sink.yield() } }, untilStop: { for await _ in asked { break } })
    #expect(stopped.code == ExitCode.later.rawValue && stopped.output.isEmpty, "\(stopped)")
    #expect(stopped.complaints.contains("stopped; nothing is lost"), "\(stopped)")
    await bank.control("faults/remove")
    let next = await bank.run("sync")
    #expect(next.code == 0 && next.output.contains("nothing new"), "\(next)")
    #expect(await bank.run("connections").output.contains("works"))
    await bank.server.stop()
  }

  @Test func `leaves no link behind when it is refused`() async throws {
    let bank = try TroubledBank()
    for (line, words) in [
      ("link --institution ins_nowhere", "no such bank"), ("link --public-token public-sandbox-x", "public token"),
    ] {
      let outcome = await bank.run(line)
      #expect(outcome.code == 1 && outcome.complaints.contains(words), "\(outcome)")
    }
    let wrong = await bank.run("link --institution ins_109508", ["PLAID_SECRET": "hunter3"])
    #expect(wrong.code == ExitCode.attention.rawValue && wrong.complaints.contains("Plaid refuses the keys"))
    #expect(!wrong.complaints.contains("hunter3"))
    let production = await bank.run("link --institution ins_109508", ["PLAID_ENV": "production"])
    #expect(production.code == ExitCode.attention.rawValue && production.complaints.contains("PLAID_ENV=sandbox"))
    let half = await bank.run("sync", ["PLAID_SECRET": ""])
    #expect(half.code == ExitCode.attention.rawValue && half.complaints.contains("PLAID_SECRET is missing"))
    #expect(await bank.run("connections --all").output.contains("No bank is linked yet"))
    await bank.server.stop()
    let gone = await bank.run("link --institution ins_109508")
    #expect(gone.code == ExitCode.later.rawValue && gone.complaints.contains("out of reach"), "\(gone)")
  }

  @Test func `keeps a token from being sent to another server`() async throws {
    let bank = try TroubledBank()
    let linked = await bank.run("link --institution ins_109508 --no-sync")
    #expect(linked.code == 0, "\(linked)")
    let elsewhere = await bank.run("sync", ["PLAID_BASE_URL": "http://127.0.0.1:1"])
    #expect(elsewhere.code == ExitCode.attention.rawValue && elsewhere.complaints.contains("was linked at http://127"))
    // Nor does an invented bank come in its place when the keys are taken away.
    let without = await bank.dwelling.run("sync")
    #expect(without.code == ExitCode.attention.rawValue && without.complaints.contains("keeps away"))
    await bank.server.stop()
  }
}

@Suite struct `A fault of this machine` {
  private let dwelling = Dwelling()

  @Test func `that fills the disk or holds the database says what to do`() async throws {
    let directory = try DataDirectory(opening: dwelling.data)
    func told(_ kind: DatabaseError.Kind) -> Failure {
      Fault.failure(DatabaseError(kind: kind, message: "no"), directory: directory)
    }
    #expect(told(.full).code == .attention && told(.full).description.contains("disk is full; nothing was changed"))
    #expect(told(.tryAgain).code == .later && told(.tryAgain).description.contains("magpie.db is locked"))
    #expect(told(.disconnected).code == .attention && told(.damaged).description.contains("put a backup in its place"))
    #expect(Failure.system("cannot write", ENOSPC).description.contains("disk is full"))
    #expect(Fault.failure(BanksError.storage(.full), directory: directory) == told(.full))
    #expect(Fault.failure(BanksError.storage(.tryAgain), directory: directory).code == .later)
    let clock = Fault.feed(.retry(FeedFault(type: "CLIENT", code: "TLS", message: "certificate is not yet valid")))
    #expect(clock.description.contains("check this machine's clock"))
  }

  @Test func `in a folder that is no folder is told by every command`() async throws {
    Folder.put("a file", dwelling.data)
    for line in ["accounts", "transactions", "connections", "sync", "keys", "link --institution ins_109508"] {
      let outcome = await dwelling.run(line)
      #expect(outcome.code == ExitCode.attention.rawValue, "\(line): \(outcome)")
      #expect(outcome.complaints == "magpie: \(dwelling.data) is not a folder: set MAGPIE_DATA_DIR to one\n")
    }
  }

  @Test func `that loses the key is told by every command`() async throws {
    try await dwelling.home().keepToken()
    unlink(dwelling.keyFile)
    for line in ["accounts", "sync", "keys rotate"] {
      let outcome = await dwelling.run(line)
      #expect(
        outcome.code == ExitCode.attention.rawValue && outcome.complaints.contains("put \(dwelling.keyFile) back"))
    }
    #expect(Folder.mode(dwelling.keyFile) == nil)
  }

  @Test func `does not keep a reader waiting while another writes`() async throws {
    let home = try await dwelling.home()
    let (started, sink) = AsyncStream.makeStream(of: Void.self)
    let gate = Locked(false)
    async let writing: Void = home.database.write { session in
      try session.execute("UPDATE household SET name = 'Busy'")
      sink.yield()
      while !gate.withLock({ $0 }) { usleep(1_000) }
    }
    for await _ in started { break }
    let outcome = await dwelling.run("accounts")
    gate.withLock { $0 = true }
    try await writing
    #expect(outcome.code == 0, "\(outcome)")
  }
}
