import Basics

/// A connection that reads nothing and knows whether anybody wrote: for whoever keeps what was read.
@safe final class SQLiteWatch: @unchecked Sendable {
  // @unchecked: the session is only touched under the lock.
  private let session: SQLiteSession
  private let lock = Locked(())

  init(path: String) throws(DatabaseError) {
    session = try SQLiteSession(path: path, isReader: true, cacheMegabytes: 1)
  }

  /// Changes with each commit of another connection, in this program or another
  /// (https://sqlite.org/pragma.html#pragma_data_version). Nil when it cannot be known.
  func edition() -> Int? {
    lock.withLock { _ in try? session.first("PRAGMA data_version") { try $0(0) } }
  }
}
