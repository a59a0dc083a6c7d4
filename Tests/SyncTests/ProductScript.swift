import Basics
import Finance

/// Answers about holdings, trades and debts, as tests write them.
func fault(_ code: String) -> FeedFault { FeedFault(type: "TEST", code: code, message: "words") }
/// The day on which a house of products begins.
let firstDay = CalendarDate(days: 20_000)

func account(_ id: String) -> FeedAccount {
  FeedAccount(id: id, name: id, kind: .investment, type: "investment", currency: .usd)
}

func trade(_ id: String, _ amount: String = "-1", on day: CalendarDate = firstDay, in account: String = "X")
  -> FeedInvestmentTransaction
{
  FeedInvestmentTransaction(
    id: id, accountID: account, bookedOn: day, name: id, quantity: .zero, amount: DecimalText(amount) ?? .zero,
    type: "buy",
    raw: "{\"\(id)\":1}")
}

func holding(_ security: String, _ quantity: String, in account: String = "X") -> FeedHolding {
  FeedHolding(
    accountID: account, securityID: security, quantity: DecimalText(quantity) ?? .zero,
    raw: "\(account) \(security) \(quantity)")
}

/// A bank that answers what a test says, and counts how often it was asked.
final class ProductScript: Sendable {
  let holdings = Locked<Result<FeedHoldings?, FeedError>>(.success(nil))
  let trades = Locked<Result<[FeedInvestmentTransaction]?, FeedError>>(.success(nil))
  let liabilities = Locked<Result<FeedLiabilities?, FeedError>>(.success(nil))
  let asked = Locked<[Product: Int]>([:])
  let windows = Locked<[ClosedRange<CalendarDate>]>([])
  let accounts: [String]

  init(accounts: [String] = ["X", "Y"]) { self.accounts = accounts }

  func hold(_ holdings: [FeedHolding], accounts: [String]? = nil, unreadable: [FeedUnreadable] = []) {
    let answer = FeedHoldings(
      accounts: (accounts ?? self.accounts).map(account), holdings: holdings, securities: [], unreadable: unreadable)
    self.holdings.withLock { $0 = .success(answer) }
  }

  func trade(_ trades: [FeedInvestmentTransaction]) { self.trades.withLock { $0 = .success(trades) } }

  private func note(_ product: Product) { asked.withLock { $0[product, default: 0] += 1 } }

  var feed: BankFeed {
    BankFeed(
      page: { _ throws(FeedError) in throw .bug(fault("NO_PAGES")) },
      rows: { _ in FeedRows(upserts: [], removals: []) },
      row: { raw in
        let text = String(decoding: raw, as: UTF8.self)
        guard text.hasPrefix("ok ") else {
          return .unreadable(FeedUnreadable(id: nil, reason: "still unreadable", raw: text))
        }
        let amount = text.hasSuffix("huge") ? String(repeating: "9", count: 40) : "-1.005"
        return .transaction(
          FeedTransaction(
            id: text, accountID: String(text.dropFirst(3).prefix(1)), isPending: false,
            amount: DecimalText(amount) ?? .zero,
            bookedOn: firstDay, name: text))
      },
      accounts: { FeedAccounts(accounts: []) },
      holdings: { () throws(FeedError) in
        self.note(.holdings)
        return try self.holdings.withLock { $0 }.get()
      },
      investmentTransactions: { from, through, offset throws(FeedError) in
        self.note(.investmentTransactions)
        self.windows.withLock { $0.append(from...through) }
        guard let all = try self.trades.withLock({ $0 }).get() else { return nil }
        let found = all.filter { (from...through).contains($0.bookedOn) }
        return FeedInvestmentTransactions(
          accounts: self.accounts.map(account), securities: [], transactions: Array(found.dropFirst(offset).prefix(2)),
          total: found.count)
      },
      liabilities: { () throws(FeedError) in
        self.note(.liabilities)
        return try self.liabilities.withLock { $0 }.get()
      })
  }
}
