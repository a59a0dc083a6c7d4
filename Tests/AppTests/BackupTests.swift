import Basics
import Databases
import Glibc
import JSON
import Store
import Testing

@testable import App

@Suite struct `A backup` {
  private let dwelling = Dwelling()
  private var file: String { dwelling.folder.path + "/backup.db" }
  private var passphrase: String { dwelling.folder.path + "/passphrase" }

  /// An installation with some rows, left by its program.
  private func lived() async throws {
    let home = try await dwelling.home()
    for _ in 0..<3 { try await home.keepToken() }
    let events = (0..<1_201).map { NewEvent(kind: "test", body: "{\"number\":\($0)}") }
    let scope = home.scope
    try await home.database.write { try Events.append(events, now: Timestamp(seconds: 9), scope, $0) }
  }

  private func change(_ path: String, _ statement: String) throws {
    _ = try SQLiteFile.change(path) { try $0.execute(SQL(stringLiteral: statement)) }
  }

  private func events(_ home: Home) async throws -> Int {
    try await Copying.sum(of: "event", in: home.database).rows
  }

  @Test func `is made while others write, holds one moment, and is for its owner alone`() async throws {
    try await lived()
    let home = try await dwelling.home()
    let (scope, isDone) = (home.scope, Locked(false))
    async let writing: Void = {
      while !isDone.withLock({ $0 }) {
        try await home.database.write { session in
          try Events.append([NewEvent(kind: "more", body: "{}")], now: Timestamp(seconds: 9), scope, session)
        }
      }
    }()
    let outcome = await dwelling.run("backup \(file) --json")
    isDone.withLock { $0 = true }
    try await writing
    #expect(outcome.code == 0, "\(outcome)")
    let told = try JSONValue.parse(outcome.output)
    #expect(Folder.mode(file) == 0o600 && told["has_keys"] == .bool(false))
    // Positions have no gaps, so the last one counts the rows: anything else would be of two moments.
    let (rows, last) = try SQLiteFile.look(at: file) { session in
      (
        try Copying.sum(of: "event", session).rows,
        try session.first("SELECT event_position FROM household") { try $0(0, as: Int.self) }
      )
    }
    #expect(rows >= 1_201 && rows == last)
    #expect(try Backups.verify(file).rows == told["rows"]?.int)
  }

  @Test func `overwrites nothing, and leaves nothing when it fails`() async throws {
    #expect(await dwelling.run("backup \(file)").complaints.contains("nothing was ever kept here"))
    try await lived()
    #expect(await dwelling.run("backup \(file)").code == 0)
    let again = await dwelling.run("backup \(file)")
    #expect(again.code == 3 && again.complaints.contains("is there already"))
    #expect(await dwelling.run("backup \(dwelling.folder.path)/no/where.db").code != 0)
    #expect(await dwelling.run("backup").code == 2)
    let named = await dwelling.run("backup \(dwelling.folder.path)/")
    #expect(named.code == 0 && named.output.contains("\(dwelling.folder.path)/magpie-2"), "\(named)")
    let server = await dwelling.run("backup \(file)2", ["DATABASE_URL": "postgres://me:hunter2@db.example/money"])
    #expect(server.code == 3 && server.complaints.contains("pg_dump") && !server.complaints.contains("hunter2"))
  }

