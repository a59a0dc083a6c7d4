package import Basics
import Crypto
package import HTTP

/// What an answer gets on its way out by what its request asks for: a tag, nothing when the tag is known, compression.
struct Finishing: Sendable {
  /// Only for answers that hold no secret: a tag would be one more place where it could be told apart, and compression
  /// tells by its length what a secret has in common with what a stranger put beside it.
  static func finish(_ response: Response, _ request: Request) -> Response {
    // What is made while it is sent has no tag yet, and goes as it comes.
    if response.stream != nil { return response }
    var response = response
    let isVarying = isCompressible(response)
    if isVarying { response.headers.append("Vary", "Accept-Encoding") }
    let isCompressed = isVarying && Gzip.isAccepted(request.headers.all("Accept-Encoding"))
    if response.status == 200, request.method == "GET" || request.method == "HEAD" {
      let tag = response.headers["ETag"].map(EntityTag.init(text:)) ?? EntityTag(of: response.body)
      // Compressed bytes are another representation (RFC 9110 §8.8.3.3).
      response.headers["ETag"] = isCompressed ? tag.compressed : tag.text
      if tag.isNamed(by: request, "If-None-Match") {
        var unchanged = Response(304)
        for name in ["ETag", "Link", "Vary"] { unchanged.headers[name] = response.headers[name] }
        return unchanged
      }
    }
    guard isCompressed, let body = Gzip.compress(response.body) else { return response }
    response.body = body
    response.headers["Content-Encoding"] = "gzip"
    return response
  }

  private static func isCompressible(_ response: Response) -> Bool {
    let type = (response.headers["Content-Type"] ?? "").prefix { $0 != ";" }
    return (type == "application/json" || type.hasPrefix("text/")) && response.body.count >= Gzip.bytesMin
      && response.headers["Content-Encoding"] == nil
  }
}

/// The name of one state of a resource (RFC 9110 §8.8.3).
package struct EntityTag: Sendable, Equatable {
  /// Between the quotes.
  private let opaque: String

  /// - Parameter version: What changes whenever the resource does: a counter, or the instant of its last change.
  package init(_ version: some CustomStringConvertible) {
    opaque = version.description.filter { $0.isASCII && $0 != "\"" && !$0.isWhitespace }
  }

  /// The same bytes have the same tag.
  init(of body: [UInt8]) { opaque = Base64URL.encode(Array(Hash.sha256(body).prefix(12))) }

  init(text: String) {
    let bare = text.hasPrefix("W/") ? text.dropFirst(2) : text[...]
    var opaque = bare.filter { $0 != "\"" }
    if opaque.hasSuffix(Self.mark) { opaque.removeLast(Self.mark.count) }
    self.opaque = opaque
  }

  /// Ends the tag of compressed bytes.
  private static let mark = "-gz"

  package var text: String { "\"\(opaque)\"" }
  fileprivate var compressed: String { "\"\(opaque)\(Self.mark)\"" }

  /// Whether a list of tags has this one, compressed or not. `*` names any.
  func isNamed(by request: Request, _ header: String) -> Bool {
    request.headers.all(header).joined(separator: ",").split(separator: ",").contains { part in
      let text = part.drop { $0 == " " || $0 == "\t" }
      return text.first == "*" || EntityTag(text: String(text.prefix { $0 != " " })) == self
    }
  }
}

extension Call {
  /// For what two people may edit. To be asked inside the transaction that changes it.
  ///
  /// - Parameter current: The tag of what is there now.
  /// - Throws: 412 when the request names another state in `If-Match`.
  package func check(ifMatch current: EntityTag) throws(Problem) {
    guard request.headers["If-Match"] != nil, !current.isNamed(by: request, "If-Match") else { return }
    throw ProblemKind.changedMeanwhile.problem()
  }
}

extension Response {
  /// The same with the tag of the state it shows.
  package func tagged(_ tag: EntityTag) -> Response {
    var response = self
    response.headers["ETag"] = tag.text
    return response
  }
}
