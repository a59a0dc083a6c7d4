import Finance

/// SWIFT's customer statement, as European banks still hand it out, with what German and Dutch banks put into `:86:`.
///
/// Format: SWIFT's MT940, and the German banks' rules for `:86:` (https://www.ebics.de/de/datenformate, annex 3).
struct MT940Statement {
  private var statements: [Statement] = []
  private var current: Statement?
  /// The row of the last `:61:`, which its `:86:` explains.
  private var movement: (line: Int, day: CalendarDate, amount: DecimalText, words: String)?
  private var details = ""

  static func read(_ text: [UInt8]) throws(StatementError) -> [Statement] {
    var reading = MT940Statement()
    var field: (tag: String, text: String, line: Int)?
    var number = 0
    for bytes in text.split(separator: 0x0A, omittingEmptySubsequences: false) {
      number += 1
      let line = String(decoding: bytes.last == 0x0D ? bytes.dropLast() : bytes, as: UTF8.self)
      if let (tag, rest) = tag(line) {
        if let field { reading.take(field.tag, field.text, field.line) }
        field = (tag, rest, number)
      } else if line.hasPrefix("{") || line == "-" || line.hasPrefix("-}") {
        // Frames of the network around a message.
        if let field { reading.take(field.tag, field.text, field.line) }
        field = nil
      } else if field != nil, field?.text.utf8.count ?? 0 < 4_000 {
        field?.text += "\n" + line
      }
      guard reading.current?.rows.count ?? 0 <= StatementFile.rowsMax else {
        throw .tooManyRows(max: StatementFile.rowsMax)
      }
    }
    if let field { reading.take(field.tag, field.text, field.line) }
    reading.endStatement()
    return reading.statements
  }

  /// `:61:2603…` and, after a frame on the same line, `{4: :20:…`.
  private static func tag(_ line: String) -> (tag: String, rest: String)? {
    guard line.hasPrefix(":") else { return nil }
    let tag = line.dropFirst().prefix { $0 != ":" }
    guard (2...3).contains(tag.utf8.count), tag.prefix(2).allSatisfy(\.isNumber),
      line.utf8.count > tag.utf8.count + 1
    else { return nil }
    return (String(tag), String(line.dropFirst(tag.count + 2)))
  }

  private mutating func take(_ tag: String, _ text: String, _ line: Int) {
    switch tag {
    case "20":
      endStatement()
      current = Statement()
    case "25":
      if current == nil { current = Statement() }
      current?.account = Words.plain(text, max: 60)
    case "60F", "60M":
      if current == nil { current = Statement() }
      current?.currency = Self.balance(text)?.currency
    case "61":
      endMovement()
      guard current != nil else { return }
      if let movement = Self.movement(text) {
        self.movement = (line, movement.day, movement.amount, movement.words)
      } else {
        current?.leaveOut(line, .malformed)
      }
    case "86": if movement != nil { details += text }
    case "62F", "62M":
      endMovement()
      guard let (day, amount, currency) = Self.balance(text) else { return }
      if current?.currency == nil { current?.currency = currency }
      current?.closing = StatementBalance(day: day, amount: amount)
    default: break
    }
  }

  private mutating func endMovement() {
    defer { (movement, details) = (nil, "") }
    guard let movement else { return }
    let (payee, words) = Self.explained(details)
    current?.rows.append(
      StatementRow(
        line: movement.line, bookedOn: movement.day, amount: movement.amount, payee: payee,
        description: words.isEmpty ? movement.words : words))
  }

  private mutating func endStatement() {
    endMovement()
    if let current { statements.append(current) }
    current = nil
  }

  /// `C260312EUR1234,56`
  private static func balance(_ text: String) -> (day: CalendarDate, amount: DecimalText, currency: Currency?)? {
    let text = text.prefix { $0 != "\n" }
    guard let sign = text.first, sign == "C" || sign == "D", text.utf8.count >= 11, text.allSatisfy(\.isASCII),
      let day = day(text.dropFirst().prefix(6)), let amount = WrittenAmount.read(String(text.dropFirst(10)), .comma)
    else { return nil }
    let currency = Currency(stored: String(text.dropFirst(7).prefix(3)))
    return (day, sign == "D" ? -amount : amount, currency)
  }

