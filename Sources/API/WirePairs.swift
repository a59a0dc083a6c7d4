import Basics
import Databases
import Finance
import JSON
import Store

/// How rows that belong together are written.
extension Wire {
  struct ShownPair: Sendable {
    var pair: Pair
    var first: JudgedRow
    var second: JudgedRow

    /// Those whose rows the person sees both.
    static func all(_ pairs: [Pair], _ scope: Scope, _ session: any Session) throws -> [ShownPair] {
      let rows = try Judgements.rows(pairs.flatMap { [$0.first, $0.second] }, scope, session)
      let byID = Dictionary(rows.map { ($0.row.id, $0.row) }, uniquingKeysWith: { first, _ in first })
      return pairs.compactMap { pair in
        guard let first = byID[pair.first], let second = byID[pair.second] else { return nil }
        return ShownPair(pair: pair, first: first, second: second)
      }
    }
  }

  static func pair(_ shown: ShownPair) -> JSONValue {
    let pair = shown.pair
    return [
      "id": id(pair.id), "kind": .string(pair.kind.rawValue), "state": .string(pair.state.rawValue),
      "confirmed": .bool(pair.isOwn && pair.state != .refused), "first": leg(shown.first), "second": leg(shown.second),
      "fee": pair.feeMinor.map { money(Money(minorUnits: $0, shown.first.amount.currency)) } ?? .null,
      "implied_rate": JSONValue(pair.impliedRate?.text),
    ]
  }

  private static func leg(_ row: JudgedRow) -> JSONValue {
    [
      "id": id(row.id), "account": id(row.account), "name": .string(row.name), "amount": money(row.amount),
      "occurred_on": .string("\(row.occurredOn)"),
    ]
  }

  static func link(_ link: PairLink, of amount: Money) -> JSONValue {
    let currency = link.isFirst ? amount.currency : link.amount.currency
    return [
      "pair": id(link.pair), "kind": .string(link.kind.rawValue), "transaction": id(link.other),
      "account": id(link.account), "amount": money(link.amount),
      "fee": link.feeMinor.map { money(Money(minorUnits: $0, currency)) } ?? .null,
      "implied_rate": JSONValue(link.impliedRate?.text), "confirmed": .bool(link.isOwn),
    ]
  }

  private static let legShape = Shape.object([
    .required("id", .id(Transaction.self)), .required("account", .id(Account.self)), .required("name", .foreign),
    .required("amount", .money), .required("occurred_on", .day),
  ])

  private static let kinds = Pair.Kind.allCases.map(\.rawValue)

  static let pairShape = Shape.object(
    "Pair",
    [
      .required("id", .id(PairName.self)),
      .required("kind", .word(kinds), "A transfer between own accounts, a purchase and its refund, or a duplicate."),
      .required("state", .word(Pair.State.allCases.map(\.rawValue))),
      .required("confirmed", .flag, "A person said so."),
      .required("first", legShape, "What left, was bought, or is kept."),
      .required("second", legShape, "What arrived, came back, or may be the same again."),
      .required("fee", .money.orNull, "Lost on the way, in the first one's currency."),
      .required("implied_rate", .decimal.orNull, "How much of the second's currency came for one of the first's."),
    ])

  static let linkShape = Shape.object(
    "TransactionLink",
    [
      .required("pair", .id(PairName.self)), .required("kind", .word(kinds)),
      .required("transaction", .id(Transaction.self), "The other one."), .required("account", .id(Account.self)),
      .required("amount", .money, "The other one's."), .required("fee", .money.orNull),
      .required("implied_rate", .decimal.orNull), .required("confirmed", .flag, "A person said so."),
    ])

  static let pairExample: JSONValue = [
    "id": "pai_01kj3v5d8ve2r9q0w4y7h6t1cz", "kind": "transfer", "state": "suggested", "confirmed": false,
    "first": [
      "id": "txn_01kj3v5d8ve2r9q0w4y7h6t1cz", "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz",
      "name": "TRANSFER TO SAVINGS",
      "amount": ["amount": "-500.00", "currency": "USD"], "occurred_on": "2026-03-12",
    ],
    "second": [
      "id": "txn_01kj3v5d8vfz8k2m5n7p9r3s4t", "account": "acc_01kj3v5d8vfz8k2m5n7p9r3s4t", "name": "DEPOSIT",
      "amount": ["amount": "500.00", "currency": "USD"], "occurred_on": "2026-03-13",
    ],
    "fee": .null, "implied_rate": .null,
  ]
}
