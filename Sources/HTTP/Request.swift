/// One request as the server received it, or as a test makes it up.
package struct Request: Sendable {
  package var method: String
  /// The path as it was sent, without the query. Escapes are left alone: `%2F` must not become a separator before the
  /// path has been split. The router decodes each segment.
  package var path: String
  /// The decoded pairs of the query, in order; a name may come more than once.
  package var query: [(name: String, value: String)]
  package var headers: HeaderFields
  package var body: [UInt8]
  /// The numeric address of the other end of the connection, such as `127.0.0.1` or `::1`: a proxy's, if there is one.
  package var peer: String

  /// - Parameter target: The path, and after a `?` the query.
  package init(
    _ method: String, _ target: String, headers: HeaderFields = .init(), body: [UInt8] = [],
    peer: String = "127.0.0.1"
  ) {
    let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
    self.method = method
    self.path = String(parts[0])
    self.query = parts.count > 1 ? PercentCoding.pairs(of: parts[1]) : []
    self.headers = headers
    self.body = body
    self.peer = peer
  }

  /// The first value of this name in the query.
  package func queryValue(_ name: String) -> String? { query.first { $0.name == name }?.value }
}
