import API
import Basics
import Databases
import Finance
import Store
import Sync
import Testing

@testable import App

@Suite struct `A full disk` {
  private let dwelling = Dwelling()

  private func number(_ home: Home, _ question: SQL) async throws -> Int {
    try await home.database.read { try $0.first(question) { try $0(0, as: Int.self) } ?? 0 }
  }

  /// The database file may not grow beyond so many pages: what SQLite then says is what it says of a full disk.
  private func bound(_ home: Home, pages: Int) async throws {
    try await home.database.write { session in
      _ = try session.query(SQL(stringLiteral: "PRAGMA max_page_count = \(pages)")) { try $0(0, as: Int.self) }
    }
  }

  /// What was held when there was no room even to let it go; time would free it as well.
  private func letGo(_ home: Home) async throws {
    let user = home.scope.user
    try await home.database.write { session in
      for (household, lease) in try Connections.leases(session) {
        try Connections.release(lease, Scope(household: household, user: user), session)
      }
    }
  }

  @Test func `ends a sync anywhere, leaves nothing half done, and is forgotten once there is room`() async throws {
    let home = try await dwelling.home()
    try await Bank.with(home, isPrompt: true) { bank in
      let id = try await bank.banks.linkSandbox(institution: "ins_109508").id
      // Transactions come whole or not at all; holdings may still be missing when they are there.
      var (room, seen) = (3, [Int]())
      while true {
        try await bound(home, pages: number(home, "PRAGMA page_count") + room)
        do {
          guard case .applied = try await bank.banks.sync(id) else {
            Issue.record("the sync was not applied")
            return
          }
          break
        } catch BanksError.storage(.full) {
          try await bound(home, pages: 1 << 30)
          seen.append(try await number(home, "SELECT count(*) FROM bank_transaction WHERE is_gone = 0"))
          #expect(try await home.database.read { try Integrity.damage($0) }.isEmpty)
          try await letGo(home)
          room += 40
        }
      }
      let rows = try await number(home, "SELECT count(*) FROM bank_transaction WHERE is_gone = 0")
      #expect(rows > 1_000)
      #expect(seen.count >= 3 && seen.allSatisfy { $0 == 0 || $0 == rows }, "\(seen)")
      try await bound(home, pages: 1 << 30)
      #expect(try await home.database.read { try Integrity.orphans($0) }.isEmpty)
      // A full reading finds nothing that is missing.
      guard case .applied(let counts) = try await bank.banks.sync(id, isFull: true) else {
        Issue.record("the full reading was not applied")
        return
      }
      #expect(counts.added == 0 && counts.removed == 0)
    }
  }
}
