package import JSON

/// Why a call to Plaid gave no result: what Plaid said, or what became of the call, and what can be done about it.
///
/// Texts are cleaned of tokens, and hold neither keys nor account data.
package struct PlaidError: Error, Equatable, Sendable {
  /// The status of the answer; 0 when there was none.
  package var status: Int
  /// Plaid's `error_type`, or `CLIENT` when the words are ours.
  package var type: String
  /// Plaid's `error_code`, or one of ours.
  package var code: String
  /// For the operator.
  package var message: String
  /// For the person, in Plaid's words, when it has some.
  package var displayMessage: String?
  package var requestID: String?
  /// What the caller can do.
  package var remedy: PlaidRemedy
  /// False when the request certainly never left: repeating it is then safe whatever it does.
  package var wasSent: Bool

  /// Longer texts are cut: they go into logs and into the database.
  private static let textMax = 500

  /// An error in our own words.
  init(
    _ code: String, _ message: String, status: Int = 0, requestID: String? = nil, remedy: PlaidRemedy,
    wasSent: Bool = true
  ) {
    self.status = status
    type = "CLIENT"
    self.code = code
    self.message = Self.cleaned(message)
    self.requestID = requestID
    self.remedy = remedy
    self.wasSent = wasSent
  }

  /// Plaid's error object, as answers and Items carry it. Nil when it is none.
  ///
  /// - Parameter retryAfter: Seconds, when the answer named them.
  package init?(_ node: JSONNode, status: Int, retryAfter: Int? = nil) {
    guard let type = node["error_type"]?.string, let code = node["error_code"]?.string else { return nil }
    self.status = status
    self.type = Self.cleaned(type)
    self.code = Self.cleaned(code)
    let message = node["error_message"]?.string ?? ""
    self.message = Self.cleaned(message)
    displayMessage = (node["display_message"]?.string).map(Self.cleaned)
    requestID = (node["request_id"]?.string).map(Self.cleaned)
    remedy = PlaidRemedy(type: type, code: code, message: message, status: status, retryAfter: retryAfter)
    wasSent = true
  }

  /// Repeating the same call in a moment may succeed: the failure is the network's or Plaid's own, not the bank's.
  var isPassing: Bool { remedy == .retry && (type == "CLIENT" || type == "API_ERROR") && code != "CANCELLED" }

  /// Without anything that looks like one of Plaid's tokens, and of bounded length.
  private static func cleaned(_ text: String) -> String {
    let result = withoutTokens(text)
    return result.unicodeScalars.count <= textMax ? result : String(result.prefix(textMax - 1)) + "…"
  }

  /// Without this secret, whatever field it was told back in: Plaid does not echo keys, but a proxy that answers in its
  /// place might.
  mutating func hide(_ secret: String) {
    guard !secret.isEmpty else { return }
    func hidden(_ text: String) -> String { text.replacing(secret, with: "•••") }
    (type, code, message) = (hidden(type), hidden(code), hidden(message))
    (displayMessage, requestID) = (displayMessage.map(hidden), requestID.map(hidden))
  }

  /// A text with `•••` in place of anything that looks like one of Plaid's tokens: for words of others that will be
  /// shown or logged.
  package static func withoutTokens(_ text: String) -> String {
    let environments = ["sandbox", "production", "development"]
    var result = ""
    var rest = Substring(text)
    while let start = ["access-", "public-", "link-"].compactMap({ rest.firstRange(of: $0)?.lowerBound }).min() {
      result += rest[..<start]
      let token = rest[start...].prefix { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") }
      let isToken = environments.contains { token.contains("-" + $0 + "-") }
      result += isToken ? "•••" : token
      rest = rest[token.endIndex...]
    }
    return result + rest
  }
}

extension PlaidError: CustomStringConvertible {
  package var description: String {
    "\(type)/\(code) (\(status)): \(message)" + (requestID.map { ", request \($0)" } ?? "")
  }
}
