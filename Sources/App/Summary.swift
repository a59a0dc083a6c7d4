import Finance
package import Insights
import Store

/// A household's money on one page: what `magpie demo` and the start of `magpie serve` print.
package struct Summary: Sendable {
  let overview: Overview
  /// Months in the table, the present one included.
  private static let monthsMax = 13
  private static let categoriesMax = 10

  package init(_ overview: Overview) { self.overview = overview }

  /// At most 80 places wide; bars only where somebody looks on.
  package func show(on terminal: Terminal) {
    terminal.paragraph(headline)
    section("Accounts", terminal)
    terminal.table(accounts)
    if overview.rowDays != nil {
      section("Months, in \(overview.base)", terminal)
      terminal.table(months(hasBars: terminal.hasBars))
      if terminal.hasBars { terminal.line("          █ spent   ░ left over   ▓ spent beyond what came in") }
      showSpending(on: terminal)
    }
    section("In short", terminal)
    terminal.table(facts)
    let notes = notes
    if !notes.isEmpty { terminal.line() }
    for note in notes { terminal.paragraph(note) }
  }

  private func section(_ title: String, _ terminal: Terminal) {
    terminal.line()
    terminal.line(terminal.bold(title))
  }

  private func amount(_ minor: Int64) -> String { AmountText.grouped(minor, overview.base) }

  private var isAllSimulated: Bool {
    !overview.accounts.isEmpty && overview.accounts.allSatisfy { $0.account.origin == Origin.simulated.rawValue }
  }

  private var headline: String {
    let accounts = overview.accounts.count == 1 ? "1 account" : "\(overview.accounts.count) accounts"
    var text = overview.banks.joined(separator: ", ")
    if text.isEmpty { text = "No bank is linked" }
    if isAllSimulated { text += " (simulated)" }
    guard let days = overview.rowDays else { return "\(text): \(accounts), no transactions yet." }
    let rows = AmountText.count(overview.postedRows + overview.pendingRows)
    return "\(text): \(accounts), \(rows) transactions from \(AmountText.day(days.lowerBound)) to "
      + "\(AmountText.day(days.upperBound))."
  }

  // MARK: - Accounts

  private var accounts: Table {
    var table = Table([.left, .left, .right, .left, .left])
    for line in overview.accounts {
      let account = line.account
      let name = account.mask.map { "\(account.name) …\($0)" } ?? account.name
      let balance = account.currentMinor.map { AmountText.grouped($0, account.currency) } ?? "unknown"
      table.append([name, Self.words(for: account.kind), balance, account.currency.code, marks(of: line)])
    }
    return table
  }

  private func marks(of line: Overview.AccountLine) -> String {
    var marks: [String] = []
    if !isAllSimulated, line.account.origin == Origin.simulated.rawValue { marks.append("simulated") }
    if line.account.noLongerSentAt != nil { marks.append("no longer sent by the bank") }
    if line.isMuted { marks.append("counted elsewhere") }
    return marks.joined(separator: ", ")
  }

  static func words(for kind: AccountKind) -> String {
    switch kind {
    case .checking: "checking"
    case .savings: "savings"
    case .moneyMarket: "money market"
    case .cashManagement: "cash management"
    case .prepaid: "prepaid"
    case .cash: "cash"
    case .deposit: "fixed deposit"
    case .healthSavings: "health savings"
    case .creditCard: "credit card"
    case .loan: "loan"
    case .mortgage: "mortgage"
    case .studentLoan: "student loan"
    case .investment: "investments"
    case .retirement: "retirement"
    case .otherAsset: "other"
    }
  }

  // MARK: - Months

  private func months(hasBars: Bool) -> Table {
    let cashFlow = overview.cashFlow
    let flows = cashFlow.flows(in: overview.base)
    let shown = cashFlow.months.indices.suffix(Self.monthsMax)
    let longest = shown.map { max(flows[$0].incomeMinor, flows[$0].expensesMinor) }.max() ?? 0
    var table = Table([.left, .right, .right, .right, .left], head: ["Month", "Income", "Expenses", "Net", ""])
    for index in shown {
      let flow = flows[index]
      let net = (try? flow.net()).map { $0 > 0 ? "+" + amount($0) : amount($0) } ?? "?"
      let bar = hasBars ? Self.bar(income: flow.incomeMinor, expenses: flow.expensesMinor, longest: longest) : ""
      table.append([
        AmountText.month(cashFlow.months[index].days.lowerBound), amount(flow.incomeMinor), amount(flow.expensesMinor),
        net, [bar, note(on: cashFlow.months[index])].filter { !$0.isEmpty }.joined(separator: " "),
      ])
    }
    return table
  }

  /// Why a month cannot be compared with the others.
  private func note(on month: Month) -> String {
    if month.days.upperBound > overview.today { return "so far" }
    guard let first = overview.rowDays?.lowerBound, month.days.contains(first), first > month.days.lowerBound else {
      return ""
    }
    return "from \(AmountText.day(first))"
  }

  private static let barWidth = 24

  /// What was spent, and beyond it either what was left over or what was too much.
  static func bar(income: Int64, expenses: Int64, longest: Int64) -> String {
    func cells(_ minor: Int64) -> Int {
      longest > 0 ? Int(Int128(max(0, minor)) * Int128(barWidth) / Int128(longest)) : 0
    }
    let (came, went) = (cells(income), cells(expenses))
    return String(repeating: "█", count: min(came, went)) + String(repeating: "░", count: max(0, came - went))
      + String(repeating: "▓", count: max(0, went - came))
  }

  // MARK: - Spending

  /// The largest categories of the months that the burn is the mean of, and the rest, so that it adds up to the burn.
  private func showSpending(on terminal: Terminal) {
    guard let burn = overview.burn.perMonth?.minorUnits, let first = overview.burn.months.first,
      let start = overview.cashFlow.months.firstIndex(of: first),
      let spending = try? overview.cashFlow.spending(
        in: overview.base, months: start..<start + overview.burn.months.count, by: CategoryName.words)
    else { return }
    let means = spending.map { ($0.category, Burn.mean($0.minor, of: overview.burn.months.count)) }
    let largest = means.prefix(Self.categoriesMax).filter { $0.1 > 0 }
    guard let most = largest.first?.1 else { return }
    section("Where it goes, a month (\(burnMonths))", terminal)
    var table = Table([.left, .right, .left])
    for (category, minor) in largest {
      let bar = terminal.hasBars ? Self.bar(income: minor, expenses: minor, longest: most) : ""
      table.append([category, amount(minor), bar])
    }
    let rest = burn - largest.reduce(0) { $0 + $1.1 }
    if rest != 0 { table.append(["Everything else", amount(rest)]) }
    terminal.table(table)
  }

  /// `mean of Aug, Sep and Oct 2026`.
  private var burnMonths: String {
    let names = overview.burn.months.map { AmountText.month($0.days.lowerBound) }
    guard names.count > 1 else { return names.first ?? "" }
    let year = names[names.count - 1].suffix(5)
    let short = names.dropLast().map { $0.hasSuffix(year) ? String($0.dropLast(5)) : $0 }
    return "mean of " + short.joined(separator: ", ") + " and " + names[names.count - 1]
  }

  // MARK: - In short

  private var facts: Table {
    let worth = overview.netWorth.base
    var table = Table([.left, .right, .left])
    table.append(["Owned", amount(worth.assetsMinor), overview.base.code])
    table.append(["Owed", amount(worth.debtsMinor), overview.base.code])
    table.append(["Net worth", amount(worth.totalMinor), overview.base.code])
    table.append(["Liquid savings", amount(overview.liquidMinor), "\(overview.base), could be spent tomorrow"])
    switch overview.burn.perMonth {
    case nil: table.append(["Burn", "unknown", "until one full month is known"])
    case let burn?:
      let few = overview.burn.months.count < Burn.monthsMax ? ", all there are" : ""
      table.append(["Burn", AmountText.grouped(burn), "\(overview.base) a month, \(burnMonths)\(few)"])
    }
    switch overview.runway {
    case .unknown: table.append(["Runway", "unknown"])
    case .unlimited: table.append(["Runway", "unlimited", "nothing is burnt"])
    case .months:
      table.append(["Runway", overview.runway.months(digits: 1) ?? "", "months of that, without any income"])
    }
    return table
  }

  /// What the sums leave out.
  private var notes: [String] {
    var notes: [String] = []
    for worth in overview.netWorth.others {
      notes.append("\(AmountText.grouped(worth.total)) \(worth.currency) on other accounts is not in what is owned.")
    }
    let left = overview.cashFlow.others(than: overview.base).map(\.code)
    if !left.isEmpty {
      notes.append(
        "Magpie knows no exchange rate of \(left.joined(separator: ", ")): what was spent in it is in no sum.")
    }
    let names = Dictionary(overview.accounts.map { ($0.account.id, $0.account.name) }, uniquingKeysWith: { $1 })
    if !overview.netWorth.unknown.isEmpty {
      let unknown = overview.netWorth.unknown.compactMap { names[$0] }.joined(separator: ", ")
      notes.append("The balance of \(unknown) is unknown, and in no sum.")
    }
    if overview.pendingRows > 0 {
      notes.append(
        overview.pendingRows == 1
          ? "1 transaction is still pending, and in no sum."
          : "\(AmountText.count(overview.pendingRows)) transactions are still pending, and in no sum.")
    }
    return notes
  }
}
