import Basics
import Finance
import JSON

/// One account of a custom user: its rows as entries, the rest as Plaid will show it.
struct CustomAccount: Sendable {
  var account: BankAccount
  var listed: [BankEntry]
  var flow: Flow?
  /// Overrides what follows from the balance.
  var availableMinor: Int64?
  var hasNullAvailable = false
  /// Names, phone numbers, e-mails and addresses, as described.
  var identity: JSONValue?
  var liability: JSONValue?
  var holdings: [JSONValue] = []
  var trades: [JSONValue] = []

  /// Money that comes every month.
  struct Flow: Sendable {
    enum Kind: String {
      case income = "monthly-income", balance = "monthly-balance-payment"
      case interest = "monthly-interest-only-payment"
    }
    var kind: Kind
    var amountMinor: Int64
    var day: Int
    var statementDay: Int
    var name: String
    var since: CalendarDate
  }

  init(_ body: Body, number: Int, currency institutionCurrency: String, today: CalendarDate) throws(Refusal) {
    let currency = body.string("currency") ?? institutionCurrency
    let type = body.string("type") ?? "depository"
    guard ["investment", "credit", "depository", "loan", "payroll", "other"].contains(type) else {
      throw Refusal.invalidField("custom user: \(type) is no account type")
    }
    let meta = body.nested("meta")
    let subtype = body.string("subtype") ?? Self.subtypes[type] ?? "other"
    let starting = try Self.minor(body, "starting_balance", currency) ?? 100_000
    let key = "custom\(number)"
    account = BankAccount(
      key: key, name: meta.string("name") ?? "Custom \(subtype)", officialName: meta.string("official_name"),
      mask: meta.string("mask") ?? Self.mask(of: body.nested("numbers"), number: number), type: type, subtype: subtype,
      currency: currency, limitMinor: try Self.minor(meta, "limit", currency), openingMinor: starting)
    listed = []
    for (index, row) in body.bodies("transactions").enumerated() {
      if let entry = try Self.entry(row, key: "\(key)-\(index)", account: key, currency: currency, today: today) {
        listed.append(entry)
      }
    }
    availableMinor = try Self.minor(body, "force_available_balance", currency)
    hasNullAvailable = body.bool("has_null_available_balance") ?? false
    identity = body["identity"]
    liability = body["liability"].flatMap { $0["type"]?.string == nil ? nil : $0 }
    holdings = body["holdings"]?.elements ?? []
    trades = body["investment_transactions"]?.elements ?? []
    flow = try Self.flow(body.nested("inflow_model"), liability: body.nested("liability"), self.account, today: today)
    openAtStartingBalance(today: today)
  }

  private static let subtypes = [
    "depository": "checking", "credit": "credit card", "loan": "student", "investment": "brokerage",
    "payroll": "payroll",
  ]

  private static func mask(of numbers: Body, number: Int) -> String {
    let digits = (numbers.string("account") ?? numbers.string("international_iban") ?? "").suffix(4)
    return digits.count == 4 ? String(digits) : String(String(10_000 + number).dropFirst())
  }

  /// The starting balance is what the account shows on the day of the sign-in: what was booked before is behind it.
  private mutating func openAtStartingBalance(today: CalendarDate) {
    let booked = entries(through: today).reduce(Int64(0)) { sum, entry in
      entry.postsOn.map { $0 <= today } == true ? sum + entry.amountMinor : sum
    }
    account.openingMinor -= account.isOwed ? booked : -booked
  }

  static func minor(_ body: Body, _ name: String, _ currency: String) throws(Refusal) -> Int64? {
    guard let value = body[name] else { return nil }
    let kind = Currency(iso: currency) ?? Currency(unofficial: currency) ?? .usd
    guard let text = value.numberText ?? value.string, let decimal = DecimalText(text),
      let amount = try? Money.rounding(decimal, kind)
    else { throw Refusal.invalidField("custom user: \(name) is no amount") }
    return amount.money.minorUnits
  }

