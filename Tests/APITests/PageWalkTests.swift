import Basics
import Finance
import HTTP
import JSON
import Store
import Testing

@testable import API

/// A ledger that somebody writes in while somebody else leafs through it.
private actor Writer {
  enum Deed { case inserted, noted, moved, deleted, restored }

  private let house: PeopleBench
  private let account: String
  private var random: SeededRandom
  /// Rows that have been there from the beginning, without a moment in which they were not.
  private(set) var throughout: Set<String> = []
  /// Rows whose day was changed: in an order by day they are somewhere else now.
  private(set) var moved: Set<String> = []
  private var present: [String] = []
  private var deleted: [String] = []
  private(set) var deeds = 0

  init(_ house: PeopleBench, seed: UInt64) async throws {
    self.house = house
    random = SeededRandom(seed: seed)
    let made = try await house.send(
      "POST", "/v1/accounts", ["name": "Cash", "kind": "cash", "currency": "USD"], token: HTTPBench.token)
    account = try #require(made.json["id"]?.string, "\(made.text)")
  }

  func fill(_ count: Int) async throws {
    for _ in 0..<count { try await insert() }
    (throughout, moved) = (Set(present), [])
  }

  /// Few days and amounts, so that pages end among equals.
  private func day() -> JSONValue { .string("2026-03-0\(random.int(in: 1...6))") }

  private func insert() async throws {
    let body: JSONValue = [
      "account": .string(account), "amount": ["amount": .string("-\(random.int(in: 1...4)).00"), "currency": "USD"],
      "booked_on": day(), "name": .string("Row \(random.int(in: 0...2))"),
    ]
    let made = try await house.send("POST", "/v1/transactions", body, token: HTTPBench.token)
    present.append(try #require(made.json["id"]?.string, "\(made.text)"))
  }

  func write() async throws {
    deeds += 1
    guard !present.isEmpty else { return try await insert() }
    let index = random.int(in: 0...(present.count - 1))
    let path = "/v1/transactions/\(present[index])"
    let status: Int
    switch random.int(in: 0...9) {
    case 0...2: return try await insert()
    case 3...4:
      status = try await house.send("PATCH", path, ["notes": "noted"], token: HTTPBench.token).status
    case 5:
      moved.insert(present[index])
      status = try await house.send("PATCH", path, ["occurred_on": day()], token: HTTPBench.token).status
    case 6...7:
      throughout.remove(present[index])
      deleted.append(present.remove(at: index))
      status = try await house.send("DELETE", path, token: HTTPBench.token).status
    default:
      guard let back = deleted.popLast() else { return try await insert() }
      present.append(back)
      status = try await house.send("POST", "/v1/transactions/\(back)/restore", token: HTTPBench.token).status
    }
    #expect((200..<300).contains(status), "\(path)")
  }
}

@Suite struct `A walk through pages` {
  private static func walk(
    _ house: PeopleBench, order: TransactionOrder, text: String?, random: inout SeededRandom,
    between: () async throws -> Void
  ) async throws -> [String] {
    var seen: [String] = []
    var next: String?
    let filter = "order=\(order.rawValue)" + (text.map { "&text=\($0)" } ?? "")
    for _ in 0..<500 {
      let limit = random.int(in: 1...9)
      let target = "/v1/transactions?\(filter)&limit=\(limit)" + (next.map { "&cursor=\($0)" } ?? "")
      let page = try await house.send("GET", target, token: HTTPBench.token)
      #expect(page.status == 200 && page.rows.count <= limit, "\(page.text)")
      seen += page.rows.compactMap { $0["id"]?.string }
      next = page.json["next"]?.string
      if next == nil { return seen }
      try await between()
    }
    Issue.record("the walk does not end")
    return seen
  }

  private static func check(_ seen: [String], _ writer: Writer, _ order: TransactionOrder, _ words: String) async {
    let isByDay = order == .newest || order == .oldest
    let moved = isByDay ? await writer.moved : []
    let counts = Dictionary(seen.map { ($0, 1) }, uniquingKeysWith: +)
    for (id, count) in counts where !moved.contains(id) { #expect(count == 1, "\(id) came \(count) times: \(words)") }
    let skipped = await writer.throughout.subtracting(moved).subtracting(seen)
    #expect(skipped.isEmpty, "skipped \(skipped): \(words)")
  }

  @Test(arguments: TransactionOrder.allCases)
  func `has every row once that was there throughout, whatever is written meanwhile`(order: TransactionOrder)
    async throws
  {
    var deeds = 0
    for seed in UInt64(1)...8 {
      let house = try await PeopleBench()
      let writer = try await Writer(house, seed: seed)
      try await writer.fill(40)
      var random = SeededRandom(seed: seed &* 1_000)
      let text = seed % 4 == 0 ? "row" : nil
      let writes = random.int(in: 1...4)
      let seen = try await Self.walk(house, order: order, text: text, random: &random) {
        for _ in 0..<writes { try await writer.write() }
      }
      await Self.check(seen, writer, order, "\(order), seed \(seed)")
      deeds += await writer.deeds
    }
    #expect(deeds > 100)
  }

  @Test func `has them while others write without a pause`() async throws {
    let house = try await PeopleBench()
    let writer = try await Writer(house, seed: 5)
    try await writer.fill(60)
    let isOver = Locked(false)
    try await withThrowingTaskGroup { group in
      group.addTask {
        while !isOver.withLock({ $0 }) {
          try await writer.write()
          await Task.yield()
        }
      }
      for (round, order) in TransactionOrder.allCases.enumerated() {
        var random = SeededRandom(seed: UInt64(round))
        let seen = try await Self.walk(house, order: order, text: nil, random: &random) { await Task.yield() }
        await Self.check(seen, writer, order, "\(order)")
      }
      isOver.withLock { $0 = true }
      try await group.waitForAll()
    }
    #expect(await writer.deeds > 10)
  }
}
