import Basics
import Finance
import HTTP
import Insights
import JSON
import Store

/// What investments are worth, consist of and returned.
extension Interface {
  var portfolioOperations: [Operation] {
    [
      Operation(
        "getPortfolio", .get, "/v1/portfolio", .investments, "Show what is invested, its gain, parts and return",
        needs: .household(.read, .viewer),
        parameters: [
          .query("from", .day, "The first day of the return; without one, a year ago."),
          .query("to", .day, "The last day, included; without one, today."), Self.ofAccounts,
        ], answers: [.json(200, Wire.portfolioShape, "The portfolio.", example: Wire.portfolioExample)]
      ) { call in
        let (from, to): (CalendarDate?, CalendarDate?) = (call.query["from"], call.query["to"])
        let accounts: [ID<Account>] = call.query["account"] ?? []
        return try await insight(call) { ground, scope, session in
          let last = to ?? ground.today
          let first = from ?? last - 365
          try Self.check(first, last)
          return Wire.portfolio(
            try Portfolio.read(accounts: accounts, ground, scope, session),
            try Returns.read(first..<last + 1, accounts: accounts, ground, scope, session), ground)
        }
      }
      .saying(
        """
        A gain is told only of what has a cost. Returns are of the accounts that hold investments together; they are \
        unknown, with the reason, unless balances and what was moved in or out are known well enough.
        """)
    ]
  }
}

extension Wire {
  static func portfolio(_ portfolio: Portfolio, _ returns: Returns, _ ground: Ground) -> JSONValue {
    let base = portfolio.currency
    func share(_ minor: Int64) -> JSONValue {
      JSONValue(portfolio.totalMinor > 0 ? Ratio.text(minor, by: portfolio.totalMinor, digits: 4) : nil)
    }
    func slices(_ slices: [Portfolio.Slice]) -> JSONValue {
      .array(
        slices.map {
          [
            "key": .string($0.key), "name": .string($0.name), "value": minor($0.minor, base), "share": share($0.minor),
          ]
        })
    }
    let positions = portfolio.positions.map { position -> JSONValue in
      let (cost, gain) = (position.cost, position.gain)
      return [
        "account": id(position.holding.account), "security": position.security.map(security) ?? .null,
        "quantity": .string(position.holding.quantity.description), "value": position.value.map(money) ?? .null,
        "cost": cost.map(money) ?? .null, "gain": gain.map(money) ?? .null,
        "gain_share": JSONValue(
          gain.flatMap { gain in cost.flatMap { Ratio.text(gain.minorUnits, by: $0.minorUnits, digits: 4) } }),
        "share": position.baseMinor.map(share) ?? .null,
      ]
    }
    return [
      "base_currency": .string(base.code), "value": minor(portfolio.totalMinor, base),
      "cost": portfolio.withCost > 0 ? minor(portfolio.costMinor, base) : .null,
      "gain": portfolio.withCost > 0 ? minor(portfolio.gainMinor, base) : .null, "positions": .array(positions),
      "by_type": slices(portfolio.byType), "by_security": slices(portfolio.bySecurity),
      "by_account": slices(portfolio.byAccount), "by_currency": slices(portfolio.byCurrency),
      "returns": Self.returns(returns, base),
      "inputs": [
        "accounts": .array(Set(portfolio.positions.map(\.holding.account)).sorted().map { id($0) }),
        "positions_counted": .int(
          portfolio.positions.count - portfolio.withoutValue
            - portfolio.positions.count { $0.value != nil && $0.baseMinor == nil }),
        "positions_without_value": .int(portfolio.withoutValue), "positions_with_cost": .int(portfolio.withCost),
        "currencies_without_rate": .array(portfolio.currenciesLeftOut.map { .string($0.code) }),
      ],
    ]
  }

