package import Basics
package import Crypto
package import Databases
package import Finance

/// Something secret as it is kept: its box, and what the box belongs to.
package struct SealedToken: Sendable, Equatable {
  package enum Place: Sendable, Equatable {
    /// A bank's token.
    case connection(ID<Household>, ID<Connection>, environment: String, host: String)
    case secondFactor(ID<User>)
    /// Signs access tokens.
    case signingKey(String)
    /// Waits to be sent.
    case mail(ID<OutgoingMail>)
    /// Signs what another program is told; the former one for a while too.
    case webhook(ID<Household>, ID<WebhookEndpoint>, isFormer: Bool)
  }

  package var place: Place
  package var box: [UInt8]

  /// The data under which the box was sealed, and under which alone it opens.
  package var associatedData: AssociatedData {
    switch place {
    case .connection(let household, let connection, let environment, let host):
      SealedTokens.associatedData(household, connection, environment: environment, host: host)
    case .secondFactor(let user): SealedTokens.associatedData(secondFactorOf: user)
    case .signingKey(let id): SealedTokens.associatedData(signingKey: id)
    case .mail(let id): SealedTokens.associatedData(mail: id)
    case .webhook(let household, let id, _): SealedTokens.associatedData(household, webhook: id)
    }
  }

  /// What it is, for a complaint.
  package var words: String {
    switch place {
    case .connection(_, let connection, _, _): "the token of connection \(connection)"
    case .secondFactor(let user): "the second factor of \(user)"
    case .signingKey(let id): "the signing key \(id)"
    case .mail(let id): "the mail \(id)"
    case .webhook(_, let id, _): "the secret of the address \(id)"
    }
  }
}

/// Everything sealed in the installation, in whatever household: what a change of the key has to seal again.
package enum SealedTokens {
  // The words of a purpose are stored in every box: they never change.

  /// A token belongs to one connection of one household, and to the environment and host it was got from.
  package static func associatedData(
    _ household: ID<Household>, _ connection: ID<Connection>, environment: String, host: String
  ) -> AssociatedData {
    AssociatedData(
      purpose: "bank-token", household: household.bytes, connection: connection.bytes, environment: environment,
      host: host)
  }

  package static func associatedData(secondFactorOf user: ID<User>) -> AssociatedData {
    AssociatedData(purpose: "second-factor", environment: "\(user)")
  }

  package static func associatedData(signingKey id: String) -> AssociatedData {
    AssociatedData(purpose: "signing-key", environment: id)
  }

  package static func associatedData(mail id: ID<OutgoingMail>) -> AssociatedData {
    AssociatedData(purpose: "mail", environment: "\(id)")
  }

  package static func associatedData(
    _ household: ID<Household>, webhook id: ID<WebhookEndpoint>
  ) -> AssociatedData {
    AssociatedData(purpose: "outgoing-webhook", household: household.bytes, connection: id.bytes)
  }

  /// - Parameter tables: Those that are there, when the ledger may be an older one.
  package static func all(_ session: any Session, in tables: [String]? = nil) throws -> [SealedToken] {
    func isThere(_ table: String) -> Bool { tables?.contains(table) ?? true }
    let tokens =
      !isThere("connection")
      ? []
      : try session.query(
        """
        SELECT household_id, id, environment, host, sealed_token FROM connection
        WHERE sealed_token IS NOT NULL ORDER BY household_id, id
        """
      ) { row in
        SealedToken(
          place: .connection(try row(0), try row(1), environment: try row(2), host: try row(3)), box: try row(4))
      }
    let factors =
      !isThere("credential")
      ? []
      : try session.query(
        "SELECT person_id, totp_box FROM credential WHERE totp_box IS NOT NULL ORDER BY person_id"
      ) { SealedToken(place: .secondFactor(try $0(0)), box: try $0(1)) }
    let keys =
      !isThere("signing_key")
      ? []
      : try session.query("SELECT id, box FROM signing_key ORDER BY id") {
        SealedToken(place: .signingKey(try $0(0)), box: try $0(1))
      }
    let mails =
      !isThere("outgoing_mail")
      ? []
      : try session.query("SELECT id, box FROM outgoing_mail WHERE box IS NOT NULL ORDER BY id") {
        SealedToken(place: .mail(try $0(0)), box: try $0(1))
      }
    let endpoints = try isThere("webhook_endpoint") ? webhooks(session) : []
    return tokens + factors + keys + mails + endpoints
  }

  private static func webhooks(_ session: any Session) throws -> [SealedToken] {
    try session.query(
      "SELECT household_id, id, secret_box, former_box FROM webhook_endpoint ORDER BY household_id, id"
    ) { row in
      let (household, id): (ID<Household>, ID<WebhookEndpoint>) = (try row(0), try row(1))
      let former: [UInt8]? = try row(3)
      let current = SealedToken(place: .webhook(household, id, isFormer: false), box: try row(2))
      return [current] + (former.map { [SealedToken(place: .webhook(household, id, isFormer: true), box: $0)] } ?? [])
    }.flatMap { $0 }
  }

  /// - Returns: False when it is another one by now, or gone.
  @discardableResult
  package static func replace(_ token: SealedToken, with box: [UInt8], _ session: any Session) throws -> Bool {
    let statement: SQL =
      switch token.place {
      case .connection(let household, let id, _, _):
        """
        UPDATE connection SET sealed_token = \(box)
        WHERE household_id = \(household) AND id = \(id) AND sealed_token = \(token.box)
        """
      case .secondFactor(let user):
        "UPDATE credential SET totp_box = \(box) WHERE person_id = \(user) AND totp_box = \(token.box)"
      case .signingKey(let id): "UPDATE signing_key SET box = \(box) WHERE id = \(id) AND box = \(token.box)"
      case .mail(let id): "UPDATE outgoing_mail SET box = \(box) WHERE id = \(id) AND box = \(token.box)"
      case .webhook(let household, let id, let isFormer):
        """
        UPDATE webhook_endpoint SET \(isFormer ? "former_box" : "secret_box" as SQL) = \(box)
        WHERE household_id = \(household) AND id = \(id)
          AND \(isFormer ? "former_box" : "secret_box" as SQL) = \(token.box)
        """
      }
    return try session.changes(statement) == 1
  }
}
