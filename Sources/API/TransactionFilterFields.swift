import Basics
import Finance
import HTTP
import JSON
import Store

/// Which transactions are meant: the same names in a query, in the body of a change to many, and in a saved view.
enum TransactionFilterFields {
  private static let many = 50

  static let parameters: [Parameter] = [
    .query(
      "text", .text(), "Words that name, merchant, original text or notes contain, whatever their case and accents."),
    .queries("account", .id(Account.self), countMax: many, "Only of these accounts."),
    .query("from", .day, "The first day on which they occurred."),
    .query("to", .day, "The last day on which they occurred."),
    .query("amount_from", .decimal, "The least amount, from your side: spending is negative."),
    .query("amount_to", .decimal, "The greatest amount."),
    .queries("currency", .currency, countMax: many, "Only in these currencies."),
    .queries("category", .token, countMax: many, "Only in these categories; a group stands for all in it."),
    .query("uncategorized", .flag, "Only those without a category, or only those with one."),
    .queries("tag", .id(Store.Tag.self), countMax: many, "Only with one of these tags."),
    .queries("merchant", .id(Merchant.self), countMax: many, "Only of these merchants."),
    .query("pending", .flag, "Only pending ones, or only posted ones."),
    .query("edited", .flag, "Only those that somebody wrote on, or only the others."),
    .query("reviewed", .flag, "Only reviewed ones, or only the others."),
    .query("excluded", .flag, "Only those left out of reports, or only the others."),
    .query("deleted", .flag, "Those that were deleted, in place of all others."),
  ]

  /// The same as an object, for bodies.
  static let shape = Shape.object(
    "TransactionFilter",
    parameters.map { parameter in
      .optional(
        parameter.name,
        parameter.countMax.map { .list(of: parameter.shape, count: 0...$0) } ?? parameter.shape.orNull,
        parameter.words)
    }
  ).holding { value in mistakes(in: Fields(value)).reduce(into: [:]) { $0["/\($1.key)"] = $1.value } }

  /// - Throws: 422 for ends in the wrong order.
  static func filter(query fields: Fields) throws(Problem) -> TransactionFilter {
    let mistakes = mistakes(in: fields)
    guard mistakes.isEmpty else { throw .invalid(mistakes.reduce(into: [:]) { $0["?\($1.key)"] = $1.value }) }
    return filter(fields)
  }

  static func filter(_ fields: Fields) -> TransactionFilter {
    var filter = TransactionFilter()
    filter.text = fields["text"]
    filter.accounts = fields["account"] ?? []
    (filter.from, filter.to) = (fields["from"], fields["to"])
    (filter.amountFrom, filter.amountTo) = (fields["amount_from"], fields["amount_to"])
    filter.currencies = fields["currency"] ?? []
    filter.categories = fields["category"] ?? []
    filter.isUncategorized = fields["uncategorized"]
    filter.tags = fields["tag"] ?? []
    filter.merchants = fields["merchant"] ?? []
    filter.isPending = fields["pending"]
    filter.isEdited = fields["edited"]
    filter.isReviewed = fields["reviewed"]
    filter.isExcluded = fields["excluded"]
    filter.isDeleted = fields["deleted"] ?? false
    return filter
  }

  /// Equal for equal questions, whatever the order they are asked in.
  static func words(_ fields: Fields) -> String {
    fields.object.members.filter { member in parameters.contains { $0.name == member.key } }
      .sorted { $0.key < $1.key }
      .map { member in
        let values = member.value.elements.isEmpty ? [member.value] : Array(member.value.elements)
        return "\(member.key)=\(values.map { $0.text() }.sorted().joined(separator: ","))"
      }.joined(separator: "&")
  }

  /// What is wrong with a query that is kept for later, in words that go after "it".
  static func mistake(inQuery query: String) -> String? {
    let request = Request("GET", "/v1/transactions?\(query)")
    do throws(Problem) {
      _ = try filter(query: try (parameters + [order]).query(of: request))
      return nil
    } catch {
      return error.fields.sorted { $0.key < $1.key }.first.map { "has \($0.key) wrong: it \($0.value)" }
    }
  }

  static let order = Parameter.query(
    "order", .word(TransactionOrder.self), "By the day on which they occurred, or by amount.",
    standard: .string(TransactionOrder.newest.rawValue))

  private static func mistakes(in fields: Fields) -> [String: String] {
    var mistakes: [String: String] = [:]
    if let from: CalendarDate = fields["from"], let to: CalendarDate = fields["to"], from > to {
      mistakes["to"] = "must not be before from"
    }
    return mistakes
  }
}
