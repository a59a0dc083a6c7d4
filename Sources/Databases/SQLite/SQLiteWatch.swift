import Basics

/// A connection that reads nothing and knows whether anybody wrote: for whoever keeps what was read.
final class SQLiteWatch: Sendable {
  private let session: Locked<SQLiteSession>

  init(path: String) throws(DatabaseError) {
    session = Locked(try SQLiteSession(path: path, isReader: true, cacheMegabytes: 1))
  }

  /// Changes with each commit of another connection, in this program or another
  /// (https://sqlite.org/pragma.html#pragma_data_version). Nil when it cannot be known.
  func edition() -> Int? {
    session.withLock { session in try? session.first("PRAGMA data_version") { try $0(0) } }
  }
}
