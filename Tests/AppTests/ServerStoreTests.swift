import Basics
import Databases
import Store
import Testing
import Workshop

@testable import App

/// A whole installation whose rows are on a PostgreSQL server.
@Suite(.enabled(if: TestDatabase.server != nil, "\(TestDatabase.missing)"))
struct `A home on a server` {
  private let dwelling = Dwelling()

  private func settings() throws -> [String: String] {
    ["DATABASE_URL": try TestDatabase.settings().address.reveal]
  }

  @Test func `is made once when many start at the same moment, and found again`() async throws {
    let settings = try settings()
    let homes = try await withThrowingTaskGroup(of: Home.self) { group in
      for _ in 0..<4 { group.addTask { try await dwelling.home(settings) } }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(Set(homes.map(\.scope)).count == 1)
    #expect(try await dwelling.home(settings).scope == homes[0].scope)
    #expect(Folder.mode(dwelling.data + "/magpie.db") == nil, "rows are on the server, and nowhere else")
    #expect(Folder.mode(dwelling.data + "/encryption.key") == 0o600, "the key stays here")
  }

  @Test func `is examined by the doctor, who names the server`() async throws {
    let settings = try settings()
    _ = try await dwelling.home(settings)
    let environment = settings.merging(["MAGPIE_DATA_DIR": dwelling.data]) { given, _ in given }
    let found = await Inside(configuration: try Configuration(environment), world: .live).examine()
    let database = try #require(found.first { $0.subject == "database" })
    #expect(database.state == .ok && "\(database)".contains("postgres:///postgres answers"), "\(database)")
    #expect(found.allSatisfy { $0.state == .ok }, "\(found)")
  }

  @Test func `says so when the server is not there, and keeps its password to itself`() async throws {
    let told = try #require(
      await dwelling.failure(["DATABASE_URL": "postgres://me:hunter2@127.0.0.1:1/money?connect_timeout=1"]))
    #expect(told.code == .later)
    #expect(told.description.hasPrefix("postgres://127.0.0.1:1/money cannot be used"), "\(told)")
    #expect(!told.description.contains("hunter2"))
  }
}
