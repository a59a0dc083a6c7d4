// Securities bought, sold and held: contributions, dividends and their reinvestment, fees.

import Finance

extension Life {
  mutating func invest() {
    for (index, plan) in plan.investing.enumerated() where plan.span.contains(today.days) {
      if plan.minor > 0, plan.rhythm.falls(on: today, .after) != nil { fund(plan, index) }
      payDividends(plan)
      if plan.feeBasisPoints > 0 { takeFee(plan) }
    }
  }

  /// Sends money from the bank and buys with it two working days later.
  private mutating func fund(_ investing: Investing, _ index: Int) {
    let account = plan.accounts[investing.account]
    if let payer = investing.payer {
      guard available(payer) > investing.minor + 20_000 else { return }
      let pair = "invest-" + Chance.digits(of: plan.seed, today.days, 300 + index)
      var out = clearing(
        payer, investing.minor, party: investing.broker, descriptor: Descriptor.upper(investing.broker) + " MONEYLINE",
        entryClass: "PPD", category: .transferOutInvestmentAndRetirementFunds)
      out.pairKey = pair
      out.counterparties[0].type = "financial_institution"
      emit(out)
      var deposit = movement(account, -investing.minor, "ACH Deposit", type: "cash", subtype: "deposit")
      deposit.pairKey = pair
      later(deposit, on: today.date.adding(businessDays: 1))
    } else {
      record(movement(account, -investing.minor, "Contribution", type: "cash", subtype: "contribution"))
    }
    for (security, percent) in investing.allocation {
      purchaseShares(
        security, investing.minor * percent / 100, account: investing.account, name: "Buy \(security)",
        subtype: "buy", on: today.date.adding(businessDays: 2))
    }
  }

  /// Cash in or out of an investment account without a security; Plaid's sign.
  func movement(
    _ account: BankAccount, _ minor: Int64, _ name: String, type: String, subtype: String, security: String? = nil
  ) -> BankInvestmentTransaction {
    BankInvestmentTransaction(
      key: "", account: account.key, security: security, date: today.date, name: name,
      quantity: FixedPoint(0, digits: 6), amountMinor: minor, price: FixedPoint(0, digits: 0), feesMinor: 0,
      type: type, subtype: subtype, currency: account.currency)
  }

  /// Orders as many shares as the money buys, to six decimals, at the close of the day given.
  mutating func purchaseShares(
    _ security: String, _ minor: Int64, account: Int, name: String, subtype: String, on day: CalendarDate
  ) {
    let price = Market.price(of: security, on: day)
    let micros = Self.shares(for: minor, at: price)
    guard micros > 0 else { return }
    var trade = movement(
      plan.accounts[account], BankHistory.value(micros, price), name, type: "buy", subtype: subtype,
      security: security)
    trade.quantity = FixedPoint(micros, digits: 6)
    trade.price = price
    if day == today.date { record(trade) } else { later(trade, on: day) }
  }

  /// Millionths of a share, rounded down.
  private static func shares(for minor: Int64, at price: FixedPoint) -> Int64 {
    guard minor > 0, price.units > 0 else { return 0 }
    var scale: Int64 = 10_000
    for _ in 0..<price.digits { scale *= 10 }
    let (high, low) = minor.multipliedFullWidth(by: scale)
    return price.units.dividingFullWidth((high, low)).quotient
  }

  /// Sells a share of a position and sends the proceeds to the bank.
  mutating func sell(_ investing: Investing, _ security: String, perMille: Int64, to bank: Int) {
    guard let position = positions[investing.account].first(where: { $0.security == security }) else { return }
    let micros = position.quantityMicros * perMille / 1000
    let price = Market.price(of: security, on: today.date)
    let gross = BankHistory.value(micros, price)
    guard gross > investing.saleFeeMinor else { return }
    let account = plan.accounts[investing.account]
    var sale = movement(
      account, investing.saleFeeMinor - gross, "Sell \(security)", type: "sell", subtype: "sell", security: security)
    sale.quantity = FixedPoint(-micros, digits: 6)
    sale.price = price
    sale.feesMinor = investing.saleFeeMinor
    record(sale)
    let pair = "withdraw-" + Chance.digits(of: plan.seed, today.days, 600)
    let minor = (gross - investing.saleFeeMinor) / 100 * 100
    var withdrawal = movement(account, minor, "ACH Withdrawal", type: "cash", subtype: "withdrawal")
    withdrawal.pairKey = pair
    later(withdrawal, on: today.date.adding(businessDays: 1))
    var credit = clearing(
      bank, -minor, party: investing.broker, descriptor: Descriptor.upper(investing.broker) + " EFT WITHDRAWAL",
      entryClass: "PPD", category: .transferInInvestmentAndRetirementFunds)
    credit.counterparties[0].type = "financial_institution"
    credit.pairKey = pair
    arrive(credit, on: today.date.adding(businessDays: 2))
  }

  // MARK: Dividends and fees

  /// Basis points a year, how often, and the month and day it begins with.
  private static func dividend(_ security: String) -> (basisPoints: Int64, rhythm: Rhythm, perYear: Int64)? {
    switch security {
    case "VTI", "VOO": (128, .quarterly(3, 27), 4)
    case "VXUS": (296, .quarterly(3, 22), 4)
    case "SCHD": (352, .quarterly(3, 26), 4)
    case "AAPL": (44, .quarterly(2, 15), 4)
    case "MSFT": (74, .quarterly(3, 12), 4)
    case "FXAIX": (125, .quarterly(1, 6), 4)
    case "VTINX": (260, .quarterly(3, 28), 4)
    case "VFFVX": (205, .yearly(12, 29), 1)
    case "BND": (342, .monthly(5), 12)
    case "UST-2031": (388, .quarterly(2, 15), 4)
    case "SPAXX": (460, .monthly(31), 12)
    default: nil
    }
  }

  private mutating func payDividends(_ investing: Investing) {
    guard today.isBusinessDay else { return }
    let account = plan.accounts[investing.account]
    for position in positions[investing.account] where position.quantityMicros > 0 {
      guard let dividend = Self.dividend(position.security), dividend.rhythm.falls(on: today, .after) != nil
      else { continue }
      let value = BankHistory.value(position.quantityMicros, Market.price(of: position.security, on: today.date))
      let minor = value * dividend.basisPoints / dividend.perYear / 10_000
      guard minor > 0 else { continue }
      let isBond = position.security == "UST-2031"
      record(
        movement(
          account, -minor, isBond ? "Interest \(position.security)" : "Dividend \(position.security)", type: "cash",
          subtype: isBond ? "interest" : "dividend", security: position.security))
      guard investing.reinvests, !isBond else { continue }
      purchaseShares(
        position.security, minor, account: investing.account, name: "Reinvestment \(position.security)",
        subtype: "dividend reinvestment", on: today.date)
    }
  }

  private mutating func takeFee(_ investing: Investing) {
    guard Rhythm.quarterly(1, 10).falls(on: today, .after) != nil else { return }
    let value = positions[investing.account].reduce(0) {
      $0 + BankHistory.value($1.quantityMicros, Market.price(of: $1.security, on: today.date))
    }
    let fee = min(value * investing.feeBasisPoints / 40_000, max(0, cash[investing.account]))
    guard fee > 0 else { return }
    var row = movement(
      plan.accounts[investing.account], fee, "Advisory Fee", type: "fee", subtype: "management fee")
    row.feesMinor = fee
    record(row)
  }
}
