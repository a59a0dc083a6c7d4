/// A statement and its arguments, kept apart: interpolating a value binds it, and can never splice text.
///
///     let sql: SQL = "SELECT * FROM account WHERE id = \(accountID) AND balance > \(0)"
package struct SQL: ExpressibleByStringInterpolation, Sendable {
  enum Piece: Sendable {
    case text(String)
    case value(DatabaseValue)
  }
  var pieces: [Piece]

  package init(stringLiteral text: String) { pieces = [.text(text)] }
  package init(stringInterpolation: StringInterpolation) { pieces = stringInterpolation.pieces }

  package struct StringInterpolation: StringInterpolationProtocol {
    var pieces: [Piece] = []
    package init(literalCapacity: Int, interpolationCount: Int) { pieces.reserveCapacity(2 * interpolationCount + 1) }
    package mutating func appendLiteral(_ text: String) { pieces.append(.text(text)) }
    package mutating func appendInterpolation(_ value: some DatabaseConvertible) {
      pieces.append(.value(value.databaseValue))
    }
    /// A value or NULL. Its own overload: the compiler warns about optionals it thinks were interpolated by accident.
    package mutating func appendInterpolation<Value: DatabaseConvertible>(_ value: Value?) {
      pieces.append(.value(value?.databaseValue ?? .null))
    }
    /// Another fragment, with its own arguments.
    package mutating func appendInterpolation(_ sql: SQL) { pieces.append(contentsOf: sql.pieces) }
    /// A parenthesised list, for `IN` only: an empty list is written so that nothing matches, even under `NOT`.
    package mutating func appendInterpolation(list values: some Collection<some DatabaseConvertible>) {
      pieces.append(.text("("))
      for (index, value) in values.enumerated() {
        if index > 0 { pieces.append(.text(", ")) }
        pieces.append(.value(value.databaseValue))
      }
      pieces.append(.text(values.isEmpty ? "NULL)" : ")"))
    }
  }

  /// The statement text with numbered placeholders, `?1` for SQLite or `$1` for PostgreSQL, and its arguments in order.
  func rendered(placeholder: Character) -> (text: String, arguments: [DatabaseValue]) {
    var text = ""
    var arguments: [DatabaseValue] = []
    for piece in pieces {
      switch piece {
      case .text(let literal): text += literal
      case .value(let value):
        arguments.append(value)
        text += "\(placeholder)\(arguments.count)"
      }
    }
    return (text, arguments)
  }
}
