import Basics
import Finance
import Testing

@testable import Insights
@testable import Store

private let today = CalendarDate(days: 20_500)

private func finding(
  _ kind: Finding.Kind, daysAgo: Int, account number: UInt64? = 1, rows: [UInt64] = [7, 8]
) -> Finding {
  Finding(
    kind, on: today - daysAgo, Money(minorUnits: 12_00, .usd), about: "Somebody", account: number.map { account($0) },
    rows: rows.map { ID(bits: UInt128($0)) })
}

@Suite struct `News among what stands out` {
  /// Each kind of finding: the oldest that is told, and the row that it is told about.
  @Test(arguments: [
    (Finding.Kind.duplicateCharge, InsightNews.Kind.duplicateCharge, 7, UInt64(8)),
    (.unusualCharge, .unusualCharge, 7, 7), (.priceRise, .priceRise, 7, 8), (.trialCharged, .trialCharged, 43, 8),
    (.missedIncome, .missedIncome, 22, 8), (.missedPayment, .missedPayment, 22, 8),
  ])
  func `is what happened lately`(kind: Finding.Kind, told: InsightNews.Kind, oldest: Int, row: UInt64) throws {
    let news = try #require(InsightNews(finding(kind, daysAgo: oldest), today: today))
    #expect(news.kind == told && !news.kind.isLasting)
    #expect(news.row == ID(bits: UInt128(row)) && news.cause == "\(ID<Transaction>(bits: UInt128(row)))")
    #expect(InsightNews(finding(kind, daysAgo: oldest + 1), today: today) == nil)
    #expect(InsightNews(finding(kind, daysAgo: 0, rows: []), today: today) == nil, "there is nothing to tell it by")
  }

  @Test(arguments: [
    (Finding.Kind.idleCash, InsightNews.Kind.idleCash), (.doesNotAddUp, .doesNotAddUp), (.turnedFeed, .turnedFeed),
  ])
  func `is what lasts, once for each account`(kind: Finding.Kind, told: InsightNews.Kind) throws {
    let (old, new) = (finding(kind, daysAgo: 90), finding(kind, daysAgo: 0, rows: []))
    let news = try #require(InsightNews(old, today: today))
    #expect(news.kind == told && news.kind.isLasting && news.row == nil)
    #expect(InsightNews(new, today: today)?.cause == news.cause)
    #expect(InsightNews(finding(kind, daysAgo: 0, account: 2), today: today)?.cause != news.cause)
  }

  @Test func `is what lies ahead, once, whatever day the forecast moves to`() throws {
    let one = try #require(InsightNews(finding(.lowBalanceAhead, daysAgo: -9, account: nil, rows: []), today: today))
    let other = InsightNews(finding(.lowBalanceAhead, daysAgo: -4, account: nil, rows: []), today: today)
    #expect(one.kind == .lowBalanceAhead && one.account == nil && other?.cause == one.cause)
  }

  @Test func `is each fee by itself, and not what fees come to in a year`() throws {
    #expect(InsightNews(finding(.fees, daysAgo: 0), today: today) == nil)
    func fee(_ minor: Int64 = -12_00, category: String = "BANK_FEES_ATM_FEES", daysAgo: Int = 7, pending: Bool = false)
      -> MeasuredRow
    {
      MeasuredRow(
        id: ID(bits: 9), account: account(1), day: today - daysAgo, amountMinor: minor, currency: .usd, flow: .expense,
        category: category, merchant: nil, name: "ATM", isPending: pending)
    }
    let news = try #require(InsightNews(fee: fee(), today: today))
    #expect(news.kind == .feePaid && news.amount == Money(minorUnits: 12_00, .usd) && news.row == ID(bits: 9))
    #expect(InsightNews(fee: fee(12_00), today: today) == nil, "it was given back")
    #expect(InsightNews(fee: fee(category: "FOOD_AND_DRINK_COFFEE"), today: today) == nil)
    #expect(InsightNews(fee: fee(daysAgo: 8), today: today) == nil)
    #expect(InsightNews(fee: fee(pending: true), today: today) == nil)
  }

  @Test func `is a budget of which more than all is spent, once a month`() throws {
    let budget = StoredBudget(
      id: ID(bits: 5), category: "FOOD_AND_DRINK", amountMinor: 100_00, currency: .usd, rollover: .surplus,
      startsOn: today - 100)
    func standing(_ spent: [Int64], on day: CalendarDate = today) -> BudgetStanding {
      BudgetStanding(budget, spent: spent, month: Month(of: day), today: day)
    }
    #expect(InsightNews(standing([100_00]), category: "Food") == nil)
    #expect(InsightNews(standing([60_00, 140_00]), category: "Food") == nil, "forty were left over")
    let news = try #require(InsightNews(standing([60_00, 140_01]), category: "Food"))
    #expect(news.kind == .budgetPassed && news.amount.minorUnits == 140_01 && news.compared?.minorUnits == 140_00)
    #expect(InsightNews(standing([60_00, 190_00]), category: "Food")?.cause == news.cause)
    #expect(InsightNews(standing([100_01], on: today.adding(months: 1)), category: "Food")?.cause != news.cause)
  }
}
