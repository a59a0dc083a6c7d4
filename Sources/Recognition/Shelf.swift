import CWords

/// The texts that are linked into the program: what `Sources/CWords/data` holds.
///
/// They are lists that people read and extend: `[SECTION]` heads, entries between semicolons, `#` comments, and at the
/// start of a line a country or a direction with a colon.
enum Shelf {
  enum File { case merchants, terms, mechanisms, places, taxonomy, merchantCodes, model }

  /// One line of a list.
  struct Line {
    var section: String
    /// What stands before the colon: a country, a direction; nil without one.
    var label: String?
    var entries: [String]
  }

  static func lines(_ file: File) -> [Line] {
    var lines: [Line] = []
    var section = ""
    for raw in rows(file) {
      if raw.first == "#" || raw.isEmpty { continue }
      if raw.first == "[", let end = raw.firstIndex(of: "]") {
        section = String(raw[raw.index(after: raw.startIndex)..<end])
        continue
      }
      var rest = raw[...]
      var label: String?
      if let colon = raw.firstIndex(of: ":"), raw[..<colon].allSatisfy({ $0.isLetter }) {
        label = String(raw[..<colon])
        rest = raw[raw.index(after: colon)...]
      }
      let entries = rest.split(separator: ";").map { $0.trimmed }.filter { !$0.isEmpty }
      lines.append(Line(section: section, label: label, entries: entries))
    }
    return lines
  }

  static func rows(_ file: File) -> [String] {
    String(decoding: bytes(file), as: UTF8.self).split(separator: "\n").map(String.init)
  }

  static func bytes(_ file: File) -> [UInt8] {
    let text =
      switch file {
      case .merchants: unsafe words_merchants()
      case .terms: unsafe words_terms()
      case .mechanisms: unsafe words_mechanisms()
      case .places: unsafe words_places()
      case .taxonomy: unsafe words_taxonomy()
      case .merchantCodes: unsafe words_merchant_codes()
      case .model: unsafe words_model()
      }
    return unsafe Array(UnsafeBufferPointer(start: text.bytes, count: text.count))
  }
}

extension Substring {
  /// Without spaces at its ends.
  var trimmed: String {
    var rest = self
    while rest.first == " " { rest.removeFirst() }
    while rest.last == " " { rest.removeLast() }
    return String(rest)
  }
}
