import Glibc

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
    hasColour: isatty(1) == 1 && (getenv("NO_COLOR").map { $0.pointee == 0 } ?? true), hasBars: isatty(1) == 1,
    showsProgress: isatty(2) == 1)

  package func line(_ text: String = "") { write(text + "\n") }
  package func complain(_ text: String) { complainRaw(text + "\n") }

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

/// Rows in columns that line up, within 80 places unless told otherwise: amounts to the right, and the last column gives way.
package struct Table: Sendable {
  package enum Side: Sendable { case left, right }

  private let widthMax: Int
  private var sides: [Side]
  private var rows: [[String]] = []
  package private(set) var hasHead = false

  /// - Parameters:
  ///   - sides: One for each column.
  ///   - widthMax: Where the widest column of words is cut; `Int.max` where nothing may be lost, as in a path.
  package init(_ sides: [Side], head: [String]? = nil, widthMax: Int = 80) {
    self.sides = sides
    self.widthMax = widthMax
    if let head {
      hasHead = true
      append(head)
    }
  }

  /// What is missing at the end of a row is empty, what is too much is left away. Line ends and other control
  /// characters become spaces: a bank's text must not move the cursor.
  package mutating func append(_ row: [String]) {
    rows.append(
      sides.indices.map { index in
        guard index < row.count else { return "" }
        return String(
          row[index].map { $0.unicodeScalars.contains { $0.properties.generalCategory == .control } ? " " : $0 })
      })
  }

  package var lines: [String] {
    var widths = sides.indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    let total = widths.reduce(0, +) + 2 * (widths.count - 1)
    // The widest column of words gives way; a cut amount would be a wrong amount.
    let widest = sides.indices.filter { sides[$0] == .left }.max { widths[$0] < widths[$1] }
    if total > widthMax, let widest { widths[widest] = max(8, widths[widest] - (total - widthMax)) }
    return rows.map { row in
      var line = ""
      for column in sides.indices {
        let cell = row[column].count > widths[column] ? row[column].prefix(widths[column] - 1) + "…" : row[column][...]
        let padding = String(repeating: " ", count: widths[column] - cell.count)
        line += (column > 0 ? "  " : "") + (sides[column] == .left ? cell + padding : padding + cell)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }
}
