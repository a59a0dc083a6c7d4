package import JSON

/// One answer of Plaid's that was a success: the bytes as received, and their index.
package struct PlaidAnswer: Sendable {
  package let bytes: [UInt8]
  package let root: JSONNode

  package var requestID: String? { root["request_id"]?.string }

  /// A text the answer cannot do without.
  func required(_ key: String) throws(PlaidError) -> String {
    guard let text = root[key]?.string, !text.isEmpty else { throw lacks(key) }
    return text
  }

  func lacks(_ key: String) -> PlaidError {
    PlaidError("MALFORMED_ANSWER", "the answer has no \(key)", status: 200, requestID: requestID, remedy: .retry)
  }
}
