package import Basics
import Crypto
package import Databases
import Finance
package import HTTP
import Store

/// Telling other programs what happens: what endpoints and deliveries share.
package struct Outgoing: Sendable {
  let database: any Database
  let world: World
  let sealing: Banks.Sealing
  /// Follows ``OutgoingRules``.
  let http: HTTPClient

  /// For one answer, from the look-up of the name on.
  static let deadline = Duration.seconds(10)
  /// Of an answer so much is read, and nothing shown.
  static let answerBytesMax = 64 << 10
  /// A former secret signs for so long.
  static let formerTime = Duration.seconds(86_400)

  package init(_ database: any Database, _ world: World, _ sealing: Banks.Sealing, http: HTTPClient) {
    self.database = database
    self.world = world
    self.sealing = sealing
    self.http = http
  }

  /// Sends one event once.
  func send(
    _ event: OutgoingEvent, to endpoint: StoredEndpoint
  ) async throws -> (attempt: WebhookDeliveries.Attempt, retryAfter: Duration?) {
    let began = world.now()
    let secrets = try secrets(of: endpoint, now: began)
    let body = event.body
    let headers: HeaderFields = [
      "Content-Type": "application/json", "webhook-id": event.id, "webhook-timestamp": "\(began.seconds)",
      "webhook-signature": WebhookSignature.sign(body, id: event.id, timestamp: began.seconds, with: secrets),
    ]
    var attempt = WebhookDeliveries.Attempt(
      position: event.position, kind: event.kind, status: nil, failure: nil, milliseconds: 0)
    var retryAfter: Duration?
    do throws(HTTPClientError) {
      let answer = try await http.send(
        HTTPCall(
          method: "POST", url: endpoint.url, headers: headers, body: body, deadline: Self.deadline,
          answerBytesMax: Self.answerBytesMax))
      attempt.status = answer.status
      retryAfter = answer.headers["Retry-After"].flatMap { Int64($0) }.map { .seconds(min(max(0, $0), 43_200)) }
    } catch {
      attempt.failure = Self.words(for: error)
    }
    attempt.milliseconds = Int(max(0, (world.now() - began).milliseconds))
    return (attempt, retryAfter)
  }

  private func secrets(of endpoint: StoredEndpoint, now: Timestamp) throws -> [Secret<String>] {
    let data = Self.associatedData(endpoint)
    var secrets = [try sealing.open(endpoint.secretBox, data)]
    if let former = endpoint.formerBox, let until = endpoint.formerUntil, until > now {
      secrets.append(try sealing.open(former, data))
    }
    return secrets
  }

  static func associatedData(_ endpoint: StoredEndpoint) -> AssociatedData {
    SealedTokens.associatedData(endpoint.scope.household, webhook: endpoint.id)
  }

  /// Without what the other side said: that is nobody's but theirs.
  private static func words(for error: HTTPClientError) -> String {
    switch error {
    case .badURL: "The address cannot be used."
    case .insecure: "The address may not be asked: it is not out in the world, or not encrypted."
    case .cannotConnect: "Nobody answers there."
    case .tls: "The other side could not prove who it is."
    case .timedOut: "No answer came within ten seconds."
    case .cut: "The connection ended before the answer."
    case .tooLarge: "The answer is too large."
    case .cancelled: "It was given up here."
    case .failed: "It could not be sent."
    }
  }
}
