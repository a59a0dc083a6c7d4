extension Terminal {
  /// Words in lines of at most 80 places. A word that is longer stands alone; a bank's control characters are left away.
  package func paragraph(_ text: String) {
    for line in Self.wrapped(text) { self.line(line) }
  }

  static func wrapped(_ text: String, width: Int = 80) -> [String] {
    var lines: [String] = []
    var current = ""
    for word in PlainText.clean(text).split(separator: " ") {
      if !current.isEmpty, PlainText.width(current) + 1 + PlainText.width(String(word)) > width {
        lines.append(current)
        current = ""
      }
      current += (current.isEmpty ? "" : " ") + word
    }
    return current.isEmpty ? lines : lines + [current]
  }
}
