package import Basics

/// A value as every database we speak to understands it.
package enum DatabaseValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
  /// An identity's 128 bits, high half first: `uuid` in PostgreSQL, 16 bytes in SQLite, which gives them back as a blob.
  case identity(UInt64, UInt64)
}

/// A type that can be stored in a column and read back.
package protocol DatabaseConvertible: Sendable {
  var databaseValue: DatabaseValue { get }
  init?(databaseValue: DatabaseValue)
  /// Reads a column without boxing it, where a type knows how; else by way of ``DatabaseValue``.
  ///
  /// Throws where it could give nil: to make an optional of a type that is only known at run time takes as long as to
  /// read a number.
  static func read(_ column: Column) throws(NotHeld) -> Self
}
extension DatabaseConvertible {
  package static func read(_ column: Column) throws(NotHeld) -> Self {
    try NotHeld.unwrap(Self(databaseValue: column.value))
  }
}

/// A column holds another kind of value.
package struct NotHeld: Error {
  /// - Throws: For nil.
  package static func unwrap<Value>(_ value: Value?) throws(NotHeld) -> Value {
    guard let value else { throw NotHeld() }
    return value
  }
}

extension Int64: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(self) }
  package init?(databaseValue: DatabaseValue) {
    switch databaseValue {
    case .integer(let value): self = value
    case .text(let text): guard let value = Int64(text) else { return nil }; self = value
    default: return nil
    }
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self {
    if let value = column.integer { return value }
    return try NotHeld.unwrap(Int64(databaseValue: column.value))
  }
}
extension Int: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(Int64(self)) }
  package init?(databaseValue: DatabaseValue) {
    guard let value = Int64(databaseValue: databaseValue) else { return nil }
    self.init(exactly: value)
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self {
    try NotHeld.unwrap(Int(exactly: try Int64.read(column)))
  }
}
extension String: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .text(self) }
  package init?(databaseValue: DatabaseValue) {
    guard case .text(let text) = databaseValue else { return nil }
    self = text
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self { try NotHeld.unwrap(column.text) }
}
extension Bool: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(self ? 1 : 0) }
  package init?(databaseValue: DatabaseValue) {
    switch databaseValue {
    case .integer(0), .text("f"): self = false
    case .integer(1), .text("t"): self = true
    default: return nil
    }
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self {
    switch column.integer {
    case 0: false
    case 1: true
    default: try NotHeld.unwrap(Bool(databaseValue: column.value))
    }
  }
}
extension Optional: DatabaseConvertible where Wrapped: DatabaseConvertible {
  package var databaseValue: DatabaseValue { self?.databaseValue ?? .null }
  package init?(databaseValue: DatabaseValue) {
    if case .null = databaseValue { self = nil; return }
    guard let wrapped = Wrapped(databaseValue: databaseValue) else { return nil }
    self = wrapped
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self {
    if column.isNull { return nil }
    return try Wrapped.read(column)
  }
}

extension Array: DatabaseConvertible where Element == UInt8 {
  package var databaseValue: DatabaseValue { .blob(self) }
  package init?(databaseValue: DatabaseValue) {
    guard case .blob(let bytes) = databaseValue else { return nil }
    self = bytes
  }
}
/// Identities are 16 bytes, big-endian, so that byte order is age order.
extension ID: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .identity(UInt64(bits >> 64), UInt64(truncatingIfNeeded: bits)) }
  package init?(databaseValue: DatabaseValue) {
    switch databaseValue {
    case .blob(let bytes): self.init(bytes: bytes)
    case .identity(let high, let low): self.init(bits: UInt128(high) << 64 | UInt128(low))
    default: return nil
    }
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self {
    guard let bits = column.identity else { throw NotHeld() }
    return ID(bits: bits)
  }
}
extension Timestamp: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(milliseconds) }
  package init?(databaseValue: DatabaseValue) {
    guard let value = Int64(databaseValue: databaseValue) else { return nil }
    self.init(milliseconds: value)
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self {
    Timestamp(milliseconds: try Int64.read(column))
  }
}
