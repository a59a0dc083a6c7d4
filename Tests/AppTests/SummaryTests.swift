import Basics
import Finance
import JSON
import Sync
import Testing

@testable import App
@testable import Insights
@testable import Store

@Suite struct `A summary` {
  private static let today = CalendarDate(days: 20_773)  // 2026-11-16

  private static func account(
    _ number: UInt64, _ kind: AccountKind, _ minor: Int64?, _ currency: Currency = .usd, name: String = "An account",
    origin: Origin = .plaid, goneAt: Timestamp? = nil
  ) -> StoredAccount {
    StoredAccount(
      id: ID(bits: UInt128(number)), kind: kind, name: name, mask: "1234", type: "depository", subtype: nil,
      currency: currency, currentMinor: minor, availableMinor: nil, limitMinor: nil, origin: origin.rawValue,
      noLongerSentAt: goneAt)
  }

  /// - Parameter flows: Income and expenses of the last months, the present one last.
  private static func overview(
    _ accounts: [StoredAccount], flows: [(Int64, Int64)] = [], since: CalendarDate? = nil, pending: Int = 0,
    banks: [String] = ["A Bank"]
  ) throws -> Overview {
    let last = Month(of: today)
    let months = (0..<max(1, flows.count)).map { last.adding($0 - max(1, flows.count) + 1) }
    let lines = flows.enumerated().flatMap { index, flow in
      [(true, flow.0), (false, -flow.1)].map { isIncome, minor in
        PostedFlow(
          period: index, category: "RENT_AND_UTILITIES_RENT", currency: .usd, isIncome: isIncome, amountMinor: minor)
      }
    }
    let since = flows.isEmpty ? nil : since ?? months[0].days.lowerBound
    let cashFlow = try CashFlow(months: months, lines: lines)
    let worth = try NetWorth(accounts, base: .usd)
    let burn = Burn(cashFlow, in: .usd, today: today, knownSince: since)
    return Overview(
      today: today, base: .usd,
      accounts: accounts.map {
        .init(
          account: $0, booked: TotalSum(amountMinor: 0, rows: 0), rowDays: nil, openingMinor: $0.currentMinor,
          isMuted: false)
      }, netWorth: worth, cashFlow: cashFlow, burn: burn, runway: Runway(savings: worth.base.liquid, burn: burn),
      liquidMinor: worth.base.liquidMinor,
      rowDays: since.map { $0...today }, postedRows: flows.count, pendingRows: pending, banks: banks)
  }

  private static func text(_ overview: Overview, bars: Bool = false) -> String {
    let output = Locked("")
    Summary(overview).show(
      on: Terminal(
        write: { text in output.withLock { $0 += text } }, complainRaw: { _ in }, hasColour: false, hasBars: bars))
    return output.withLock { $0 }
  }

  @Test func `of nothing says so`() throws {
    let text = Self.text(try Self.overview([], banks: []))
    #expect(text.hasPrefix("No bank is linked: 0 accounts, no transactions yet.\n"))
    #expect(!text.contains("Months"))
    #expect(text.contains("unknown"))
  }

  @Test func `says what is unknown, old, foreign, invented or pending instead of counting it silently`() throws {
    let euro = try #require(Currency(iso: "EUR"))
    let text = Self.text(
      try Self.overview(
        [
          Self.account(1, .checking, 100_00), Self.account(2, .savings, nil, name: "Piggy bank"),
          Self.account(3, .savings, 50_00, euro), Self.account(4, .checking, 1_00, goneAt: Timestamp(seconds: 1)),
          Self.account(5, .checking, 2_00, origin: .simulated),
        ], flows: [(0, 10_00), (0, 10_00)], pending: 1))
    #expect(text.contains("no longer sent by the bank"))
    #expect(text.contains("simulated"))
    #expect(text.contains("The balance of Piggy bank is unknown, and in no sum."))
    #expect(text.contains("50.00 EUR on other accounts is not in what is owned."))
    #expect(text.contains("1 transaction is still pending, and in no sum."))
    #expect(text.contains("10.3  months"))
  }

  @Test func `says how many months it knows, and that a burn of nothing lasts for ever`() throws {
    let account = Self.account(1, .checking, 100_00)
    let two = Self.text(try Self.overview([account], flows: [(0, 10_00), (0, 30_00), (0, 5_00)]))
    #expect(two.contains("20.00  USD a month, mean of Sep and Oct 2026, all there are"))
    #expect(two.contains("5.0  months"))
    let none = Self.text(try Self.overview([account], flows: [(0, 10_00)]))
    #expect(none.contains("until one full month is known"))
    let free = try Self.overview([account], flows: [(50_00, 0), (0, 0)])
    #expect(Self.text(free).contains("unlimited"))
    #expect(Summary(free).json["runway_months"] == "unlimited")
    let year = try Self.overview([account], flows: Array(repeating: (0, 30_00), count: 12))
    #expect(Self.text(year).contains("mean of Aug, Sep and Oct 2026"))
  }

  @Test func `marks months that are not whole`() throws {
    let text = Self.text(
      try Self.overview(
        [Self.account(1, .checking, 1)], flows: [(1, 1), (1, 1)],
        since: Month(of: Self.today).adding(-1).days.lowerBound + 4))
    #expect(text.contains("from 5 Oct 2026"))
    #expect(text.contains("so far"))
  }

