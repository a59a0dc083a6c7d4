import Basics
import Finance
import JSON
import Plaid
import Testing

private let damages: [JSONValue?] = [nil, .null, 5, true, "", "x", [], [1], [:], ["a": 1]]

private func account(_ type: String, _ subtype: String, _ current: String) async throws -> FeedAccount {
  let body =
    #"{"accounts":[{"account_id":"a","name":"N","type":"\#(type)","subtype":"\#(subtype)","balances":"#
    + #"{"current":\#(current),"available":90.5,"limit":1000,"iso_currency_code":"USD"}}]}"#
  let accounts = try await Wire(body).client().feed(accessToken: token).accounts().accounts
  return try #require(accounts.first)
}

@Suite struct `An account of Plaid's` {
  static let full: JSONValue = [
    "account_id": "a", "persistent_account_id": "per", "name": "N", "official_name": "O", "mask": "0000",
    "type": "credit", "subtype": "credit card", "holder_category": "personal",
    "balances": [
      "current": .number("410.10"), "available": .number("90"), "limit": 2000, "iso_currency_code": "USD",
      "unofficial_currency_code": nil, "last_updated_datetime": "2026-01-31T08:30:00Z",
    ],
  ]

  @Test func `shows a debt as a negative balance and a debt overpaid as a positive one`() async throws {
    #expect(try await account("credit", "credit card", "410.10").current?.text == "-410.1")
    #expect(try await account("credit", "credit card", "-25").current?.text == "25")
    #expect(try await account("loan", "student", "65262").current?.text == "-65262")
    let checking = try await account("depository", "checking", "110.00")
    #expect(checking.current?.text == "110" && checking.available?.text == "90.5" && checking.limit?.text == "1000")
    #expect(try await account("depository", "checking", "-3").current?.text == "-3")
    #expect(try await account("investment", "401k", "23631.9805").current?.text == "23631.9805")
    #expect(try await account("credit", "paypal", "1").available?.text == "90.5")
  }

  @Test(arguments: [
    ("depository", "hsa", AccountKind.healthSavings), ("investment", "hsa", .healthSavings),
    ("depository", "paypal", .cashManagement), ("credit", "paypal", .creditCard), ("loan", "line of credit", .loan),
    ("loan", "other", .loan), ("investment", "other", .investment), ("investment", "403B", .retirement),
    ("loan", "mortgage", .mortgage), ("depository", "cd", .deposit), ("payroll", "payroll", .otherAsset),
    ("of tomorrow", "x", .otherAsset), ("depository", "of tomorrow", .checking),
  ])
  func `is of the kind its two words name`(type: String, subtype: String, kind: AccountKind) async throws {
    #expect(try await account(type, subtype, "1").kind == kind)
  }

  @Test func `survives every damage to one key but its id, and its neighbour survives`() async throws {
    let next: JSONValue = ["account_id": "b", "name": "B", "type": "depository", "subtype": "savings"]
    for (place, keys) in [(nil, Self.full.members.map(\.key)), ("balances", Self.full["balances"]!.members.map(\.key))]
    {
      for key in keys {
        for damage in damages {
          let changed = place.map { Self.full.setting($0, Self.full[$0]?.setting(key, damage)) }
          let body: JSONValue = ["accounts": .array([changed ?? Self.full.setting(key, damage), next])]
          let read = try await Wire(body.text()).client().feed(accessToken: token).accounts()
          let accounts = read.accounts
          let isLost = key == "account_id" && damage != "x"
          #expect(read.unreadable.map(\.raw) == (isLost ? [Self.full.setting(key, damage).text()] : []))
          #expect(accounts.map(\.id).last == "b" && accounts.count == (isLost ? 1 : 2), "\(key)")
          #expect(accounts.allSatisfy { !$0.name.isEmpty && !$0.type.isEmpty })
        }
      }
    }
  }

