package import Basics

extension HTTPClient {
  /// The network. Each live client has a thread and kept connections of its own; they end with its last copy.
  ///
  /// - Certificates are verified; plain `http` reaches this machine alone, by name and by address; proxies that the
  ///   environment names are ignored.
  /// - A connection that was kept may turn out to be dead when it is used again. If it dies before the first byte of an
  ///   answer, the call is sent again on a new one.
  /// - Parameters:
  ///   - log: Gets one line for each call, at `debug`: the URL without its query, never a header or a body.
  ///   - rules: For addresses that people name; nil for those of the operator's. Each call then has a connection of its
  ///     own, whose address is checked when it is made.
  package static func live(log: Log, rules: OutgoingRules? = nil) -> HTTPClient {
    let transport = Transport(rules)
    return HTTPClient { call throws(HTTPClientError) in
      let clock = ContinuousClock()
      let start = clock.now
      let destination = try Destination(call.url, isGuarded: rules != nil)
      let result = await transport.send(call, destination)
      let milliseconds = Int((clock.now - start).milliseconds)
      let outcome: LogValue =
        switch result {
        case .success(let answer): .number(answer.status)
        case .failure(let error): .text("\(error)")
        }
      log.debug(
        "http call", ("method", .text(call.method)), ("url", .text(destination.logged)), ("outcome", outcome),
        ("milliseconds", .number(milliseconds)))
      return try result.get()
    }
  }
}

/// Keeps the loop going for as long as somebody can send.
private final class Transport: Sendable {
  private let loop = TransferLoop.start()
  private let rules: OutgoingRules?

  init(_ rules: OutgoingRules?) { self.rules = rules }

  deinit { loop?.stop() }

  func send(_ call: HTTPCall, _ destination: Destination) async -> Result<HTTPAnswer, HTTPClientError> {
    guard call.isWellFormed else { return .failure(.badURL("the method or a header field is malformed")) }
    guard call.deadline > .zero else { return .failure(.timedOut) }
    guard let loop else { return .failure(.failed("no thread or memory is left")) }
    return await loop.send(call, destination, rules)
  }
}

extension HTTPCall {
  /// Nothing in it could end a line early and so begin a field, or a request, of its own.
  fileprivate var isWellFormed: Bool {
    let symbols = Set("!#$%&'*+-.^_`|~".utf8)
    func isToken(_ text: String) -> Bool {
      !text.isEmpty
        && text.utf8.allSatisfy { byte in
          symbols.contains(byte) || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte)
            || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
        }
    }
    return isToken(method) && !(method == "HEAD" && !body.isEmpty)
      && headers.list.allSatisfy { name, value in
        isToken(name) && value.utf8.allSatisfy { $0 >= 0x20 && $0 != 0x7F || $0 == 0x09 }
      }
  }
}
