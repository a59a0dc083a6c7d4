import Finance

/// Open Financial Exchange, from version 1.0 (SGML, where values have no end tags) to 2.3 (XML), and Quicken's variant.
///
/// Format: https://financialdataexchange.org/common/Uploaded%20files/OFX%20files/OFX%20Banking%20Specification%20v2.3.pdf
/// Amounts have the owner's sign: what is spent is negative, on cards too.
struct OFXStatement {
  private var statements: [Statement] = []
  private var current: Statement?
  /// The values of the row that is being read.
  private var row: (line: Int, values: [String: String])?
  private var balance: [String: String]?
  private var isAccount = false
  /// `CURRENCY`: the amount is in it. `ORIGCURRENCY`: the amount was in it, and is told in the statement's.
  private var isForeign = false
  /// What was opened last: a value follows.
  private var name = ""

  static func read(_ text: [UInt8]) throws(StatementError) -> [Statement] {
    var (reader, reading) = (TagReader(text), OFXStatement())
    while let event = reader.next() {
      switch event {
      case .open(let tag, _): reading.open(tag.uppercased(), reader.line)
      case .close(let tag): reading.close(tag.uppercased())
      case .text(let text): reading.value(text)
      }
      guard reading.current?.rows.count ?? 0 <= StatementFile.rowsMax else {
        throw .tooManyRows(max: StatementFile.rowsMax)
      }
    }
    reading.endStatement()
    return reading.statements
  }

  private mutating func open(_ tag: String, _ line: Int) {
    name = tag
    switch tag {
    case "STMTRS", "CCSTMTRS", "INVSTMTRS":
      endStatement()
      current = Statement()
    case "STMTTRN":
      endRow()
      row = (line, [:])
    case "LEDGERBAL": balance = [:]
    case "AVAILBAL": endBalance()
    case "BANKACCTFROM", "CCACCTFROM", "INVACCTFROM": isAccount = row == nil
    case "CURRENCY": isForeign = true
    default: break
    }
  }

  private mutating func close(_ tag: String) {
    name = ""
    switch tag {
    case "STMTRS", "CCSTMTRS", "INVSTMTRS": endStatement()
    case "STMTTRN": endRow()
    case "LEDGERBAL": endBalance()
    case "BANKACCTFROM", "CCACCTFROM", "INVACCTFROM": isAccount = false
    case "CURRENCY": isForeign = false
    default: break
    }
  }

  private mutating func value(_ text: String) {
    guard !name.isEmpty else { return }
    if row != nil {
      if name == "CURSYM", !isForeign { return }
      // The first counts: an account that the money went to has names too.
      if row?.values[name] == nil { row?.values[name] = text }
    } else if balance != nil {
      balance?[name] = text
    } else if isAccount, name == "ACCTID" {
      current?.account = Words.plain(text, max: 60)
    } else if name == "CURDEF" {
      current?.currency = Currency(stored: text.uppercased())
    }
    name = ""
  }

  private mutating func endRow() {
    defer { (row, isForeign) = (nil, false) }
    guard let (line, values) = row, current != nil else { return }
    guard let day = values["DTPOSTED"].flatMap({ Self.day($0) }) else { current?.leaveOut(line, .noDay); return }
    guard let amount = values["TRNAMT"].flatMap({ Self.amount($0) }) else {
      current?.leaveOut(line, .noAmount)
      return
    }
    let check = values["CHECKNUM"].map { "Check \($0)" }
    var made = StatementRow(
      line: line, bookedOn: day, amount: amount, payee: values["NAME"] ?? values["PAYEE"] ?? "",
      description: values["MEMO"] ?? (values["NAME"] == nil ? check ?? values["TRNTYPE"] ?? "" : ""))
    let id = values["FITID"].map { Words.plain($0, max: 255) }
    made.bankID = id?.isEmpty == false ? id : nil
    made.currency = values["CURSYM"].flatMap { Currency(stored: $0.uppercased()) }
    current?.rows.append(made)
  }

  private mutating func endBalance() {
    defer { balance = nil }
    guard let amount = balance?["BALAMT"].flatMap({ Self.amount($0) }), let day = balance?["DTASOF"].flatMap(Self.day)
    else { return }
    current?.closing = StatementBalance(day: day, amount: amount)
  }

  private mutating func endStatement() {
    endRow()
    endBalance()
    if let current { statements.append(current) }
    (current, isAccount) = (nil, false)
  }

  /// `20260312120000.000[-5:EST]`: the day as the bank writes it, whatever the zone.
  private static func day(_ text: String) -> CalendarDate? { WrittenDay.read(String(text.prefix(8)), .ymd) }

  /// A point or a comma, and no groups; some banks write groups all the same.
  private static func amount(_ text: String) -> DecimalText? {
    WrittenAmount.read(text, WrittenAmount.mark(of: [text]) ?? (text.contains(",") ? .comma : .point))
  }
}
