import Basics
package import HTTP
import JSON

/// One address of the API: what it accepts and what it does.
struct Endpoint: Sendable {
  var path: String
  var shape: Shape
  /// The list of categories is open to all.
  var needsKeys = true
  var answer: @Sendable (inout SandboxWorld, Body) throws(Refusal) -> Answer

  init(
    _ path: String, _ shape: Shape, needsKeys: Bool = true,
    _ answer: @escaping @Sendable (inout SandboxWorld, Body) throws(Refusal) -> Answer
  ) {
    self.path = path
    self.shape = shape
    self.needsKeys = needsKeys
    self.answer = answer
  }

  /// Every endpoint by its path.
  static let all: [String: Endpoint] = Dictionary(
    uniqueKeysWithValues: [
      LinkEndpoints.all, ItemEndpoints.all, AccountEndpoints.all, TransactionEndpoints.all, InvestmentEndpoints.all,
      LiabilityEndpoints.all, IdentityEndpoints.all, InstitutionEndpoints.all, CategoryEndpoints.all,
      WebhookEndpoints.all, SandboxEndpoints.all,
    ].joined().map { ($0.path, $0) })
}

/// What an endpoint gives back when all went well.
enum Answer: Sendable {
  /// An object, to which the request's id is added.
  case object(JSONValue)
  /// Many rows, written only when nobody is waiting for the world any more.
  case page(RowsPage)

  static let empty = Answer.object(.object([]))
}

/// An answer on its way out: what is slow to write is written by ``response()``, outside the world's lock.
package struct Reply: Sendable {
  enum Content: Sendable {
    case bytes([UInt8], type: String)
    case answer(Answer, requestID: String)
  }

  var status = 200
  var content: Content
  var headers: [(name: String, value: String)] = []
  /// Faults that spoil the content.
  var faults: [Fault] = []
  /// How long the bank, or a fault, keeps the caller waiting.
  package var delay = Duration.zero

  init(_ refusal: Refusal, requestID: String) {
    status = refusal.status
    content = .bytes(refusal.json(requestID: requestID).serialized(), type: "application/json")
  }

  init(_ answer: Answer, requestID: String) { content = .answer(answer, requestID: requestID) }

  init(json: JSONValue) { content = .bytes(json.serialized(), type: "application/json") }

  init(html: String, status: Int = 200) {
    self.status = status
    content = .bytes(Array(html.utf8), type: "text/html; charset=utf-8")
  }

  package func response() -> Response {
    var body: [UInt8]
    var type = "application/json"
    switch content {
    case .bytes(let bytes, let contentType): (body, type) = (bytes, contentType)
    case .answer(.object(let json), let requestID):
      body = json.adding([.init("request_id", .string(requestID))]).serialized()
    case .answer(.page(let page), let requestID): body = page.written(requestID: requestID)
    }
    var cut: Int?
    for fault in faults {
      switch fault {
      case .cut(let bytes): cut = bytes
      case .page:
        body = Array("<!doctype html><title>502</title><p>The server is busy. Please come back later.</p>".utf8)
        type = "text/html; charset=utf-8"
      default: if let json = try? JSONValue.parse(body) { body = fault.spoil(json).serialized() }
      }
    }
    var response = Response(status, body: body, contentType: type)
    for header in headers { response.headers.append(header.name, header.value) }
    response.cutAfterBytes = cut
    return response
  }
}
