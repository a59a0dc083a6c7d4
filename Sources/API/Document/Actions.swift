import JSON

/// The interface as a custom GPT's actions take it: few operations, short words, and a server by its whole address.
extension Interface {
  /// Reading alone: what an assistant without a person's yes may do.
  static let actionIDs: [String] = [
    "getOverview", "listAccounts", "getAccount", "listTransactions", "getTransaction", "listCategories", "listTags",
    "listMerchants", "getNetWorth", "getCashFlow", "getCashFlowSummary", "getExpenses", "getSpending", "getBurn",
    "getRunway", "listRecurring", "getForecast", "listInsights", "explainMeasure", "listBudgets", "listGoals",
    "listHoldings", "listLiabilities", "listRates", "listRecommendations", "listConnections",
  ]
  /// Longer descriptions are refused there.
  private static let wordsMax = 300

  func actions() -> JSONValue {
    let chosen = operations.filter { Self.actionIDs.contains($0.id) }
    var document = OpenAPI(chosen, version: version).document()
    document["servers"] = [["url": .string(publicURL ?? "http://127.0.0.1:8080")]]
    document["info"]?["description"] = .string(AssistantWords.instructions)
    let paths = document["paths"]?.members ?? []
    document["paths"] = .object(
      paths.map { path in
        .init(
          path.key,
          .object(path.value.members.map { method in .init(method.key, Self.shortened(method.value)) }))
      })
    return document
  }

  /// Without refusals and examples, which make such a document too long.
  private static func shortened(_ operation: JSONValue) -> JSONValue {
    var short = operation
    let words = (operation["summary"]?.string ?? "") + ". " + (operation["description"]?.string ?? "")
    short["description"] = .string(String(words.prefix(wordsMax)))
    short["responses"] = .object((operation["responses"]?.members ?? []).filter { $0.key.hasPrefix("2") })
    return short
  }
}
