import API
import Basics
import Finance
import JSON

/// Answers a question about money on the command line, with the same numbers as the HTTP interface.
struct ShowInsight: Command {
  static let name = "ask"
  static let summary = "Answer a question about your money, such as burn or spending."
  static let words = "QUESTION"
  static let options: [Option] = [
    .value("from", "DAY", "the first day of the window"), .value("to", "DAY", "the last day, included"),
    .value("by", "WHAT", "spending or cashflow by category, group, merchant, account, tag or person"),
    .value("of", "SIDE", "spending of expenses or of income"),
    .value("period", "LENGTH", "cashflow by week, month, quarter or year"),
    .value("measure", "NUMBER", "for explain: which number, such as expenses, runway, budget or net_worth"),
    .value("category", "CODE", "for explain: only what is filed there, or which budget"),
    .value("key", "WORDS", "for explain, with --by: one line of spending"),
    .value("goal", "ID", "for explain: which goal"),
    .value("days", "NUMBER", "how many days back (net-worth) or ahead (forecast)"),
    .value("months", "NUMBER", "how many full months burn and runway look at"),
    .flag("json", "as JSON, for programs"),
  ]
  static let details = """
    Questions: overview, net-worth, cashflow, summary, expenses, spending, burn, runway, recurring,
    forecast, budgets, goals, holdings, portfolio, liabilities, insights, advice, explain.
    """

  /// The tool that answers each.
  private static let questions: [(name: String, operation: String)] = [
    ("overview", "getOverview"), ("net-worth", "getNetWorth"), ("cashflow", "getCashFlow"),
    ("summary", "getCashFlowSummary"), ("expenses", "getExpenses"), ("spending", "getSpending"), ("burn", "getBurn"),
    ("runway", "getRunway"), ("recurring", "listRecurring"), ("forecast", "getForecast"), ("budgets", "listBudgets"),
    ("goals", "listGoals"), ("holdings", "listHoldings"), ("portfolio", "getPortfolio"),
    ("liabilities", "listLiabilities"),
    ("insights", "listInsights"), ("advice", "listRecommendations"), ("explain", "explainMeasure"),
  ]

  let operation: String
  let query: [(name: String, value: String)]
  let isJSON: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    let word = try arguments.word("the question")
    guard let question = Self.questions.first(where: { $0.name == word }) else {
      throw UsageError("unknown question \"\(word)\"" + Arguments.hint(word, among: Self.questions.map(\.name)))
    }
    operation = question.operation
    var query: [(name: String, value: String)] = []
    for option in Self.options where option.placeholder != nil {
      if let text = arguments.text(option.name) { query.append((option.name, text)) }
    }
    self.query = query
    isJSON = arguments.flag("json")
  }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment), for: .reading)
    try await Bank.with(home) { bank in
      let interface = Interface(
        bank.banks, token: home.apiToken, identity: home.identity, version: Magpie.version, log: home.log)
      let value: JSONValue
      do {
        value = try await interface.answer(operation, query, as: .installation(home.scope))
      } catch let problem as Problem {
        let mistakes = problem.fields.sorted { $0.key < $1.key }.map { place, words in
          "--\(place.drop { $0 == "?" }) \(words)"
        }
        throw Failure(([problem.title] + mistakes).joined(separator: " "), .usage)
      }
      if isJSON { return surroundings.terminal.json(value) }
      for line in Self.lines(value, depth: 0) { surroundings.terminal.line(PlainText.clean(line)) }
    }
  }

  /// Names and values, one a line, and a blank one between rows.
  static func lines(_ value: JSONValue, depth: Int) -> [String] {
    let margin = String(repeating: "  ", count: depth)
    return value.members.filter { $0.key != "inputs" }.flatMap { member -> [String] in
      let name = margin + member.key.replacing("_", with: " ")
      if let amount = member.value["amount"]?.string, let currency = member.value["currency"]?.string {
        return ["\(name): \(amount) \(currency)"]
      }
      switch member.value {
      case .null: return ["\(name): unknown"]
      case .object: return [name] + lines(member.value, depth: depth + 1)
      case .array(let rows):
        guard rows.contains(where: { !$0.members.isEmpty }) else {
          return ["\(name): \(rows.map { $0.string ?? $0.text() }.joined(separator: ", "))"]
        }
        return [name] + table(rows, margin: margin + "  ")
      default: return ["\(name): \(member.value.string ?? member.value.text())"]
      }
    }
  }

  /// Rows in columns that line up, amounts to the right and ids last. A column that says nothing is left away.
  private static func table(_ rows: [JSONValue], margin: String) -> [String] {
    var names: [String] = []
    for row in rows {
      for member in row.members where cell(member.value) != nil && !names.contains(member.key) {
        names.append(member.key)
      }
    }
    func values(_ name: String) -> [String] { rows.compactMap { $0[name].flatMap(cell) } }
    let ids = names.filter { values($0).allSatisfy(isID) }
    names = names.filter { !ids.contains($0) } + ids
    let sides = names.map { name -> Table.Side in
      let isNumber = rows.allSatisfy { row in
        row[name].map { $0.isNull || $0["amount"] != nil || $0.numberText != nil } ?? true
      }
      return isNumber ? .right : .left
    }
    var table = Table(sides, head: names.map { $0.replacing("_", with: " ") }, widthMax: .max)
    for row in rows { table.append(names.map { name in row[name].flatMap(cell) ?? "" }) }
    return table.lines.map { margin + $0 }
  }

  private static func isID(_ text: String) -> Bool {
    text.utf8.count == 30 && text.dropFirst(3).first == "_" && text.utf8.allSatisfy { $0 < 0x7F && $0 > 0x20 }
  }

  /// What a row says in one column; nil for what has more parts than a column, and for nothing.
  private static func cell(_ value: JSONValue) -> String? {
    if let amount = value["amount"]?.string, let currency = value["currency"]?.string { return "\(amount) \(currency)" }
    switch value {
    case .object, .array, .null: return nil
    default: return value.bool.map { $0 ? "yes" : "no" } ?? value.string ?? value.text()
    }
  }
}
