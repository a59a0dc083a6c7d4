import FoundationEssentials
import Testing

/// One source file, as lines and as the target it belongs to.
private struct Source: CustomTestStringConvertible {
  let path: String
  let target: String
  let lines: [Substring]

  var testDescription: String { path }

  /// The modules it imports, whatever stands in front of `import`.
  var imports: [String] {
    lines.compactMap { line in
      let words = line.split(separator: " ")
      guard let index = words.firstIndex(of: "import"), index + 1 < words.count else { return nil }
      let before = words[..<index]
      guard before.allSatisfy({ $0.hasPrefix("@") || ["package", "public", "internal", "private"].contains($0) }) else {
        return nil
      }
      // `import struct Module.Type` names the module second.
      let kinds: Set<Substring> = ["struct", "class", "enum", "func", "protocol", "typealias", "var", "let", "actor"]
      let name = kinds.contains(words[index + 1]) && index + 2 < words.count ? words[index + 2] : words[index + 1]
      return name.split(separator: ".").first.map(String.init)
    }
  }
}

private enum House {
  static let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()

  static func sources(_ folder: String, suffixes: [String] = [".swift"]) throws -> [Source] {
    let place = root.appending(path: folder)
    return try FileManager.default.subpathsOfDirectory(atPath: place.path).sorted().compactMap { path in
      guard suffixes.contains(where: { path.hasSuffix($0) }) else { return nil }
      let text = try String(contentsOf: place.appending(path: path), encoding: .utf8)
      return Source(
        path: "\(folder)/\(path)", target: path.split(separator: "/").first.map(String.init) ?? "",
        lines: text.split(separator: "\n", omittingEmptySubsequences: false))
    }
  }

  /// Who may import whom. Arrows point down only: a line that needs changing here is a wall that moves.
  static let allowed: [String: Set<String>] = {
    let everything: Set<String> = [
      "Basics", "JSON", "Finance", "Crypto", "Databases", "HTTP", "Store", "Jobs", "Plaid", "Sync", "Categories",
      "Recognition", "Insights", "Interchange",
    ]
    return [
      "Basics": [],
      "JSON": ["Basics", "CJSON"],
      "Finance": ["Basics"],
      "Crypto": ["Basics", "CSodium", "COpenSSL"],
      "Databases": ["Basics", "CPostgres", "CSQLite", "CZstd"],
      "HTTP": ["Basics", "CMicroHTTPD", "CCurl", "CZlib"],
      "Recognition": ["CWords"],
      "Store": ["Basics", "Finance", "Databases", "Crypto"],
      "Jobs": ["Basics", "Databases"],
      "Plaid": ["Basics", "Finance", "HTTP", "Crypto", "JSON"],
      "Sync": ["Basics", "Finance", "Databases", "Store", "Jobs"],
      "Categories": ["Basics", "JSON", "Finance", "Databases", "Store", "Recognition", "CPCRE2"],
      "Insights": ["Basics", "Finance", "Databases", "Store"],
      "Interchange": ["Basics", "Finance", "Databases", "Store"],
      "Sandbox": ["Basics", "Finance", "HTTP", "Crypto", "JSON"],
      "Web": ["CWeb"],
      "Kafka": ["Basics", "CKafka"],
      "API": everything.union(["Web"]),
      "App": everything.union(["API", "Sandbox", "Web", "Kafka"]),
      "magpie": ["App"],
    ]
  }()

  /// What the toolchain brings and any floor may use.
  static let common: Set<String> = ["Swift", "Glibc", "Synchronization", "FoundationEssentials"]
  /// What only the door may use: it is heavy, or belongs to a process rather than a library.
  static let door: Set<String> = ["Dispatch", "Foundation"]
}

@Suite struct `The house` {
  @Test func `imports only downwards`() throws {
    let sources = try House.sources("Sources")
    #expect(sources.count > 100, "the sources were not found")
    for source in sources {
      let allowed = try #require(House.allowed[source.target], "\(source.target) has no line in the table")
      let more = source.target == "App" ? House.door : []
      for name in source.imports {
        #expect(allowed.union(House.common).union(more).contains(name), "\(source.path) imports \(name)")
      }
    }
  }

