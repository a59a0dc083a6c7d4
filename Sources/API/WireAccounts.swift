import Basics
import Finance
package import JSON
package import Store

/// How accounts and their balances look on the wire.
extension Wire {
  package static func account(_ account: ListedAccount) -> JSONValue {
    [
      "id": id(account.id), "connection": id(account.connection), "institution": JSONValue(account.institutionName),
      "kind": .string(account.kind), "name": .string(account.name), "official_name": JSONValue(account.officialName),
      "mask": JSONValue(account.mask), "type": .string(account.type), "subtype": JSONValue(account.subtype),
      "currency": .string(account.currency.code),
      "balance": [
        "current": money(account.currentMinor, account.currency), "exact_current": JSONValue(account.currentExact),
        "available": money(account.availableMinor, account.currency),
        "limit": money(account.limitMinor, account.currency), "as_of": instant(account.balanceAt),
      ],
      "notes": JSONValue(account.notes), "hidden": .bool(account.isHidden), "closed_at": instant(account.closedAt),
      "sharing": .string(account.sharing.rawValue), "by_hand": .bool(account.origin == Origin.manual.rawValue),
      "no_longer_sent_at": instant(account.noLongerSentAt), "simulated": isSimulated(account.origin),
    ]
  }

  package static let accountShape = Shape.object(
    "Account",
    [
      .required("id", .id(Account.self)), .required("connection", .id(Connection.self).orNull),
      .required("institution", .foreign.orNull), .required("kind", .word(AccountKind.self)),
      .required("name", .foreign), .required("official_name", .foreign.orNull),
      .required("mask", .foreign.orNull, "The last digits of its number."),
      .required("type", .foreign, "The provider's word."), .required("subtype", .foreign.orNull),
      .required("currency", .currency), .required("balance", balanceShape), .required("notes", .foreign.orNull),
      .required("hidden", .flag, "Kept out of sight in lists that people look at."),
      .required("closed_at", .instant.orNull, "Since when no new transactions are expected."),
      .required("sharing", .word(SharingLevel.self), "What the others in the household see of it."),
      .required("by_hand", .flag, "No bank keeps it."),
      .required("no_longer_sent_at", .instant.orNull, "Since when the bank no longer lists it."),
      .required("simulated", .flag, "It comes from the simulated bank."),
    ])

  private static let balanceShape = Shape.object(
    "Balance",
    [
      .required("current", .money.orNull, "From the owner's side: a debt is negative."),
      .required("exact_current", .decimal.orNull), .required("available", .money.orNull),
      .required("limit", .money.orNull), .required("as_of", .instant.orNull),
    ])

  static let accountExample: JSONValue = [
    "id": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "connection": "con_01kj3v5d8ve2r9q0w4y7h6t1cz",
    "institution": "First Platypus Bank", "kind": "checking", "name": "Plaid Checking",
    "official_name": "Plaid Gold Standard 0% Interest Checking", "mask": "0000", "type": "depository",
    "subtype": "checking", "currency": "USD",
    "balance": [
      "current": ["amount": "110.00", "currency": "USD"], "exact_current": .null,
      "available": ["amount": "100.00", "currency": "USD"], "limit": .null, "as_of": "2026-03-14T09:00:00Z",
    ], "notes": .null, "hidden": false, "closed_at": .null, "sharing": "full", "by_hand": false,
    "no_longer_sent_at": .null, "simulated": true,
  ]

  static func balanceDay(_ balance: BalanceDay) -> JSONValue {
    [
      "day": day(balance.day), "current": money(balance.currentMinor, balance.currency),
      "available": money(balance.availableMinor, balance.currency),
      "limit": money(balance.limitMinor, balance.currency), "as_of": instant(balance.asOf),
      "source": .string(balance.source),
    ]
  }

  static let balanceDayShape = Shape.object(
    "BalanceDay",
    [
      .required("day", .day), .required("current", .money.orNull, "From the owner's side: a debt is negative."),
      .required("available", .money.orNull), .required("limit", .money.orNull), .required("as_of", .instant),
      .required("source", .token, "`cached`, `live` or `typed`."),
    ])

  static let balanceDayExample: JSONValue = [
    "day": "2026-03-14", "current": ["amount": "110.00", "currency": "USD"],
    "available": ["amount": "100.00", "currency": "USD"], "limit": .null, "as_of": "2026-03-14T09:00:00Z",
    "source": "cached",
  ]

  static func proof(_ proof: BalanceProof) -> JSONValue {
    let (verdict, difference, reason, unclear): (String, Money?, String?, Int?) =
      switch proof.verdict {
      case .addsUp: ("adds_up", nil, nil, nil)
      case .differs(let money): ("differs", money, nil, nil)
      case .unknown(let why): ("unknown", nil, word(for: why), rows(of: why))
      }
    return [
      "account": id(proof.account), "verdict": .string(verdict), "difference": difference.map(money) ?? .null,
      "reason": JSONValue(reason), "unclear_rows": JSONValue(unclear), "from": day(proof.from),
      "through": day(proof.through),
    ]
  }

  private static func word(for reason: BalanceProof.Reason) -> String {
    switch reason {
    case .movesByItself: "moves_by_itself"
    case .noBalance: "no_balance"
    case .oneDay: "one_day"
    case .currencies: "currencies"
    case .unclearRows: "unclear_rows"
    case .noLongerSent: "no_longer_sent"
    }
  }

  private static func rows(of reason: BalanceProof.Reason) -> Int? {
    if case .unclearRows(let count) = reason { count } else { nil }
  }

  static let proofShape = Shape.object(
    "BalanceProof",
    [
      .required("account", .id(Account.self)), .required("verdict", .word(["adds_up", "differs", "unknown"])),
      .required(
        "difference", .money.orNull, "The last balance is so much more than the first and the rows since then."),
      .required(
        "reason",
        .word(["moves_by_itself", "no_balance", "one_day", "currencies", "unclear_rows", "no_longer_sent"]).orNull,
        "Why nothing can be said."),
      .required("unclear_rows", .count.orNull, "So many rows may count on either side of a balance."),
      .required("from", .day.orNull, "The first day with a known balance."), .required("through", .day.orNull),
    ])

  static let proofExample: JSONValue = [
    "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "verdict": "adds_up", "difference": .null, "reason": .null,
    "unclear_rows": .null, "from": "2026-03-01", "through": "2026-03-14",
  ]
}