  @Test func `keeps what has no place of its own`() async throws {
    let body: JSONValue = ["accounts": [Self.full], "item": ["item_id": "i", "institution_id": "ins_1"]]
    let read = try await Wire(body.text()).client().feed(accessToken: token).accounts()
    let account = try #require(read.accounts.first)
    #expect(read.institutionID == "ins_1" && account.persistentID == "per" && account.mask == "0000")
    #expect(
      account.balanceAt?.description == "2026-01-31T08:30:00Z" && account.rest == #"{"holder_category":"personal"}"#)
    let strange = Self.full.setting("balances", ["current": "many", "margin_loan_amount": 3])
    let odd = try await Wire(JSONValue.object([.init("accounts", [strange])]).text()).client()
      .feed(accessToken: token).accounts()
    let rest = try JSONValue.parse(odd.accounts.first?.rest ?? "")
    #expect(odd.accounts.first?.current == nil && rest["balances"]?["current"] == "many")
  }
}

@Suite struct `Investments and debts of Plaid's` {
  static let holding: JSONValue = [
    "account_id": "a", "security_id": "s", "institution_price": .number("11.10"), "quantity": .number("0.00000001"),
    "institution_price_as_of": "2026-01-30", "institution_value": .number("2.50"), "cost_basis": 1,
    "iso_currency_code": "USD", "unofficial_currency_code": nil, "vested_quantity": 3, "tax_lots": [],
  ]
  static let trade: JSONValue = [
    "investment_transaction_id": "i", "account_id": "a", "security_id": "s", "date": "2026-01-30", "name": "BUY",
    "quantity": 2, "amount": .number("22.20"), "price": .number("11.10"), "fees": 1, "type": "buy", "subtype": "buy",
    "iso_currency_code": "USD", "unofficial_currency_code": nil, "cancel_transaction_id": nil,
  ]
  static let card: JSONValue = [
    "account_id": "a",
    "aprs": [
      ["apr_type": "cash_apr", "apr_percentage": 29],
      [
        "apr_type": "purchase_apr",
        "apr_percentage": .number("15.24"),
      ],
    ],
    "is_overdue": false, "last_payment_amount": .number("168.25"), "last_payment_date": "2026-01-22",
    "last_statement_issue_date": "2026-01-28", "last_statement_balance": .number("1708.77"),
    "minimum_payment_amount": 20, "next_payment_due_date": "2026-02-28",
  ]

  private func feed(_ body: JSONValue) -> BankFeed { Wire(body.text()).client().feed(accessToken: token) }

