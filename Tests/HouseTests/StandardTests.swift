import FoundationEssentials
import Testing

/// docs/asvs.md names a test for each requirement: this one reads it, and looks whether those tests are there.
@Suite struct `The table of the verification standard` {
  private static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  private static func rows() throws -> [(requirement: String, tests: [String])] {
    let text = try String(contentsOf: root.appending(path: "docs/asvs.md"), encoding: .utf8)
    return text.split(separator: "\n").filter { $0.hasPrefix("| V") }.map { line in
      let cells = line.split(separator: "|").map { $0.drop { $0 == " " } }
      // Whatever stands between backticks in the last cell.
      let parts = (cells.last ?? "").split(separator: "`", omittingEmptySubsequences: false)
      let names = parts.enumerated().filter { $0.offset % 2 == 1 }.map { String($0.element) }
      return (String(cells.first ?? ""), names)
    }
  }

  /// The names of all test functions, and of the programs that test from outside.
  private static func tests() throws -> Set<String> {
    let folder = root.appending(path: "Tests")
    var names: Set<String> = []
    for path in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      if path.hasSuffix(".py") { names.insert(String(path.split(separator: "/").last ?? "")) }
      guard path.hasSuffix("Tests.swift") else { continue }
      let text = try String(contentsOf: folder.appending(path: path), encoding: .utf8)
      for line in text.split(separator: "\n") where line.contains("func `") {
        let parts = line.split(separator: "`", omittingEmptySubsequences: false)
        if parts.count > 2 { names.insert(String(parts[1])) }
      }
    }
    return names
  }

  @Test func `names tests that exist`() throws {
    let (rows, tests) = (try Self.rows(), try Self.tests())
    #expect(rows.count > 50 && tests.count > 300)
    for (requirement, names) in rows {
      #expect(!names.isEmpty, "\(requirement) names no test")
      for name in names { #expect(tests.contains(name), "\(requirement): there is no test `\(name)`") }
    }
  }

  @Test func `has every chapter that it speaks of`() throws {
    let requirements = try Self.rows().map(\.requirement)
    for chapter in ["V2.", "V3.", "V4.", "V5.", "V13."] {
      #expect(requirements.filter { $0.hasPrefix(chapter) }.count >= 6, "\(chapter)")
    }
  }
}
