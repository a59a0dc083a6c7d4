import Testing

@testable import Databases

@Suite struct `The pace of writers` {
  /// So many write, and of the first some are refused.
  private func pace(_ pace: PostgresPace, writers: Int, refused: Int) -> PostgresPace {
    var pace = pace
    for _ in 0..<writers { pace.begin() }
    for index in 0..<writers { pace.end(wasRefused: index < refused) }
    return pace
  }

  @Test func `has room for as many as there are connections, and not for one more`() {
    var pace = PostgresPace(most: 3)
    for _ in 0..<3 {
      #expect(pace.hasRoom)
      pace.begin()
    }
    #expect(!pace.hasRoom)
    pace.end(wasRefused: false)
    #expect(pace.hasRoom)
  }

  @Test func `shrinks with each that is refused, and one may always write`() {
    var narrow = pace(PostgresPace(most: 8), writers: 8, refused: 3)
    #expect(narrow.room == 5)
    narrow = pace(narrow, writers: 5, refused: 5)
    narrow = pace(narrow, writers: 1, refused: 1)
    #expect(narrow.room == 1 && narrow.hasRoom)
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
    for _ in 0..<4 { pace.begin() }
    pace.end(wasRefused: true)
    pace.end(wasRefused: true)
    #expect(pace.room == 2 && !pace.hasRoom, "two still write")
    pace.end(wasRefused: false)
    #expect(pace.hasRoom)
  }
}
