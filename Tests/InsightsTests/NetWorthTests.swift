import Basics
import Finance
import Insights
import Store
import Testing

@Suite struct `Net worth` {
  @Test func `is what is owned less what is owed`() throws {
    let worth = try NetWorth(
      [
        stored(1, .checking, 1000_00), stored(2, .savings, 5000_00), stored(3, .creditCard, -750_00),
        stored(4, .mortgage, -200_000_00), stored(5, .retirement, 80_000_00), stored(6, .deposit, 300_00),
      ], base: .usd)
    #expect(worth.base.assetsMinor == 86_300_00)
    #expect(worth.base.debtsMinor == -200_750_00)
    #expect(worth.base.total.decimal == "-114450.00")
    #expect(worth.base.liquid.decimal == "6000.00")
    #expect(worth.base.investedMinor == 80_000_00)
    #expect(worth.others.isEmpty && worth.unknown.isEmpty && worth.old.isEmpty && worth.muted.isEmpty)
  }

  @Test func `goes by the sign: an overdrawn account is a debt, a card in credit is none, and neither is liquid`()
    throws
  {
    let worth = try NetWorth([stored(1, .checking, -40_00), stored(2, .creditCard, 25_00)], base: .usd)
    #expect(worth.base.debtsMinor == -40_00)
    #expect(worth.base.assetsMinor == 25_00)
    #expect(worth.base.liquidMinor == 0)
  }

  @Test(arguments: AccountKind.allCases)
  func `counts as liquid only what can be spent tomorrow`(kind: AccountKind) throws {
    let liquid: Set<AccountKind> = [.checking, .savings, .moneyMarket, .cashManagement, .prepaid, .cash]
    let worth = try NetWorth([stored(1, kind, 10_00)], base: .usd)
    #expect(worth.base.liquidMinor == (liquid.contains(kind) ? 10_00 : 0))
  }

  @Test func `lists accounts without a balance instead of taking them for empty`() throws {
    let worth = try NetWorth([stored(1, .checking, 10_00), stored(2, .savings, nil)], base: .usd)
    #expect(worth.unknown == [account(2)])
    #expect(worth.base.totalMinor == 10_00)
  }

  @Test func `never adds two currencies; the base one leads even when nothing is kept in it`() throws {
    let (euro, yen) = (try #require(Currency(iso: "EUR")), try #require(Currency(iso: "JPY")))
    let worth = try NetWorth([stored(1, .checking, 5000, yen), stored(2, .savings, 7_00, euro)], base: .usd)
    #expect(worth.worths.map(\.currency) == [.usd, euro, yen])
    #expect(worth.worths.map(\.totalMinor) == [0, 7_00, 5000])
    #expect(worth.others.map(\.total.decimal) == ["7.00", "5000"])
  }

  @Test func `keeps an account the bank stopped listing, marked, and counts a shared one once`() throws {
    let worth = try NetWorth(
      [
        stored(1, .checking, 10_00, goneAt: Timestamp(seconds: 1)), stored(2, .checking, 20_00),
        stored(3, .checking, 20_00), stored(4, .savings, nil),
      ], muted: [account(3), account(4)], base: .usd)
    #expect(worth.base.totalMinor == 30_00)
    #expect(worth.old == [account(1)])
    #expect(worth.muted == [account(3), account(4)])
    #expect(worth.unknown.isEmpty)
  }

  @Test func `says when a sum is beyond counting`() {
    #expect(throws: MoneyError.overflow) {
      try NetWorth([stored(1, .checking, .max), stored(2, .savings, 1)], base: .usd)
    }
  }

  @Test(arguments: 1...30 as ClosedRange<UInt64>)
  func `adds up for any household`(seed: UInt64) throws {
    var random = SeededRandom(seed: seed)
    let euro = try #require(Currency(iso: "EUR"))
    let accounts = (0..<random.int(in: 0...12)).map { index in
      stored(
        UInt64(index), random.pick(AccountKind.allCases),
        random.chance(1, in: 6) ? nil : Int64(random.int(in: -1_000_00...1_000_00)), random.pick([.usd, .usd, euro]))
    }
    let worth = try NetWorth(accounts, base: .usd)
    for one in worth.worths {
      let own = accounts.filter { $0.currency == one.currency }.compactMap(\.currentMinor)
      #expect(one.totalMinor == own.reduce(0, +))
      #expect(one.assetsMinor + one.debtsMinor == one.totalMinor)
      #expect(one.liquidMinor >= 0 && one.liquidMinor <= one.assetsMinor)
    }
    #expect(worth.unknown.count == accounts.count { $0.currentMinor == nil })
  }
}
