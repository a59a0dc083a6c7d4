/// Writes JSON into bytes, piece by piece: answers with many rows are written without building a ``JSONValue`` first.
///
/// The caller keeps brackets in balance and gives each member a key; what it writes is escaped and separated here.
package struct JSONWriter: Sendable {
  package private(set) var bytes: [UInt8] = []
  private let indent: Int?
  private var depth = 0
  private var needsComma = false
  private var followsKey = false

  /// - Parameter indent: Spaces for each level, one member on a line; `nil` writes no white space at all.
  package init(indent: Int? = nil, reserving capacity: Int = 0) {
    self.indent = indent
    bytes.reserveCapacity(capacity)
  }

  package mutating func beginObject() { open(UInt8(ascii: "{")) }
  package mutating func endObject() { close(UInt8(ascii: "}")) }
  package mutating func beginArray() { open(UInt8(ascii: "[")) }
  package mutating func endArray() { close(UInt8(ascii: "]")) }

  package mutating func key(_ key: String) {
    separate()
    quote(key)
    bytes.append(UInt8(ascii: ":"))
    if indent != nil { bytes.append(UInt8(ascii: " ")) }
    followsKey = true
  }

  package mutating func null() { token("null") }
  package mutating func bool(_ value: Bool) { token(value ? "true" : "false") }
  package mutating func int(_ value: some BinaryInteger) { token(String(value)) }

  package mutating func string(_ value: String) {
    separate()
    quote(value)
    needsComma = true
  }

  /// - Parameter text: Traps unless it is a number of the JSON grammar: anything else would be written as something
  ///   the caller did not mean.
  package mutating func number(_ text: String) {
    precondition(NumberGrammar.matches(text), "not a JSON number")
    token(text)
  }

  /// The node as its source wrote it.
  package mutating func raw(_ node: JSONNode) {
    separate()
    unsafe bytes.append(contentsOf: node.source)
    needsComma = true
  }

  package mutating func value(_ value: JSONValue) {
    switch value {
    case .null: null()
    case .bool(let value): bool(value)
    case .number(let text): number(text)
    case .string(let text): string(text)
    case .array(let elements):
      beginArray()
      for element in elements { self.value(element) }
      endArray()
    case .object(let members):
      beginObject()
      for member in members {
        key(member.key)
        self.value(member.value)
      }
      endObject()
    }
  }

  private mutating func open(_ bracket: UInt8) {
    separate()
    bytes.append(bracket)
    depth += 1
    needsComma = false
  }

  private mutating func close(_ bracket: UInt8) {
    depth -= 1
    // An empty container stays on its line.
    if needsComma { breakLine() }
    bytes.append(bracket)
    needsComma = true
  }

  private mutating func token(_ text: String) {
    separate()
    bytes.append(contentsOf: text.utf8)
    needsComma = true
  }

  /// What stands between two values: nothing after a key, else a comma and a new line as the place demands.
  private mutating func separate() {
    if followsKey {
      followsKey = false
      return
    }
    if needsComma { bytes.append(UInt8(ascii: ",")) }
    if depth > 0 { breakLine() }
    needsComma = false
  }

  private mutating func breakLine() {
    guard let indent else { return }
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: indent * depth))
  }

  private mutating func quote(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    let isQuoted: Void? = unsafe text.utf8.withContiguousStorageIfAvailable { unsafe escape($0) }
    if isQuoted == nil { unsafe Array(text.utf8).withUnsafeBufferPointer { unsafe escape($0) } }
    bytes.append(UInt8(ascii: "\""))
  }

  /// Copies what may stand as it is in runs: most strings have nothing to escape.
  private mutating func escape(_ text: UnsafeBufferPointer<UInt8>) {
    var start = 0
    for index in text.indices where unsafe Self.needsEscape(text[index]) {
      unsafe bytes.append(contentsOf: text[start..<index])
      start = index + 1
      switch unsafe text[index] {
      case UInt8(ascii: "\""): bytes.append(contentsOf: #"\""#.utf8)
      case UInt8(ascii: "\\"): bytes.append(contentsOf: #"\\"#.utf8)
      case 0x08: bytes.append(contentsOf: #"\b"#.utf8)
      case 0x09: bytes.append(contentsOf: #"\t"#.utf8)
      case 0x0A: bytes.append(contentsOf: #"\n"#.utf8)
      case 0x0C: bytes.append(contentsOf: #"\f"#.utf8)
      case 0x0D: bytes.append(contentsOf: #"\r"#.utf8)
      case let byte:
        bytes.append(contentsOf: byte < 0x10 ? #"\u000"#.utf8 : #"\u001"#.utf8)
        bytes.append(Self.hex[Int(byte & 15)])
      }
    }
    unsafe bytes.append(contentsOf: text[start...])
  }

  private static func needsEscape(_ byte: UInt8) -> Bool {
    byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\")
  }

  private static let hex = Array("0123456789abcdef".utf8)
}

extension JSONValue {
  /// - Parameter indent: Spaces for each level; `nil` writes no white space at all.
  package func serialized(indent: Int? = nil) -> [UInt8] {
    var writer = JSONWriter(indent: indent)
    writer.value(self)
    return writer.bytes
  }

  /// ``serialized(indent:)`` as a string.
  package func text(indent: Int? = nil) -> String {
    String(decoding: serialized(indent: indent), as: UTF8.self)
  }
}