  private static func returns(_ returns: Returns, _ base: Currency) -> JSONValue {
    func words(_ answer: Returns.Answer) -> JSONValue {
      switch answer {
      case .share(let text): ["share": .string(text), "unknown_because": .null]
      case .unknown(let reason): ["share": .null, "unknown_because": .string(reason.rawValue)]
      }
    }
    return [
      "from": day(returns.first), "to": day(returns.last), "start": money(returns.startMinor, base),
      "end": money(returns.endMinor, base),
      "moved": minor(returns.movements.reduce(Int64(0)) { $0 &+ $1.minor }, base),
      "movements": .int(returns.movements.count), "time_weighted": words(returns.timeWeighted),
      "money_weighted": words(returns.moneyWeighted),
    ]
  }

  private static let sliceShape = Shape.object(
    "Slice",
    [
      .required("key", .foreign), .required("name", .foreign), .required("value", .money),
      .required("share", .decimal.orNull, "Of all that has a value."),
    ])

  private static let returnShape = Shape.object(
    "Return",
    [
      .required("share", .decimal.orNull, "`0.0512` is 5.12 % over these days, not a year. Null: unknown."),
      .required("unknown_because", .word(Returns.Reason.self).orNull),
    ])

  static let portfolioShape = Shape.object(
    "Portfolio",
    [
      .required("base_currency", .currency), .required("value", .money),
      .required("cost", .money.orNull, "Of the positions that have one."), .required("gain", .money.orNull),
      .required(
        "positions",
        .list(
          of: .object(
            "Position",
            [
              .required("account", .id(Account.self)), .required("security", securityShape.orNull),
              .required("quantity", .decimal), .required("value", .money.orNull, "Null: unknown."),
              .required("cost", .money.orNull), .required("gain", .money.orNull),
              .required("gain_share", .decimal.orNull, "Gain by cost."),
              .required("share", .decimal.orNull, "Of all that has a value."),
            ]))), .required("by_type", .list(of: sliceShape)), .required("by_security", .list(of: sliceShape)),
      .required("by_account", .list(of: sliceShape)), .required("by_currency", .list(of: sliceShape)),
      .required(
        "returns",
        .object(
          "Returns",
          [
            .required("from", .day.orNull, "At the end of this day it begins: the first with a known worth."),
            .required("to", .day.orNull), .required("start", .money.orNull), .required("end", .money.orNull),
            .required("moved", .money, "What the owner put in, less what they took out."),
            .required("movements", .count),
            .required("time_weighted", returnShape), .required("money_weighted", returnShape, "By Dietz' formula."),
          ])),
      .required(
        "inputs",
        .object([
          .required("accounts", .list(of: .id(Account.self))), .required("positions_counted", .count),
          .required("positions_without_value", .count),
          .required("positions_with_cost", .count), .required("currencies_without_rate", .list(of: .currency)),
        ])),
    ])

  private static func sliceExample(_ key: String, _ name: String) -> JSONValue {
    [["key": .string(key), "name": .string(name), "value": dollars("67.50"), "share": "1.0000"]]
  }

  static let portfolioExample: JSONValue = [
    "base_currency": "USD", "value": dollars("67.50"), "cost": dollars("50.00"), "gain": dollars("17.50"),
    "positions": [
      [
        "account": accountExampleID, "security": securityExample, "quantity": "2.5", "value": dollars("67.50"),
        "cost": dollars("50.00"), "gain": dollars("17.50"), "gain_share": "0.3500", "share": "1.0000",
      ]
    ], "by_type": sliceExample("etf", "etf"), "by_security": sliceExample("sec_01kj3v5d8ve2r9q0w4y7h6t1cz", "ACHN"),
    "by_account": sliceExample("acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "Brokerage"),
    "by_currency": sliceExample("USD", "USD"),
    "returns": [
      "from": "2026-01-31", "to": "2026-03-14", "start": dollars("64.00"), "end": dollars("67.50"),
      "moved": dollars("0.00"), "movements": 0, "time_weighted": ["share": "0.0547", "unknown_because": .null],
      "money_weighted": ["share": "0.0547", "unknown_because": .null],
    ],
    "inputs": [
      "accounts": [accountExampleID], "positions_counted": 1, "positions_without_value": 0, "positions_with_cost": 1,
      "currencies_without_rate": [],
    ],
  ]
}
