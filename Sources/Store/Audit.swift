package import Basics
package import Databases
package import Finance

/// Names entries of the audit log.
package enum AuditEntry: Identified {
  package static let idPrefix = "aud"
}

/// Something that touched who may do what, as it is kept. No secret and no amount stands in it.
package struct AuditRecord: Sendable, Equatable {
  package var id: ID<AuditEntry>
  package var at: Timestamp
  /// Nil for somebody who did not get in, and for the operator.
  package var user: ID<User>?
  /// `session`, `api_key`, `installation`, `command`: a spelling never changes once shipped.
  package var through: String
  /// Such as `api_key.made`: a spelling never changes once shipped.
  package var action: String
  /// The id of what it was done to.
  package var subject: String?
  package var detail: String?
  /// Shown only to those who see this account.
  package var account: ID<Account>?
  package var requestID: String?
  package var peer: String?

  package init(
    id: ID<AuditEntry>, at: Timestamp, user: ID<User>?, through: String, action: String, subject: String? = nil,
    detail: String? = nil, account: ID<Account>? = nil, requestID: String? = nil, peer: String? = nil
  ) {
    self.id = id
    self.at = at
    self.user = user
    self.through = through
    self.action = action
    self.subject = subject
    self.detail = detail
    self.account = account
    self.requestID = requestID
    self.peer = peer
  }
}

/// Who did what that matters to others: only ever added to.
package enum Audit {
  package static func add(_ record: AuditRecord, to household: ID<Household>, _ session: any Session) throws {
    try session.execute(
      """
      INSERT INTO audit (household_id, id, at, person_id, through, action, subject, detail, account_id, request_id, peer)
      VALUES (\(household), \(record.id), \(record.at), \(record.user), \(record.through), \(record.action),
        \(record.subject), \(record.detail), \(record.account), \(record.requestID), \(record.peer))
      """)
  }

  /// The latest first.
  ///
  /// - Parameter isOwnOnly: What the person did or what was done in their name; else everybody's.
  package static func list(
    isOwnOnly: Bool, before: ID<AuditEntry>?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [AuditRecord] {
    var conditions: SQL = """
      household_id = \(scope.household) AND (account_id IS NULL OR (1 = 1\(Visibility.accounts(scope, "account_id"))))
      """
    if isOwnOnly { conditions = "\(conditions) AND person_id = \(scope.user)" }
    if let before { conditions = "\(conditions) AND id < \(before)" }
    return try session.query(
      """
      SELECT id, at, person_id, through, action, subject, detail, account_id, request_id, peer FROM audit
      WHERE \(conditions) ORDER BY id DESC LIMIT \(limit)
      """
    ) { row in
      AuditRecord(
        id: try row(0), at: try row(1), user: try row(2), through: try row(3), action: try row(4),
        subject: try row(5), detail: try row(6), account: try row(7), requestID: try row(8), peer: try row(9))
    }
  }
}
