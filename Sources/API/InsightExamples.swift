import JSON

/// What the description shows of answers about money: the form of real ones, of a made-up household.
extension Wire {
  static func dollars(_ amount: String) -> JSONValue { ["amount": .string(amount), "currency": "USD"] }
  static let accountExampleID: JSONValue = "acc_01kj3v5d8ve2r9q0w4y7h6t1cz"
  static let rowExampleID: JSONValue = "txn_01kj3v5d8ve2r9q0w4y7h6t1cz"

  private static func window(_ from: String, _ to: String) -> [JSONValue.Member] {
    [.init("from", .string(from)), .init("to", .string(to))]
  }

  private static func flow(_ income: String, _ expenses: String, _ net: String, _ rate: String) -> [JSONValue.Member] {
    [
      .init("income", dollars(income)), .init("expenses", dollars(expenses)), .init("net", dollars(net)),
      .init("savings_rate", .string(rate)), .init("pending", dollars("-12.00")), .init("rows", 41),
    ]
  }

  private static let flowExample = flow("3000.00", "2400.00", "600.00", "0.2000")

  static func inputsExample(_ from: String, _ to: String) -> JSONValue {
    .object(
      window(from, to) + [
        .init("accounts", [accountExampleID]), .init("rows_counted", 41),
        .init("rows_left_out", ["excluded": 0, "pending": 1, "transfer": 4]), .init("accounts_left_out", [:]),
        .init("currencies_without_rate", []),
      ])
  }

  static let netWorthExample: JSONValue = [
    "today": "2026-03-14", "base_currency": "USD",
    "currencies": [
      [
        "assets": dollars("1210.00"), "debts": dollars("-410.00"), "total": dollars("800.00"),
        "liquid": dollars("1210.00"), "invested": dollars("0.00"),
      ]
    ], "unknown_accounts": [], "old_accounts": [], "kinds": [["kind": "checking", "balance": dollars("1210.00")]],
    "days": [
      [
        "day": "2026-03-07", "assets": dollars("1100.00"), "debts": dollars("-410.00"), "total": dollars("690.00"),
        "reconstructed": true, "unknown_accounts": 0,
      ]
    ], "currencies_without_rate": [], "inputs": inputsExample("2026-03-07", "2026-03-14"),
  ]

  private static let comparedExample: JSONValue = [
    "income": dollars("2900.00"), "expenses": dollars("2310.00"), "net": dollars("590.00"),
  ]

  static let cashFlowExample: JSONValue = [
    "data": [
      .object(
        [.init("period", "2026-02")] + window("2026-02-01", "2026-02-28") + [.init("complete", true)] + flowExample + [
          .init("before", comparedExample), .init("year_before", comparedExample),
          .init(
            "lines",
            [
              [
                "key": "Ada", "name": "Ada", "income": dollars("3000.00"), "expenses": dollars("2400.00"),
                "net": dollars("600.00"),
              ]
            ]),
        ])
    ], "other_currencies": [], "inputs": inputsExample("2026-02-01", "2026-03-31"),
  ]

  static let summaryExample: JSONValue = [
    "window": .object(window("2026-02-01", "2026-02-28") + flowExample),
    "before": .object(window("2026-01-01", "2026-01-31") + flowExample),
    "year_before": .object(window("2025-02-01", "2025-02-28") + flowExample),
    "income": [
      ["category": "INCOME_WAGES", "name": "Wages", "group": "Income", "amount": dollars("3000.00")]
    ],
    "expenses": [
      [
        "category": "RENT_AND_UTILITIES_RENT", "name": "Rent", "group": "Rent and utilities",
        "amount": dollars("2400.00"),
      ]
    ], "sankey": [["from": "Wages", "to": "Income", "amount": dollars("3000.00")]], "other_currencies": [],
    "inputs": inputsExample("2026-02-01", "2026-02-28"),
  ]

  static let expensesExample: JSONValue = [
    "from": "2026-02-01", "to": "2026-02-28", "expenses": dollars("2400.00"), "before": dollars("2310.00"),
    "year_before": dollars("2250.00"), "pending": dollars("-12.00"), "other_currencies": [],
    "inputs": inputsExample("2026-02-01", "2026-02-28"),
  ]

  private static func spendingLine(_ key: String, _ name: String) -> JSONValue {
    [
      "key": .string(key), "name": .string(name), "amount": dollars("2400.00"), "rows": 1,
      "before": dollars("2310.00"), "year_before": dollars("2250.00"), "share": "1.0000",
    ]
  }

  static let spendingExample: JSONValue = [
    "by": "category", "from": "2026-02-01", "to": "2026-02-28",
    "data": [spendingLine("RENT_AND_UTILITIES_RENT", "Rent")], "rest": .null, "total": spendingLine("", ""),
    "inputs": inputsExample("2026-02-01", "2026-02-28"),
  ]

  static let burnExample: JSONValue = [
    "per_month": dollars("2400.00"), "of_months": 1,
    "months": [["month": "2026-02", "expenses": dollars("2400.00")]], "dearest": dollars("2400.00"),
    "cheapest": dollars("2400.00"), "inputs": inputsExample("2025-12-01", "2026-03-31"),
  ]

  static let runwayExample: JSONValue = [
    "liquid": dollars("12000.00"), "liquid_without_rate": [], "burn": dollars("2400.00"),
    "runway": ["state": "months", "months": "5.0"], "pessimistic": ["state": "months", "months": "4.1"],
    "optimistic": ["state": "months", "months": "5.7"], "inputs": inputsExample("2025-12-01", "2026-03-31"),
  ]
}