  @Test func `finds imports in every form`() {
    let forms: [Substring] = [
      "import A", "package import B", "@testable import C", "  import D", "import struct E.Type", "// import F",
      "@preconcurrency private import G.Sub", "let text = \"import H\"", "import",
    ]
    let source = Source(path: "", target: "", lines: forms)
    #expect(source.imports == ["A", "B", "C", "D", "E", "G"])
  }

  @Test(arguments: [
    ("sqlite3_", ["Databases", "CSQLite"]), ("ZSTD_", ["Databases", "CZstd"]), ("deflate(", ["HTTP", "CZlib"]),
    ("MHD_", ["HTTP", "CMicroHTTPD"]),
    ("pcre2_", ["Categories", "CPCRE2"]), ("curl_easy", ["HTTP", "CCurl"]), ("curl_multi", ["HTTP", "CCurl"]),
    ("sodium_", ["Crypto", "CSodium"]),
    ("EVP_", ["Crypto", "COpenSSL"]), ("PQsend", ["Databases", "CPostgres"]),
  ])
  func `calls each C library from one place`(prefix: String, targets: [String]) throws {
    for source in try House.sources("Sources", suffixes: [".swift", ".h", ".cpp"])
    where !targets.contains(source.target) {
      let isCaller = source.lines.contains { $0.contains(prefix) }
      #expect(!isCaller, "\(source.path) uses \(prefix)")
    }
  }

  @Test func `runs no other program`() throws {
    let words = ["posix_spawn", "popen(", "execv", "execl(", "vfork(", " fork()", "Glibc.system(", "Process()"]
    for source in try House.sources("Sources", suffixes: [".swift", ".h", ".cpp", ".c"]) {
      for word in words {
        #expect(!source.lines.contains { $0.contains(word) }, "\(source.path) says \(word)")
      }
    }
  }

  @Test func `tells of no kind of event that is not documented`() throws {
    let text = try String(contentsOf: House.root.appending(path: "docs/events.md"), encoding: .utf8)
    var kinds: Set<Substring> = []
    for source in try House.sources("Sources") where ["Store", "Sync", "Categories", "API"].contains(source.target) {
      for line in source.lines {
        guard let start = line.firstRange(of: "kind: \"")?.upperBound else { continue }
        kinds.insert(line[start...].prefix { $0.isLowercase || $0 == "." || $0 == "_" })
      }
    }
    let events = kinds.filter { $0.contains(".") && $0.last != "." }
    #expect(events.count > 8, "\(events)")
    for kind in events { #expect(text.contains("`\(kind)`"), "docs/events.md says nothing of \(kind)") }
  }

  @Test func `has files one can read at a sitting`() throws {
    for source in try House.sources("Sources") + House.sources("Tests") {
      #expect(source.lines.count <= 401, "\(source.path) has \(source.lines.count - 1) lines")
    }
  }

  @Test func `plants bugs only in a build that asks for them`() throws {
    var planted = 0
    for source in try House.sources("Sources") where source.path != "Sources/Basics/Mutant.swift" {
      // What stands between each `#if` and its `#endif` that are open here: whether it is for mutants only.
      var open: [Bool] = []
      for line in source.lines {
        let words = line.drop { $0 == " " }
        if words.hasPrefix("#if") { open.append(words == "#if MUTANTS") }
        if words.hasPrefix("#else"), !open.isEmpty { open[open.count - 1] = false }
        if words.hasPrefix("#endif") { _ = open.popLast() }
        guard words.contains("Mutant.isOn") else { continue }
        planted += 1
        #expect(open.contains(true), "\(source.path): \(words)")
      }
    }
    #expect(planted >= 16)
  }

  @Test func `leaves nothing for later`() throws {
    let mark = ["TO", "DO"].joined()
    for source in try House.sources("Sources") + House.sources("Tests") {
      let isLeft = source.lines.contains { $0.contains(mark) || $0.contains("FIX" + "ME") }
      #expect(!isLeft, "\(source.path)")
    }
  }
}
