import Basics
import Synchronization

/// An SQLite file: one writer, several readers, each on a thread of its own.
///
/// WAL with `synchronous=FULL`: what was acknowledged survives a power cut. Writers that wait together commit together.
package final class SQLiteDatabase: Database {
  private let writer: SQLiteConnection
  private let readers: [SQLiteConnection]
  /// Nil in memory, where nobody else can write and another connection would see nothing.
  private let watch: SQLiteWatch?
  private let writes = Atomic<Int>(0)
  private let next = Atomic<Int>(0)
  private let waiting = Locked<[PendingWrite]>([])

  /// - Parameter path: A file, created when missing.
  /// - Throws: ``DatabaseError`` when it cannot be opened or is no database.
  package init(path: String, readers: Int = 3, writerCacheMegabytes: Int = 48) throws(DatabaseError) {
    writer = try SQLiteConnection(path: path, isReader: false, cacheMegabytes: writerCacheMegabytes)
    var connections: [SQLiteConnection] = []
    for _ in 0..<readers {
      connections.append(try SQLiteConnection(path: path, isReader: true, cacheMegabytes: 4))
    }
    self.readers = connections
    watch = readers > 0 ? try SQLiteWatch(path: path) : nil
  }

  /// A database in memory that ends with this object. Reads take their turn with the writes.
  package static func inMemory() throws(DatabaseError) -> SQLiteDatabase {
    try SQLiteDatabase(path: ":memory:", readers: 0)
  }

  package func edition() -> Int? {
    guard let watch else { return writes.load(ordering: .sequentiallyConsistent) }
    return watch.edition()
  }

  package func read<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    guard !readers.isEmpty else { return try await writer.transaction("BEGIN", body) }
    let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
    return try await readers[Int(UInt(bitPattern: index) % UInt(readers.count))].transaction("BEGIN", body)
  }

  @discardableResult
  package func write<Value: Sendable>(
    _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    // Also after a failure: it costs those who keep something no more than a look.
    defer { writes.wrappingAdd(1, ordering: .sequentiallyConsistent) }
    return try await withCheckedThrowingContinuation { continuation in
      let write = PendingWrite(
        run: { session in
          let value = try body(session)
          return { continuation.resume(with: $0.map { value }) }
        },
        fail: { continuation.resume(throwing: $0) })
      waiting.withLock { $0.append(write) }
      Task { await writer.commitTogether(waiting) }
    }
  }
}
