import CCurl

/// Where a call goes, read by the same parser that will dial it: two parsers that differ are a hole.
struct Destination: Sendable {
  /// The URL as libcurl writes it, with the host in its usual form.
  let url: String
  /// The URL without its query, fit for a log.
  let logged: String
  /// Not encrypted, and so only for this machine.
  let isPlain: Bool

  /// - Parameter isGuarded: The address that is dialled decides whether it may be plain.
  init(_ text: String, isGuarded: Bool = false) throws(HTTPClientError) {
    guard let handle = unsafe curl_url() else { throw .failed("out of memory") }
    defer { unsafe curl_url_cleanup(handle) }
    let code = unsafe curl_url_set(handle, CURLUPART_URL, text, 0)
    guard code == CURLUE_OK else {
      throw .badURL(unsafe curl_url_strerror(code).map { unsafe String(cString: $0) } ?? "not a URL")
    }
    func part(_ part: CURLUPart) -> String? {
      var value: UnsafeMutablePointer<CChar>?
      guard unsafe curl_url_get(handle, part, &value, 0) == CURLUE_OK, let value = unsafe value else { return nil }
      defer { unsafe curl_free(value) }
      return unsafe String(cString: value)
    }
    guard let scheme = part(CURLUPART_SCHEME), let host = part(CURLUPART_HOST), let url = part(CURLUPART_URL) else {
      throw .badURL("a URL needs a scheme and a host")
    }
    guard scheme == "https" || scheme == "http" else { throw .badURL("\(scheme) is not spoken here") }
    guard part(CURLUPART_USER) == nil, part(CURLUPART_PASSWORD) == nil else {
      throw .badURL("a URL may not carry a user or a password")
    }
    isPlain = scheme == "http"
    if isPlain, !isGuarded, !Self.isLoopback(host: host) { throw .insecure(host) }
    self.url = url
    let port = part(CURLUPART_PORT).map { ":" + $0 } ?? ""
    logged = "\(scheme)://\(host)\(port)\(part(CURLUPART_PATH) ?? "")"
  }

  private static func isLoopback(host: String) -> Bool {
    if host.lowercased() == "localhost" { return true }
    let bare = host.hasPrefix("[") ? String(host.dropFirst().dropLast()) : host
    return SocketAddress(host: bare, port: 0)?.isLoopback ?? false
  }
}
