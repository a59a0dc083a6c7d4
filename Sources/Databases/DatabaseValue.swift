package import Basics

/// A value as every database we speak to understands it.
package enum DatabaseValue: Hashable, Sendable {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)
  case blob([UInt8])
}

/// A type that can be stored in a column and read back.
package protocol DatabaseConvertible: Sendable {
  var databaseValue: DatabaseValue { get }
  init?(databaseValue: DatabaseValue)
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
}
extension Int: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(Int64(self)) }
  package init?(databaseValue: DatabaseValue) {
    guard let value = Int64(databaseValue: databaseValue) else { return nil }
    self.init(exactly: value)
  }
}
extension String: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .text(self) }
  package init?(databaseValue: DatabaseValue) {
    guard case .text(let text) = databaseValue else { return nil }
    self = text
  }
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
}
extension Optional: DatabaseConvertible where Wrapped: DatabaseConvertible {
  package var databaseValue: DatabaseValue { self?.databaseValue ?? .null }
  package init?(databaseValue: DatabaseValue) {
    if case .null = databaseValue { self = nil; return }
    guard let wrapped = Wrapped(databaseValue: databaseValue) else { return nil }
    self = wrapped
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
  package var databaseValue: DatabaseValue { .blob(bytes) }
  package init?(databaseValue: DatabaseValue) {
    guard case .blob(let bytes) = databaseValue else { return nil }
    self.init(bytes: bytes)
  }
}
extension Timestamp: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(milliseconds) }
  package init?(databaseValue: DatabaseValue) {
    guard let value = Int64(databaseValue: databaseValue) else { return nil }
    self.init(milliseconds: value)
  }
}
