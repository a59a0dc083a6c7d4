import Basics
import Finance

/// A bank's investment and loan department: what is held, traded and owed now, and nothing of what was.
///
/// It lists trades newest first in slices by offset, so a trade that comes or goes between two slices moves the rest.
final class SimulatedBroker: Sendable {
  struct Place: Hashable {
    var account: String
    var security: String
  }
  /// Numbers are whole and count in ten-thousandths, so that the judge needs no decimals.
  struct Position: Equatable {
    var quantity: Int
    var price: Int
    var cost: Int?
    var value: DecimalText { DecimalText("\(quantity * price)e-8") ?? .zero }
  }
  struct Trade: Equatable {
    var id: String
    var account: String
    var security: String?
    var day: CalendarDate
    /// In tenths of a cent: now and then finer than the currency.
    var mills: Int
  }
  struct State: Sendable {
    var random: SeededRandom
    var today = CalendarDate(days: 20_000)
    var positions: [Place: Position] = [:]
    var closes: [String: Int] = [:]
    var trades: [Trade] = []
    var rates: [String: Int] = ["L1": 30_000, "L2": 55_000]
    var lastID = 0
    var sliceSize = 3
    /// In percent of calls.
    var failing = 0
    var reauthentication = false
    /// In percent of slices: something happens between two of them.
    var restless = 0
    /// Accounts that the answers leave out.
    var hidden: Set<String> = []
    /// A place whose holding comes without its quantity, and whether at least its account can be read.
    var damaged: Place?
    var isDamagedBeyondItsAccount = false
    var counts: [String: Int] = [:]
  }
  let state: Locked<State>
  static let accounts = ["X", "Y"]
  static let stranger = "Z"
  static let securities = ["S1", "S2", "S3", "S4"]

  init(seed: UInt64) {
    var random = SeededRandom(seed: seed)
    let sliceSize = random.int(in: 2...7)
    state = Locked(State(random: random, sliceSize: sliceSize))
    for _ in 0..<12 { live() }
  }

  var now: State { state.withLock { $0 } }
  func change(_ body: @Sendable (inout State) -> Void) { state.withLock { body(&$0) } }
  func live() { state.withLock { $0.live() } }

  private static func fault(_ code: String) -> FeedFault { FeedFault(type: "TEST", code: code, message: code) }

  private func ask<Answer: Sendable>(_ body: @Sendable (inout State) -> Answer) throws(FeedError) -> Answer {
    let result: Result<Answer, FeedError> = state.withLock { state in
      if state.reauthentication { return .failure(.reauthenticate(Self.fault("LOGIN"))) }
      if state.random.chance(state.failing, in: 100) {
        state.count("bank unavailable")
        return .failure(.retry(Self.fault("DOWN")))
      }
      return .success(body(&state))
    }
    return try result.get()
  }

  var feed: BankFeed {
    BankFeed(
      page: { _ throws(FeedError) in throw .bug(Self.fault("NO_PAGES")) },
      rows: { _ in FeedRows(upserts: [], removals: []) },
      row: { _ in .unreadable(FeedUnreadable(id: nil, reason: "", raw: "")) },
      accounts: { FeedAccounts(accounts: []) },
      holdings: { () throws(FeedError) in
        try self.ask { $0.holdings() }
      },
      investmentTransactions: { from, through, offset throws(FeedError) in
        try self.ask { state in
          if offset > 0, state.random.chance(state.restless, in: 100) {
            state.count("something happened between two slices")
            state.live()
          }
          return state.slice(from...through, offset)
        }
      },
      liabilities: { () throws(FeedError) in try self.ask { $0.liabilities() } })
  }
}

extension SimulatedBroker.State {
  mutating func count(_ event: String) { counts[event, default: 0] += 1 }

  static func decimal(_ tenThousandths: Int) -> DecimalText {
    DecimalText("\(tenThousandths)e-4") ?? .zero
  }

