import JSON
import Testing

@testable import App

@Suite struct `An answer on the command line` {
  private let account = "acc_01m807pzrfe00rbc3rwzjfv66g"

  @Test func `has tables with names of accounts and securities, and what rows have of rows of their own`() {
    let rows: JSONValue = [
      "data": [
        [
          "period": "2026-03", "account": .string(account), "net": ["amount": "-5.00", "currency": "USD"],
          "before": ["income": ["amount": "1.00", "currency": "USD"], "net": ["amount": "1.00", "currency": "USD"]],
          "security": ["id": "sec_1", "ticker": .null, "name": "A fund"],
          "payoff": ["state": "never", "on": .null],
          "lines": [["name": "Rent", "net": ["amount": "-5.00", "currency": "USD"]]],
        ]
      ]
    ]
    #expect(
      AnswerText(accounts: [account: "Checking"]).lines(rows) == [
        "data", "  period   account         net  before net  security  payoff state",
        "  2026-03  Checking  -5.00 USD    1.00 USD  A fund    never", "  2026-03: lines",
        "    name        net", "    Rent  -5.00 USD",
      ])
  }

  @Test func `says what is unknown, what there is none of, and what it was made from`() {
    let answer: JSONValue = [
      "per_month": .null, "rest": .null, "months": [], "exact": true, "value": .null, "ratio": "0.5000",
      "runway": ["state": "unlimited", "months": .null], "returned": ["share": .null, "unknown_because": "currencies"],
      "inputs": [
        "from": "2026-01-01", "to": "2026-03-31", "accounts": ["a", "b"], "rows_counted": 5,
        "rows_left_out": ["pending": 2, "transfer": 0], "accounts_left_out": ["not_liquid": 1],
        "currencies_without_rate": ["JPY"],
      ],
    ]
    #expect(
      AnswerText().lines(answer) == [
        "per month: unknown", "months: none", "exact: yes", "ratio: 0.5000", "runway", "  state: unlimited", "returned",
        "  unknown because: currencies",
        "made from: 5 rows; 2 accounts; 2026-01-01 to 2026-03-31; rows left out: 2 pending; "
          + "accounts left out: 1 not liquid; without a rate: JPY",
      ])
  }
}
