import API
import Basics
import Databases
import Finance
import JSON
import Store

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
    .value("account", "ACCOUNT", "only of these: an id, the last digits, or part of a name"),
    .value("days", "NUMBER", "how many days back (net-worth) or ahead (forecast)"),
    .value("every", "STEP", "net-worth by day, week or month"),
    .value("months", "NUMBER", "how many full months burn and runway look at, or months back in the overview"),
    .value("count", "NUMBER", "how many periods of cashflow, the present one included"),
    .value("limit", "NUMBER", "how many lines at most"),
    .value("offset", "NUMBER", "for explain: how many rows to pass over"),
    .flag("ended", "for recurring: also what is over"),
    .flag("json", "as JSON, for programs"),
  ]
  static let details = """
    Questions: overview, net-worth, cashflow, summary, expenses, spending, burn, runway, recurring,
    forecast, budgets, goals, holdings, portfolio, liabilities, insights, advice, explain. What one of
    them cannot be asked is refused.
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
  let account: String?
  let isJSON: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    let word = try arguments.word("the question")
    guard let question = Self.questions.first(where: { $0.name == word }) else {
      throw UsageError("unknown question \"\(word)\"" + Arguments.hint(word, among: Self.questions.map(\.name)))
    }
    operation = question.operation
    var query: [(name: String, value: String)] = []
    account = arguments.text("account")
    for option in Self.options where option.placeholder != nil && option.name != "account" {
      if let text = arguments.text(option.name) { query.append((option.name, text)) }
    }
    if arguments.flag("ended") { query.append(("ended", "true")) }
    self.query = query
    isJSON = arguments.flag("json")
  }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment), for: .reading)
    try await Bank.with(home) { bank in
      let interface = Interface(
        bank.banks, token: home.apiToken, identity: home.identity, version: Magpie.version, log: home.log)
      let accounts = try await home.database.read { try Accounts.list(after: nil, limit: .max, home.scope, $0) }
      var query = query
      if let account {
        query += try Finding.accounts(account, among: accounts).map { ("account", $0.id.description) }
      }
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
      let names = Dictionary(accounts.map { ($0.id.description, $0.name) }) { first, _ in first }
      for line in AnswerText(accounts: names).lines(value) { surroundings.terminal.line(PlainText.clean(line)) }
    }
  }
}
