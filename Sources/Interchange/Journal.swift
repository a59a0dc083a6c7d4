package import Basics
package import Finance
package import Store

/// A household as plain-text accounting: what hledger, ledger and beancount read, one posting for what an account lost
/// or got and one for what it was for. Whoever holds such a file needs no Magpie to go on.
///
/// Formats: https://hledger.org/hledger.html#journal and https://beancount.github.io/docs/beancount_language_syntax.html
package struct Journal: Sendable {
  package enum Format: String, Sendable, CaseIterable {
    /// For hledger and ledger.
    case hledger
    case beancount
  }

  /// An account with what it held before its first row that is told.
  package struct Holder: Sendable {
    package var id: ID<Account>
    package var kind: AccountKind
    package var name: String
    package var mask: String?
    /// Nil: unknown, and then nothing is said of it.
    package var opening: Money?

    package init(id: ID<Account>, kind: AccountKind, name: String, mask: String?, opening: Money?) {
      self.id = id
      self.kind = kind
      self.name = name
      self.mask = mask
      self.opening = opening
    }
  }

  package let format: Format
  private let holders: [Holder]
  /// How each account is called in the file.
  private let names: [ID<Account>: String]
  /// Names that were opened already; only beancount asks for it.
  private var opened: Set<String> = []

  package init(_ format: Format, _ holders: [Holder]) {
    self.format = format
    self.holders = holders
    var (names, taken) = ([ID<Account>: String](), Set<String>())
    for holder in holders {
      let wanted = [holder.name, holder.mask ?? ""].filter { !$0.isEmpty }.joined(separator: " ")
      let plain = "\(Self.root(of: holder.kind)):\(Self.component(holder.kind.rawValue)):\(Self.component(wanted))"
      var (name, count) = (plain, 1)
      while !taken.insert(name).inserted {
        count += 1
        name = "\(plain)-\(count)"
      }
      names[holder.id] = name
    }
    self.names = names
  }

  /// How an account is called in the file.
  package func name(of account: ID<Account>) -> String { names[account] ?? "Assets:Unknown" }

  /// How a category is called in the file.
  package static func name(of category: String, _ flow: FlowKind) -> String {
    let root =
      switch flow {
      case .income: "Income"
      case .expense: "Expenses"
      case .transfer: "Equity:Transfer"
      case .excluded: "Equity:Excluded"
      }
    return "\(root):\(component(category))"
  }

  /// What stands at the beginning: what each account held.
  ///
  /// - Parameter day: Before the first row.
  package mutating func beginning(on day: CalendarDate) -> String {
    var text = "; A household, written by Magpie. Amounts are from its side: what it owes is negative.\n"
    for holder in holders {
      guard let opening = holder.opening, opening.minorUnits != 0 else { continue }
      text += "\n" + entry(day, "*", "Opening balance", note: holder.id.description)
      text += posting(name(of: holder.id), opening) + posting("Equity:Opening-Balances", Self.minus(opening))
      text = declaring([name(of: holder.id), "Equity:Opening-Balances"], day) + text
    }
    return text
  }

  /// One row, or the parts of a split one.
  ///
  /// - Parameter parts: Of one transaction, in their order; not empty.
  package mutating func transaction(_ parts: ArraySlice<MeasuredRow>) -> String {
    guard let first = parts.first else { return "" }
    let sum = parts.reduce(Int64(0)) { $0 &+ $1.amountMinor }
    let purposes = parts.map { Self.name(of: $0.category, $0.flow) }
    let account = name(of: first.account)
    var text = declaring([account] + purposes, first.day)
    text += "\n" + entry(first.day, first.isPending ? "!" : "*", first.payee, note: first.id.description)
    text += posting(account, Money(minorUnits: sum, first.currency))
    for (part, purpose) in zip(parts, purposes) {
      text += posting(purpose, Self.minus(Money(minorUnits: part.amountMinor, part.currency)))
    }
    return text
  }

  /// Rows in the order of their days, the parts of a row together, as the store gives them.
  package mutating func transactions(_ rows: [MeasuredRow]) -> String {
    var (text, start) = ("", rows.startIndex)
    while start < rows.endIndex {
      let end = rows[start...].firstIndex { $0.id != rows[start].id } ?? rows.endIndex
      text += transaction(rows[start..<end])
      start = end
    }
    return text
  }

  private func entry(_ day: CalendarDate, _ mark: String, _ payee: String, note: String) -> String {
    switch format {
    case .hledger: "\(day) \(mark) \(Self.plain(payee))  ; id:\(note)\n"
    case .beancount: "\(day) \(mark) \"\(Self.plain(payee))\"\n  id: \"\(note)\"\n"
    }
  }

  private func posting(_ name: String, _ amount: Money) -> String {
    let code = amount.currency.code
    let isPlain = code.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    let commodity = isPlain || format == .beancount ? code : "\"\(code)\""
    return "  \(name)  \(amount.decimal) \(commodity)\n"
  }

  private mutating func declaring(_ names: [String], _ day: CalendarDate) -> String {
    guard format == .beancount else { return "" }
    return names.map { opened.insert($0).inserted ? "\n1900-01-01 open \($0)\n" : "" }.joined()
  }

  private static func minus(_ amount: Money) -> Money { Money(minorUnits: 0 &- amount.minorUnits, amount.currency) }

  private static func root(of kind: AccountKind) -> String {
    switch kind {
    case .creditCard, .loan, .mortgage, .studentLoan: "Liabilities"
    default: "Assets"
    }
  }

  /// Part of an account's name as all of them take it: letters and digits with hyphens between, a capital first.
  static func component(_ text: String) -> String {
    var name = ""
    var isStart = true
    for character in text {
      guard character.isASCII, character.isLetter || character.isNumber else {
        isStart = true
        continue
      }
      if isStart, !name.isEmpty { name += "-" }
      name += isStart ? character.uppercased() : character.lowercased()
      isStart = false
    }
    return name.isEmpty ? "Unnamed" : name
  }

  /// A bank's words on one line, without signs that mean something to a reader of journals.
  static func plain(_ text: String) -> String {
    let words = text.unicodeScalars.map { scalar -> Character in
      let isBare = scalar.properties.generalCategory == .control || "\"\\;|".unicodeScalars.contains(scalar)
      return isBare ? " " : Character(scalar)
    }
    let plain = String(words).split(separator: " ").joined(separator: " ")
    return String(plain.drop { "*!(=~ ".contains($0) }.prefix(200))
  }
}
