import Basics
import Crypto
import Databases
import Finance
import Glibc
import Store
import Testing

@testable import App

@Suite struct `A home` {
  private let dwelling = Dwelling()
  private var data: String { dwelling.data }
  private static let key = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
  private static let other = "AQECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="

  @Test func `is made private on the first start, and found again on the next`() async throws {
    let first = try await dwelling.home(["MAGPIE_DATA_DIR": data + "/deep"])
    let names = ["", "/magpie.db", "/magpie.db-wal", "/magpie.db-shm", "/encryption.key", "/api.token"]
    for name in names {
      #expect(Folder.mode(data + "/deep" + name) == (name.isEmpty ? 0o700 : 0o600), "\(name)")
    }
    let second = try await dwelling.home(["MAGPIE_DATA_DIR": data + "/deep/"])
    #expect(second.scope == first.scope)
    #expect(second.apiToken == first.apiToken && first.apiToken.reveal.utf8.count >= 43)
    let (one, two) = (try first.keys.ring().current.id, try second.keys.ring().current.id)
    #expect(one == two)
  }

  @Test func `is made once when many start at the same moment`() async throws {
    let settings = try Configuration(["MAGPIE_DATA_DIR": data])
    let homes = try await withThrowingTaskGroup(of: Home.self) { group in
      for _ in 0..<6 { group.addTask { try await Home.open(settings) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(homes.map(\.scope)).count == 1)
    #expect(Set(homes.map(\.apiToken)).count == 1)
    #expect(Set(try homes.map { try $0.keys.ring().current.id }).count == 1)
  }

  @Test func `takes its time zone from the settings`() async throws {
    for zone in ["Europe/Berlin", "America/New_York"] {
      let home = try await dwelling.home(["MAGPIE_TIME_ZONE": zone])
      #expect(try await home.database.read { try Households.timeZone(home.scope, $0) } == zone)
    }
  }

  @Test func `never makes a new key while something is sealed`() async throws {
    do { try await dwelling.home().keepToken() }
    unlink(data + "/encryption.key")
    let told = try #require(await dwelling.failure())
    #expect(told.code == .attention && told.description.hasPrefix("1 bank token needs the key "), "\(told)")
    #expect(Folder.mode(data + "/encryption.key") == nil, "a new key would hide the loss")
    // Another key in the environment does not help either, and is no reason to write one.
    #expect(await dwelling.failure(["MAGPIE_ENCRYPTION_KEY": Self.key])?.code == .attention)
    #expect(Folder.mode(data + "/encryption.key") == nil)
  }

  @Test func `opens what a key of the environment sealed with that key alone`() async throws {
    do { try await dwelling.home(["MAGPIE_ENCRYPTION_KEY": Self.key]).keepToken() }
    #expect(Folder.mode(data + "/encryption.key") == nil)
    #expect(await dwelling.failure()?.code == .attention)
    #expect(await dwelling.failure(["MAGPIE_ENCRYPTION_KEY": Self.other])?.code == .attention)
    #expect(await dwelling.failure(["MAGPIE_ENCRYPTION_KEY": Self.key]) == nil)
    let both = ["MAGPIE_ENCRYPTION_KEY": Self.other, "MAGPIE_ENCRYPTION_KEY_PREVIOUS": Self.key]
    #expect(await dwelling.failure(both) == nil)
    let half = try #require(await dwelling.failure(["MAGPIE_ENCRYPTION_KEY_PREVIOUS": Self.key]))
    #expect(half.description.contains("without MAGPIE_ENCRYPTION_KEY"))
  }

  @Test func `refuses a key or token that others may have read`() async throws {
    _ = try await dwelling.home()
    for name in ["/encryption.key", "/api.token"] {
      chmod(data + name, 0o640)
      let told = try #require(await dwelling.failure())
      #expect(told.code == .attention && told.description.contains("chmod 600 '\(data)\(name)'"))
      chmod(data + name, 0o600)
    }
    #expect(await dwelling.failure() == nil)
  }

  @Test(arguments: ["", "# nothing\n", "AAAA\n", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=\nhunter2\n"])
  func `refuses a file that holds something else than keys`(text: String) async throws {
    _ = try await dwelling.home()
    Folder.put(text, data + "/encryption.key")
    let told = try #require(await dwelling.failure())
    #expect(told.code == .attention && told.description.contains("holds no key"))
    #expect(!told.description.contains("hunter2"))
    #expect(Folder.text(data + "/encryption.key") == text)
  }

  @Test func `narrows a database that was put back with a wide mode`() async throws {
    do { _ = try await dwelling.home() }
    chmod(data + "/magpie.db", 0o644)
    _ = try await dwelling.home()
    #expect(Folder.mode(data + "/magpie.db") == 0o600)
  }

  @Test func `refuses a folder that others may write to, and leaves its mode alone`() async throws {
    mkdir(data, 0o700)
    chmod(data, 0o777)
    #expect(await dwelling.failure()?.description.contains("others may write") == true)
    #expect(Folder.mode(data) == 0o777 && Folder.mode(data + "/magpie.db") == nil)
    chmod(data, 0o755)
    #expect(await dwelling.failure() == nil)
    #expect(Folder.mode(data) == 0o755)
  }

  @Test func `says what to do with a database that is newer, damaged or no file`() async throws {
    do {
      let home = try await dwelling.home()
      try await home.database.write { session in
        try session.execute(
          "INSERT INTO schema_migration (version, name, checksum, applied_at) VALUES (9999, 'later', '', 0)")
      }
    }
    let newer = try #require(await dwelling.failure())
    #expect(newer.code == .attention && newer.description.contains("newer Magpie (tables 9999"))
    for name in ["", "-wal", "-shm"] { unlink(data + "/magpie.db" + name) }
    Folder.put(String(repeating: "no database at all ", count: 100), data + "/magpie.db")
    let damaged = try #require(await dwelling.failure())
    #expect(damaged.code == .attention && damaged.description.contains("damaged or no database"))
    unlink(data + "/magpie.db")
    mkdir(data + "/magpie.db", 0o700)
    #expect(await dwelling.failure()?.description.contains("is not a file") == true)
    for told in [newer, damaged] { #expect(!told.description.contains("\n")) }
  }
}
