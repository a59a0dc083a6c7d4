import Basics
import Finance
import Testing

@testable import Interchange
@testable import Store

@Suite struct `A journal` {
  private static let checking = ID<Account>(bits: 1)
  private static let card = ID<Account>(bits: 2)

  private static let holders = [
    Journal.Holder(
      id: checking, kind: .checking, name: "Plaid Checking", mask: "0000", opening: Money(minorUnits: 100_00, .usd)),
    Journal.Holder(id: card, kind: .creditCard, name: "Card", mask: nil, opening: nil),
  ]

  private static func row(
    _ bits: UInt64, _ minor: Int64, _ category: String = "FOOD_AND_DRINK_GROCERIES", _ flow: FlowKind = .expense,
    name: String = "Shop", pending: Bool = false, part: Int? = nil, currency: Currency = .usd
  ) -> MeasuredRow {
    MeasuredRow(
      id: ID(bits: UInt128(bits)), account: checking, day: CalendarDate(days: 20_000), amountMinor: minor,
      currency: currency, flow: flow, category: category, merchant: nil, name: name, isPending: pending, part: part)
  }

  @Test func `tells what an account lost and what for`() {
    var journal = Journal(.hledger, Self.holders)
    let beginning = journal.beginning(on: CalendarDate(days: 19_999))
    #expect(
      beginning.contains(
        "2024-10-03 * Opening balance  ; id:\(Self.checking)\n  Assets:Checking:Plaid-Checking-0000  100.00 USD\n"
          + "  Equity:Opening-Balances  -100.00 USD\n"))
    let text = journal.transactions([Self.row(7, -12_34), Self.row(8, 5_00, pending: true)])
    #expect(
      text == """

        2024-10-04 * Shop  ; id:\(ID<Transaction>(bits: 7))
          Assets:Checking:Plaid-Checking-0000  -12.34 USD
          Expenses:Food-And-Drink-Groceries  12.34 USD

        2024-10-04 ! Shop  ; id:\(ID<Transaction>(bits: 8))
          Assets:Checking:Plaid-Checking-0000  5.00 USD
          Expenses:Food-And-Drink-Groceries  -5.00 USD

        """)
  }

  @Test func `puts the parts of a row into one entry`() {
    var journal = Journal(.hledger, Self.holders)
    let text = journal.transactions([
      Self.row(7, -10_00, part: 0), Self.row(7, -2_00, "INCOME_WAGES", .income, part: 1), Self.row(9, -1_00),
    ])
    #expect(text.components("2024-10-04").count == 3, "two entries")
    #expect(
      text.contains("-12.00 USD\n  Expenses:Food-And-Drink-Groceries  10.00 USD\n  Income:Income-Wages  2.00 USD\n"))
  }

  @Test func `opens each account once for beancount`() {
    var journal = Journal(.beancount, Self.holders)
    let text =
      journal.beginning(on: CalendarDate(days: 19_999)) + journal.transactions([Self.row(7, -1), Self.row(8, -1)])
    for name in ["Assets:Checking:Plaid-Checking-0000", "Expenses:Food-And-Drink-Groceries", "Equity:Opening-Balances"]
    {
      #expect(text.components("open \(name)\n").count == 2, "\(name)")
    }
    #expect(text.contains("* \"Shop\"\n  id: \"txn_"))
  }

  @Test(arguments: [
    ("a\n2024-01-01 * x\n  Assets:A  1 USD", "a 2024-01-01 * x Assets:A 1 USD"), ("\"quoted\\\" ; note", "quoted note"),
    ("* ! (code) x", "code) x"), ("=2024-01-02 y", "2024-01-02 y"), ("~ monthly", "monthly"),
  ])
  func `is not written by what a bank says`(said: String, written: String) {
    #expect(Journal.plain(said) == written)
  }

  @Test func `never gives two accounts one name`() {
    let twins = (1...3).map {
      Journal.Holder(id: ID(bits: UInt128($0)), kind: .savings, name: "Säving — §", mask: nil, opening: nil)
    }
    let journal = Journal(.hledger, twins)
    let names = twins.map { journal.name(of: $0.id) }
    #expect(names == ["Assets:Savings:S-Ving", "Assets:Savings:S-Ving-2", "Assets:Savings:S-Ving-3"])
  }
}

extension String {
  fileprivate func components(_ separator: String) -> [String] {
    var (parts, rest) = ([String](), self[...])
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
