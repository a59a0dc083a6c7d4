import HTTP
import Sandbox

/// Somebody who clicks through the pages of the stand-in for Link.
struct Visitor {
  let bench: Bench
  let token: String
  var page = ""
  var status = 0
  var location: String?

  init(_ bench: Bench, _ token: String) async {
    self.bench = bench
    self.token = token
    await take(bench.server.handle(Request("GET", "/fake-link?token=\(token)")))
  }

  var session: String { value(after: "name=\"session\" value=\"") }
  var publicToken: String { value(after: "<output id=\"public-token\">", until: "<") }
  var accounts: [String] {
    page.split(separator: "name=\"account\" value=\"").dropFirst().map { String($0.prefix { $0 != "\"" }) }
  }

  private func value(after mark: String, until end: Character = "\"") -> String {
    guard let range = page.firstRange(of: mark) else { return "" }
    return String(page[range.upperBound...].prefix { $0 != end })
  }

  mutating func submit(_ step: String, _ fields: [(String, String)] = []) async {
    let all = [("token", token), ("session", session), ("step", step)] + fields
    let body = all.map { "\($0.0)=\(PercentCoding.encode($0.1))" }.joined(separator: "&")
    take(
      await bench.server.handle(
        Request(
          "POST", "/fake-link/submit", headers: ["Content-Type": "application/x-www-form-urlencoded"],
          body: Array(body.utf8))))
  }

  private mutating func take(_ response: Response) {
    status = response.status
    page = String(decoding: response.body, as: UTF8.self)
    location = response.headers["Location"]
  }
}
