/// A body that is made while it is sent, for answers that have no bound: an export of everything is never whole in memory.
package struct BodyStream: Sendable {
  /// The next part; nil at the end. A failure cuts the answer off, so that nobody takes half of it for the whole.
  package let next: @Sendable () async throws -> [UInt8]?

  /// Called from any thread when nobody takes the rest: the client has gone, or the server stops. A body that would go
  /// on for ever ends then.
  package let end: (@Sendable () -> Void)?

  package init(
    next: @escaping @Sendable () async throws -> [UInt8]?, end: (@Sendable () -> Void)? = nil
  ) {
    self.next = next
    self.end = end
  }
}

extension Response {
  /// - Parameter stream: Asked for a part when the one before is on its way, and by one at a time.
  package static func streaming(_ status: Int, contentType: String, _ stream: BodyStream) -> Response {
    var response = Response(status, contentType: contentType)
    response.stream = stream
    return response
  }

  /// The same with its whole body in memory, for those who have no socket.
  package func collected() async throws -> Response {
    guard let stream else { return self }
    var response = self
    response.stream = nil
    while let part = try await stream.next() { response.body += part }
    return response
  }
}
