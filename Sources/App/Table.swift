/// Rows in columns that line up, within 80 places unless told otherwise: amounts to the right, and words give way.
package struct Table: Sendable {
  package enum Side: Sendable { case left, right }

  /// Words are not cut shorter than this.
  private static let widthMin = 8

  private let widthMax: Int
  private var sides: [Side]
  private var rows: [[String]] = []
  package private(set) var hasHead = false

  /// - Parameters:
  ///   - sides: One for each column.
  ///   - widthMax: Where columns of words are cut; `Int.max` where nothing may be lost, as in a path.
  package init(_ sides: [Side], head: [String]? = nil, widthMax: Int = 80) {
    self.sides = sides
    self.widthMax = widthMax
    if let head {
      hasHead = true
      append(head)
    }
  }

  /// What is missing at the end of a row is empty, what is too much is left away. Every cell is made ``PlainText``.
  package mutating func append(_ row: [String]) {
    rows.append(sides.indices.map { $0 < row.count ? PlainText.clean(row[$0]) : "" })
  }

  package var lines: [String] {
    let widths = widths()
    return rows.map { row in
      var line = ""
      for column in sides.indices {
        let cell = PlainText.cut(row[column], to: widths[column])
        let padding = String(repeating: " ", count: widths[column] - PlainText.width(cell))
        line += (column > 0 ? "  " : "") + (sides[column] == .left ? cell + padding : padding + cell)
      }
      while line.last == " " { line.removeLast() }
      return line
    }
  }

  /// The widest column of words gives way first; a cut amount would be a wrong amount.
  private func widths() -> [Int] {
    var widths = sides.indices.map { column in rows.map { PlainText.width($0[column]) }.max() ?? 0 }
    var excess = widths.reduce(0, +) + 2 * (widths.count - 1) - widthMax
    while excess > 0 {
      let words = sides.indices.filter { sides[$0] == .left && widths[$0] > Self.widthMin }
      guard let widest = words.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      excess -= 1
    }
    return widths
  }
}
