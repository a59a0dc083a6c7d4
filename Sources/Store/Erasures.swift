package import Basics
package import Databases
package import Finance

/// Names what somebody wanted erased.
package enum Erasure: Identified {
  package static let idPrefix = "ers"
}

/// Something that somebody wanted gone, as it is kept: ids and counts, nothing of what it was.
package struct StoredErasure: Sendable, Equatable {
  /// Stored: a spelling never changes once shipped.
  package enum What: String, Sendable, CaseIterable {
    /// A household with everything in it.
    case household
    /// A person: how they sign in, and what they linked and wrote down by hand.
    case person
    /// An account with its rows.
    case account
    /// A connection with its accounts and their rows.
    case connection
    /// All simulated connections.
    case simulated
  }

  package var id: ID<Erasure>
  package var household: ID<Household>
  /// Who wanted it.
  package var person: ID<User>
  package var what: What
  /// The id of what it is about.
  package var subject: String?
  /// The household itself stays, empty.
  package var keepsHousehold: Bool
  /// Rows that are gone so far.
  package var rows: Int
  package var askedAt: Timestamp
  package var endedAt: Timestamp?
  /// Why it could not go on when it was tried last.
  package var problem: String?

  package init(
    id: ID<Erasure>, household: ID<Household>, person: ID<User>, what: What, subject: String? = nil,
    keepsHousehold: Bool = false, rows: Int = 0, askedAt: Timestamp, endedAt: Timestamp? = nil, problem: String? = nil
  ) {
    (self.id, self.household, self.person, self.what, self.subject) = (id, household, person, what, subject)
    (self.keepsHousehold, self.rows, self.askedAt) = (keepsHousehold, rows, askedAt)
    (self.endedAt, self.problem) = (endedAt, problem)
  }

  /// In whose name it is done: nothing is withheld.
  package var scope: Scope { Scope(household: household, user: person).wholeHousehold }
}

