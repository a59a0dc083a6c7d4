import JSON

/// What the description shows of answers about plans and about what lies ahead.
extension Wire {
  static let budgetExample: JSONValue = [
    "id": "bud_01kj3v5d8ve2r9q0w4y7h6t1cz", "category": "FOOD_AND_DRINK", "amount": dollars("400.00"),
    "rollover": "surplus", "starts_on": "2026-01-01", "from": "2026-03-01", "to": "2026-03-31",
    "carried": dollars("31.50"), "spent": dollars("148.20"), "left": dollars("283.30"),
    "even_pace": dollars("194.87"), "projected": dollars("328.16"),
  ]

  static let goalExample: JSONValue = [
    "id": "goa_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "Three months of expenses", "target": dollars("9000.00"),
    "saved": dollars("1210.00"), "share": "0.1344", "account": .null, "due_on": "2027-06-30",
    "monthly": dollars("486.88"),
  ]

  static let rateExample: JSONValue = [
    "currency": "EUR", "quote": "USD", "day": "2026-03-13", "rate": "1.0850", "source": "typed",
  ]

  static let recurringExample: JSONValue = [
    "data": [
      [
        "name": "Gym", "account": accountExampleID, "category": "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS",
        "cadence": "monthly", "amount": dollars("-39.00"), "variable": false, "transfer": false, "state": "active",
        "first_on": "2025-04-02", "last_on": "2026-03-02", "last_amount": dollars("-39.00"), "next_on": "2026-04-02",
        "times": 12,
        "price_rise": ["from": dollars("-35.00"), "to": dollars("-39.00"), "on": "2026-01-02"],
        "began_as_trial": false, "source": "both", "latest_rows": [rowExampleID],
      ]
    ], "monthly_out": dollars("39.00"), "monthly_in": dollars("0.00"), "bank_streams_left_out": 0,
    "inputs": inputsExample("2024-02-08", "2026-03-14"),
  ]

  private static let forecastDayExample: JSONValue = [
    "day": "2026-03-15", "low": dollars("1100.00"), "middle": dollars("1160.00"), "high": dollars("1210.00"),
    "recurring": dollars("0.00"),
  ]

  static let forecastExample: JSONValue = [
    "base_currency": "USD", "start": dollars("1210.00"), "accounts": [accountExampleID], "days_of_past": 364,
    "lowest": forecastDayExample, "days": [forecastDayExample], "streams": 4,
    "inputs": inputsExample("2025-03-16", "2026-03-14"),
  ]

  static let findingsExample: JSONValue = [
    "data": [
      [
        "kind": "duplicate_charge", "day": "2026-03-10", "amount": dollars("24.50"), "compared_with": .null,
        "about": "Corner shop", "account": accountExampleID, "rows": [rowExampleID],
      ]
    ], "inputs": inputsExample("2024-02-08", "2026-03-14"),
  ]

  static let openedExample: JSONValue = [
    "measure": "expenses",
    "formula": "Less the sum of posted rows that count as expenses: refunds lower it.", "value": dollars("24.50"),
    "ratio": .null, "divided_by": 1, "from": "2026-03-01", "to": "2026-03-14", "rows_counted": 1,
    "rows_without_rate": 0,
    "parts": [],
    "rows": [
      [
        "transaction": rowExampleID, "account": accountExampleID, "day": "2026-03-10", "name": "Corner shop",
        "category": "FOOD_AND_DRINK_GROCERIES", "amount": dollars("-24.50"),
      ]
    ],
    "accounts": [
      [
        "account": accountExampleID, "name": "Checking", "kind": "checking", "balance": dollars("1210.00"),
        "worked_out_from": .null,
      ]
    ], "next_offset": .null, "inputs": inputsExample("2026-03-01", "2026-03-14"),
  ]

  static let recommendationsExample: JSONValue = [
    "data": [
      [
        "rule": "build_reserve",
        "words": "Liquid savings last less than three months. A reserve of three months' expenses comes first.",
        "numbers": [["name": "liquid", "amount": dollars("1210.00")]],
      ]
    ]
  ]

  static let adviceExample: JSONValue = [
    "answer": "Not this month: liquid savings last two weeks.", "model": "llama3.1", "level": "totals",
    "tools": ["get_runway"], "prompt_tokens": 1_830, "completion_tokens": 42,
  ]
}
