import Finance

/// Statements of ISO 20022: camt.053, and 052 and 054 which are made alike, in all their versions.
///
/// Format: https://www.iso20022.org/iso-20022-message-definitions. An amount has no sign; `CdtDbtInd` says which way the
/// entry goes, also where `RvslInd` says that it takes another one back.
struct CAMTStatement {
  private struct Detail {
    var reference: String?
    var amount: String?
    var direction: String?
    var creditor: String?
    var debtor: String?
    var words: [String] = []
  }
  private struct Entry {
    var line: Int
    var amount = ""
    var currency: String?
    var direction = ""
    var status = "BOOK"
    var booked: String?
    var valued: String?
    var reference: String?
    var words: [String] = []
    var details: [Detail] = []
  }
  private struct Balance {
    var kind = ""
    var amount = ""
    var direction = ""
    var day = ""
  }

  private static let depthMax = 40
  private static let detailsMax = 2_000

  private var statements: [Statement] = []
  private var current: Statement?
  /// The tags from the statement down to here.
  private var path: [String] = []
  private var depth = 0
  private var entry: Entry?
  private var balance: Balance?

  static func read(_ text: [UInt8]) throws(StatementError) -> [Statement] {
    var (reader, reading) = (TagReader(text), CAMTStatement())
    while let event = reader.next() {
      switch event {
      case .open(let tag, let currency): reading.open(tag, currency, reader.line)
      case .close(let tag): reading.close(tag)
      case .text(let text): reading.value(text)
      }
      guard reading.current?.rows.count ?? 0 <= StatementFile.rowsMax else {
        throw .tooManyRows(max: StatementFile.rowsMax)
      }
    }
    reading.endStatement()
    return reading.statements
  }

  private mutating func open(_ tag: String, _ currency: String?, _ line: Int) {
    if ["Stmt", "Rpt", "Ntfctn"].contains(tag), current == nil {
      (current, path) = (Statement(), [])
      return
    }
    guard current != nil else { return }
    if path.count < Self.depthMax { path.append(tag) } else { depth += 1 }
    if path == ["Ntry"] { entry = Entry(line: line) }
    if path == ["Bal"] { balance = Balance() }
    if path == ["Ntry", "NtryDtls", "TxDtls"], entry?.details.count ?? 0 < Self.detailsMax {
      entry?.details.append(Detail())
    }
    if path == ["Ntry", "Amt"] { entry?.currency = currency }
  }

  private mutating func close(_ tag: String) {
    guard current != nil else { return }
    if path.isEmpty { return endStatement() }
    if depth > 0 { depth -= 1 } else { path.removeLast() }
    if path.isEmpty, tag == "Ntry" { endEntry() }
    if path.isEmpty, tag == "Bal" { endBalance() }
  }

  private mutating func value(_ text: String) {
    guard current != nil, let first = path.first, depth == 0 else { return }
    let place = path.dropFirst().joined(separator: "/")
    switch first {
    case "Acct":
      switch place {
      case "Id/IBAN", "Id/Othr/Id": current?.account = Words.plain(text, max: 60)
      case "Ccy": current?.currency = Currency(stored: text.uppercased())
      default: break
      }
    case "Bal":
      switch place {
      case "Tp/CdOrPrtry/Cd": balance?.kind = text
      case "Amt": balance?.amount = text
      case "CdtDbtInd": balance?.direction = text
      case "Dt/Dt", "Dt/DtTm": balance?.day = text
      default: break
      }
    case "Ntry": value(text, at: place)
    default: break
    }
  }

  private mutating func value(_ text: String, at place: String) {
    switch place {
    case "Amt": entry?.amount = text
    case "CdtDbtInd": entry?.direction = text
    case "Sts", "Sts/Cd": entry?.status = text
    case "BookgDt/Dt", "BookgDt/DtTm": entry?.booked = text
    case "ValDt/Dt", "ValDt/DtTm": entry?.valued = text
    case "AcctSvcrRef": entry?.reference = text
    case "AddtlNtryInf": entry?.words.append(text)
    default:
      let inside = "NtryDtls/TxDtls/"
      guard place.hasPrefix(inside), let last = entry?.details.indices.last else { return }
      note(String(place.dropFirst(inside.count)), text, last)
    }
  }

