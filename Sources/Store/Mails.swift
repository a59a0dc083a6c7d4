package import Basics
package import Databases
package import Finance

/// Names mails that go out.
package enum OutgoingMail: Identified {
  package static let idPrefix = "eml"
}

/// Somebody who can be written to.
package struct Addressee: Sendable, Equatable {
  package var scope: Scope
  package var name: String
  package var locale: String
  package var email: String
}

/// Mails as they wait to be sent. What is in them is sealed, and gone once they are.
package enum Mails {
  /// Days that it is known which mails were sent.
  package static let daysKept: Int64 = 30

  /// Keeps a mail that is to be sent, once for each cause.
  ///
  /// - Parameter expiresAt: It would be of no use later.
  /// - Returns: Whether it is new.
  package static func add(
    _ id: ID<OutgoingMail>, box: [UInt8], cause: String, expiresAt: Timestamp?, now: Timestamp,
    _ session: any Session
  ) throws -> Bool {
    try session.changes(
      """
      INSERT INTO outgoing_mail (id, cause, box, made_at, expires_at)
      VALUES (\(id), \(cause), \(box), \(now), \(expiresAt)) ON CONFLICT DO NOTHING
      """) == 1
  }

  /// - Returns: Nil when it was sent, or is of no use any more.
  package static func box(
    _ id: ID<OutgoingMail>, now: Timestamp, _ session: any Session
  ) throws -> [UInt8]? {
    try session.first(
      """
      SELECT box FROM outgoing_mail
      WHERE id = \(id) AND box IS NOT NULL AND (expires_at IS NULL OR expires_at > \(now))
      """
    ) { try $0(0) }
  }

  package static func noteSent(_ id: ID<OutgoingMail>, now: Timestamp, _ session: any Session) throws {
    try session.execute("UPDATE outgoing_mail SET box = NULL, sent_at = \(now) WHERE id = \(id)")
  }

  package static func forget(now: Timestamp, _ session: any Session) throws {
    try session.execute("DELETE FROM outgoing_mail WHERE made_at < \(now - .seconds(86_400 * daysKept))")
  }

  /// Everybody who belongs to a household and has an address: once for each household.
  package static func addressees(_ session: any Session) throws -> [Addressee] {
    try session.query(
      """
      SELECT m.household_id, m.person_id, p.name, p.locale, c.email_shown FROM membership m
      JOIN person p ON p.id = m.person_id JOIN credential c ON c.person_id = m.person_id
      ORDER BY m.household_id, m.person_id
      """, addressee)
  }

  /// The same for one person and household; nil when they do not belong to it any more, or have no address.
  package static func addressee(_ scope: Scope, _ session: any Session) throws -> Addressee? {
    try session.first(
      """
      SELECT m.household_id, m.person_id, p.name, p.locale, c.email_shown FROM membership m
      JOIN person p ON p.id = m.person_id JOIN credential c ON c.person_id = m.person_id
      WHERE m.household_id = \(scope.household) AND m.person_id = \(scope.user)
      """, addressee)
  }

  /// Those for whom there may be something in the notifications since `start` that they were not written of.
  package static func waiting(since start: Timestamp, _ session: any Session) throws -> [Addressee] {
    try session.query(
      """
      SELECT DISTINCT m.household_id, m.person_id, p.name, p.locale, c.email_shown FROM notification n
      JOIN membership m ON m.household_id = n.household_id
      JOIN person p ON p.id = m.person_id JOIN credential c ON c.person_id = m.person_id
      LEFT JOIN notification_reader r ON r.household_id = n.household_id AND r.notification_id = n.id
        AND r.person_id = m.person_id
      WHERE n.made_at >= \(start) AND n.settled_at IS NULL AND (n.person_id IS NULL OR n.person_id = m.person_id)
        AND r.read_at IS NULL AND r.dismissed_at IS NULL AND r.mailed_at IS NULL
      ORDER BY m.household_id, m.person_id
      """, addressee)
  }

  private static func addressee(_ row: borrowing Row) throws -> Addressee {
    Addressee(
      scope: Scope(household: try row(0), user: try row(1)), name: try row(2), locale: try row(3),
      email: try row(4))
  }

  /// When a person was last written of each kind of notification, in whatever household.
  package static func lastMailed(
    to person: ID<User>, since start: Timestamp, _ session: any Session
  ) throws -> [String: Timestamp] {
    let rows = try session.query(
      """
      SELECT n.kind, MAX(r.mailed_at) FROM notification_reader r
      JOIN notification n ON n.household_id = r.household_id AND n.id = r.notification_id
      WHERE r.person_id = \(person) AND r.mailed_at >= \(start) AND n.made_at >= \(start - .seconds(86_400))
      GROUP BY n.kind
      """
    ) { (try $0(0, as: String.self), try $0(1, as: Timestamp.self)) }
    return Dictionary(rows, uniquingKeysWith: max)
  }

  /// Notes that a person was written of these.
  package static func noteMailed(
    _ ids: [ID<Notice>], now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    for id in ids {
      try session.execute(
        """
        INSERT INTO notification_reader (household_id, notification_id, person_id, mailed_at)
        VALUES (\(scope.household), \(id), \(scope.user), \(now))
        ON CONFLICT (household_id, notification_id, person_id) DO UPDATE SET mailed_at = excluded.mailed_at
        """)
    }
  }
}
