package import Basics
import Crypto
package import HTTP
import JSON

/// The counter: takes a request through Plaid's checks in Plaid's order, and to its endpoint.
///
/// Unknown path, unreadable body, missing, unknown and wrong fields, keys, limits, the token, the Item: a request with
/// several mistakes hears of the first one in this order.
extension SandboxWorld {
  package mutating func answer(_ request: Request, at instant: Timestamp) -> Reply {
    advance(to: instant)
    if request.path == FakeLink.path || request.path == FakeLink.submitPath { return link(request) }
    let requestID = nextRequestID()
    if settings.isControllable, request.path.hasPrefix(Control.prefix) {
      return Control.answer(&self, request, requestID: requestID)
    }
    guard let endpoint = Endpoint.all[request.path], request.method == "POST" else {
      return Reply(.notFound, requestID: requestID)
    }
    lag = .zero
    let body = try? JSONValue.parse(request.body)
    let item = body?["access_token"]?.string.flatMap { itemIDs[$0] }
    let faults = struckBy(request, item: item)
    for fault in faults {
      if let refusal = fault.refusal(limitCode: RateBook.code(of: endpoint.path)) {
        return finish(Reply(refusal, requestID: requestID), faults)
      }
    }
    if faults.contains(.mutation), let item { items[item]?.mutatesNextPage = true }
    let before = item.flatMap { items[$0]?.mark }
    defer {
      let unkept: Set<String> = ["client_id", "secret", "access_token"]
      keep(
        .called(path: endpoint.path, item: item ?? "", body: (body ?? .object([])).removing(keys: unkept)),
        ifChanged: item, since: before)
    }
    do throws(Refusal) {
      guard let body, case .object = body else { throw .unreadableBody }
      try checkVersion(request)
      try endpoint.shape.check(body)
      if endpoint.needsKeys { try checkKeys(request, body) }
      guard rates.admit(endpoint.path, item: item, at: now) else {
        throw .rateLimit(RateBook.code(of: endpoint.path))
      }
      // Not in one expression: the world would be taken as it was before the endpoint changed it.
      let answer = try endpoint.answer(&self, Body(body))
      return finish(Reply(answer, requestID: requestID), faults)
    } catch {
      return finish(Reply(error, requestID: requestID), faults)
    }
  }

  private func finish(_ reply: Reply, _ faults: [Fault]) -> Reply {
    var reply = reply
    reply.faults = faults
    reply.delay = lag
    for case .slow(let milliseconds) in faults { reply.delay += .milliseconds(milliseconds) }
    return reply
  }

  /// Faults asked for with the request itself, and those that were waiting for it.
  private mutating func struckBy(_ request: Request, item: String?) -> [Fault] {
    guard settings.isControllable else { return [] }
    let asked = request.headers[Fault.header].flatMap { Fault.list($0) } ?? []
    let institution = item.flatMap { items[$0]?.institution.id }
    return asked + faults.strike(endpoint: request.path, institution: institution, item: item, naming: naming)
  }

  private static let versions: Set<String> = ["2020-09-14", "2019-05-29", "2018-05-22", "2017-03-08"]

  private func checkVersion(_ request: Request) throws(Refusal) {
    guard let version = request.headers["Plaid-Version"], !Self.versions.contains(version) else { return }
    throw Refusal("INVALID_REQUEST", "INCOMPATIBLE_API_VERSION", "the Plaid-Version header names no known version")
  }

  /// Keys come in the body or in headers; what is in the body counts.
  private func checkKeys(_ request: Request, _ body: JSONValue) throws(Refusal) {
    let clientID = body["client_id"]?.string ?? request.headers["PLAID-CLIENT-ID"]
    let secret = body["secret"]?.string ?? request.headers["PLAID-SECRET"]
    guard let clientID, let secret else {
      throw .missing([clientID == nil ? "client_id" : nil, secret == nil ? "secret" : nil].compactMap { $0 })
    }
    guard clientID == settings.clientID,
      ConstantTime.equal(Hash.sha256(secret), Hash.sha256(settings.secret.reveal))
    else { throw .apiKeys }
  }
}

extension Fault {
  /// The request header that asks for faults, where testers may.
  static let header = "Sandbox-Fault"
}
