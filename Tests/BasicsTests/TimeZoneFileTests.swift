import Testing

@testable import Basics

@Suite struct `A time zone's file` {
  /// A file of one kind of entry per change, as RFC 9636 lays it out.
  struct Made {
    var version: Character = "2"
    var changes: [(at: Int64, kind: UInt8)] = []
    var kinds: [(offset: Int32, isSummer: UInt8, letters: UInt8)] = [(3600, 0, 0)]
    var letters = Array("AAA\0".utf8)
    var leaps = 0
    var marks = 0
    var footer = "AAA-1"
    var magic = "TZif"

    var bytes: [UInt8] {
      func header(_ counts: [Int]) -> [UInt8] {
        Array(magic.utf8) + [version.asciiValue ?? 0] + [UInt8](repeating: 0, count: 15)
          + counts.flatMap { big(Int64($0), 4) }
      }
      func big(_ value: Int64, _ size: Int) -> [UInt8] {
        (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> Int64(8 * $0)) }
      }
      // The block for old readers holds one kind and nothing else.
      var all = header([0, 0, 0, 0, 1, 4]) + big(0, 4) + [0, 0] + Array("OLD\0".utf8)
      all += header([marks, marks, leaps, changes.count, kinds.count, letters.count])
      for change in changes { all += big(change.at, 8) }
      all += changes.map(\.kind)
      for kind in kinds { all += big(Int64(kind.offset), 4) + [kind.isSummer, kind.letters] }
      all += letters + [UInt8](repeating: 0, count: leaps * 12 + 2 * marks)
      return all + Array("\n\(footer)\n".utf8)
    }
  }

  static func offset(_ bytes: [UInt8], at second: Int64) throws -> Int {
    try TimeZone(name: "made", file: bytes).offsetSeconds(at: Timestamp(seconds: second))
  }

  @Test func `lists changes, and its footer rules after the last`() throws {
    var made = Made()
    made.kinds = [(100, 0, 0), (3600, 0, 0), (7200, 1, 0)]
    made.changes = [(-1000, 2), (1000, 1)]
    made.footer = "AAA-3"
    #expect(try Self.offset(made.bytes, at: -1001) == 100)
    #expect(try Self.offset(made.bytes, at: -1000) == 7200)
    #expect(try Self.offset(made.bytes, at: 999) == 7200)
    #expect(try Self.offset(made.bytes, at: 1000) == 10_800)
    made.footer = ""
    #expect(try Self.offset(made.bytes, at: 1000) == 3600)
    #expect(try Self.offset(made.bytes, at: 1 << 40) == 3600)
  }

  struct Damage: Sendable, CustomTestStringConvertible {
    var testDescription: String
    var apply: @Sendable (inout Made) -> Void
    init(_ why: String, _ apply: @escaping @Sendable (inout Made) -> Void) {
      (testDescription, self.apply) = (why, apply)
    }
  }

  @Test(arguments: [
    Damage("another kind of file") { $0.magic = "TZxf" }, Damage("version 1") { $0.version = "\0" },
    Damage("no kind") { $0.kinds = [] }, Damage("an unknown kind") { $0.changes = [(0, 1)] },
    Damage("changes out of order") { $0.changes = [(5, 0), (4, 0)] },
    Damage("two changes at once") { $0.changes = [(5, 0), (5, 0)] },
    Damage("an impossible offset") { $0.kinds = [(93_600, 0, 0)] },
    Damage("a kind that is neither summer nor not") { $0.kinds = [(0, 2, 0)] },
    Damage("letters out of range") { $0.kinds = [(0, 0, 4)] }, Damage("leap seconds") { $0.leaps = 1 },
    Damage("too many marks") { $0.marks = 2 }, Damage("a footer that is no rule") { $0.footer = "nonsense!" },
  ])
  func `is refused when it contradicts itself`(damage: Damage) throws {
    var made = Made()
    #expect(try Self.offset(made.bytes, at: 0) == 3600)
    damage.apply(&made)
    #expect(throws: TimeZoneError.malformed("made")) { try Self.offset(made.bytes, at: 0) }
  }

  @Test func `is refused when it is cut anywhere, and damage never brings the program down`() throws {
    var made = Made()
    made.kinds = [(0, 0, 0), (3600, 1, 0)]
    made.changes = [(0, 1), (10, 0), (20, 1)]
    made.footer = "AAA0BBB,M3.5.0,M10.5.0"
    let whole = made.bytes
    #expect(try Self.offset(whole, at: 0) == 3600)
    for count in 0..<whole.count {
      #expect(throws: TimeZoneError.malformed("made"), "cut at \(count)") {
        try Self.offset(Array(whole.prefix(count)), at: 0)
      }
    }
    for index in whole.indices {
      for value in [0, 0x7F, 0x80, 0xFF] as [UInt8] {
        var damaged = whole
        damaged[index] = value
        _ = try? Self.offset(damaged, at: 1 << 33)
      }
    }
    #expect(throws: TimeZoneError.self) {
      try Self.offset([UInt8](repeating: 0, count: TimeZoneFile.bytesMax + 1), at: 0)
    }
  }

  struct Rule: Sendable {
    var text: String
    var instant: String
    var offset: Int
    init(_ text: String, _ instant: String, _ offset: Int) {
      (self.text, self.instant, self.offset) = (text, instant, offset)
    }
  }

  @Test(arguments: [
    Rule("UTC0", "2024-01-01T00:00:00Z", 0), Rule("<-03>3", "2024-01-01T00:00:00Z", -10_800),
    Rule("<+0330>-3:30", "2024-01-01T00:00:00Z", 12_600), Rule("AAA-1:02:03", "2024-01-01T00:00:00Z", 3723),
    // Days counted without and with 29 February.
    Rule("AAA0BBB,J60/0,J61/0", "2024-02-29T12:00:00Z", 0), Rule("AAA0BBB,J60/0,J61/0", "2024-03-01T00:00:00Z", 3600),
    Rule("AAA0BBB,59/0,60/0", "2024-02-29T12:00:00Z", 3600), Rule("AAA0BBB,59/0,60/0", "2023-03-01T12:00:00Z", 3600),
    // Summer all the year round: each ends as the next begins.
    Rule("XXX3EDT4,0/0,J365/23", "2024-01-01T04:00:00Z", -14_400),
    Rule("XXX3EDT4,0/0,J365/23", "2024-12-31T23:59:59Z", -14_400),
    Rule("XXX3EDT4,0/0,J365/23", "2025-01-01T03:30:00Z", -14_400),
    // Greenland's changes happen the evening before.
    Rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T00:59:59Z", -7200),
    Rule("<-02>2<-01>,M3.5.0/-1,M10.5.0/0", "2024-03-31T01:00:00Z", -3600),
    // Jerusalem's Friday is written as the Thursday before, and twenty-six hours.
    Rule("IST-2IDT,M3.4.4/26,M10.5.0", "2024-03-28T23:59:59Z", 7200),
    Rule("IST-2IDT,M3.4.4/26,M10.5.0", "2024-03-29T00:00:00Z", 10_800),
    // A change that falls into the year before.
    Rule("AAA0BBB,M1.1.0/-167,M6.1.0", "2023-12-31T00:59:59Z", 0),
    Rule("AAA0BBB,M1.1.0/-167,M6.1.0", "2023-12-31T01:00:00Z", 3600),
    Rule("AAA0BBB,M1.1.0/-167,M6.1.0", "2024-01-01T01:00:00Z", 3600),
    Rule("AAA0BBB,0/-24,M6.1.0", "2023-12-31T00:00:00Z", 3600),
  ])
  func `ends with a rule`(rule: Rule) throws {
    let parsed = try #require(TimeZoneRule(Array(rule.text.utf8)))
    let instant = try #require(Timestamp(rfc3339: rule.instant))
    #expect(parsed.offset(at: instant.seconds) == rule.offset)
  }

  @Test(arguments: [
    "", "AA0", "AAA", "<AA0", "<A>0", "AAA25", "AAA-25", "AAA0BBB", "AAA0BBB,", "AAA0BBB,M3.5.0", "AAA0BBB,M3.5.0,",
    "AAA0BBB,M13.1.0,M1.1.0", "AAA0BBB,M0.1.0,M1.1.0", "AAA0BBB,M3.6.0,M1.1.0", "AAA0BBB,M3.0.0,M1.1.0",
    "AAA0BBB,M3.5.7,M1.1.0", "AAA0BBB,J0,J1", "AAA0BBB,J366,J1", "AAA0BBB,366,1", "AAA0BBB,M3.5.0/168,M10.5.0",
    "AAA0BBB,M3.5.0/2:60,M10.5.0", "AAA0BBB,M3.5.0,M10.5.0 ", "AAA0BBB,M3.5.0,M10.5.0,", "AAA0:60", "AAA0000",
    "AAA--1", "AAA0,M3.5.0,M10.5.0",
  ])
  func `never ends with half a rule`(text: String) {
    #expect(TimeZoneRule(Array(text.utf8)) == nil)
  }
}
