import Basics
import Crypto
import FoundationEssentials
import HTTP
import JSON
import Testing
import Web

@testable import API

@Suite struct `The web application` {
  private static func page(_ http: HTTPBench, _ path: String = "/") async throws -> HTTPBench.Answer {
    let answer = try await http.send("GET", path, token: nil)
    #expect(answer.status == 200, "\(path)")
    return answer
  }

  @Test func `is one page at every address that people see`() async throws {
    try await HTTPBench.run { http in
      let first = try await Self.page(http)
      for address in WebApplication.addresses + WebApplication.linkAddresses {
        let path = address.replacing("{id}", with: "acc_1").replacing("{section}", with: "security")
        let page = try await Self.page(http, path)
        #expect(page.headers["Content-Type"] == "text/html; charset=utf-8")
        #expect(page.headers["Cache-Control"] == "no-store")
        #expect(page.text.count == first.text.count || path.hasPrefix("/link"), "\(path)")
      }
      #expect(try await http.send("GET", "/v1/nowhere", token: nil).status == 404)
      #expect(try await http.send("GET", "/nowhere", token: nil).status == 404)
      // A person is told so on a page, a program in a problem.
      let asPerson: HeaderFields = ["Accept": "text/html,*/*;q=0.8"]
      let lost = try await http.send("GET", "/nowhere", token: nil, headers: asPerson)
      #expect(lost.status == 404 && lost.text.count == first.text.count, "\(lost.text.prefix(200))")
      let other = try await http.send("GET", "/v1/nowhere", token: nil, headers: asPerson)
      #expect(other.status == 404 && other.code == "not_found")
      #expect(try await http.send("GET", "/web/0/js/app.js", token: nil, headers: asPerson).code == "not_found")
    }
  }

  @Test func `lets nothing in from elsewhere, and names its script anew each time`() async throws {
    try await HTTPBench.run { http in
      var nonces: Set<String> = []
      for _ in 0..<3 {
        let page = try await Self.page(http)
        let policy = try #require(page.headers["Content-Security-Policy"])
        #expect(policy.contains("default-src 'none'") && policy.contains("frame-ancestors 'none'"))
        #expect(!policy.contains("unsafe") && !policy.contains("http") && !policy.contains("*"))
        let nonce = try #require(policy.split(separator: "'nonce-").dropFirst().first?.split(separator: "'").first)
        #expect(page.text.contains("nonce=\"\(nonce)\""))
        nonces.insert(String(nonce))
        for mark in ["{{", "http://", "https://", "style=\"", "onclick"] {
          #expect(!page.text.contains(mark), "\(mark)")
        }
      }
      #expect(nonces.count == 3)
    }
  }

  @Test func `says what it was made of, so that browsers may keep it`() async throws {
    try await HTTPBench.run { http in
      let page = try await Self.page(http)
      let script = try #require(page.text.firstMatch(of: /\/web\/([0-9a-f]+)\/js\/app\.js/))
      let path = String(script.output.0)
      let file = try await http.send("GET", path, token: nil)
      #expect(file.status == 200 && file.headers["Content-Type"] == "text/javascript; charset=utf-8")
      #expect(file.headers["Cache-Control"] == "public, max-age=31536000, immutable")
      #expect(file.headers["X-Content-Type-Options"] == "nosniff")
      let other = path.replacing(script.output.1, with: "0123456789ab")
      #expect(try await http.send("GET", other, token: nil).status == 404, "of another build")
      #expect(try await http.send("GET", "/web/\(script.output.1)/index.html", token: nil).status == 404)
      #expect(try await http.send("GET", "/web/\(script.output.1)/../files.c", token: nil).status == 404)
      let manifest = try await http.send("GET", "/manifest.webmanifest", token: nil)
      #expect(manifest.status == 200 && manifest.headers["Cache-Control"] == "no-cache")
      #expect(try JSONValue.parse(Array(manifest.text.utf8))["icons"]?.elements.isEmpty == false)
    }
  }

