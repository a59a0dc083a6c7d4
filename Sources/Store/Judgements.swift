package import Basics
package import Databases
package import Finance

/// What we concluded about a row: beside what the bank said, and under what a person wrote.
package struct Judgement: Sendable, Equatable {
  /// Stored: spellings never change.
  package enum Field: String, Sendable {
    /// Holds until a person says otherwise.
    case category
    /// Not sure enough to hold: a person is asked.
    case suggestion
    /// A suggestion to which a person said no: it is not made again.
    case refused
  }

  package var field: Field
  package var value: String
  /// Which source spoke, as the pipeline spells it.
  package var source: String
  /// In thousandths: of a hundred such answers so many tenths are right.
  package var confidence: Int
  /// A code and what fills its sentence, separated by tabs.
  package var reason: String
  /// Of the model or the rules that spoke.
  package var version: String?

  package init(
    field: Field, value: String, source: String, confidence: Int, reason: String, version: String? = nil
  ) {
    self.field = field
    self.value = value
    self.source = source
    self.confidence = confidence
    self.reason = reason
    self.version = version
  }
}

/// What a row shows to whoever judges it.
package struct JudgedRow: Sendable {
  package var id: ID<Transaction>
  package var account: ID<Account>
  package var kind: AccountKind
  package var amount: Money
  package var occurredOn: CalendarDate
  package var name: String
  package var originalDescription: String?
  package var merchantName: String?
  package var paymentChannel: String?
  package var category: FeedCategory?
  /// Hung on it by people; looked up only for rules that ask for tags.
  package var tags: Set<ID<Tag>> = []
  /// What it means that the row belongs to another one.
  package var paired: PairedLeg?

  package init(
    id: ID<Transaction>, account: ID<Account>, kind: AccountKind, amount: Money, occurredOn: CalendarDate, name: String
  ) {
    self.id = id
    self.account = account
    self.kind = kind
    self.amount = amount
    self.occurredOn = occurredOn
    self.name = name
  }

  /// As a bank just sent it.
  package init(_ id: ID<Transaction>, _ feed: FeedTransaction, _ account: AccountPlace, _ amount: Money) {
    self.init(
      id: id, account: account.id, kind: account.kind, amount: amount,
      occurredOn: feed.authorizedOn ?? feed.bookedOn, name: feed.name)
    (originalDescription, merchantName) = (feed.originalDescription, feed.merchantName)
    (paymentChannel, category) = (feed.paymentChannel, feed.category)
  }
}

