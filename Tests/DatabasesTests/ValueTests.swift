import Basics
import Testing

@testable import Databases

private enum Thing: Identified { static let idPrefix = "thing" }

@Suite struct `A database value` {
  private func roundTrip<Value: DatabaseConvertible>(_ value: Value) async throws -> Value? {
    let database = try SQLiteDatabase.inMemory()
    try await database.write { session in
      try session.execute("CREATE TABLE t (v)")
      try session.execute("INSERT INTO t VALUES (\(value))")
    }
    return try await database.read { try $0.first("SELECT v FROM t") { try $0(0, as: Value.self) } }
  }

  @Test(arguments: [Int64.min, -1, 0, 1, .max])
  func `comes back when it is an integer`(value: Int64) async throws {
    #expect(try await roundTrip(value) == value)
  }

  @Test(arguments: ["", "Größe 🐦", "a\0b", "\0", "'; DROP TABLE t; --", String(repeating: "x", count: 100_000)])
  func `comes back when it is text, a NUL in it or none of it included`(value: String) async throws {
    #expect(try await roundTrip(value) == value)
  }

  @Test(arguments: [[], [0], [0, 255, 0], [UInt8](repeating: 7, count: 100_000)] as [[UInt8]])
  func `comes back when it is bytes, empty ones not as NULL`(value: [UInt8]) async throws {
    #expect(try await roundTrip(value) == value)
  }

  @Test func `comes back when it is a truth, a time, an identity or nothing`() async throws {
    #expect(try await roundTrip(true) == true)
    #expect(try await roundTrip(false) == false)
    let time = Timestamp(milliseconds: -1_234_567_890_123)
    #expect(try await roundTrip(time) == time)
    let id = ID<Thing>(bits: 0x0123_4567_89ab_cdef_0011_2233_4455_6677)
    #expect(try await roundTrip(id) == id)
    #expect(try await roundTrip(String?.none) == .some(.none))
    #expect(try await roundTrip(String?.some("x")) == "x")
  }

  @Test func `comes back as it is stored, kind by kind`() async throws {
    let database = try SQLiteDatabase.inMemory()
    let values = try await database.read { session in
      try session.query("SELECT NULL, 1, 1.5, 'a', x'0102'") { row in (0..<5).map { row.source.value(at: $0) } }
    }
    #expect(values == [[.null, .integer(1), .real(1.5), .text("a"), .blob([1, 2])]])
  }

  @Test func `of the wrong kind is our own mistake, and names the column`() async throws {
    let database = try SQLiteDatabase.inMemory()
    let error = await #expect(throws: DatabaseError.self) {
      try await database.read { try $0.first("SELECT 1, 'text'") { try $0(1, as: Int.self) } }
    }
    #expect(error?.kind == .programmer)
    #expect(error?.message.contains("column 1") == true)
  }

  @Test func `keeps identities in the order of their bits`() async throws {
    let database = try SQLiteDatabase.inMemory()
    let ids = [UInt128(3) << 120, 1, 1 << 64, 255, 256].map { ID<Thing>(bits: $0) }
    let sorted = try await database.write { session in
      try session.execute("CREATE TABLE t (id BLOB PRIMARY KEY) STRICT")
      for id in ids { try session.execute("INSERT INTO t VALUES (\(id))") }
      return try session.query("SELECT id FROM t ORDER BY id") { try $0(0, as: ID<Thing>.self) }
    }
    #expect(sorted == ids.sorted())
  }
}