  @Test func `are read exactly`() async throws {
    let security: JSONValue = ["security_id": "s", "ticker_symbol": "T", "is_cash_equivalent": false, "sector": "Tech"]
    let nameless = security.setting("security_id", nil)
    let held = try #require(
      try await feed(["holdings": [Self.holding], "securities": [nameless, security]]).holdings())
    #expect(held.unreadableSecurities.map(\.raw) == [nameless.text()] && held.securities.count == 1)
    #expect(held.unreadable.isEmpty, "no holding is missing for it")
    let holding = try #require(held.holdings.first)
    #expect(holding.quantity.text == "0.00000001" && holding.price?.text == "11.1" && holding.costBasis?.text == "1")
    #expect(holding.value?.text == "2.5" && holding.rest == #"{"vested_quantity":3,"tax_lots":[]}"#)
    #expect(held.securities.first?.ticker == "T" && held.securities.first?.rest == #"{"sector":"Tech"}"#)
    let body: JSONValue = ["investment_transactions": [Self.trade], "total_investment_transactions": 9]
    let day = CalendarDate(days: 20_000)
    let trades = try #require(try await feed(body).investmentTransactions(day, day, 0))
    let trade = try #require(trades.transactions.first)
    #expect(trades.total == 9 && trade.amount.text == "-22.2" && trade.quantity.text == "2" && trade.fees?.text == "1")
  }

  @Test func `have the rate of purchases and the dates of payments`() async throws {
    let mortgage: JSONValue = [
      "account_id": "m", "interest_rate": ["percentage": .number("3.990")], "next_monthly_payment": 5,
    ]
    let body: JSONValue = ["liabilities": ["credit": [Self.card], "mortgage": [mortgage], "student": nil]]
    let debts = try #require(try await feed(body).liabilities()).liabilities
    #expect(debts.map(\.kind) == ["credit", "mortgage"])
    #expect(debts.map { $0.ratePercent?.text } == ["15.24", "3.99"])
    #expect(debts.map { $0.minimumPayment?.text } == ["20", "5"] && debts[0].isOverdue == false)
    #expect(debts[0].nextPaymentDue?.description == "2026-02-28" && debts[0].lastStatementBalance?.text == "1708.77")
    #expect(try JSONValue.parse(debts[0].raw) == Self.card)
  }

  @Test func `survive every damage to one key, or are told apart, and their neighbours survive`() async throws {
    let day = CalendarDate(days: 20_000)
    for damage in damages {
      for key in Self.holding.members.map(\.key) {
        let held = try await feed(["holdings": [Self.holding.setting(key, damage), Self.holding]]).holdings()
        let needed = ["account_id", "security_id", "quantity"].contains(key)
        #expect(held?.holdings.last?.securityID == "s" && (needed || held?.holdings.count == 2), "\(key)")
        #expect((held?.holdings.count ?? 0) + (held?.unreadable.count ?? 0) == 2, "\(key)")
      }
      for key in Self.trade.members.map(\.key) {
        let list: JSONValue = [
          "investment_transactions": [Self.trade.setting(key, damage), Self.trade], "total_investment_transactions": 2,
        ]
        let read = try #require(try await feed(list).investmentTransactions(day, day, 0))
        #expect(read.transactions.last?.amount.text == "-22.2")
        #expect(read.transactions.count + read.unreadable.count == 2 && read.total == 2, "\(key)")
      }
      for key in Self.card.members.map(\.key) {
        let list: JSONValue = ["liabilities": ["credit": [Self.card.setting(key, damage), Self.card]]]
        let answer = try #require(try await feed(list).liabilities())
        let read = answer.liabilities
        #expect(read.last?.ratePercent?.text == "15.24" && (key == "account_id" || read.count == 2), "\(key)")
        #expect(read.count + answer.unreadable.count == 2, "\(key)")
      }
    }
  }

  @Test func `are not taken for sold or never traded when an answer lost its list or its count`() async throws {
    let day = CalendarDate(days: 20_000)
    for damage in [nil, .null, "x", [:]] as [JSONValue?] {
      let holdings = JSONValue.object([]).setting("holdings", damage)
      let trades = JSONValue.object([.init("total_investment_transactions", 0)])
        .setting("investment_transactions", damage)
      let count = JSONValue.object([.init("investment_transactions", [Self.trade])])
        .setting("total_investment_transactions", damage)
      let debts = JSONValue.object([]).setting("liabilities", damage == [:] ? [] : damage)
      #expect(await feedError { _ = try await feed(holdings).holdings() } != nil)
      #expect(await feedError { _ = try await feed(trades).investmentTransactions(day, day, 0) } != nil)
      #expect(await feedError { _ = try await feed(count).investmentTransactions(day, day, 0) } != nil)
      #expect(await feedError { _ = try await feed(debts).liabilities() } != nil)
    }
  }

  @Test func `keep the whole of what was sent, so that nothing is lost in quarantine`() async throws {
    let day = CalendarDate(days: 20_000)
    let held = try #require(try await feed(["holdings": [Self.holding, 5]]).holdings())
    #expect(try JSONValue.parse(held.holdings.first?.raw ?? "") == Self.holding && held.unreadable.first?.raw == "5")
    let body: JSONValue = ["investment_transactions": [Self.trade], "total_investment_transactions": 1]
    let trades = try #require(try await feed(body).investmentTransactions(day, day, 0))
    #expect(try JSONValue.parse(trades.transactions.first?.raw ?? "") == Self.trade)
  }
}
