extension Terminal {
  /// Words in lines of at most 80 places. A word that is longer stands alone; a bank's control characters are left away.
  package func paragraph(_ text: String) {
    for line in Self.wrapped(text) { self.line(line) }
  }

  static func wrapped(_ text: String, width: Int = 80) -> [String] {
    var lines: [String] = []
    var current = ""
    let plain = text.filter { !$0.unicodeScalars.contains { $0.properties.generalCategory == .control } }
    for word in plain.split(separator: " ") {
      if !current.isEmpty, current.count + 1 + word.count > width {
        lines.append(current)
        current = ""
      }
      current += (current.isEmpty ? "" : " ") + word
    }
    return current.isEmpty ? lines : lines + [current]
  }
}
