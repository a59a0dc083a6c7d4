/// The types of PostgreSQL that pass between us and it, by the numbers of its catalogue (`pg_type.dat`), and how they
/// look in its binary format: big-endian, without a length.
enum PostgresType {
  typealias OID = UInt32

  static let bool: OID = 16
  static let bytes: OID = 17
  static let name: OID = 19
  static let int8: OID = 20
  static let int2: OID = 21
  static let int4: OID = 23
  static let text: OID = 25
  static let oid: OID = 26
  static let float4: OID = 700
  static let float8: OID = 701
  static let unknown: OID = 705
  static let fixedText: OID = 1042
  static let boundedText: OID = 1043
  static let numeric: OID = 1700
  static let uuid: OID = 2950

  /// A value in binary format; bytes of a type we do not know come as bytes.
  static func value(_ type: OID, _ bytes: UnsafeRawBufferPointer) -> DatabaseValue {
    if let integer = unsafe integer(type, bytes) { return .integer(integer) }
    switch type {
    case text, boundedText, fixedText, name, unknown: return unsafe .text(String(decoding: bytes, as: UTF8.self))
    case uuid:
      return unsafe identity(bytes).map { .identity(UInt64($0 >> 64), UInt64(truncatingIfNeeded: $0)) } ?? .null
    case float8: return unsafe .real(Double(bitPattern: UInt64(truncatingIfNeeded: big(bytes))))
    case float4: return unsafe .real(Double(Float(bitPattern: UInt32(truncatingIfNeeded: big(bytes)))))
    default: return unsafe .blob(Array(bytes))
    }
  }

  /// A whole number of any kind, also the sum of a column, which PostgreSQL makes a `numeric`.
  static func integer(_ type: OID, _ bytes: UnsafeRawBufferPointer) -> Int64? {
    switch type {
    case int8: return unsafe Int64(bitPattern: big(bytes))
    case int4: return unsafe Int64(Int32(truncatingIfNeeded: big(bytes)))
    case int2: return unsafe Int64(Int16(truncatingIfNeeded: big(bytes)))
    case oid: return unsafe Int64(big(bytes))
    case bool: return unsafe bytes.first == 0 ? 0 : 1
    case numeric: return unsafe wholeNumber(bytes)
    default: return nil
    }
  }

  static func identity(_ bytes: UnsafeRawBufferPointer) -> UInt128? {
    guard bytes.count == 16 else { return nil }
    return unsafe UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self))
  }

  private static func big(_ bytes: UnsafeRawBufferPointer) -> UInt64 {
    var number: UInt64 = 0
    for place in 0..<min(8, bytes.count) { number = unsafe number << 8 | UInt64(bytes[place]) }
    return number
  }

  /// `numeric`: how many digits of base 10,000, the power of the first, the sign, the scale, the digits. Nil when it is
  /// not whole or does not fit.
  private static func wholeNumber(_ bytes: UnsafeRawBufferPointer) -> Int64? {
    guard bytes.count >= 8 else { return nil }
    func word(_ index: Int) -> UInt16 { unsafe UInt16(bytes[2 * index]) << 8 | UInt16(bytes[2 * index + 1]) }
    let (count, weight, sign) = (Int(word(0)), Int(Int16(bitPattern: word(1))), word(2))
    guard bytes.count == 8 + 2 * count, sign == 0 || sign == 0x4000, count <= weight + 1, weight < 5 else { return nil }
    var number: Int64 = 0
    for place in 0..<(weight + 1) {
      let digit = place < count ? Int64(word(4 + place)) : 0
      let (shifted, isTooLarge) = number.multipliedReportingOverflow(by: 10_000)
      // Downwards, because the lowest number has no counterpart.
      let (sum, isBelow) = shifted.subtractingReportingOverflow(digit)
      guard !isTooLarge, !isBelow else { return nil }
      number = sum
    }
    if sign == 0x4000 { return number }
    return number == .min ? nil : -number
  }
}
