/// The arguments of one run of a statement, in PostgreSQL's binary format. What a value is, and not what it is compared
/// with, decides its type: nothing is guessed by the server, and nothing is parsed by it.
final class PostgresArguments: ArgumentSink {
  /// By place; 0 for NULL, which goes with every type.
  private(set) var types: [PostgresType.OID] = []
  private var starts: [Int] = []
  private(set) var lengths: [CInt] = []
  private var bytes: [UInt8] = []

  var count: Int { types.count }

  /// Forgets the last run's.
  func begin() {
    types.removeAll(keepingCapacity: true)
    starts.removeAll(keepingCapacity: true)
    lengths.removeAll(keepingCapacity: true)
    bytes.removeAll(keepingCapacity: true)
  }

  func append(_ value: DatabaseValue) {
    switch value {
    case .null: null(at: count)
    case .integer(let value): integer(value, at: count)
    case .real(let value): real(value, at: count)
    case .text(let value): append(PostgresType.text) { Self.append(value.utf8, to: &$0) }
    case .blob(let value): append(PostgresType.bytes) { $0.append(contentsOf: value) }
    case .identity(let high, let low): identity(UInt128(high) << 64 | UInt128(low), at: count)
    }
  }

  func null(at place: Int) { append(0) { _ in } }

  func integer(_ value: Int64, at place: Int) { append(PostgresType.int8) { Self.append(big: value, to: &$0) } }

  func real(_ value: Double, at place: Int) {
    append(PostgresType.float8) { Self.append(big: value.bitPattern, to: &$0) }
  }

  func text(_ utf8: Span<UInt8>, at place: Int) {
    append(PostgresType.text) { bytes in
      unsafe utf8.withUnsafeBufferPointer { unsafe Self.append($0, to: &bytes) }
    }
  }

  func blob(_ span: Span<UInt8>, at place: Int) {
    append(PostgresType.bytes) { bytes in unsafe span.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) } }
  }

  func identity(_ bits: UInt128, at place: Int) { append(PostgresType.uuid) { Self.append(big: bits, to: &$0) } }

  private func append(_ type: PostgresType.OID, _ write: (inout [UInt8]) -> Void) {
    types.append(type)
    starts.append(bytes.count)
    write(&bytes)
    lengths.append(CInt(clamping: bytes.count - starts[starts.count - 1]))
    // Empty is not NULL: each value has an address within the bytes.
    bytes.append(0)
  }

  private static func append(big value: some FixedWidthInteger, to bytes: inout [UInt8]) {
    unsafe withUnsafeBytes(of: value.bigEndian) { unsafe bytes.append(contentsOf: $0) }
  }

  /// PostgreSQL's text cannot hold the character of number 0. A bank's stray one is kept as U+FFFD rather than letting it
  /// stop a whole sync.
  private static func append(_ utf8: some Collection<UInt8>, to bytes: inout [UInt8]) {
    let start = bytes.count
    bytes.append(contentsOf: utf8)
    guard bytes[start...].contains(0) else { return }
    let replaced = bytes[start...].flatMap { $0 == 0 ? [0xEF, 0xBF, 0xBD] : [$0] }
    bytes.replaceSubrange(start..., with: replaced)
  }

  /// Lends the values of some places to C, nil where one is NULL, and how long each is.
  func withPointers<Result>(
    _ places: Range<Int>, _ body: (UnsafeBufferPointer<UnsafePointer<CChar>?>, UnsafeBufferPointer<CInt>) -> Result
  ) -> Result {
    unsafe bytes.withUnsafeBytes { bytes in
      let base = unsafe bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
      let pointers: [UnsafePointer<CChar>?] = unsafe places.map { place in
        unsafe types[place] == 0 ? nil : base.map { unsafe $0 + starts[place] }
      }
      return unsafe lengths.withUnsafeBufferPointer { lengths in
        unsafe pointers.withUnsafeBufferPointer { pointers in
          unsafe body(pointers, UnsafeBufferPointer(rebasing: lengths[places]))
        }
      }
    }
  }
}
