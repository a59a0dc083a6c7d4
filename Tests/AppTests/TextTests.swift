import Basics
import Finance
import JSON
import Sync
import Testing

@testable import App

@Suite struct `A bank's text` {
  @Test(arguments: [
    ("abc", 3), ("é", 1), ("e\u{301}", 1), ("日本", 4), ("한", 2), ("ｆ", 2), ("👍", 2), ("👨‍👩‍👧", 2), ("❤️", 2), ("🇩🇪", 2),
    ("", 0), ("शि", 1), ("\u{301}", 0), ("ñandú €", 7),
  ])
  func `takes as many columns as a terminal gives it`(text: String, width: Int) {
    #expect(PlainText.width(PlainText.clean(text)) == width)
  }

  @Test func `cannot move the cursor, hide or turn the line around`() {
    #expect(PlainText.clean("a\u{1B}[2J\u{9B}b\r\nc\u{2028}d\u{7F}") == "a [2J b c d ")
    #expect(PlainText.clean("\u{202E}evil\u{202C}\u{200F}\u{2066}x\u{2069}\u{FEFF}\u{AD}\u{200B}") == "evilx")
    #expect(PlainText.clean("می\u{200C}خواهم") == "می\u{200C}خواهم", "a joiner belongs to the word")
    let piled = PlainText.clean("z" + String(repeating: "\u{310}", count: 50) + "y")
    #expect(piled.unicodeScalars.count == 6 && PlainText.width(piled) == 2)
  }

  @Test(arguments: [
    ("abcdef", 6, "abcdef"), ("abcdefg", 6, "abcde…"), ("日本語の店", 7, "日本語…"), ("日本語の店", 6, "日本…"),
    ("e\u{301}e\u{301}e\u{301}", 2, "e\u{301}…"),
  ])
  func `is cut between letters`(text: String, columns: Int, expected: String) {
    let cut = PlainText.cut(text, to: columns)
    #expect(cut == expected && PlainText.width(cut) <= columns)
  }

  @Test func `lines up in a table whatever it is written in`() {
    var table = Table([.left, .left, .right], head: ["Where", "What", "Amount"])
    table.append(["東京の銀行 (1234)", String(repeating: "寿司", count: 30), "-1,234,567 JPY"])
    table.append(["Zoe\u{308}'s \u{202E}Bank", "👨‍👩‍👧 family \u{1B}[31mred", "5.00 USD"])
    #expect(table.lines.allSatisfy { PlainText.width($0) <= 80 })
    #expect(Set(table.lines.map { PlainText.width($0) }) == [80])
  }

  @Test func `gives way in more than one column before an amount does`() {
    var table = Table([.left, .left, .left, .right])
    table.append([
      String(repeating: "a", count: 60), String(repeating: "b", count: 60), String(repeating: "c", count: 60),
      "-123,456,789.00 USD",
    ])
    #expect(table.lines[0].count == 80 && table.lines[0].hasSuffix("…  -123,456,789.00 USD"))
  }

  @Test func `is escaped in JSON where a terminal could act on it`() throws {
    let written = Locked("")
    let terminal = Terminal(
      write: { text in written.withLock { $0 += text } }, complainRaw: { _ in }, hasColour: false)
    let value: JSONValue = ["name": "a\u{9B}31m\u{202E}b\u{E0041}\u{1F600} é\u{2028}"]
    terminal.json(value)
    let text = written.withLock { $0 }
    #expect(text.unicodeScalars.allSatisfy { $0 == "\n" || !PlainText.isControl($0) && !PlainText.isInvisible($0) })
    #expect(text.contains("😀 é"))
    #expect(try JSONValue.parse(text) == value)
  }
}

@Suite struct `An amount` {
  @Test(arguments: [
    (0, "USD", "0.00"), (-5, "USD", "-0.05"), (99_999, "USD", "999.99"), (100_000, "USD", "1,000.00"),
    (-123_456_789, "USD", "-1,234,567.89"), (123_456, "JPY", "123,456"), (-100, "JPY", "-100"),
    (1, "BTC", "0.00000001"), (.min, "USD", "-92,233,720,368,547,758.08"),
  ])
  func `is written in groups of three`(minor: Int64, code: String, expected: String) throws {
    let currency = try #require(Currency(stored: code))
    #expect(AmountText.grouped(minor, currency) == expected)
  }

  @Test func `has its currency behind it, with all digits`() throws {
    #expect(AmountText.full(Money(minorUnits: -123450, .usd)) == "-1,234.50 USD")
    let yen = try #require(Currency(iso: "JPY"))
    #expect(AmountText.full(Money(minorUnits: 1_234_567, yen)) == "1,234,567 JPY")
    #expect(AmountText.count(1, "row") == "1 row" && AmountText.count(12_345, "row") == "12,345 rows")
  }
}

@Suite struct `A progress bar` {
  @Test func `stays on its line and goes away`() {
    let drawn = Locked<[String]>([])
    let terminal = Terminal(
      write: { _ in }, complainRaw: { text in drawn.withLock { $0.append(text) } }, hasColour: false,
      showsProgress: true)
    let bar = ProgressBar("東京 \u{1B}[2J Bank with a very long name indeed, and then some more of it", terminal)
    bar.say("asking the bank")
    var progress = SyncProgress()
    for month in 1...24 {
      progress.pages += 1
      progress.rows += 100
      progress.oldest = CalendarDate(days: 20_000).adding(months: -month)
      bar.show(progress)
    }
    progress.phase = .applying
    progress.rowsTotal = 2400
    for rows in [600, 1200, 2400] {
      progress.rows = rows
      bar.show(progress)
    }
    bar.clear()
    let frames = drawn.withLock { $0 }
    #expect(frames.count == 29)
    let cells = frames.dropLast().suffix(3).map { frame in frame.count { $0 == "█" } }
    #expect(cells == [4, 8, 16])
    for frame in frames {
      #expect(frame.hasPrefix("\r") && !frame.contains("\u{1B}") && !frame.contains("\n"))
      #expect(PlainText.width(frame.replacing("\r", with: "")) < 80)
    }
    #expect(frames.last?.allSatisfy { $0 == "\r" || $0 == " " } == true)
  }

  @Test func `says nothing where nobody looks`() {
    let drawn = Locked("")
    let bar = ProgressBar(
      "A bank", Terminal(write: { _ in }, complainRaw: { text in drawn.withLock { $0 += text } }, hasColour: false))
    bar.show(SyncProgress())
    bar.say("waiting")
    bar.clear()
    #expect(drawn.withLock { $0 }.isEmpty)
  }
}