/// What people wanted gone, and how far that has come.
package enum Erasures {
  private static let columns: SQL =
    "id, household_id, person_id, what, subject, keeps_household, rows, asked_at, ended_at, problem"

  private static func make(_ row: borrowing Row) throws -> StoredErasure {
    let word: String = try row(3)
    guard let what = StoredErasure.What(rawValue: word) else {
      throw DatabaseError(kind: .programmer, message: "nothing that is erased is called \(word)")
    }
    return StoredErasure(
      id: try row(0), household: try row(1), person: try row(2), what: what, subject: try row(4),
      keepsHousehold: try row(5), rows: try row(6), askedAt: try row(7), endedAt: try row(8), problem: try row(9))
  }

  /// Keeps it, unless the same is being erased already.
  ///
  /// - Returns: What is kept; with whether it is new.
  package static func add(
    _ new: StoredErasure, _ session: any Session
  ) throws -> (erasure: StoredErasure, isNew: Bool) {
    let same = try session.query(
      """
      SELECT \(columns) FROM erasure
      WHERE household_id = \(new.household) AND what = \(new.what.rawValue) AND ended_at IS NULL ORDER BY id
      """, make
    ).first { $0.subject == new.subject }
    if let same { return (same, false) }
    // A database that held a real connection is known for that when the connection is gone.
    let hadReal =
      try session.first(
        """
        SELECT 1 FROM connection WHERE household_id = \(new.household) AND \(which(new))
          AND origin <> \(Origin.simulated.rawValue) LIMIT 1
        """
      ) { try $0(0, as: Int.self) } != nil
    try session.execute(
      """
      INSERT INTO erasure (id, household_id, person_id, what, subject, keeps_household, had_real, asked_at)
      VALUES (\(new.id), \(new.household), \(new.person), \(new.what.rawValue), \(new.subject), \(new.keepsHousehold),
        \(hadReal), \(new.askedAt))
      """)
    return (new, true)
  }

  package static func find(_ id: ID<Erasure>, _ session: any Session) throws -> StoredErasure? {
    try session.first("SELECT \(columns) FROM erasure WHERE id = \(id)", make)
  }

  /// What a person wanted gone, the latest first.
  package static func list(
    of person: ID<User>, before: ID<Erasure>?, limit: Int, _ session: any Session
  ) throws -> [StoredErasure] {
    let rest: SQL = before.map { "AND id < \($0)" } ?? ""
    return try session.query(
      "SELECT \(columns) FROM erasure WHERE person_id = \(person) \(rest) ORDER BY id DESC LIMIT \(limit)", make)
  }

  /// Takes it for the length of a transaction, so that two do not count the same rows; nil when it is done.
  static func take(_ id: ID<Erasure>, _ session: any Session) throws -> StoredErasure? {
    let taken = try session.changes("UPDATE erasure SET rows = rows WHERE id = \(id) AND ended_at IS NULL")
    return taken == 1 ? try find(id, session) : nil
  }

  static func note(_ id: ID<Erasure>, rows: Int, _ session: any Session) throws {
    try session.execute("UPDATE erasure SET rows = rows + \(rows), problem = NULL WHERE id = \(id)")
  }

  package static func end(_ id: ID<Erasure>, now: Timestamp, _ session: any Session) throws {
    try session.execute("UPDATE erasure SET ended_at = \(now), problem = NULL WHERE id = \(id)")
  }

  package static func note(_ id: ID<Erasure>, problem: String, _ session: any Session) throws {
    try session.execute("UPDATE erasure SET problem = \(problem) WHERE id = \(id) AND ended_at IS NULL")
  }

  // MARK: - What it reaches

  /// Connections that go with it.
  package static func connections(
    of erasure: StoredErasure, _ session: any Session
  ) throws -> [ID<Connection>] {
    try session.query(
      "SELECT id FROM connection WHERE household_id = \(erasure.household) AND \(which(erasure)) ORDER BY id"
    ) { try $0(0) }
  }

  /// As a condition on the columns of a connection.
  private static func which(_ erasure: StoredErasure) -> SQL {
    switch erasure.what {
    case .household: return "1 = 1"
    case .simulated: return "origin = \(Origin.simulated.rawValue)"
    case .connection:
      guard let id = erasure.subject.flatMap({ ID<Connection>($0) }) else { return "1 = 0" }
      return "id = \(id)"
    case .account, .person: return "1 = 0"
    }
  }

  /// Accounts that go with it, as a question: those that no other connection carries on.
  static func accounts(of erasure: StoredErasure) -> SQL {
    if erasure.what == .account {
      guard let id = erasure.subject.flatMap({ ID<Account>($0) }) else { return "SELECT id FROM account WHERE 1 = 0" }
      return "SELECT id FROM account WHERE household_id = \(erasure.household) AND id = \(id)"
    }
    let connections: SQL = """
      SELECT id FROM connection WHERE household_id = \(erasure.household) AND \(which(erasure))
      """
    // One that nothing shows any more is known by where it came from.
    let orphans: SQL =
      erasure.what == .simulated
      ? """
       UNION SELECT id FROM account WHERE household_id = \(erasure.household) AND origin = \(Origin.simulated.rawValue)
        AND id NOT IN (SELECT account_id FROM account_source WHERE household_id = \(erasure.household))
      """ : ""
    return """
      SELECT ea.account_id FROM account_source ea
      WHERE ea.household_id = \(erasure.household) AND ea.connection_id IN (\(connections))
        AND ea.account_id NOT IN (SELECT eo.account_id FROM account_source eo
          WHERE eo.household_id = \(erasure.household) AND eo.connection_id NOT IN (\(connections)))\(orphans)
      """
  }

  /// The bank that still shows an account; nil when none does.
  package static func livingConnection(
    of account: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> ID<Connection>? {
    try session.first(
      """
      SELECT c.id FROM account_source s
      JOIN connection c ON c.household_id = s.household_id AND c.id = s.connection_id
      WHERE s.household_id = \(scope.household) AND s.account_id = \(account) AND c.sealed_token IS NOT NULL
      ORDER BY c.id
      """
    ) { try $0(0) }
  }

  /// Whose account it is: whoever linked it, or wrote it down.
  package static func owners(
    of account: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> Set<ID<User>> {
    Set(
      try session.query(
        """
        SELECT c.person_id FROM account_source s
        JOIN connection c ON c.household_id = s.household_id AND c.id = s.connection_id
        WHERE s.household_id = \(scope.household) AND s.account_id = \(account)
        UNION
        SELECT person_id FROM account
        WHERE household_id = \(scope.household) AND id = \(account) AND person_id IS NOT NULL
        """
      ) { try $0(0, as: ID<User>.self) })
  }

  /// Makes what goes disappear at once: nobody finds the accounts any more, and no run that is under way writes to them.
  package static func hide(_ erasure: StoredErasure, now: Timestamp, _ session: any Session) throws {
    let ids = try session.query(accounts(of: erasure)) { try $0(0, as: ID<Account>.self) }
    for id in Set(ids) {
      try session.execute(
        """
        UPDATE account SET deleted_at = \(now)
        WHERE household_id = \(erasure.household) AND id = \(id) AND deleted_at IS NULL
        """)
    }
    try session.execute(
      """
      UPDATE connection SET fence = fence + 1, lease_owner = NULL
      WHERE household_id = \(erasure.household) AND \(which(erasure))
      """)
    // One for each, so that it reaches those alone who saw it.
    let events = Set(ids).sorted().map {
      NewEvent(kind: "account.changed", body: "{\"ids\":[\"\($0)\"]}", account: $0)
    }
    try Events.append(events, now: now, erasure.scope, session)
  }
}
