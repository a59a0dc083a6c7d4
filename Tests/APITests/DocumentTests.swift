import Basics
import Databases
import Finance
import FoundationEssentials
import HTTP
import Testing

@testable import API

@Suite struct `The description of the interface` {
  private static func text() throws -> String {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return try String(contentsOf: root.appending(path: "docs/http.md"), encoding: .utf8)
  }

  @Test func `has every route and no other`() async throws {
    let bench = try await BankBench()
    let interface = Interface(bench.banks(), token: Secret("t"), version: "1", log: .silent)
    let told = try Self.text().split(separator: "\n").compactMap { line -> String? in
      guard line.hasPrefix("| `"), line.contains("` |"), line.contains(" /") else { return nil }
      return line.dropFirst(3).split(separator: "`").first.map(String.init)
    }
    #expect(told.sorted() == interface.operations.map { "\($0.method.rawValue) \($0.path)" }.sorted())
  }

  @Test func `has every code that an operation declares`() async throws {
    let text = try Self.text()
    let interface = Interface(try await BankBench().banks(), token: Secret("t"), version: "1", log: .silent)
    for kind in Set(interface.operations.flatMap(\.problems)) {
      let line = text.split(separator: "\n").first {
        $0.hasPrefix("| \(kind.status) |") && $0.contains("`\(kind.code)`")
      }
      #expect(line != nil, "\(kind.status) \(kind.code)")
    }
  }

  @Test func `has every code with its status`() async throws {
    let text = try Self.text()
    let fault = FeedFault(type: "T", code: "C", message: "m")
    let feed: [FeedError] = [
      .reauthenticate(fault), .wait(.seconds(1), fault), .retry(fault), .notReady(fault), .gone(fault),
      .configuration(fault), .unsupported(fault), .mutated(fault), .cursorRefused(fault), .accountsChanged(fault),
      .bug(fault),
    ]
    let kinds: [DatabaseError.Kind?] = [
      .conflict(name: "x"), .tryAgain, .disconnected, .full, .damaged, .programmer, nil,
    ]
    let world = World.simulated(seed: 1)
    let errors: [BanksError] =
      [
        .alreadyLinked(world.newID(), bank: nil), .unknownConnection, .linkedElsewhere(environment: "e", host: "h"),
        .removed, .otherHousehold, .locked("The key is gone"), .badPublicToken, .sandboxOnly, .orphaned(itemID: "i"),
        .cancelled,
      ] + feed.map { .bank($0) } + kinds.map { .storage($0) }
    for problem in errors.map(\.problem) {
      let line = text.split(separator: "\n").first { $0.contains("`\(problem.code)`") }
      #expect(line?.hasPrefix("| \(problem.status) |") == true, "\(problem.code)")
      #expect(problem.title.hasSuffix(".") && problem.title.count < 80)
      if problem.code != "internal" && problem.code != "cancelled" { #expect(problem.detail != nil, "\(problem.code)") }
    }
  }
}
