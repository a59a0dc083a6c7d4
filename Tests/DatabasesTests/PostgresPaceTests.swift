import Testing

@testable import Databases

@Suite struct `The pace of writers` {
  private let start = ContinuousClock.now

  /// So many write, and of the first some are refused.
  private func pace(_ pace: PostgresPace, writers: Int, refused: Int) -> PostgresPace {
    var pace = pace
    for ticket in 0..<writers { pace.begin(ticket, start) }
    for ticket in 0..<writers { pace.end(ticket, wasRefused: ticket < refused) }
    return pace
  }

  @Test func `has room for as many as there are connections, and not for one more`() {
    var pace = PostgresPace(most: 3)
    for ticket in 0..<3 {
      #expect(pace.hasRoom(start))
      pace.begin(ticket, start)
    }
    #expect(!pace.hasRoom(start))
    pace.end(1, wasRefused: false)
    #expect(pace.hasRoom(start))
  }

  @Test func `shrinks with each that is refused, and one may always write`() {
    var narrow = pace(PostgresPace(most: 8), writers: 8, refused: 3)
    #expect(narrow.room == 5)
    narrow = pace(narrow, writers: 5, refused: 5)
    narrow = pace(narrow, writers: 1, refused: 1)
    #expect(narrow.room == 1 && narrow.hasRoom(start))
  }

  @Test func `grows again while nobody is refused, and not beyond what there was`() {
    var wide = pace(PostgresPace(most: 4), writers: 4, refused: 2)
    #expect(wide.room == 2)
    // Two of the four went through after the refusals: of the 32 for two places 30 are missing.
    for _ in 0..<29 { wide = pace(wide, writers: 1, refused: 0) }
    #expect(wide.room == 2)
    wide = pace(wide, writers: 1, refused: 0)
    #expect(wide.room == 3)
    for _ in 0..<10_000 { wide = pace(wide, writers: 1, refused: 0) }
    #expect(wide.room == 4)
  }

  @Test func `counts those that write while it shrinks`() {
    var pace = PostgresPace(most: 4)
    for ticket in 0..<4 { pace.begin(ticket, start) }
    pace.end(0, wasRefused: true)
    pace.end(1, wasRefused: true)
    #expect(pace.room == 2 && !pace.hasRoom(start), "two still write")
    pace.end(2, wasRefused: false)
    #expect(pace.hasRoom(start))
  }

  @Test func `does not count one that takes long, so that it keeps nobody waiting`() {
    var pace = pace(PostgresPace(most: 2), writers: 2, refused: 2)
    pace.begin(7, start)
    #expect(!pace.hasRoom(start + .milliseconds(100)))
    #expect(pace.hasRoom(start + PostgresPace.longest))
    pace.begin(8, start + PostgresPace.longest)
    #expect(!pace.hasRoom(start + PostgresPace.longest))
  }

  @Test func `is not moved by those who only read`() {
    var pace = PostgresPace(most: 2)
    for ticket in 0..<100 { pace.end(ticket, wasRefused: ticket < 50) }
    #expect(pace == PostgresPace(most: 2))
  }
}