  private mutating func note(_ place: String, _ text: String, _ detail: Int) {
    switch place {
    case "Refs/AcctSvcrRef": entry?.details[detail].reference = text
    case "Amt", "AmtDtls/TxAmt/Amt": entry?.details[detail].amount = text
    case "CdtDbtInd": entry?.details[detail].direction = text
    case "RltdPties/Cdtr/Nm", "RltdPties/Cdtr/Pty/Nm": entry?.details[detail].creditor = text
    case "RltdPties/Dbtr/Nm", "RltdPties/Dbtr/Pty/Nm": entry?.details[detail].debtor = text
    case "RmtInf/Ustrd", "AddtlTxInf", "RmtInf/Strd/CdtrRefInf/Ref": entry?.details[detail].words.append(text)
    default: break
    }
  }

  private mutating func endEntry() {
    defer { entry = nil }
    guard let entry else { return }
    guard entry.status != "PDNG", entry.status != "INFO", entry.status != "FUTR" else {
      current?.leaveOut(entry.line, .notBooked)
      return
    }
    guard let day = (entry.booked ?? entry.valued).flatMap({ WrittenDay.read(String($0.prefix(10)), .ymd) }) else {
      current?.leaveOut(entry.line, .noDay)
      return
    }
    guard let amount = Self.amount(entry.amount, entry.direction) else {
      current?.leaveOut(entry.line, .noAmount)
      return
    }
    if let parts = Self.parts(entry, amount) {
      for (number, part) in parts.enumerated() {
        add(entry, part.detail, part.amount, day, number: part.detail.reference == nil ? number + 1 : nil)
      }
    } else {
      add(entry, entry.details.first ?? Detail(), amount, day, number: nil)
    }
  }

  /// A batch is told as its parts where they come to the whole.
  private static func parts(_ entry: Entry, _ whole: DecimalText) -> [(detail: Detail, amount: DecimalText)]? {
    guard entry.details.count > 1 else { return nil }
    var (parts, sum) = ([(detail: Detail, amount: DecimalText)](), DecimalText.zero)
    for detail in entry.details {
      guard let amount = detail.amount.flatMap({ Self.amount($0, detail.direction ?? entry.direction) }),
        let next = sum.adding(amount)
      else { return nil }
      parts.append((detail, amount))
      sum = next
    }
    return sum == whole ? parts : nil
  }

  private mutating func add(_ entry: Entry, _ detail: Detail, _ amount: DecimalText, _ day: CalendarDate, number: Int?)
  {
    let payee = amount.isNegative ? detail.creditor : detail.debtor
    let words = detail.words + entry.words
    var row = StatementRow(
      line: entry.line, bookedOn: day, amount: amount, payee: payee ?? "", description: words.joined(separator: " "))
    row.currency = entry.currency.flatMap { Currency(stored: $0.uppercased()) }
    let reference = detail.reference ?? entry.reference
    if let reference, !["", "NOTPROVIDED", "NONREF"].contains(reference.uppercased()) {
      row.bankID = Words.plain(reference, max: 100) + (number.map { "#\($0)" } ?? "")
    }
    current?.rows.append(row)
  }

  private mutating func endBalance() {
    defer { balance = nil }
    guard let balance, balance.kind == "CLBD", let amount = Self.amount(balance.amount, balance.direction),
      let day = WrittenDay.read(String(balance.day.prefix(10)), .ymd)
    else { return }
    current?.closing = StatementBalance(day: day, amount: amount)
  }

  private mutating func endStatement() {
    if let current { statements.append(current) }
    (current, entry, balance, path, depth) = (nil, nil, nil, [], 0)
  }

  private static func amount(_ text: String, _ direction: String) -> DecimalText? {
    guard let amount = DecimalText(text), !amount.isNegative else { return nil }
    switch direction {
    case "CRDT": return amount
    case "DBIT": return -amount
    default: return nil
    }
  }
}
