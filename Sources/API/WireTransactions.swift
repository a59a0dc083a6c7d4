import Basics
import Finance
package import JSON
package import Store

/// How transactions look on the wire, with everything that people wrote on them.
extension Wire {
  package static func transaction(_ entry: TransactionEntry) -> JSONValue {
    let (row, extras) = (entry.row, entry.extras)
    return [
      "id": id(row.id), "account": id(row.account), "amount": money(row.amount), "exact_amount": JSONValue(row.exact),
      "occurred_on": day(row.occurredOn), "booked_on": day(row.bookedOn), "pending": .bool(row.isPending),
      "name": .string(row.name), "original_description": JSONValue(row.originalDescription),
      "merchant": JSONValue(row.merchantName), "payment_channel": JSONValue(row.paymentChannel),
      "category": JSONValue(row.category),
      "bank_category": row.categoryPrimary == nil
        ? .null : ["primary": JSONValue(row.categoryPrimary), "detailed": JSONValue(row.categoryDetailed)],
      "flow": .string(row.flow), "notes": JSONValue(row.notes), "tags": JSONValue(extras.tags.map(\.description)),
      "fields": .object(extras.custom.sorted { $0.key < $1.key }.map { .init($0.key, .string($0.value)) }),
      "splits": .array(extras.parts.map { part($0, of: row.amount) }), "excluded": .bool(row.isExcluded),
      "reviewed": .bool(row.isReviewed), "deleted": .bool(row.isDeleted), "simulated": isSimulated(row.origin),
      "links": .array(extras.links.map { link($0, of: row.amount) }),
    ]
  }

  private static func part(_ part: SplitPart, of amount: Money) -> JSONValue {
    [
      "amount": money(Money(minorUnits: part.amountMinor, amount.currency)), "category": JSONValue(part.category),
      "note": JSONValue(part.note),
    ]
  }

  package static let transactionShape = Shape.object(
    "Transaction",
    [
      .required("id", .id(Transaction.self)), .required("account", .id(Account.self)),
      .required("amount", .money, "Positive is into your pocket."),
      .required("exact_amount", .decimal.orNull, "When the bank sent more decimals than the currency has."),
      .required("occurred_on", .day, "When it happened: the day that reports count."),
      .required("booked_on", .day.orNull, "When the bank booked it: the day that balances count."),
      .required("pending", .flag), .required("name", .foreign),
      .required("original_description", .foreign.orNull), .required("merchant", .foreign.orNull),
      .required("payment_channel", .foreign.orNull),
      .required("category", .foreign.orNull, "The code of its category: yours, else ours, else the bank's."),
      .required(
        "bank_category",
        .object([.required("primary", .foreign.orNull), .required("detailed", .foreign.orNull)]).orNull),
      .required("flow", .word(FlowKind.self)), .required("notes", .foreign.orNull),
      .required("tags", .list(of: .id(Store.Tag.self), count: 0...1_000)),
      .required("fields", .map(of: .foreign, countMax: 1_000), "Fields of your own, by their names."),
      .required("splits", .list(of: splitShape, count: 0...100), "Its parts; none when it is in one piece."),
      .required("excluded", .flag, "Left out of reports."), .required("reviewed", .flag),
      .required("deleted", .flag, "Deleted by a person."),
      .required("simulated", .flag, "It comes from the simulated bank."),
      .required(
        "links", .list(of: linkShape, count: 0...100),
        "What it belongs to: the other half of a transfer, its purchase or its refund."),
    ])

  static let splitShape = Shape.object(
    "Split",
    [
      .required("amount", .money), .required("category", .foreign.orNull, "Null: the category of the whole."),
      .required("note", .foreign.orNull),
    ])

  static let changeShape = Shape.object(
    "Change",
    [
      .required("id", .id(Change.self)), .required("group", .id(ChangeGroup.self), "What is undone together."),
      .required("at", .instant), .required("person", .id(User.self).orNull), .required("through", .foreign),
      .required("field", .foreign), .required("before", .foreign.orNull), .required("after", .foreign.orNull),
      .required("undone", .flag), .required("undoes", .id(ChangeGroup.self).orNull, "The change that it took back."),
    ])

  static func change(_ change: RecordedChange) -> JSONValue {
    [
      "id": id(change.id), "group": id(change.group), "at": instant(change.at), "person": id(change.person),
      "through": .string(change.through), "field": .string(change.change.field),
      "before": JSONValue(change.change.before), "after": JSONValue(change.change.after),
      "undone": .bool(change.isUndone), "undoes": id(change.undoes),
    ]
  }

  static let transactionExample: JSONValue = [
    "id": "txn_01kj3v5d8ve2r9q0w4y7h6t1cz", "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz",
    "amount": ["amount": "-12.34", "currency": "USD"], "exact_amount": .null, "occurred_on": "2026-03-12",
    "booked_on": "2026-03-13", "pending": false, "name": "Tectra Inc", "original_description": "TECTRA INC 0312",
    "merchant": "Tectra", "payment_channel": "in store", "category": "FOOD_AND_DRINK_RESTAURANT",
    "bank_category": ["primary": "FOOD_AND_DRINK", "detailed": "FOOD_AND_DRINK_RESTAURANT"], "flow": "expense",
    "notes": .null, "tags": [], "fields": [:], "splits": [], "excluded": false, "reviewed": false, "deleted": false,
    "simulated": true, "links": [],
  ]

  static let changeExample: JSONValue = [
    "id": "cng_01kj3v5d8ve2r9q0w4y7h6t1cz", "group": "chg_01kj3v5d8ve2r9q0w4y7h6t1cz",
    "at": "2026-03-14T09:00:00Z", "person": "usr_01kj3v5d8ve2r9q0w4y7h6t1cz", "through": "web", "field": "notes",
    "before": .null, "after": "Anniversary", "undone": false, "undoes": .null,
  ]
}
