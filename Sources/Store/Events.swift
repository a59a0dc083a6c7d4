package import Basics
package import Databases
package import Finance

/// Something that happened in a household, for readers that follow along.
package struct NewEvent: Sendable, Equatable {
  /// Programs name it, so a spelling never changes once shipped: `transaction.added`, `account.changed`, …
  package var kind: String
  /// A JSON object of ids, counts and days.
  package var body: String
  /// What it is about: it reaches only those who see all of that. Neither for what everybody may know.
  package var account: ID<Account>?
  package var connection: ID<Connection>?
  /// Whom alone it concerns; nil: whoever may see what it is about.
  package var person: ID<User>?
  /// For what is told once: of a kind and cause the log holds one at most.
  package var cause: String?

  package init(
    kind: String, body: String, account: ID<Account>? = nil, connection: ID<Connection>? = nil,
    person: ID<User>? = nil, cause: String? = nil
  ) {
    self.kind = kind
    self.body = body
    self.account = account
    self.connection = connection
    self.person = person
    self.cause = cause
  }
}

/// The household's log of what happened, read by position.
///
/// Positions are taken from the household's own row inside the writing transaction: a sequence would let a later number
/// commit first, and a reader would skip the earlier one for ever.
package enum Events {
  /// Says that something of the household is not what it was, to be read anew by whoever shows it.
  package static func tell(_ kind: String, now: Timestamp, _ scope: Scope, _ session: any Session) throws {
    try append([NewEvent(kind: kind, body: "{}")], now: now, scope, session)
  }

  package static func append(
    _ events: [NewEvent], now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    guard !events.isEmpty else { return }
    #if MUTANTS
      if Mutant.isOn(.positionFromSequence) { return try appendBySequence(events, now: now, scope, session) }
    #endif
    let last = try session.first(
      """
      UPDATE household SET event_position = event_position + \(events.count) WHERE id = \(scope.household)
      RETURNING event_position
      """
    ) { try $0(0, as: Int.self) }
    guard let last else { throw DatabaseError(kind: .programmer, message: "no such household") }
    for (index, event) in events.enumerated() {
      try session.execute(
        """
        INSERT INTO event (household_id, position, at, kind, body, account_id, connection_id, person_id, cause)
        VALUES (\(scope.household), \(last - events.count + 1 + index), \(now), \(event.kind), \(event.body),
          \(event.account), \(event.connection), \(event.person), \(event.cause))
        """)
    }
  }

  #if MUTANTS
    /// Positions that are counted beside the transaction, as a sequence does: what is rolled back leaves a gap, and a
    /// later one may be seen before an earlier one.
    private static let sequence = Locked<[ID<Household>: Int]>([:])

    private static func appendBySequence(
      _ events: [NewEvent], now: Timestamp, _ scope: Scope, _ session: any Session
    ) throws {
      for event in events {
        let position = sequence.withLock { sequence in
          sequence[scope.household, default: 0] += 1
          return sequence[scope.household] ?? 0
        }
        try session.execute(
          """
          INSERT INTO event (household_id, position, at, kind, body, account_id, connection_id)
          VALUES (\(scope.household), \(position), \(now), \(event.kind), \(event.body), \(event.account),
            \(event.connection))
          """)
      }
      let last = sequence.withLock { $0[scope.household] ?? 0 }
      try session.execute("UPDATE household SET event_position = \(last) WHERE id = \(scope.household)")
    }
  #endif

  /// What of a kind the log still holds, by cause.
  package static func causes(of kind: String, _ scope: Scope, _ session: any Session) throws -> Set<String> {
    Set(
      try session.query(
        """
        SELECT cause FROM event WHERE household_id = \(scope.household) AND kind = \(kind) AND cause IS NOT NULL
        """
      ) { try $0(0, as: String.self) })
  }

  /// Days that events are kept.
  package static let daysKept: Int64 = 30

  /// Drops what is older than events are kept, in all households.
  package static func forget(now: Timestamp, _ session: any Session) throws {
    try session.execute("DELETE FROM event WHERE at < \(now - .seconds(86_400 * daysKept))")
  }

  /// Of more than so many households all are read, and picked from.
  private static let pickedMax = 200

  /// How far each of these households has come.
  package static func positions(
    of households: [ID<Household>], _ session: any Session
  ) throws -> [ID<Household>: Int] {
    let which: SQL = households.count > pickedMax ? "" : "WHERE id IN \(list: households)"
    let rows = try session.query("SELECT id, event_position FROM household \(which)") {
      (try $0(0, as: ID<Household>.self), try $0(1, as: Int.self))
    }
    return Dictionary(rows, uniquingKeysWith: max)
  }

  /// The first position that is still kept, and the last that was given; where nothing is kept, the first to come.
  package static func extent(
    of household: ID<Household>, _ session: any Session
  ) throws -> (first: Int, last: Int) {
    let last =
      try session.first("SELECT event_position FROM household WHERE id = \(household)") {
        try $0(0, as: Int.self)
      } ?? 0
    let first =
      try session.first("SELECT MIN(position) FROM event WHERE household_id = \(household)") {
        try $0(0, as: Int?.self)
      } ?? nil
    return (first ?? last + 1, last)
  }

  /// When the event of a position happened; nil when it is not kept.
  package static func time(
    of position: Int, in household: ID<Household>, _ session: any Session
  ) throws -> Timestamp? {
    try session.first("SELECT at FROM event WHERE household_id = \(household) AND position = \(position)") {
      try $0(0, as: Timestamp.self)
    }
  }

  /// Whether anything happened after `position` but what begins with these words.
  package static func hasOther(
    than beginnings: [String], after position: Int, in household: ID<Household>, _ session: any Session
  ) throws -> Bool {
    var others: SQL = ""
    for beginning in beginnings { others = "\(others) AND kind NOT LIKE \(beginning + "%")" }
    return try session.first(
      "SELECT 1 FROM event WHERE household_id = \(household) AND position > \(position)\(others) LIMIT 1"
    ) { try $0(0, as: Int.self) } != nil
  }

  /// What happened after `position`, oldest first.
  package static func after(
    _ position: Int, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [(position: Int, at: Timestamp, event: NewEvent)] {
    try session.query(
      """
      SELECT position, at, kind, body, account_id, connection_id, person_id FROM event
      WHERE household_id = \(scope.household) AND position > \(position)
        AND (person_id IS NULL OR person_id = \(scope.user))
        AND (account_id IS NULL OR (1 = 1\(Visibility.rows(scope, "account_id")))
          OR (kind IN ('account.added', 'account.changed')\(Visibility.accounts(scope, "account_id"))))
        AND (connection_id IS NULL OR (1 = 1\(Visibility.wholeConnections(scope, "connection_id"))))
      ORDER BY position LIMIT \(limit)
      """
    ) {
      (
        try $0(0), try $0(1),
        NewEvent(
          kind: try $0(2), body: try $0(3), account: try $0(4), connection: try $0(5), person: try $0(6))
      )
    }
  }
}
