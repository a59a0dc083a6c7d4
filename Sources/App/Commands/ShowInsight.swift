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
    .value("by", "WHAT", "spending by category, group, merchant, account, tag or person"),
    .value("of", "SIDE", "spending of expenses or of income"),
    .value("period", "LENGTH", "cashflow by week, month, quarter or year"),
    .value("measure", "NUMBER", "for explain: income, expenses, net, pending, burn or net_worth"),
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
        return [name] + rows.map { row in margin + "  " + Self.row(row) }
      default: return ["\(name): \(member.value.string ?? member.value.text())"]
      }
    }
  }

  /// One row on one line.
  private static func row(_ row: JSONValue) -> String {
    row.members.compactMap { member -> String? in
      if let amount = member.value["amount"]?.string, let currency = member.value["currency"]?.string {
        return "\(member.key.replacing("_", with: " ")) \(amount) \(currency)"
      }
      switch member.value {
      case .object, .array, .null: return nil
      default: return member.value.string ?? "\(member.key.replacing("_", with: " ")) \(member.value.text())"
      }
    }.joined(separator: ", ")
  }
}