  @Test(arguments: [true, false])
  func `stays within 80 places, whatever banks call things and however rich somebody is`(bars: Bool) throws {
    let long = String(repeating: "Very Long Name ", count: 12)
    let rich: Int64 = 987_654_321_987_65
    let text = Self.text(
      try Self.overview(
        [
          Self.account(1, .checking, rich, name: long),
          Self.account(2, .creditCard, -rich, name: "Line\nbreak\u{1B}[2J"),
          Self.account(3, .moneyMarket, nil, name: long, goneAt: Timestamp(seconds: 1)),
        ], flows: Array(repeating: (rich, rich / 2), count: 14), pending: 12_345, banks: [long, "Bank\u{7}"]),
      bars: bars)
    for line in text.split(separator: "\n") { #expect(line.count <= 80, "\(line)") }
    #expect(!text.contains { "\u{1B}\u{7}\r".contains($0) })
    #expect(text.contains("987,654,321,987.65"))
    #expect(text.contains("█") == bars)
  }

  @Test func `for programs has null where nothing is known`() throws {
    let json = Summary(try Self.overview([Self.account(1, .checking, nil)])).json
    #expect(json["burn"] == .null && json["runway_months"] == .null)
    #expect(json["liquid_savings"] == "0.00" && json["net_worth"] == "0.00")
    guard case .array(let accounts)? = json["accounts"] else { return #expect(Bool(false)) }
    #expect(accounts[0]["opening"] == .null && accounts[0]["balance"] == .null && accounts[0]["rows"] == "0.00")
  }

  @Test(
    arguments: [
      (100, 50, "████████████░░░░░░░░░░░░"), (50, 100, "████████████▓▓▓▓▓▓▓▓▓▓▓▓"),
      (100, 100, String(repeating: "█", count: 24)),
      (0, 0, ""), (100, -50, String(repeating: "░", count: 24)), (-10, 0, ""),
    ] as [(Int64, Int64, String)])
  func `has bars in proportion`(income: Int64, expenses: Int64, bar: String) {
    #expect(Summary.bar(income: income, expenses: expenses, longest: 100) == bar)
    #expect(Summary.bar(income: .max, expenses: .min, longest: .max).count == 24)
    #expect(Summary.bar(income: 1, expenses: 1, longest: 0).isEmpty)
  }
}

@Suite struct `Words for people` {
  @Test(
    arguments: [
      (0, "0.00"), (5, "0.05"), (-5, "-0.05"), (100_000, "1,000.00"), (99_999, "999.99"),
      (-123_456_789, "-1,234,567.89"),
      (.min, "-92,233,720,368,547,758.08"),
    ] as [(Int64, String)])
  func `group the digits of an amount`(minor: Int64, text: String) throws {
    #expect(AmountText.grouped(minor, .usd) == text)
    let yen = try #require(Currency(iso: "JPY"))
    #expect(AmountText.grouped(1_234_567, yen) == "1,234,567")
  }

  @Test(arguments: [
    (0, "0"), (999, "999"), (1_000, "1,000"), (1_234_567, "1,234,567"), (-1_000, "-1,000"), (-100, "-100"),
  ])
  func `group the digits of a count`(number: Int, text: String) {
    #expect(AmountText.count(number) == text)
  }

  @Test func `name days and months`() throws {
    let day = try #require(CalendarDate("2026-02-05"))
    #expect(AmountText.day(day) == "5 Feb 2026")
    #expect(AmountText.month(day) == "Feb 2026")
  }

  @Test func `break between words`() {
    #expect(Terminal.wrapped("aa bb cc", width: 5) == ["aa bb", "cc"])
    #expect(Terminal.wrapped("aaaaaaaa b", width: 5) == ["aaaaaaaa", "b"])
    #expect(Terminal.wrapped("  ", width: 5).isEmpty)
  }

  @Test func `tell how far a sync is, in one line`() throws {
    var progress = SyncProgress()
    for pages in 0...40 {
      progress.pages = pages
      progress.rows = pages * 500
      progress.oldest = CalendarDate(days: 20_000)
      let line = ProgressBar.line("A Bank", progress)
      #expect(line.count { $0 == "█" } == 4)
      #expect(line.contains("back to 4 Oct 2024"))
      #expect(ProgressBar.line(String(repeating: "Bank ", count: 30), progress).count == 79)
    }
    progress.phase = .applying
    progress.rowsTotal = 1_000
    for (rows, filled) in [(0, 0), (500, 8), (1_000, 16), (5_000, 16)] {
      progress.rows = rows
      #expect(ProgressBar.line("A Bank", progress).count { $0 == "█" } == filled)
    }
  }

  @Test func `leave no trace of a bar where nobody looks, and an empty line where somebody does`() {
    for looks in [false, true] {
      let output = Locked("")
      let terminal = Terminal(
        write: { _ in }, complainRaw: { text in output.withLock { $0 += text } }, hasColour: false, showsProgress: looks
      )
      let bar = ProgressBar("A Bank", terminal)
      bar.show(SyncProgress())
      bar.show(SyncProgress())
      bar.clear()
      let text = output.withLock { $0 }
      #expect(text.isEmpty == !looks)
      if looks {
        let parts = text.split(separator: "\r")
        #expect(parts.count == 2 && parts[1].allSatisfy { $0 == " " } && parts[0].count == parts[1].count)
      }
    }
  }
}
