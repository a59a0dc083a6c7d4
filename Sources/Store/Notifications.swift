package import Basics
package import Databases
package import Finance

/// Names notifications.
package enum Notice: Identified {
  package static let idPrefix = "ntf"
}

/// What people are told. Stored: a spelling never changes once shipped.
package enum NotificationKind: String, Sendable, CaseIterable {
  /// The first month of a new bank is here.
  case firstDays = "history.first_days"
  case historyComplete = "history.complete"
  case signInNeeded = "connection.sign_in_needed"
  case expiring = "connection.expiring"
  case revoked = "connection.revoked"
  case accountRevoked = "connection.account_revoked"
  case newAccounts = "connection.new_accounts"
  /// Silent for longer than is its habit.
  case stale = "connection.stale"
  /// Work was given up after several tries.
  case deadLetter = "job.dead"
  /// The day's calls to banks are used up.
  case budgetPassed = "budget.passed"
  /// More was spent on something in a month than was meant to be.
  case budgetOverspent = "budget.overspent"
  case unusualCharge = "charge.unusual"
  case duplicateCharge = "charge.duplicate"
  case priceRise = "charge.price_rise"
  case trialCharged = "charge.trial"
  case fee = "charge.fee"
  case missedIncome = "income.missed"
  case missedPayment = "payment.missed"
  /// Before the next income there may be less than nothing.
  case lowBalance = "balance.low_ahead"
  case doesNotAddUp = "balance.does_not_add_up"
  case turnedFeed = "feed.turned"
  case invitation
  /// How a person signs in, or what they may do, was changed. Nobody can be made not to hear of it.
  case security = "account.security"
  /// An address that was told what happens answered with nothing but failures.
  case webhookDisabled = "webhook.disabled"
  /// Not a notification, but what the weekly mail is muted by.
  case digest = "digest.weekly"

  /// Kinds that end by themselves when the connection is well again.
  package static let healing: [NotificationKind] = [.signInNeeded, .expiring, .stale, .deadLetter]

  /// Kinds that tell of an account's rows: whoever sees its balance alone is not told.
  package static let ofRows: [NotificationKind] = [
    .unusualCharge, .duplicateCharge, .priceRise, .trialCharged, .fee, .missedIncome, .missedPayment, .doesNotAddUp,
    .turnedFeed,
  ]
}

/// Something that people are to be told, before it is kept.
package struct NewNotification: Sendable, Equatable {
  package var kind: NotificationKind
  /// What it was about and when: people are told once for each.
  package var cause: String
  package var connection: ID<Connection>?
  package var account: ID<Account>?
  /// Nil: everybody who may see the connection and the account.
  package var person: ID<User>?
  /// A JSON object of what its words need, such as the bank's name.
  package var body: String

  package init(
    _ kind: NotificationKind, cause: String, connection: ID<Connection>? = nil, account: ID<Account>? = nil,
    person: ID<User>? = nil, body: String = "{}"
  ) {
    self.kind = kind
    self.cause = cause
    self.connection = connection
    self.account = account
    self.person = person
    self.body = body
  }
}

/// A notification as a person sees it.
package struct ListedNotification: Sendable, Equatable {
  package var id: ID<Notice>
  package var kind: String
  package var connection: ID<Connection>?
  package var account: ID<Account>?
  package var institutionName: String?
  package var body: String
  package var madeAt: Timestamp
  package var settledAt: Timestamp?
  package var readAt: Timestamp?
  package var dismissedAt: Timestamp?
}

