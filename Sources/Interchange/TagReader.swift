/// Reads tags and the text between them, in XML and in the SGML of old banking programs. It knows no document types, so
/// there is nothing for a file to define, include or blow up, and it forgives whatever it can.
struct TagReader {
  enum Event: Equatable {
    /// Names are without their prefix (`ns2:Ntry`).
    case open(String, currency: String?)
    case close(String)
    case text(String)
  }

  private static let nameBytesMax = 80
  private static let textBytesMax = 4_000

  private let bytes: [UInt8]
  private var index = 0
  private(set) var line = 1
  /// `<empty/>` closes what it opened.
  private var pending: Event?

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  mutating func next() -> Event? {
    if let event = pending.take() { return event }
    while index < bytes.count {
      if bytes[index] == UInt8(ascii: "<"), isTag {
        if let event = tag() { return event }
        continue
      }
      let text = text()
      if !text.isEmpty { return .text(text) }
    }
    return nil
  }

  /// Whether the sign at the index begins a tag: in SGML's texts it may stand for itself.
  private var isTag: Bool {
    guard index + 1 < bytes.count else { return false }
    let next = bytes[index + 1]
    return "/!?_".utf8.contains(next) || (0x41...0x5A).contains(next & 0xDF)
  }

  private mutating func skip(past mark: String) {
    let mark = Array(mark.utf8)
    while index < bytes.count {
      if bytes[index] == mark[0], bytes[index...].starts(with: mark) {
        index += mark.count
        return
      }
      advance()
    }
  }

  private mutating func advance() {
    if bytes[index] == 0x0A { line += 1 }
    index += 1
  }

  private mutating func tag() -> Event? {
    let rest = bytes[index...]
    if rest.starts(with: Array("<!--".utf8)) {
      skip(past: "-->")
      return nil
    }
    if rest.starts(with: Array("<![CDATA[".utf8)) {
      let start = index + 9
      index = min(start, bytes.count)
      skip(past: "]]>")
      let end = max(start, index - 3)
      guard start < end, end <= bytes.count else { return nil }
      return .text(Self.trimmed(bytes[start..<end].prefix(Self.textBytesMax)))
    }
    if rest.starts(with: Array("<?".utf8)) || rest.starts(with: Array("<!".utf8)) {
      skip(past: ">")
      return nil
    }
    index += 1
    let isClosing = bytes[index] == UInt8(ascii: "/")
    if isClosing { index += 1 }
    var name: [UInt8] = []
    while index < bytes.count, !">/ \t\r\n<".utf8.contains(bytes[index]) {
      if bytes[index] == UInt8(ascii: ":") {
        name = []
      } else if name.count < Self.nameBytesMax {
        name.append(bytes[index])
      }
      index += 1
    }
    let (attributes, isEmpty) = restOfTag()
    let text = String(decoding: name, as: UTF8.self)
    if isClosing { return .close(text) }
    if isEmpty { pending = .close(text) }
    return .open(text, currency: Self.currency(in: attributes))
  }

  /// Up to the end of the tag; quoted values may hold its sign.
  private mutating func restOfTag() -> (attributes: ArraySlice<UInt8>, isEmpty: Bool) {
    let start = index
    var quote: UInt8?
    while index < bytes.count {
      let byte = bytes[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
        quote = byte
      } else if byte == UInt8(ascii: ">") {
        let attributes = bytes[start..<index]
        index += 1
        return (attributes, attributes.last == UInt8(ascii: "/"))
      } else if byte == UInt8(ascii: "<") {
        break
      }
      advance()
    }
    return (bytes[start..<index], false)
  }

  /// The one attribute that is read: `<Amt Ccy="EUR">`.
  private static func currency(in attributes: ArraySlice<UInt8>) -> String? {
    guard (5...400).contains(attributes.count) else { return nil }
    let text = String(decoding: attributes, as: UTF8.self)
    guard let name = text.firstRange(of: "Ccy") else { return nil }
    let code = text[name.upperBound...].drop { " =\"'\n\r\t".contains($0) }.prefix { $0.isLetter && $0.isASCII }
    return code.isEmpty ? nil : String(code)
  }

  private mutating func text() -> String {
    let start = index
    repeat { advance() } while index < bytes.count && !(bytes[index] == UInt8(ascii: "<") && isTag)
    return Self.unescaped(Self.trimmed(bytes[start..<index].prefix(Self.textBytesMax)))
  }

  private static func trimmed(_ bytes: ArraySlice<UInt8>) -> String {
    let isBlank = { (byte: UInt8) in byte <= 0x20 }
    var bytes = bytes.drop(while: isBlank)
    while let last = bytes.last, isBlank(last) { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }

  private static let entities: [Substring: Unicode.Scalar] = [
    "amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": " ",
  ]

  /// Puts characters in place of the five names that XML has, and of numbers. What else looks like a name stays.
  static func unescaped(_ text: String) -> String {
    guard text.utf8.contains(UInt8(ascii: "&")) else { return text }
    var (out, rest) = (String.UnicodeScalarView(), text[...])
    while let sign = rest.firstIndex(of: "&") {
      out.append(contentsOf: rest[..<sign].unicodeScalars)
      let after = rest[rest.index(after: sign)...]
      guard let end = after.prefix(12).firstIndex(of: ";"), let scalar = scalar(after[..<end]) else {
        out.append("&")
        rest = after
        continue
      }
      out.append(scalar)
      rest = after[after.index(after: end)...]
    }
    out.append(contentsOf: rest.unicodeScalars)
    return String(out)
  }

  private static func scalar(_ name: Substring) -> Unicode.Scalar? {
    if let known = entities[name] { return known }
    guard name.first == "#" else { return nil }
    let number = name.dropFirst()
    let isHexadecimal = number.first == "x" || number.first == "X"
    return UInt32(isHexadecimal ? number.dropFirst() : number, radix: isHexadecimal ? 16 : 10)
      .flatMap { Unicode.Scalar($0) }
  }
}