  /// Nil for a row of the blank template.
  private static func entry(
    _ row: Body, key: String, account: String, currency: String, today: CalendarDate
  ) throws(Refusal) -> BankEntry? {
    guard row["amount"] != nil || row["date_transacted"] != nil else { return nil }
    let currency = row.string("currency") ?? currency
    guard let occurred = row.date("date_transacted"),
      let posts = row.date("date_posted") ?? row.date("date_transacted"),
      let amount = try minor(row, "amount", currency)
    else { throw Refusal.invalidField("custom user: a transaction needs date_transacted, date_posted and amount") }
    return plainEntry(
      key: key, account: account, occurred: occurred, posts: posts, amount: amount, currency: currency,
      name: row.string("description") ?? "Custom transaction", isPendingFirst: posts > today)
  }

  /// A row about which nothing is known but what was written.
  static func plainEntry(
    key: String, account: String, occurred: CalendarDate, posts: CalendarDate?, amount: Int64, currency: String,
    name: String, isPendingFirst: Bool
  ) -> BankEntry {
    BankEntry(
      key: key, account: account, occurredOn: occurred, secondOfDay: nil, postsOn: posts, vanishesOn: nil,
      isPendingFirst: isPendingFirst, pendingAmountMinor: nil, amountMinor: amount, currency: currency,
      correctedOn: nil, correctedAmountMinor: nil, removedOn: nil, resentOn: nil, name: name, pendingName: nil,
      originalDescription: name, merchantName: nil, merchantEntityKey: nil, website: nil, counterparties: [],
      category: amount < 0 ? .incomeOther : .otherOther, confidence: .low, paymentChannel: "other", checkNumber: nil,
      transactionCode: nil, location: nil, paymentMeta: nil, pairKey: nil)
  }

  private static func flow(
    _ model: Body, liability: Body, _ account: BankAccount, today: CalendarDate
  ) throws(Refusal) -> Flow? {
    guard let word = model.string("type"), word != "none" else { return nil }
    guard let kind = Flow.Kind(rawValue: word) else {
      throw Refusal.invalidField("custom user: \(word) is no inflow model")
    }
    let amount: Int64
    switch kind {
    case .income: amount = try minor(model, "income_amount", account.currency) ?? 0
    case .balance: amount = account.openingMinor
    case .interest:
      // A yearly rate in percent, with two decimals: a twelfth of it every month.
      let nominal = try minor(liability, "nominal_apr", "USD")
      let purchase = try minor(liability, "purchase_apr", "USD")
      let basisPoints = nominal ?? purchase ?? 0
      let principal = try minor(liability, "principal", account.currency) ?? account.openingMinor
      amount = principal / 12 * basisPoints / 10_000
    }
    return Flow(
      kind: kind, amountMinor: amount, day: model.int("payment_day_of_month") ?? 1,
      statementDay: model.int("statement_day_of_month") ?? 1, name: model.string("transaction_name") ?? "Payment",
      since: today.adding(months: -24).firstOfMonth)
  }

  /// The rows of the description and of the monthly inflow up to a day.
  func entries(through: CalendarDate) -> [BankEntry] {
    guard let flow, flow.amountMinor > 0 else { return listed }
    var entries = listed
    var month = flow.since
    while month <= through {
      let day = min(month + (max(1, min(31, flow.day)) - 1), month.lastOfMonth)
      month = month.adding(months: 1)
      guard day <= through else { break }
      var entry = Self.plainEntry(
        key: "\(account.key)-flow-\(day)", account: account.key, occurred: day, posts: day, amount: -flow.amountMinor,
        currency: account.currency, name: flow.name, isPendingFirst: false)
      entry.category = flow.kind == .income ? .incomeSalary : .loanPaymentsOtherPayment
      entries.append(entry)
    }
    return entries
  }
}