  @Test func `can be put back, with every row and none more`() async throws {
    try await lived()
    #expect(await dwelling.run("backup \(file)").code == 0)
    let before = try Backups.verify(file)
    try await dwelling.home().keepToken()
    let refused = await dwelling.run("restore \(file)")
    #expect(refused.code == 3 && refused.complaints.contains("--replace"), "\(refused)")
    let outcome = await dwelling.run("restore \(file) --replace")
    #expect(outcome.code == 0 && outcome.output.contains("each as in the backup"), "\(outcome)")
    #expect(Folder.mode(dwelling.data + "/magpie.db") == 0o600)
    let home = try await dwelling.home()
    for sum in before.sums { #expect(try await Copying.sum(of: sum.table, in: home.database) == sum) }
    #expect(try await home.tokensOpened() == 3)
    #expect(try Backups.verify(file) == before, "the backup itself stays as it is")
  }

  @Test func `is not put into the place of a database that is in use`() async throws {
    try await lived()
    #expect(await dwelling.run("backup \(file)").code == 0)
    let home = try await dwelling.home()
    let count = try await events(home)
    let outcome = await dwelling.run("restore \(file) --replace")
    #expect(outcome.code == 5 && outcome.complaints.contains("stop Magpie first"), "\(outcome)")
    #expect(try await events(home) == count)
  }

  @Test(arguments: [
    "UPDATE event SET body = '{}' WHERE position = 700", "DELETE FROM event WHERE position = 1",
    "DROP TABLE link_event", "UPDATE magpie_backup SET value = '1 0 0' WHERE name = 'event'",
    "DELETE FROM schema_migration WHERE version = 1", "DROP TABLE magpie_backup",
  ])
  func `that was changed is told from a whole one`(statement: String) async throws {
    try await lived()
    #expect(await dwelling.run("backup \(file)").code == 0)
    #expect(await dwelling.run("restore \(file) --verify").output.contains("is whole"))
    try change(file, statement)
    for line in ["restore \(file) --verify", "restore \(file) --replace"] {
      let outcome = await dwelling.run(line)
      #expect(outcome.code == 3, "\(outcome)")
    }
    #expect(try await events(dwelling.home()) == 1_201)
  }

  @Test func `that is damaged, cut, or no backup at all is refused`() async throws {
    try await lived()
    #expect(await dwelling.run("backup \(file)").code == 0)
    let descriptor = open(file, O_RDWR)
    let bytes = lseek(descriptor, 0, SEEK_END)
    let noise = [UInt8](repeating: 0xA5, count: 3_000)
    #expect(pwrite(descriptor, noise, noise.count, bytes / 2) == noise.count)
    #expect(await dwelling.run("restore \(file) --verify").code == 3)
    #expect(ftruncate(descriptor, bytes / 3) == 0)
    close(descriptor)
    #expect(await dwelling.run("restore \(file) --verify").code == 3)
    Folder.put("something else", passphrase)
    #expect(await dwelling.run("restore \(passphrase) --verify").code == 3)
    #expect(await dwelling.run("restore \(dwelling.data)/magpie.db --verify").complaints.contains("is no backup"))
  }

  @Test func `of a newer Magpie is left alone, one of an older is taken`() async throws {
    let old = dwelling.folder.path + "/old.db"
    Folder.put("", old)
    let few = Array(Schema.migrations.prefix(5))
    _ = try await Migrator.migrate(try SQLiteDatabase(path: old), few, now: Timestamp(seconds: 1))
    Folder.put("", file)
    #expect(try Backups.make(of: old, at: file, keys: nil, now: Timestamp(seconds: 2)).version == 5)
    let restored = await dwelling.run("restore \(file)")
    #expect(restored.code == 0, "\(restored)")
    #expect(try await Migrator.version(of: dwelling.home().database) == Schema.migrations.count)
    try change(file, "UPDATE magpie_backup SET value = '99999' WHERE name = 'version'")
    let newer = await dwelling.run("restore \(file) --verify")
    #expect(newer.code == 3 && newer.complaints.contains("newer Magpie"), "\(newer)")
  }

  @Test func `holds the keys only when asked, and then under a passphrase`() async throws {
    try await lived()
    let key = try #require(Folder.text(dwelling.keyFile)?.split(separator: "\n").last).filter { !$0.isWhitespace }
    #expect(await dwelling.run("backup \(file)").code == 0)
    Folder.put("four words of mine\n", passphrase)
    let other = file + "-2"
    #expect(await dwelling.run("backup \(other) --with-keys \(passphrase)").output.contains("under your passphrase"))
    for path in [file, other] {
      let bytes = Folder.bytes(path)
      #expect(!bytes.contains(key.utf8) && !bytes.contains("four words".utf8))
    }
    let new = Dwelling()
    #expect(await new.run("restore \(file) --with-keys \(passphrase)").complaints.contains("holds no keys"))
    Folder.put("five words of nobody\n", passphrase)
    #expect(await new.run("restore \(other) --with-keys \(passphrase)").complaints.contains("does not open"))
    Folder.put("short\n", passphrase)
    #expect(await new.run("restore \(other) --with-keys \(passphrase)").complaints.contains("16 characters"))
    Folder.put("four words of mine\n", passphrase)
    #expect(await new.run("restore \(other) --with-keys \(passphrase)").code == 0)
    #expect(try await new.home().tokensOpened() == 3 && Folder.mode(new.keyFile) == 0o600)
    let without = Dwelling()
    #expect(await without.run("restore \(file)").output.contains("3 secrets in it need a key that is not here"))
  }
}
