/// Takes a table of text apart (RFC 4180), and forgives what programs do to it: any of the usual separators, bare quotes
/// inside a cell, line ends of every kind.
struct CSVRecords {
  struct Record: Equatable {
    var line: Int
    var cells: [String]
    var isBlank: Bool { cells.allSatisfy(\.isEmpty) }
  }

  static let delimiters: [UInt8] = [0x3B, 0x2C, 0x09, 0x7C]
  /// More cells than this in a line are no table of a bank.
  private static let cellsMax = 100
  private static let cellBytesMax = 4_000

  private let text: [UInt8]
  private let delimiter: UInt8
  private var index = 0
  private var line = 1

  init(_ text: [UInt8], delimiter: UInt8) { (self.text, self.delimiter) = (text, delimiter) }

  /// The next line that is not empty; nil at the end.
  mutating func next() -> Record? {
    while index < text.count {
      let record = read()
      if !record.isBlank { return record }
    }
    return nil
  }

  private mutating func read() -> Record {
    var record = Record(line: line, cells: [])
    while true {
      let (cell, isLast) = cell()
      if record.cells.count < Self.cellsMax { record.cells.append(cell) }
      if isLast { return record }
    }
  }

  private mutating func cell() -> (text: String, isLast: Bool) {
    var bytes: [UInt8] = []
    var isQuoted = false
    var hasQuotes = false
    while index < text.count, text[index] == 0x20 { index += 1 }
    if index < text.count, text[index] == 0x22 {
      (isQuoted, hasQuotes) = (true, true)
      index += 1
    }
    while index < text.count {
      let byte = text[index]
      index += 1
      if isQuoted {
        if byte == 0x22 {
          guard index < text.count, text[index] == 0x22 else {
            isQuoted = false
            continue
          }
          index += 1
        } else if byte == 0x0A {
          line += 1
        }
      } else if byte == delimiter {
        return (Self.cleaned(bytes, hasQuotes), false)
      } else if byte == 0x0A || byte == 0x0D {
        if byte == 0x0D, index < text.count, text[index] == 0x0A { index += 1 }
        line += 1
        return (Self.cleaned(bytes, hasQuotes), true)
      }
      if bytes.count < Self.cellBytesMax { bytes.append(byte) }
    }
    return (Self.cleaned(bytes, hasQuotes), true)
  }

  private static func cleaned(_ bytes: [UInt8], _ hasQuotes: Bool) -> String {
    var text = String(decoding: bytes, as: UTF8.self)
    while let last = text.unicodeScalars.last, last == " " || last == "\t" { text.unicodeScalars.removeLast() }
    // A table that was made safe for spreadsheets says `'=…` for `=…`.
    let scalars = text.unicodeScalars
    if scalars.first == "'", let second = scalars.dropFirst().first,
      "=+-@\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(second)
    {
      text.unicodeScalars.removeFirst()
    }
    return text
  }

  /// The separator that gives most lines the same number of cells.
  static func delimiter(of text: [UInt8]) -> UInt8 {
    let head = Array(text.prefix(64 << 10))
    var best: (delimiter: UInt8, score: Int) = (0x2C, 0)
    for delimiter in delimiters {
      var (records, counts) = (CSVRecords(head, delimiter: delimiter), [Int: Int]())
      for _ in 0..<100 {
        guard let record = records.next() else { break }
        if record.cells.count > 1 { counts[record.cells.count, default: 0] += 1 }
      }
      let score = counts.map { $0.value * 100 + min($0.key, 50) }.max() ?? 0
      if score > best.score { best = (delimiter, score) }
    }
    return best.delimiter
  }
}