  /// One thing happens.
  mutating func live() {
    let place = SimulatedBroker.Place(
      account: random.chance(1, in: 12) ? SimulatedBroker.stranger : random.pick(SimulatedBroker.accounts),
      security: random.pick(SimulatedBroker.securities))
    switch random.int(in: 0...13) {
    case 0, 1:
      positions[place] = .init(
        quantity: random.int(in: -50_000...900_000), price: random.int(in: 1...9_000_000),
        cost: random.chance(1, in: 4) ? nil : random.int(in: 0...9_000_000))
      count(place.account == SimulatedBroker.stranger ? "holding of a strange account" : "holding bought or changed")
    case 2:
      if positions.removeValue(forKey: place) != nil { count("holding sold") }
    case 3, 4:
      closes[place.security] = random.int(in: 1...9_000_000)
      count("close price")
    case 5...8: trade(back: random.pick([0, 0, 0, 1, 3, 9]), account: place.account)
    case 9: trade(back: random.int(in: 20...700), account: place.account)
    case 10 where !trades.isEmpty:
      trades[random.int(in: 0...trades.count - 1)].mills = random.int(in: -9_999_999...9_999_999)
      count("trade corrected")
    case 11 where !trades.isEmpty:
      trades.remove(at: random.int(in: 0...trades.count - 1))
      count("trade no longer listed")
    case 12 where trades.count > 1:
      // The list stays as long as it was, and yet everything between the two moved.
      trades.remove(at: random.int(in: 0...trades.count - 1))
      trade(back: random.int(in: 0...300), account: place.account)
      count("one trade came as another went")
    default:
      rates[random.pick(["L1", "L2"])] = random.int(in: 0...300_000)
      count("rate changed")
    }
  }

  mutating func trade(back: Int, account: String) {
    lastID += 1
    let trade = SimulatedBroker.Trade(
      id: "I\(lastID)", account: account,
      security: random.chance(1, in: 4) ? nil : random.pick(SimulatedBroker.securities + ["never described"]),
      day: today - back, mills: random.int(in: -9_999_999...9_999_999))
    trades.append(trade)
    trades.sort { ($0.day, $0.id) > ($1.day, $1.id) }
    count(back == 0 ? "trade" : "trade booked late")
  }

  func listed(_ extra: [String] = []) -> [FeedAccount] {
    (SimulatedBroker.accounts + extra).filter { !hidden.contains($0) }.map {
      FeedAccount(id: $0, name: $0, kind: .investment, type: "investment", currency: .usd)
    }
  }

  func descriptions() -> [FeedSecurity] {
    SimulatedBroker.securities.map { id in
      FeedSecurity(
        id: id, name: "Name of \(id)", ticker: id, closePrice: closes[id].map(Self.decimal),
        closePriceOn: today - 1, currency: .usd)
    }
  }

  mutating func holdings() -> FeedHoldings {
    var answer = FeedHoldings(accounts: listed(), holdings: [], securities: descriptions())
    for place in positions.keys.sorted(by: { ($0.account, $0.security) < ($1.account, $1.security) })
    where !hidden.contains(place.account) {
      guard let position = positions[place] else { continue }
      if place == damaged {
        answer.unreadable.append(
          FeedUnreadable(
            id: nil, reason: "damaged", raw: "{}", accountID: isDamagedBeyondItsAccount ? nil : place.account))
        count("unreadable holding")
        continue
      }
      // Now and then in two parts, which add up.
      guard place.account != SimulatedBroker.stranger, random.chance(1, in: 4) else {
        answer.holdings.append(holding(place, position))
        continue
      }
      count("holding in two parts")
      var (part, rest) = (position, position)
      part.quantity = random.int(in: -9_000...9_000)
      part.cost = position.cost.map { _ in random.int(in: 0...9_000) }
      rest.quantity -= part.quantity
      rest.cost = rest.cost.map { $0 - (part.cost ?? 0) }
      answer.holdings += [holding(place, part), holding(place, rest)]
    }
    return answer
  }

  private func holding(_ place: SimulatedBroker.Place, _ position: SimulatedBroker.Position) -> FeedHolding {
    FeedHolding(
      accountID: place.account, securityID: place.security, quantity: Self.decimal(position.quantity),
      price: Self.decimal(position.price), priceOn: today, value: position.value,
      costBasis: position.cost.map(Self.decimal), currency: .usd, raw: "\(place) \(position)")
  }

  mutating func slice(_ days: ClosedRange<CalendarDate>, _ offset: Int) -> FeedInvestmentTransactions {
    let found = trades.filter { days.contains($0.day) && !hidden.contains($0.account) }
    let part = found.dropFirst(offset).prefix(sliceSize)
    return FeedInvestmentTransactions(
      accounts: listed(), securities: descriptions(),
      transactions: part.map { trade in
        FeedInvestmentTransaction(
          id: trade.id, accountID: trade.account, securityID: trade.security, bookedOn: trade.day, name: trade.id,
          quantity: .zero, amount: DecimalText("\(trade.mills)e-3") ?? .zero, type: "buy",
          currency: trade.mills % 2 == 0 ? .usd : nil, raw: "\(trade.id) \(trade.mills)")
      }, total: found.count)
  }

  func liabilities() -> FeedLiabilities {
    FeedLiabilities(
      accounts: listed(["L1", "L2"]),
      liabilities: rates.map { account, rate in
        var liability = FeedLiability(kind: "credit", accountID: account, raw: "\(rate)")
        liability.ratePercent = Self.decimal(rate)
        return liability
      })
  }
}
