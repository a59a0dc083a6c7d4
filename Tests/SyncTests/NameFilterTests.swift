import Testing

@testable import Sync

@Suite struct `A filter of names` {
  @Test(arguments: [0, 1, 500, 20_000])
  func `never denies a name it was told`(count: Int) {
    let filter = NameFilter(names: count)
    for number in 0..<count { filter.note("name \(number)") }
    for number in 0..<count { #expect(filter.mayHold("name \(number)")) }
  }

  @Test func `knows of nearly all others that it was not told`() {
    let filter = NameFilter(names: 20_000)
    for number in 0..<20_000 { filter.note("name \(number)") }
    let wrong = (0..<20_000).filter { filter.mayHold("other \($0)") }.count
    #expect(wrong < 400)
  }

  @Test func `holds nothing at first`() {
    let filter = NameFilter(names: 0)
    #expect(!filter.mayHold(""))
    #expect(!filter.mayHold("x"))
  }
}
