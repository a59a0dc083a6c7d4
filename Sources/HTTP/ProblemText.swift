/// The few members of a problem as JSON. This floor does not import `JSON`, and a problem needs only strings.
struct ProblemText {
  private var bytes: [UInt8] = [UInt8(ascii: "{")]

  mutating func member(_ name: String, _ value: String) {
    key(name)
    quote(value)
  }

  mutating func member(_ name: String, number: Int) {
    key(name)
    bytes += Array(String(number).utf8)
  }

  /// The shape of RFC 9457 §3's example: one object for each mistake, sorted so that the text is always the same.
  mutating func errors(_ fields: [String: String]) {
    key("errors")
    bytes.append(UInt8(ascii: "["))
    for (index, (pointer, detail)) in fields.sorted(by: { $0.key < $1.key }).enumerated() {
      if index > 0 { bytes.append(UInt8(ascii: ",")) }
      var item = ProblemText()
      item.member("pointer", pointer)
      item.member("detail", detail)
      bytes += item.finished()
    }
    bytes.append(UInt8(ascii: "]"))
  }

  func finished() -> [UInt8] { bytes + [UInt8(ascii: "}")] }

  private mutating func key(_ name: String) {
    if bytes.count > 1 { bytes.append(UInt8(ascii: ",")) }
    quote(name)
    bytes.append(UInt8(ascii: ":"))
  }

  private mutating func quote(_ text: String) {
    let hex = Array("0123456789abcdef".utf8)
    bytes.append(UInt8(ascii: "\""))
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes += [UInt8(ascii: "\\"), byte]
      case 0..<0x20: bytes += Array("\\u00".utf8) + [hex[Int(byte >> 4)], hex[Int(byte & 15)]]
      default: bytes.append(byte)
      }
    }
    bytes.append(UInt8(ascii: "\""))
  }
}
