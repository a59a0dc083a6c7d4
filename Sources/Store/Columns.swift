package import Databases
package import Finance

/// Days are stored as their count from 1970, so that they compare and subtract as numbers.
extension CalendarDate: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .integer(Int64(days)) }
  package init?(databaseValue: DatabaseValue) {
    guard let days = Int(databaseValue: databaseValue) else { return nil }
    self.init(days: days)
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self { CalendarDate(days: try Int.read(column)) }
}

extension DecimalText: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .text(text) }
  package init?(databaseValue: DatabaseValue) {
    guard case .text(let text) = databaseValue else { return nil }
    self.init(text)
  }
}

extension Currency: DatabaseConvertible {
  package var databaseValue: DatabaseValue { .text(code) }
  package init?(databaseValue: DatabaseValue) {
    guard case .text(let code) = databaseValue else { return nil }
    self.init(stored: code)
  }
  package static func read(_ column: Column) throws(NotHeld) -> Self {
    try NotHeld.unwrap(Currency(stored: try String.read(column)))
  }
}

/// The same values on their way into a prepared statement, without a box.
extension Binder {
  package mutating func bind(_ value: CalendarDate) { bind(value.days) }
  package mutating func bind(_ value: CalendarDate?) { bind((value?.days).map { Int64($0) }) }
  package mutating func bind(_ value: DecimalText?) { bind(value?.text) }
  package mutating func bind(_ value: Currency) { bind(value.code) }
}
