import Glibc
package import JSON

/// Where a command writes: plain lines to standard output, complaints to standard error, colour only for eyes.
package struct Terminal: Sendable {
  package var write: @Sendable (String) -> Void
  package var complainRaw: @Sendable (String) -> Void
  package var hasColour: Bool
  /// Whether a person looks at standard output: only then are there bars.
  package var hasBars: Bool
  /// Whether a person looks at standard error: only then does a line redraw itself there.
  package var showsProgress: Bool

  package init(
    write: @escaping @Sendable (String) -> Void, complainRaw: @escaping @Sendable (String) -> Void, hasColour: Bool,
    hasBars: Bool = false, showsProgress: Bool = false
  ) {
    self.write = write
    self.complainRaw = complainRaw
    self.hasColour = hasColour
    self.hasBars = hasBars
    self.showsProgress = showsProgress
  }

  /// Unbuffered, so that a program that reads us sees each line when it is written.
  package static let standard = Terminal(
    write: { Self.put($0, to: 1) }, complainRaw: { Self.put($0, to: 2) },
    hasColour: isatty(1) == 1 && !isDumb && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true),
    hasBars: isatty(1) == 1, showsProgress: isatty(2) == 1 && !isDumb)

  /// A terminal that can do nothing but write.
  private static let isDumb = getenv("TERM").map { String(cString: $0) == "dumb" } ?? true

  package func line(_ text: String = "") { write(text + "\n") }
  package func complain(_ text: String) { complainRaw(text + "\n") }

  /// JSON for programs. Characters that could act on a terminal stand escaped in it, which means the same.
  package func json(_ value: JSONValue) {
    var text = ""
    for scalar in value.text(indent: 2).unicodeScalars {
      if scalar != "\n", PlainText.isControl(scalar) || PlainText.isInvisible(scalar) {
        for unit in Character(scalar).utf16 {
          let digits = String(unit, radix: 16)
          text += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
        }
      } else {
        text.unicodeScalars.append(scalar)
      }
    }
    line(text)
  }

  /// The text emphasised, where there is somebody to see it.
  package func bold(_ text: String) -> String { hasColour ? "\u{1B}[1m\(text)\u{1B}[0m" : text }

  package func table(_ table: Table) {
    for (index, line) in table.lines.enumerated() {
      self.line(index == 0 && table.hasHead ? bold(line) : line)
    }
  }

  private static func put(_ text: String, to descriptor: Int32) {
    let bytes = Array(text.utf8)
    var start = 0
    while start < bytes.count {
      let written = bytes[start...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      if written > 0 {
        start += written
      } else if written < 0, errno != EINTR {
        return  // Nobody reads any more.
      }
    }
  }
}
