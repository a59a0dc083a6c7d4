import Basics
import Crypto
import Databases
import Glibc
import JSON
import Store
import Testing

@testable import App

@Suite struct `Changing the key` {
  private struct Killed: Error {}

  private let dwelling = Dwelling()
  private static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
  private static let other = "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

  private func rotation(
    _ home: Home, afterStep: @escaping @Sendable (KeyRotation.Step) async throws -> Void = { _ in }
  ) -> KeyRotation {
    KeyRotation(database: home.database, keys: home.keys, directory: home.directory, afterStep: afterStep)
  }

  private var keysInFile: Int {
    (Folder.text(dwelling.keyFile) ?? "").split(separator: "\n").count { !$0.hasPrefix("#") }
  }

  @Test func `seals every token anew and forgets the old key`() async throws {
    let home = try await dwelling.home()
    for _ in 0..<120 { try await home.keepToken() }
    let before = try home.keys.ring().current.id
    let old = try #require(Folder.text(dwelling.keyFile))
    let report = try await rotation(home).run()
    #expect(report.sealed == 120 && report.current != before && !report.wasResumed)
    #expect(keysInFile == 1 && Folder.mode(dwelling.keyFile) == 0o600)
    #expect(try await home.tokensOpened() == 120)
    #expect(try await dwelling.home().tokensOpened() == 120)
    // What was sealed before stays shut under the new key, and the new under the old.
    Folder.put(old, dwelling.keyFile)
    #expect(await dwelling.failure()?.code == .attention)
  }

  @Test(arguments: KeyRotation.Step.allCases)
  func `loses nothing when it is killed, and is finished by the next`(step: KeyRotation.Step) async throws {
    let home = try await dwelling.home()
    for _ in 0..<60 { try await home.keepToken() }
    let killed = rotation(home) { if $0 == step { throw Killed() } }
    await #expect(throws: Killed.self) { try await killed.run() }
    // The next start, in another process, finds everything.
    let next = try await dwelling.home()
    #expect(try await next.tokensOpened() == 60)
    try await next.keepToken()
    let report = try await rotation(next).run()
    #expect(report.wasResumed == [.keyAdded, .batchSealed, .allSealed].contains(step))
    #expect(keysInFile == 1)
    #expect(try await dwelling.home().tokensOpened() == 61)
    // The process that saw the first attempt follows as well.
    #expect(try await home.tokensOpened() == 61)
  }

  @Test func `finds every token while another process links and syncs`() async throws {
    let home = try await dwelling.home()
    for _ in 0..<60 { try await home.keepToken() }
    let server = try await dwelling.home()
    let expected = Locked(60)
    let report = try await rotation(home) { _ in
      try await server.keepToken()
      let count = expected.withLock { count in
        count += 1
        return count
      }
      #expect(try await server.tokensOpened() == count)
    }.run()
    #expect(keysInFile == 1)
    let last = try await dwelling.home()
    #expect(try await last.tokensOpened() == expected.withLock { $0 })
    let ring = try last.keys.ring()
    #expect(ring.current.id == report.current)
    let boxes = try await last.database.read { try SealedTokens.all($0).map(\.box) }
    #expect(boxes.allSatisfy { !ring.isOutdated($0) })
  }

  @Test func `goes on among others who do nothing but link`() async throws {
    let home = try await dwelling.home()
    for _ in 0..<30 { try await home.keepToken() }
    let servers = [try await dwelling.home(), try await dwelling.home()]
    try await withThrowingTaskGroup(of: Void.self) { group in
      for server in servers {
        group.addTask { for _ in 0..<40 { try await server.keepToken() } }
      }
      group.addTask { for _ in 0..<5 { _ = try await rotation(home).run() } }
      try await group.waitForAll()
    }
    #expect(keysInFile == 1)
    #expect(try await dwelling.home().tokensOpened() == 110)
  }

  @Test func `is refused to a second one at the same time`() async throws {
    let home = try await dwelling.home()
    let second = rotation(try await dwelling.home())
    _ = try await rotation(home) { step in
      guard step == .keyAdded else { return }
      let failure = await #expect(throws: Failure.self) { try await second.run() }
      #expect(failure?.code == .later)
    }.run()
  }

  @Test func `changes nothing when a token cannot be opened`() async throws {
    let home = try await dwelling.home()
    let id = try await home.keepToken()
    try await home.database.write { session in
      let token = try #require(try SealedTokens.all(session).first)
      var box = token.box
      box[box.count - 1] ^= 1
      try SealedTokens.replace(token, with: box, session)
    }
    let before = Folder.text(dwelling.keyFile)
    let outcome = await dwelling.run("keys rotate")
    #expect(outcome.code == 3 && outcome.complaints.contains("\(id)"))
    #expect(outcome.complaints.contains("nothing was changed"))
    #expect(Folder.text(dwelling.keyFile) == before)
  }

  @Test func `works through the command, and says what is in force`() async throws {
    try await dwelling.home().keepToken()
    let shown = await dwelling.run("keys")
    #expect(shown.code == 0 && shown.output.contains("Sealed tokens:    1"))
    let rotated = await dwelling.run("keys rotate")
    #expect(rotated.code == 0 && rotated.output.contains("1 bank token sealed anew"), "\(rotated)")
    let json = try JSONValue.parse(await dwelling.run("keys --json").output)
    #expect(json["tokens"]?.int == 1 && json["tokens_under_older_keys"]?.int == 0)
    let id = try #require(json["key"]?.string)
    #expect(rotated.output.contains(id) && !shown.output.contains(id))
  }

  @Test func `of the environment takes the new key and the one before`() async throws {
    let one = ["MAGPIE_ENCRYPTION_KEY": Self.key]
    try await dwelling.home(one).keepToken()
    let alone = await dwelling.run("keys rotate", one)
    #expect(alone.code == 3 && alone.complaints.contains("MAGPIE_ENCRYPTION_KEY_PREVIOUS"))
    let both = ["MAGPIE_ENCRYPTION_KEY": Self.other, "MAGPIE_ENCRYPTION_KEY_PREVIOUS": Self.key]
    #expect(await dwelling.run("keys", both).output.contains("Under older keys: 1"))
    let rotated = await dwelling.run("keys rotate", both)
    #expect(rotated.code == 0 && rotated.output.contains("PREVIOUS is not needed any more"), "\(rotated)")
    #expect(try await dwelling.home(["MAGPIE_ENCRYPTION_KEY": Self.other]).tokensOpened() == 1)
    #expect(await dwelling.failure(one)?.code == .attention)
    #expect(Folder.mode(dwelling.keyFile) == nil)
  }

  @Test func `moves from the file to the environment`() async throws {
    try await dwelling.home().keepToken()
    let environment = ["MAGPIE_ENCRYPTION_KEY": Self.key]
    let rotated = await dwelling.run("keys rotate", environment)
    #expect(rotated.code == 0 && rotated.output.contains("encryption.key is not needed any more"), "\(rotated)")
    unlink(dwelling.keyFile)
    #expect(try await dwelling.home(environment).tokensOpened() == 1)
  }

  @Test func `begins with a key that can be used`() async throws {
    let key = await dwelling.run("keys new").output.filter { !$0.isWhitespace }
    #expect(await dwelling.failure(["MAGPIE_ENCRYPTION_KEY": key]) == nil)
    #expect(await dwelling.run("keys turn").code == 2)
  }
}
