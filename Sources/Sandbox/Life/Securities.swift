// The securities that simulated customers hold: facts about listings, no prices.

import Finance

extension BankSecurity {
  /// Every security there is, in a fixed order.
  package static let all: [BankSecurity] = [
    listed("VTI", "Vanguard Total Stock Market ETF", "etf", "ARCX"),
    listed("VOO", "Vanguard S&P 500 ETF", "etf", "ARCX"),
    listed("VXUS", "Vanguard Total International Stock ETF", "etf", "XNAS"),
    listed("BND", "Vanguard Total Bond Market ETF", "etf", "XNAS"),
    listed("SCHD", "Schwab U.S. Dividend Equity ETF", "etf", "ARCX"),
    listed("AAPL", "Apple Inc.", "equity", "XNAS", sector: "Electronic Technology", "Telecommunications Equipment"),
    listed("MSFT", "Microsoft Corp.", "equity", "XNAS", sector: "Technology Services", "Packaged Software"),
    listed("NVDA", "NVIDIA Corp.", "equity", "XNAS", sector: "Electronic Technology", "Semiconductors"),
    fund("VFFVX", "Vanguard Target Retirement 2055 Fund"),
    fund("FXAIX", "Fidelity 500 Index Fund"),
    fund("VTINX", "Vanguard Target Retirement Income Fund"),
    BankSecurity(
      key: "BTC", name: "Bitcoin", ticker: "BTC", type: "cryptocurrency", subtype: "cryptocurrency",
      isCashEquivalent: false, currency: "USD"),
    BankSecurity(
      key: "ETH", name: "Ethereum", ticker: "ETH", type: "cryptocurrency", subtype: "cryptocurrency",
      isCashEquivalent: false, currency: "USD"),
    BankSecurity(
      key: "UST-2031", name: "United States Treas Nts 3.875% 02/15/2031", ticker: nil, type: "fixed income",
      subtype: "bond", isCashEquivalent: false, currency: "USD",
      fixedIncome: BankFixedIncome(
        yield: FixedPoint(3875, digits: 3), yieldType: "coupon", issuedOn: CalendarDate(days: 19_037),
        maturesOn: CalendarDate(days: 22_325), faceValueMinor: 10_000)),
    BankSecurity(
      key: "SPAXX", name: "Fidelity Government Money Market Fund", ticker: "SPAXX", type: "mutual fund",
      subtype: "mutual fund", isCashEquivalent: true, currency: "USD"),
    BankSecurity(
      key: "CUR:USD", name: "U S Dollar", ticker: "CUR:USD", type: "cash", subtype: "cash", isCashEquivalent: true,
      currency: "USD"),
  ]

  package static func named(_ key: String) -> BankSecurity? { all.first { $0.key == key } }

  private static func listed(
    _ ticker: String, _ name: String, _ type: String, _ market: String, sector: String? = nil, _ industry: String? = nil
  ) -> BankSecurity {
    BankSecurity(
      key: ticker, name: name, ticker: ticker, type: type, subtype: type == "etf" ? "etf" : "common stock",
      isCashEquivalent: false, currency: "USD", marketIdentifierCode: market,
      sector: sector ?? "Miscellaneous", industry: industry ?? "Investment Trusts or Mutual Funds")
  }

  private static func fund(_ ticker: String, _ name: String) -> BankSecurity {
    BankSecurity(
      key: ticker, name: name, ticker: ticker, type: "mutual fund", subtype: "mutual fund", isCashEquivalent: false,
      currency: "USD", sector: "Miscellaneous", industry: "Investment Trusts or Mutual Funds")
  }
}
