import Finance

/// A bank's file: which format it has, and what it says. Pure, bounded, and it believes nothing: the bytes come from
/// whoever sent them.
package struct StatementFile: Sendable, Equatable {
  /// Years of a busy account are a few megabytes.
  package static let bytesMax = 8 << 20
  /// More rows in one file are refused, so that writing them stays one short transaction.
  package static let rowsMax = 50_000
  /// Lines that are told as unreadable; of more only the number is kept.
  static let unreadableMax = 1_000

  package var format: StatementFormat
  /// In the order in which the file first names them. Not empty.
  package var statements: [Statement]
  /// What was guessed about a table.
  package var guess: TableGuess?

  /// - Parameters:
  ///   - format: Nil: found by looking.
  ///   - layout: What a person said about a table; the rest is guessed.
  package static func read(
    _ bytes: [UInt8], as format: StatementFormat? = nil, _ layout: TableLayout = TableLayout()
  ) throws(StatementError) -> StatementFile {
    guard bytes.count <= bytesMax else { throw .tooLarge(bytesMax: bytesMax) }
    let (text, encoding) = TextBytes.decode(bytes)
    guard text.contains(where: { $0 > UInt8(ascii: " ") }) else { throw .empty }
    let format = if let format { format } else { try sniff(text) }
    var file: StatementFile
    switch format {
    case .csv:
      var (guess, statements) = try TableStatement.read(text, layout)
      guess.encoding = encoding
      file = StatementFile(format: format, statements: statements, guess: guess)
    case .ofx: file = StatementFile(format: format, statements: try OFXStatement.read(text))
    case .camt: file = StatementFile(format: format, statements: try CAMTStatement.read(text))
    case .mt940: file = StatementFile(format: format, statements: try MT940Statement.read(text))
    }
    file.statements = merged(file.statements)
    guard !file.statements.isEmpty else { throw .unknownFormat }
    guard file.statements.reduce(0, { $0 + $1.rows.count }) <= rowsMax else { throw .tooManyRows(max: rowsMax) }
    return file
  }

  private static func sniff(_ text: [UInt8]) throws(StatementError) -> StatementFormat {
    let head = String(decoding: text.prefix(4_000), as: UTF8.self)
    let upper = head.uppercased()
    if upper.contains("OFXHEADER") || upper.contains("<OFX>") { return .ofx }
    if head.contains("<") && (head.contains("camt.05") || head.contains("BkToCstmr")) { return .camt }
    if head.contains(":20:") && head.contains(":25:") || head.contains(":60F:") { return .mt940 }
    // Pictures, archives, printed pages and JSON, whose commas would make columns, are no tables.
    guard !text.prefix(4_000).contains(0), !head.hasPrefix("%PDF"),
      let first = head.first(where: { !$0.isWhitespace }), !"<{[".contains(first)
    else { throw .unknownFormat }
    return .csv
  }

  /// A file often has a statement for each day of one account: they are one.
  private static func merged(_ statements: [Statement]) -> [Statement] {
    struct Key: Hashable {
      var account: String?
      var currency: Currency?
    }
    var (places, merged) = ([Key: Int](), [Statement]())
    for statement in statements {
      let key = Key(account: statement.account, currency: statement.currency)
      guard let place = places[key] else {
        places[key] = merged.count
        merged.append(statement)
        continue
      }
      merged[place].rows += statement.rows
      merged[place].unreadable += statement.unreadable
      if let closing = statement.closing, merged[place].closing.map({ $0.day <= closing.day }) ?? true {
        merged[place].closing = closing
      }
    }
    return merged.map(withTrustedIDs)
  }

  /// A bank's name for a row that stands on two different rows names neither. The same row twice is one.
  private static func withTrustedIDs(_ statement: Statement) -> Statement {
    var (first, doubted) = ([String: StatementRow](), Set<String>())
    for row in statement.rows {
      guard let id = row.bankID else { continue }
      if let other = first[id] {
        if other.bookedOn != row.bookedOn || other.amount != row.amount || other.words != row.words {
          doubted.insert(id)
        }
      } else {
        first[id] = row
      }
    }
    var (seen, statement) = (Set<String>(), statement)
    statement.rows = statement.rows.compactMap { row in
      var row = row
      guard let id = row.bankID else { return row }
      if doubted.contains(id) {
        row.bankID = nil
        return row
      }
      return seen.insert(id).inserted ? row : nil
    }
    return statement
  }
}

extension Statement {
  /// Notes a line that is left out; a file of nothing else is not kept whole.
  mutating func leaveOut(_ line: Int, _ reason: UnreadableLine.Reason) {
    if unreadable.count < StatementFile.rowsMax { unreadable.append(UnreadableLine(line, reason)) }
  }
}
