/// Where webhooks may go: https anywhere, plain http only to this machine.
enum WebhookTarget {
  static func check(_ url: String) throws(Refusal) {
    guard isAllowed(url) else {
      throw .invalidField("webhook must be an https URL, or http to a loopback address")
    }
  }

  static func isAllowed(_ url: String) -> Bool {
    guard let end = url.firstRange(of: "://"), url.utf8.count <= 2_048,
      url.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F })
    else { return false }
    let scheme = url[..<end.lowerBound].lowercased()
    let authority = url[end.upperBound...].prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    guard !authority.isEmpty, !authority.contains("@") else { return false }
    return scheme == "https" || (scheme == "http" && isLoopback(authority))
  }

  private static func isLoopback(_ authority: Substring) -> Bool {
    if authority == "[::1]" || authority.hasPrefix("[::1]:") { return true }
    let host = authority.prefix { $0 != ":" }
    if host == "localhost" { return true }
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    return parts.count == 4 && parts[0] == "127" && parts.allSatisfy { UInt8($0) != nil }
  }
}