  /// `2603120313DR12,34NTRFNONREF//8327`: value day, booked day, debit or credit (or one taken back), the third letter
  /// of the currency, amount, kind, references.
  private static func movement(_ text: String) -> (day: CalendarDate, amount: DecimalText, words: String)? {
    var rest = text[...]
    guard let valued = day(rest.prefix(6)) else { return nil }
    rest = rest.dropFirst(6)
    var day = valued
    if rest.prefix(4).utf8.count == 4, rest.prefix(4).allSatisfy({ $0.isASCII && $0.isNumber }) {
      day = booked(rest.prefix(4), near: valued) ?? valued
      rest = rest.dropFirst(4)
    }
    let isReversed = rest.first == "R" || rest.first == "E"
    if isReversed { rest = rest.dropFirst() }
    guard let sign = rest.first, sign == "C" || sign == "D" else { return nil }
    rest = rest.dropFirst()
    if let first = rest.first, first.isLetter { rest = rest.dropFirst() }
    let digits = rest.prefix { $0.isASCII && ($0.isNumber || $0 == "," || $0 == ".") }
    guard let amount = WrittenAmount.read(String(digits), digits.contains(",") ? .comma : .point), !digits.isEmpty
    else { return nil }
    let words = rest.dropFirst(digits.count + 4).split { $0 == "\n" || $0 == "/" }.filter { $0 != "NONREF" }
    // RD takes a debit back, which is a credit; ED and EC are only expected, which statements do not hold.
    let isOut = (sign == "D") != isReversed
    return (day, isOut ? -amount : amount, words.joined(separator: " "))
  }

  private static func day(_ text: Substring) -> CalendarDate? {
    guard text.utf8.count == 6, let number = Int(text), text.allSatisfy(\.isNumber) else { return nil }
    return clamped(2000 + number / 10_000 - (number / 10_000 >= 80 ? 100 : 0), number / 100 % 100, number % 100)
  }

  /// Banks count thirty days to each month, and value on 30 February.
  private static func clamped(_ year: Int, _ month: Int, _ day: Int) -> CalendarDate? {
    guard (1...31).contains(day), let first = CalendarDate(year: year, month: month, day: 1) else { return nil }
    return min(first + (day - 1), first.lastOfMonth)
  }

  /// A day without its year: the one next to the value day.
  private static func booked(_ text: Substring, near valued: CalendarDate) -> CalendarDate? {
    guard let number = Int(text) else { return nil }
    return (-1...1).compactMap { clamped(valued.year + $0, number / 100, number % 100) }
      .min { abs($0 - valued) < abs($1 - valued) }
  }

  /// What `:86:` says: who, and what for.
  private static func explained(_ text: String) -> (payee: String, words: String) {
    let whole = String(text.replacing("\n", with: "").drop { $0 == " " })
    let code = whole.prefix(3)
    if code.utf8.count == 3, code.allSatisfy({ $0.isASCII && $0.isNumber }), let mark = whole.dropFirst(3).first,
      !mark.isLetter, !mark.isNumber, mark != " "
    {
      return german(whole, mark)
    }
    if whole.hasPrefix("/"), let words = dutch(whole) { return words }
    return ("", text.replacing("\n", with: " "))
  }

  private static func german(_ text: String, _ mark: Character) -> (payee: String, words: String) {
    var (payee, purpose, kind) = ("", "", "")
    for part in text.dropFirst(4).split(separator: mark) {
      guard let number = Int(part.prefix(2)) else { continue }
      let value = String(part.dropFirst(2))
      switch number {
      case 0: kind = value
      case 20...29, 60...63: purpose += value
      case 32, 33: payee += value
      default: break
      }
    }
    // The purpose proper stands behind its own mark, among marks for references.
    if let start = purpose.firstRange(of: "SVWZ+")?.upperBound {
      var proper = purpose[start...]
      for mark in ["EREF+", "KREF+", "MREF+", "CRED+", "DEBT+", "ABWA+", "ABWE+", "BIC+", "IBAN+"] {
        if let end = proper.firstRange(of: mark) { proper = proper[..<end.lowerBound] }
      }
      purpose = String(proper)
    }
    return (payee, purpose.isEmpty ? kind : purpose)
  }

  /// `/NAME/Baker/REMI/Bread/`: a word in capitals, then its value.
  private static func dutch(_ text: String) -> (payee: String, words: String)? {
    let known: Set<Substring> = [
      "NAME", "REMI", "IBAN", "BIC", "EREF", "TRTP", "CSID", "MARF", "ISDT", "SVCL", "BENM", "ORDP", "CNTP", "PREF",
      "RTRN", "ID", "ADDR", "INIT", "PURP", "ULTC", "ULTD", "EXCH", "CHGS", "ACCW", "BUSP",
    ]
    var (values, name) = ([Substring: [Substring]](), Substring())
    for word in text.split(separator: "/", omittingEmptySubsequences: false).dropFirst() {
      if known.contains(word) { name = word } else if !word.isEmpty { values[name, default: []].append(word) }
    }
    let words = (values["REMI"] ?? []).filter { $0 != "USTD" && $0 != "STRD" }.joined(separator: "/")
    guard values["NAME"] != nil || !words.isEmpty else { return nil }
    return ((values["NAME"] ?? []).joined(separator: "/"), words)
  }
}