  @Test func `comes compressed where that is taken, and not at all when it is there`() throws {
    let web = WebApplication()
    let plain = try web.file("css/components.css", isLasting: true, Request("GET", "/"))
    let headers: HeaderFields = ["Accept-Encoding": "gzip"]
    let small = try web.file("css/components.css", isLasting: true, Request("GET", "/", headers: headers))
    #expect(small.headers["Content-Encoding"] == "gzip" && small.body.count * 2 < plain.body.count)
    #expect(small.headers["Vary"] == "Accept-Encoding" && plain.headers["Vary"] == "Accept-Encoding")
    let known: HeaderFields = ["If-None-Match": try #require(plain.headers["ETag"])]
    let unchanged = try web.file("css/components.css", isLasting: true, Request("GET", "/", headers: known))
    #expect(unchanged.status == 304 && unchanged.body.isEmpty)
    let compressed = try WebFiles.all.reduce(0) { sum, file in
      if file.path == "index.html" || file.path.hasPrefix("icons/") || file.path.hasSuffix(".txt") { return sum }
      return sum + (try web.file(file.path, isLasting: true, Request("GET", "/", headers: headers)).body.count)
    }
    #expect(compressed < 300_000, "all pages together, in bytes on the wire")
  }

  @Test func `comes without what stands in its sources for their readers`() throws {
    func sent(_ text: String) -> String {
      String(decoding: ReadersLines.removed(from: Array(text.utf8)), as: UTF8.self)
    }
    #expect(sent("// why\nlet a = 1; // how\n\n  // more\n") == "let a = 1; // how\n\n")
    #expect(sent("/** A page. */\nconst a = 'https://x'\n/*\n// * let a\n */\nb") == "const a = 'https://x'\nb")
    #expect(sent("/* on */ let a") == "/* on */ let a")
    #expect(sent("/* one\n two */ let a") == "/* one\n two */ let a", "what it does not understand it leaves alone")
    #expect(sent("/* without an end\nlet a") == "/* without an end\nlet a")
    for file in WebFiles.all where file.path.hasSuffix(".js") && !file.path.hasPrefix("vendor/") {
      let text = sent(String(decoding: file.bytes, as: UTF8.self))
      let first = text.split(separator: "\n").first { $0.trimmingPrefix { $0 == " " }.hasPrefix("//") }
      #expect(first == nil, "\(file.path) could not be read")
    }
  }

  @Test func `says before anything else whether somebody can sign in`() async throws {
    let house = try await PeopleBench()
    func start() async throws -> JSONValue {
      let page = try await house.send("GET", "/", nil, token: nil)
      let text = try #require(page.text.firstMatch(of: /id="start"[^>]*>(.*?)<\/script>/)).output.1
      return try JSONValue.parse(Array(text.utf8))
    }
    #expect(try await start()["setup_needed"] == true)
    try await house.setUp()
    let after = try await start()
    #expect(after["setup_needed"] == false && after["csrf"] == .null && after["simulated"] == true)
    let offered = after["operations"]?.elements.compactMap(\.string) ?? []
    #expect(offered.contains("GET /v1/accounts") && !offered.contains("GET /metrics"))
  }

  @Test func `has every file of its folder in the program`() throws {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    let folder = root.appending(path: "Sources/CWeb/files")
    let there = try FileManager.default.subpathsOfDirectory(atPath: folder.path).filter { path in
      path.contains(".") && !path.hasPrefix("vendor/")
    }
    let held = WebFiles.all.map(\.path).filter { !$0.hasPrefix("vendor/") }
    #expect(there.sorted() == held.sorted(), "run scripts/web")
    #expect(WebFiles.hasCharts == FileManager.default.fileExists(atPath: folder.path + "/vendor/chart.min.js"))
  }

  @Test func `has texts in every language, with the same gaps to fill`() throws {
    var tables: [[String: String]] = []
    for language in ["en", "de"] {
      let file = try #require(WebFiles.all.first { $0.path == "js/texts/\(language).js" })
      var table: [String: String] = [:]
      for line in String(decoding: file.bytes, as: UTF8.self).split(separator: "\n") {
        guard let found = line.firstMatch(of: /^  '([^']+)': (.*),$/) else { continue }
        let names = Set(found.output.2.matches(of: /\{([a-z]+)\}/).map { String($0.output.1) })
        table[String(found.output.1)] = names.sorted().joined(separator: " ")
      }
      #expect(table.count > 300)
      tables.append(table)
    }
    #expect(tables[0] == tables[1])
  }
}
