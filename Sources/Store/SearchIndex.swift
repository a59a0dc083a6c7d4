import Basics
import Databases
import Finance

/// The documents that the search looks through: one per row, with its folded words and its merchant.
///
/// A document's number holds its household, its day and a count, so that a walk from the highest number meets the
/// newest rows first and can stop early. Trigrams stand in SQLite's FTS5 beside it.
struct SearchIndex {
  let scope: Scope
  let number: Int64
  private var nextDocument: Int64
  private var merchants: [String: ID<Merchant>] = [:]
  private let newID: () -> ID<Merchant>

  private static let dayBits: Int64 = 32
  private static let householdBits: Int64 = 49
  private static let lastDay = 1 << 17 - 1

  private static let reading = PreparedSQL(
    """
    SELECT COALESCE(o.occurred_on, t.occurred_on), t.changed_at, t.merchant_entity_id, t.merchant_name, t.website,
      t.name, t.original_description, o.name, o.notes, s.document, s.folded, s.row_changed_at
    FROM bank_transaction t
    LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
    LEFT JOIN search_document s ON s.household_id = t.household_id AND s.transaction_id = t.id
    WHERE t.household_id = ? AND t.id = ?
    """)
  private static let keeping = PreparedSQL(
    """
    INSERT INTO search_document (document, household_id, transaction_id, merchant_id, row_changed_at, folded)
    VALUES (?, ?, ?, ?, ?, ?)
    """)
  private static let indexing = PreparedSQL("INSERT INTO search_trigram (rowid, folded) VALUES (?, ?)")
  private static let forgetting = PreparedSQL("DELETE FROM search_document WHERE document = ?")
  private static let unindexing = PreparedSQL(
    "INSERT INTO search_trigram (search_trigram, rowid, folded) VALUES ('delete', ?, ?)")

  /// Opens the index of a household, and begins it when it is new: then everything is still to be walked.
  init(_ world: World, _ scope: Scope, _ session: any Session) throws {
    self.scope = scope
    try session.execute(
      """
      INSERT INTO search_state (household_id, number, event_position)
      SELECT h.id, (SELECT COALESCE(MAX(number), 0) + 1 FROM search_state), h.event_position FROM household h
      WHERE h.id = \(scope.household)
      ON CONFLICT (household_id) DO NOTHING
      """)
    let state = try session.first(
      "SELECT number, next_document FROM search_state WHERE household_id = \(scope.household)"
    ) { (try $0(0, as: Int64.self), try $0(1, as: Int64.self)) }
    guard let (number, next) = state, number < 1 << (63 - Self.householdBits) else {
      throw DatabaseError(kind: .programmer, message: "no such household, or too many of them to search")
    }
    (self.number, nextDocument) = (number, next)
    newID = { world.newID() }
  }

  /// The documents of a household, or of one of its days.
  static func documents(_ number: Int64, on day: Int? = nil) -> ClosedRange<Int64> {
    let household = number << householdBits
    guard let day else { return household...(household | (1 << householdBits - 1)) }
    let start = household | Int64(day) << dayBits
    return start...(start | (1 << dayBits - 1))
  }

  /// The day that a document's number was made for.
  static func day(ofDocument document: Int64) -> Int {
    Int((document & (1 << householdBits - 1)) >> dayBits)
  }

  /// Days outside of what a number can hold stand at its ends.
  static func bounded(_ day: CalendarDate) -> Int { min(max(day.days, 0), lastDay) }

  /// Makes a row's document what it should be.
  ///
  /// - Parameter isForced: Also when the bank's words have not changed since: a person's have.
  /// - Returns: Whether it had to be made anew.
  @discardableResult
  mutating func put(_ id: ID<Transaction>, isForced: Bool, _ session: any Session) throws -> Bool {
    let row = try session.first(
      Self.reading,
      { binder in
        binder.bind(scope.household)
        binder.bind(id)
      }
    ) { row in
      Source(
        day: try row(0), changedAt: try row(1), merchantEntity: try row(2), merchantName: try row(3),
        website: try row(4), texts: [try row(7), try row(5), try row(3), try row(6), try row(8)], document: try row(9),
        folded: try row(10), indexedAt: try row(11))
    }
    guard let row, isForced || row.indexedAt != row.changedAt else { return false }
    if let document = row.document { try Self.forget(document, folded: row.folded ?? "", session) }
    let merchant = try merchant(of: row, session)
    let document = Self.documents(number, on: Self.bounded(row.day)).lowerBound | (nextDocument & (1 << 32 - 1))
    nextDocument += 1
    let folded = FoldedText.document(row.texts)
    try session.post(Self.keeping) { binder in
      binder.bind(document)
      binder.bind(scope.household)
      binder.bind(id)
      if let merchant { binder.bind(merchant) } else { binder.null() }
      binder.bind(row.changedAt)
      binder.bind(folded)
    }
    if session.dialect == .sqlite {
      try session.post(Self.indexing) { binder in
        binder.bind(document)
        binder.bind(folded)
      }
    }
    return true
  }

  /// Drops a document. The index has to be told what stood there.
  static func forget(_ document: Int64, folded: String, _ session: any Session) throws {
    if session.dialect == .sqlite {
      try session.post(Self.unindexing) { binder in
        binder.bind(document)
        binder.bind(folded)
      }
    }
    try session.post(Self.forgetting) { $0.bind(document) }
  }

  /// Keeps how many documents there were. To be called once, last.
  func finish(_ session: any Session) throws {
    try session.execute(
      "UPDATE search_state SET next_document = \(nextDocument) WHERE household_id = \(scope.household)")
  }

  /// Whether a text contains another, in the words of a dialect.
  static func contains(_ text: SQL, _ part: SQL, _ dialect: Dialect) -> SQL {
    dialect == .sqlite ? "INSTR(\(text), \(part)) > 0" : "STRPOS(\(text), \(part)) > 0"
  }

  private struct Source {
    var day: CalendarDate
    var changedAt: Timestamp
    var merchantEntity: String?
    var merchantName: String?
    var website: String?
    var texts: [String?]
    var document: Int64?
    var folded: String?
    var indexedAt: Timestamp?
  }

  private mutating func merchant(of row: Source, _ session: any Session) throws -> ID<Merchant>? {
    guard let key = Merchants.key(entity: row.merchantEntity, name: row.merchantName) else { return nil }
    if let known = merchants[key] { return known }
    try session.execute(
      """
      INSERT INTO merchant (household_id, id, bank_key, bank_name, website)
      VALUES (\(scope.household), \(newID()), \(key), \(row.merchantName ?? key), \(row.website))
      ON CONFLICT (household_id, bank_key) DO NOTHING
      """)
    let id = try session.first(
      "SELECT id FROM merchant WHERE household_id = \(scope.household) AND bank_key = \(key)"
    ) { try $0(0, as: ID<Merchant>.self) }
    merchants[key] = id
    return id
  }
}
