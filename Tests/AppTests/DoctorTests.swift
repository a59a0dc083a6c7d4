import Basics
import Databases
import Finance
import Glibc
import HTTP
import JSON
import Sandbox
import Store
import Testing

@testable import App

@Suite struct `The doctor` {
  private let dwelling = Dwelling()

  /// What it found, by subject; the code, and whether anything is wrong.
  private func examined(
    _ words: String = "", _ environment: [String: String] = [:]
  ) async throws -> (found: [String: JSONValue], code: Int32) {
    let outcome = await dwelling.run("doctor --json \(words)", environment)
    let value = try JSONValue.parse(outcome.output)
    let list = value["data"]?.elements ?? []
    #expect(value["is_well"]?.bool == (outcome.code == 0))
    #expect(list.contains { $0["state"] == "wrong" } == (outcome.code == 1))
    #expect(list.allSatisfy { $0["finding"]?.string?.isEmpty == false })
    #expect(outcome.complaints.isEmpty == (outcome.code == 0))
    return (Dictionary(list.map { ($0["subject"]?.string ?? "", $0) }, uniquingKeysWith: { $1 }), outcome.code)
  }

  @Test func `finds nothing wrong where nothing is, and makes nothing`() async throws {
    let (found, code) = try await examined()
    #expect(code == 0 && found["data"]?["state"] == "note" && found["bank"]?["state"] == "note")
    #expect(access(dwelling.data, F_OK) != 0, "looking makes no folder")
    try await dwelling.home().keepToken()
    let (whole, after) = try await examined()
    #expect(after == 0)
    for subject in ["settings", "data", "database", "keys", "totals"] { #expect(whole[subject]?["state"] == "ok") }
    let text = await dwelling.run("doctor")
    #expect(text.code == 0 && text.output.hasSuffix("Nothing is wrong.\n"))
  }

  @Test func `names every mistake in the settings`() async throws {
    let (found, code) = try await examined("", ["PLAID_SECRET": "x", "MAGPIE_PORT": "many"])
    let text = found["settings"]?["finding"]?.string ?? ""
    #expect(code == 1 && text.contains("PLAID_CLIENT_ID") && text.contains("MAGPIE_PORT"))
  }

  @Test func `sees damage, and tables of a newer program`() async throws {
    do { try await dwelling.home().keepToken() }
    let file = dwelling.data + "/magpie.db"
    do {
      let database = try SQLiteDatabase(path: file)
      try await database.write { session in
        try session.execute(
          "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (99, 'later', '', 0)")
      }
    }
    let (newer, code) = try await examined()
    #expect(code == 1 && newer["database"]?["finding"]?.string?.contains("newer Magpie") == true)

    Folder.put(String(repeating: "no database ", count: 1000), file)
    for beside in ["-wal", "-shm"] { unlink(file + beside) }
    let (damaged, again) = try await examined()
    #expect(again == 1 && damaged["database"]?["state"] == "wrong")
  }

  @Test func `sees damage within the tables`() async throws {
    do {
      let home = try await dwelling.home()
      try await home.keepToken()
      // Two tables on the same page, as after a write that went to the wrong place.
      try await home.database.write { session in
        try session.execute("PRAGMA writable_schema = ON")
        try session.execute(
          """
          UPDATE sqlite_schema SET rootpage = (SELECT rootpage FROM sqlite_schema WHERE name = 'account')
          WHERE name = 'balance_snapshot'
          """)
      }
    }
    let (found, code) = try await examined()
    #expect(code == 1 && found["database"]?["finding"]?.string?.contains("damaged") == true)
  }

  @Test func `sees a key that is gone, and a token nobody can open`() async throws {
    do { try await dwelling.home().keepToken() }
    do {
      let database = try SQLiteDatabase(path: dwelling.data + "/magpie.db")
      try await database.write { session in
        let token = try #require(try SealedTokens.all(session).first)
        var box = token.box
        box[box.count - 1] ^= 1
        try SealedTokens.replace(token, with: box, session)
      }
    }
    let (forged, code) = try await examined()
    #expect(code == 1 && forged["keys"]?["finding"]?.string == "1 of 1 bank tokens cannot be opened")
    unlink(dwelling.keyFile)
    let (gone, again) = try await examined()
    #expect(again == 1 && gone["keys"]?["finding"]?.string?.contains("put \(dwelling.keyFile) back") == true)
  }

  @Test func `sees totals that differ from the rows, and counts them anew when asked`() async throws {
    let home = try await dwelling.home()
    let scope = home.scope
    try await home.database.write { session in
      let account: ID<Account> = home.world.newID()
      try session.execute(
        """
        INSERT INTO account (household_id, id, kind, name, type, currency, origin, created_at)
        VALUES (\(scope.household), \(account), 'checking', 'A', 'depository', 'USD', 'simulated', 0)
        """)
      try session.execute(
        """
        INSERT INTO total_day (household_id, account_id, day, category, currency, flow, is_pending, amount_minor, rows)
        VALUES (\(scope.household), \(account), 20000, 'X', 'USD', 'expense', 0, -500, 1)
        """)
    }
    let (found, code) = try await examined()
    #expect(code == 1 && found["totals"]?["finding"]?.string?.hasPrefix("1 sums differ") == true)
    let (mended, after) = try await examined("--recount")
    #expect(after == 0 && mended["recount"]?["state"] == "ok" && mended["totals"]?["state"] == "ok")
  }

  @Test func `asks the bank whether it can be reached and takes the keys`() async throws {
    let sandbox = SandboxServer(
      .init(clientID: "client", secret: Secret("right"), seed: 1), http: .live(log: .silent))
    let port = try sandbox.start()
    func environment(_ secret: String, port: UInt16) -> [String: String] {
      ["PLAID_CLIENT_ID": "client", "PLAID_SECRET": secret, "PLAID_BASE_URL": "http://127.0.0.1:\(port)"]
    }
    let (well, code) = try await examined("", environment("right", port: port))
    #expect(code == 0 && well["bank"]?["state"] == "ok" && well["clock"]?["state"] == "ok")
    let (refused, second) = try await examined("", environment("wrong", port: port))
    #expect(second == 1 && refused["bank"]?["finding"]?.string?.contains("refuses the keys") == true)
    #expect(refused["bank"]?["remedy"]?.string?.contains("PLAID_SECRET") == true)
    #expect(!refused.values.contains { $0.text().contains("wrong\"") && $0["subject"] == "settings" })
    var home = environment("right", port: port)
    home["MAGPIE_PUBLIC_URL"] = "http://127.0.0.1:\(port)"
    let (elsewhere, third) = try await examined("", home)
    #expect(third == 1 && elsewhere["public URL"]?["finding"]?.string?.hasSuffix("status 404") == true)
    await sandbox.stop()
    let (gone, fourth) = try await examined("", environment("right", port: port))
    #expect(fourth == 1 && gone["bank"]?["finding"]?.string?.contains("cannot be reached") == true)
    #expect(gone["clock"]?["state"] == "unknown")
    let (forbidden, fifth) = try await examined("", ["MAGPIE_SIMULATION": "off"])
    #expect(fifth == 1 && forbidden["bank"]?["remedy"]?.string?.contains("PLAID_CLIENT_ID") == true)
  }

  @Test func `sees a simulated bank that has lost its memory`() async throws {
    do { try await dwelling.home().keepToken() }
    Folder.put("nonsense\n", dwelling.data + "/simulated-bank.journal")
    let (found, code) = try await examined()
    #expect(code == 1 && found["bank"]?["finding"]?.string?.contains("line 1") == true)
    #expect(found["bank"]?["remedy"]?.string?.contains("simulated-bank.journal") == true)
  }

  @Test func `and every other command keep a token that was typed in the wrong place to themselves`() async {
    let token = "public-production-01234567-89ab-cdef-0123-456789abcdef"
    for line in ["\(token)", "link \(token)", "link --public-tokn=\(token)", "sync \(token)", "doctor --\(token)"] {
      let outcome = await dwelling.run(line)
      #expect(outcome.code != 0 && !outcome.complaints.isEmpty)
      #expect(!(outcome.output + outcome.complaints).contains("89ab-cdef"), "\(line)")
    }
  }

  @Test func `reads the clock of another machine`() {
    #expect(HTTPDate.read("Sun, 06 Nov 1994 08:49:37 GMT")?.description == "1994-11-06T08:49:37Z")
    for text in [
      "", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET", "Sun, 06 Xxx 1994 08:49:37 GMT",
    ] {
      #expect(HTTPDate.read(text) == nil)
    }
    #expect(Outside.clock(.seconds(59), .zero).state == .ok)
    #expect(Outside.clock(.seconds(-65), .seconds(10)).state == .ok)
    #expect(Outside.clock(.seconds(120), .seconds(1)).finding == "this machine is 2 min ahead of the bank")
    #expect(Outside.clock(.seconds(-7200), .zero).finding == "this machine is 2 h behind the bank")
  }
}
