package import Basics

/// Hands the arguments of a ``PreparedSQL`` to its statement, in the order of the placeholders.
///
/// Nothing is boxed on the way. One argument too few or too many makes the statement fail before it runs.
package struct Binder: ~Copyable {
  private let sink: any ArgumentSink
  private(set) var count = 0

  init(_ sink: any ArgumentSink) { self.sink = sink }

  /// The next placeholder, counted from 0.
  private mutating func next() -> Int {
    defer { count += 1 }
    return count
  }

  package mutating func null() { sink.null(at: next()) }
  package mutating func bind(_ value: Int64) { sink.integer(value, at: next()) }
  package mutating func bind(_ value: Int64?) { if let value { bind(value) } else { null() } }
  package mutating func bind(_ value: Int) { bind(Int64(value)) }
  package mutating func bind(_ value: Bool) { bind(value ? 1 as Int64 : 0) }
  package mutating func bind(_ value: Timestamp) { bind(value.milliseconds) }
  package mutating func bind(_ value: Timestamp?) { bind(value?.milliseconds) }
  package mutating func bind<Owner>(_ value: ID<Owner>) { sink.identity(value.bits, at: next()) }
  package mutating func bind(_ value: String?) { if let value { bind(value) } else { null() } }
  package mutating func bind(_ value: String) {
    let place = next()
    let isBound: Void? = unsafe value.utf8.withContiguousStorageIfAvailable { sink.text(unsafe $0.span, at: place) }
    if isBound == nil { sink.text(Array(value.utf8).span, at: place) }
  }
  /// Bytes that are known to be UTF-8, such as a part of a checked JSON text.
  package mutating func bind(utf8 bytes: Span<UInt8>) { sink.text(bytes, at: next()) }
  package mutating func bind(_ bytes: [UInt8]) { sink.blob(bytes.span, at: next()) }

  /// Anything else that can be stored.
  package mutating func bind(_ value: some DatabaseConvertible) { bind(value.databaseValue) }

  package mutating func bind(_ value: DatabaseValue) {
    switch value {
    case .null: null()
    case .integer(let value): bind(value)
    case .real(let value): sink.real(value, at: next())
    case .text(let value): bind(value)
    case .blob(let value): bind(value)
    case .identity(let high, let low): sink.identity(UInt128(high) << 64 | UInt128(low), at: next())
    }
  }
}

/// Takes arguments by place, counted from 0. What it is lent it copies: the lender may change it after the call.
protocol ArgumentSink: AnyObject {
  func null(at place: Int)
  func integer(_ value: Int64, at place: Int)
  func real(_ value: Double, at place: Int)
  func text(_ utf8: Span<UInt8>, at place: Int)
  func blob(_ bytes: Span<UInt8>, at place: Int)
  /// 16 bytes, big-endian.
  func identity(_ bits: UInt128, at place: Int)
}