/// What people were told, written in the transaction of its cause.
package enum Notifications {
  /// Tells people, unless they were told of this cause before.
  ///
  /// - Returns: Whether it is new.
  @discardableResult
  package static func add(
    _ new: NewNotification, id: ID<Notice>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    let isNew =
      try session.changes(
        """
        INSERT INTO notification (household_id, id, kind, cause, connection_id, account_id, person_id, body, made_at)
        VALUES (\(scope.household), \(id), \(new.kind.rawValue), \(new.cause), \(new.connection), \(new.account),
          \(new.person), \(new.body), \(now))
        ON CONFLICT DO NOTHING
        """) == 1
    guard isNew else { return false }
    try Events.append(
      [
        NewEvent(
          kind: "notification.added", body: "{\"notification\":\"\(id)\",\"kind\":\"\(new.kind.rawValue)\"}",
          account: new.account, connection: new.connection, person: new.person)
      ], now: now, scope, session)
    return true
  }

  /// Ends what has ended by itself.
  package static func settle(
    _ kinds: [NotificationKind], about connection: ID<Connection>, now: Timestamp, _ scope: Scope,
    _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE notification SET settled_at = \(now)
      WHERE household_id = \(scope.household) AND connection_id = \(connection) AND settled_at IS NULL
        AND kind IN \(list: kinds.map(\.rawValue))
      """)
  }

  /// Ends what was told of one cause, in all households.
  package static func settle(
    _ kind: NotificationKind, cause: String, now: Timestamp, _ session: any Session
  ) throws {
    try session.execute(
      """
      UPDATE notification SET settled_at = \(now)
      WHERE kind = \(kind.rawValue) AND cause = \(cause) AND settled_at IS NULL
      """)
  }

  /// What a person is told, newest first, without what they dismissed or do not want to hear.
  ///
  /// - Parameter unmailedSince: Only what was made since then and the person was not written of.
  package static func list(
    before: ID<Notice>?, limit: Int, isUnreadOnly: Bool = false, unmailedSince: Timestamp? = nil, _ scope: Scope,
    _ session: any Session
  ) throws -> [ListedNotification] {
    let rest: SQL = before.map { "AND n.id < \($0)" } ?? ""
    let unmailed: SQL = unmailedSince.map { "AND r.mailed_at IS NULL AND n.made_at >= \($0)" } ?? ""
    let unread: SQL = isUnreadOnly ? "AND r.read_at IS NULL AND n.settled_at IS NULL" : ""
    return try session.query(
      """
      SELECT n.id, n.kind, n.connection_id, n.account_id, c.institution_name, n.body, n.made_at, n.settled_at,
        r.read_at, r.dismissed_at
      FROM notification n
      LEFT JOIN connection c ON c.household_id = n.household_id AND c.id = n.connection_id
      LEFT JOIN notification_reader r ON r.household_id = n.household_id AND r.notification_id = n.id
        AND r.person_id = \(scope.user)
      WHERE n.household_id = \(scope.household) AND (n.person_id IS NULL OR n.person_id = \(scope.user))
        AND r.dismissed_at IS NULL \(rest) \(unread) \(unmailed)
        AND (n.account_id IS NULL OR (1 = 1\(Visibility.accounts(scope, "n.account_id"))))
        AND (n.account_id IS NULL OR n.kind NOT IN \(list: NotificationKind.ofRows.map(\.rawValue))
          OR (1 = 1\(Visibility.rows(scope, "n.account_id"))))
        AND (n.connection_id IS NULL OR (1 = 1\(Visibility.connections(scope, "n.connection_id"))))
        AND n.kind NOT IN (SELECT m.kind FROM notification_mute m
          WHERE m.household_id = \(scope.household) AND m.person_id = \(scope.user))
      ORDER BY n.id DESC LIMIT \(limit)
      """
    ) { row in
      ListedNotification(
        id: try row(0), kind: try row(1), connection: try row(2), account: try row(3), institutionName: try row(4),
        body: try row(5), madeAt: try row(6), settledAt: try row(7), readAt: try row(8), dismissedAt: try row(9))
    }
  }

  /// Notes that a person has read or dismissed one.
  ///
  /// - Returns: False when there is none such that they may see.
  package static func mark(
    _ id: ID<Notice>, isDismissed: Bool, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    let isSeen = try session.first(
      """
      SELECT 1 FROM notification n
      WHERE n.household_id = \(scope.household) AND n.id = \(id)
        AND (n.person_id IS NULL OR n.person_id = \(scope.user))
        AND (n.account_id IS NULL OR (1 = 1\(Visibility.accounts(scope, "n.account_id"))))
        AND (n.connection_id IS NULL OR (1 = 1\(Visibility.connections(scope, "n.connection_id"))))
      """
    ) { try $0(0, as: Int.self) }
    guard isSeen != nil else { return false }
    let dismissedAt = isDismissed ? now : nil
    try session.execute(
      """
      INSERT INTO notification_reader (household_id, notification_id, person_id, read_at, dismissed_at)
      VALUES (\(scope.household), \(id), \(scope.user), \(now), \(dismissedAt))
      ON CONFLICT (household_id, notification_id, person_id) DO UPDATE
      SET read_at = COALESCE(notification_reader.read_at, excluded.read_at),
        dismissed_at = COALESCE(notification_reader.dismissed_at, excluded.dismissed_at)
      """)
    return true
  }

  /// Kinds that a person does not want to hear of.
  package static func muted(_ scope: Scope, _ session: any Session) throws -> [String] {
    try session.query(
      """
      SELECT kind FROM notification_mute WHERE household_id = \(scope.household) AND person_id = \(scope.user)
      ORDER BY kind
      """
    ) { try $0(0) }
  }

  package static func setMuted(
    _ kinds: [NotificationKind], now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      "DELETE FROM notification_mute WHERE household_id = \(scope.household) AND person_id = \(scope.user)")
    for kind in Set(kinds.map(\.rawValue)).sorted() {
      try session.execute(
        """
        INSERT INTO notification_mute (household_id, person_id, kind, muted_at)
        VALUES (\(scope.household), \(scope.user), \(kind), \(now))
        """)
    }
  }
}
