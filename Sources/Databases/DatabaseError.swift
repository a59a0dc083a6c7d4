/// What went wrong in a database, by what a caller can do about it, plus the words for the log.
package struct DatabaseError: Error, Equatable, Sendable {
  package enum Kind: Equatable, Sendable {
    /// A constraint refused the row. `name` is the constraint or the columns it covers.
    case conflict(name: String)
    /// Busy, deadlock or serialization failure: the whole transaction may be tried again.
    case tryAgain
    /// The connection is gone, or the file cannot be opened or read.
    case disconnected
    /// No room left on the disk: nothing was written.
    case full
    /// The file is not a database, or damaged.
    case damaged
    /// The statement or its decoding is wrong: a mistake in this program.
    case programmer
  }
  /// The same may work in a while, though nobody changes anything about it.
  package var isPassing: Bool {
    switch kind {
    case .tryAgain, .disconnected, .full: true
    case .conflict, .damaged, .programmer: false
    }
  }

  package var kind: Kind
  package var message: String
  package var sql: String

  package init(kind: Kind, message: String, sql: String = "") {
    self.kind = kind
    self.message = message
    self.sql = sql
  }
}