package enum Judgements {
  private static let writing = PreparedSQL(
    """
    INSERT INTO judgement
      (household_id, transaction_id, field, value, source, confidence, reason, version, made_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (household_id, transaction_id, field) DO UPDATE SET value = excluded.value,
      source = excluded.source, confidence = excluded.confidence, reason = excluded.reason,
      version = excluded.version, made_at = excluded.made_at
    """)
  private static let forgetting = PreparedSQL(
    "DELETE FROM judgement WHERE household_id = ? AND transaction_id = ? AND field IN ('category', 'suggestion')")

  package static func write(
    _ judgement: Judgement, on id: ID<Transaction>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws {
    try session.post(writing) { binder in
      binder.bind(scope.household)
      binder.bind(id)
      binder.bind(judgement.field.rawValue)
      binder.bind(judgement.value)
      binder.bind(judgement.source)
      binder.bind(judgement.confidence)
      binder.bind(judgement.reason)
      binder.bind(judgement.version)
      binder.bind(now)
    }
  }

  package static func forget(_ id: ID<Transaction>, _ scope: Scope, _ session: any Session) throws {
    try session.post(forgetting) { binder in
      binder.bind(scope.household)
      binder.bind(id)
    }
  }

  static func isRefused(
    _ value: String, _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    try of(id, scope, session).contains { $0.field == .refused && $0.value == value }
  }

  /// A person said no to what was suggested.
  ///
  /// - Returns: False when nothing was.
  package static func refuse(
    _ id: ID<Transaction>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    guard var judgement = try of(id, scope, session).first(where: { $0.field == .suggestion }) else { return false }
    judgement.field = .refused
    try write(judgement, on: id, now: now, scope, session)
    try session.execute(
      """
      DELETE FROM judgement
      WHERE household_id = \(scope.household) AND transaction_id = \(id) AND field = 'suggestion'
      """)
    return true
  }

  /// Of the last rows that we filed: how many a person filed elsewhere since.
  package static func corrected(
    ofLast count: Int, _ scope: Scope, _ session: any Session
  ) throws -> (judged: Int, corrected: Int) {
    let rows = try session.query(
      """
      SELECT CASE WHEN o.category IS NOT NULL AND o.category <> j.value THEN 1 ELSE 0 END FROM judgement j
      JOIN bank_transaction t ON t.household_id = j.household_id AND t.id = j.transaction_id
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      WHERE j.household_id = \(scope.household) AND j.field = 'category' AND t.is_gone = 0
        \(Visibility.rows(scope, "t.account_id"))
      ORDER BY t.occurred_on DESC, t.id DESC LIMIT \(count)
      """
    ) { try $0(0, as: Int.self) }
    return (rows.count, rows.reduce(0, +))
  }

  package static func of(_ id: ID<Transaction>, _ scope: Scope, _ session: any Session) throws -> [Judgement] {
    try session.query(
      """
      SELECT field, value, source, confidence, reason, version FROM judgement
      WHERE household_id = \(scope.household) AND transaction_id = \(id) ORDER BY field
      """
    ) { try judgement($0) }.compactMap { $0 }
  }

  private static func judgement(_ row: borrowing Row) throws -> Judgement? {
    guard let field = Judgement.Field(rawValue: try row(0)) else { return nil }
    return Judgement(
      field: field, value: try row(1), source: try row(2), confidence: try row(3, as: Int?.self) ?? 0,
      reason: try row(4), version: try row(5))
  }

  /// A row that a person is asked about, with what is suggested.
  package struct Suggestion: Sendable {
    package var row: JudgedRow
    package var judgement: Judgement
  }

  /// Suggestions on living rows on which no person set a category, newest rows first, from after `after`.
  package static func suggestions(
    after: (day: CalendarDate, id: ID<Transaction>)?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [Suggestion] {
    var place: SQL = ""
    if let after { place = "AND (t.occurred_on, t.id) < (\(after.day), \(after.id))" }
    return try session.query(
      """
      SELECT \(rowColumns), j.value, j.source, j.confidence, j.reason, j.version FROM judgement j
      JOIN bank_transaction t ON t.household_id = j.household_id AND t.id = j.transaction_id
      JOIN account a ON a.household_id = t.household_id AND a.id = t.account_id
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      WHERE j.household_id = \(scope.household) AND j.field = 'suggestion' AND t.is_gone = 0
        AND o.category IS NULL AND o.deleted_at IS NULL \(place)\(Visibility.rows(scope, "t.account_id"))
      ORDER BY t.occurred_on DESC, t.id DESC LIMIT \(limit)
      """
    ) { row in
      Suggestion(
        row: try judgedRow(row),
        judgement: Judgement(
          field: .suggestion, value: try row(15), source: try row(16), confidence: try row(17, as: Int?.self) ?? 0,
          reason: try row(18), version: try row(19)))
    }
  }

  private static let rowColumns: SQL = """
    t.id, t.account_id, a.kind, t.amount_minor, t.currency, t.occurred_on, t.name, t.original_description,
    t.merchant_name, t.payment_channel, t.category_primary, t.category_detailed, t.category_confidence,
    t.category_version, o.category
    """

  private static func judgedRow(_ row: borrowing Row) throws -> JudgedRow {
    var judged = JudgedRow(
      id: try row(0), account: try row(1), kind: AccountKind(rawValue: try row(2)) ?? .checking,
      amount: Money(minorUnits: try row(3), try row(4)), occurredOn: try row(5), name: try row(6))
    (judged.originalDescription, judged.merchantName) = (try row(7), try row(8))
    judged.paymentChannel = try row(9)
    if let primary: String = try row(10), let detailed: String = try row(11) {
      judged.category = FeedCategory(
        primary: primary, detailed: detailed, confidence: try row(12), version: try row(13))
    }
    return judged
  }

  /// Living rows in the order of their ids, for judging them anew; with what a person set.
  package static func rows(
    after: ID<Transaction>?, limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> [(row: JudgedRow, own: String?)] {
    var place: SQL = ""
    if let after { place = "AND t.id > \(after)" }
    var rows = try session.query(
      """
      SELECT \(rowColumns) FROM bank_transaction t
      JOIN account a ON a.household_id = t.household_id AND a.id = t.account_id
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      WHERE t.household_id = \(scope.household) AND t.is_gone = 0 \(place)\(Visibility.rows(scope, "t.account_id"))
      ORDER BY t.id LIMIT \(limit)
      """
    ) { (row: try judgedRow($0), own: try $0(14, as: String?.self)) }
    try attach(to: &rows, scope, session)
    return rows
  }

  /// Living rows by their ids, with what belongs to them; with what a person set.
  package static func rows(
    _ ids: [ID<Transaction>], _ scope: Scope, _ session: any Session
  ) throws -> [(row: JudgedRow, own: String?)] {
    var found: [(row: JudgedRow, own: String?)] = []
    for start in stride(from: 0, to: ids.count, by: Limits.listMax) {
      let part = ids[start..<min(start + Limits.listMax, ids.count)]
      var rows = try session.query(
        """
        SELECT \(rowColumns) FROM bank_transaction t
        JOIN account a ON a.household_id = t.household_id AND a.id = t.account_id
        LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
        WHERE t.household_id = \(scope.household) AND t.id IN \(list: part) AND t.is_gone = 0
          \(Visibility.rows(scope, "t.account_id"))
        ORDER BY t.id
        """
      ) { (row: try judgedRow($0), own: try $0(14, as: String?.self)) }
      try attach(to: &rows, scope, session)
      found += rows
    }
    return found
  }

  /// What hangs on rows beside their own words.
  private static func attach(
    to rows: inout [(row: JudgedRow, own: String?)], _ scope: Scope, _ session: any Session
  ) throws {
    let ids = rows.map(\.row.id)
    let paired = try Pairs.legs(of: ids, scope, session)
    let tags = try Tags.hung(on: ids, scope, session)
    for index in rows.indices {
      rows[index].row.paired = paired[rows[index].row.id]
      rows[index].row.tags = tags[rows[index].row.id] ?? []
    }
  }

  package static func row(
    _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> (row: JudgedRow, own: String?, ownAt: Timestamp?)? {
    try session.first(
      """
      SELECT \(rowColumns), o.written_at FROM bank_transaction t
      JOIN account a ON a.household_id = t.household_id AND a.id = t.account_id
      LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
      WHERE t.household_id = \(scope.household) AND t.id = \(id)\(Visibility.rows(scope, "t.account_id"))
      """
    ) { (try judgedRow($0), try $0(14), try $0(15)) }
  }

  /// Rows whose category a person set, the latest first: what a household remembers.
  package static func askForOwn(
    limit: Int, _ scope: Scope, _ session: any Session
  ) throws -> Later<[(row: JudgedRow, own: String)]> {
    try session.ask(
      """
      SELECT \(rowColumns) FROM transaction_overlay o
      JOIN bank_transaction t ON t.household_id = o.household_id AND t.id = o.transaction_id
      JOIN account a ON a.household_id = t.household_id AND a.id = t.account_id
      WHERE o.household_id = \(scope.household) AND o.category IS NOT NULL AND o.deleted_at IS NULL
        AND COALESCE(o.is_single, 0) = 0
      ORDER BY o.written_at DESC LIMIT \(limit)
      """
    ) { (try judgedRow($0), try $0(14)) }
  }
}
