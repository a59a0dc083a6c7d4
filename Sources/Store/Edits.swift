package import Basics
package import Databases
package import Finance

package enum EditError: Error, Equatable, Sendable {
  /// There is no such row, or it is not the person's to see.
  case unknown
}

/// What a person does at one stroke, gathered: each changed field is recorded, totals and the search move along, and
/// readers hear of it, all in the transaction of the first change.
package struct Edits {
  package let group: ID<ChangeGroup>
  let scope: Scope
  let world: World
  package let now: Timestamp
  private let through: String
  private let undoes: ID<ChangeGroup>?
  private var isGroupWritten = false
  private var totals = TotalUpkeep()
  private var edited = EditedThings()
  /// How many fields moved so far.
  package private(set) var count = 0

  private static let recording = PreparedSQL(
    """
    INSERT INTO change (household_id, id, group_id, entity, entity_id, field, before, after)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
    """)

  /// Looks at rows that were made or filed elsewhere; nil: nobody does.
  private let judging: Judging?
  private var made: [ID<Transaction>] = []
  /// Rows whose category a person took back: what it is without them is asked anew.
  private var unfiled: [ID<Transaction>] = []
  /// Days of rows that may belong to others now, or do no longer.
  private var moved: ClosedRange<CalendarDate>?

  /// - Parameters:
  ///   - through: What the person used: `web`, `api`, `cli`, the name of an API key.
  ///   - continuing: A group that was begun in an earlier transaction.
  ///   - judging: Judges rows made by hand, and keeps pairs level with what people say of rows.
  package init(
    through: String, world: World, undoing: ID<ChangeGroup>? = nil, continuing: ID<ChangeGroup>? = nil,
    judging: Judging? = nil, _ scope: Scope
  ) {
    group = continuing ?? world.newID()
    isGroupWritten = continuing != nil
    now = world.now()
    (self.scope, self.world, self.through, undoes, self.judging) = (scope, world, through, undoing, judging)
  }

  /// Writes on a transaction. What already is so is no change.
  ///
  /// - Throws: ``SplitError`` when the parts of a split do not come to the amount; ``EditError/unknown`` for a row that
  ///   the person does not see.
  package mutating func write(
    _ edits: [OverlayEdit], on id: ID<Transaction>, _ session: any Session
  ) throws {
    guard try Transactions.account(of: id, scope, session) != nil else { throw EditError.unknown }
    try writeUnseen(edits, on: id, session)
  }

  /// Also on rows that the person does not see: where their category or tag gives way to another, these follow.
  mutating func writeUnseen(
    _ edits: [OverlayEdit], on id: ID<Transaction>, _ session: any Session
  ) throws {
    if edits.contains(where: \.isAboutCategory) { try Categories.seed(scope, session) }
    let before = try TotalUpkeep.counted(id, scope, session)
    var isMoved = false
    for edit in edits {
      if case .split(let parts) = edit { try Splits.check(parts, of: id, scope, session) }
      let old = try Overlays.value(of: edit.field, id, scope, session)
      guard old != edit.text else { continue }
      try Overlays.write([edit], on: id, now: now, scope, session, movesTotals: false)
      try record(.transaction, id.description, edit.field, old, edit.text, session)
      isMoved = true
      // Whoever undoes wants what was before, which still stands underneath; not what is thought by now.
      if edit == .category(nil), undoes == nil { unfiled.append(id) }
      if edit.isFound { edited.reworded.insert(id) }
    }
    guard isMoved else { return }
    let after = try TotalUpkeep.counted(id, scope, session)
    try totals.move(from: before, to: after, scope, session)
    // What another name, note or tag says of a row is not what pairs follow from.
    if before != after { [before, after].compactMap(\.self).forEach { note($0.key.day) } }
    let account =
      try before?.key.account ?? after?.key.account ?? Transactions.account(of: id, scope.wholeHousehold, session)
    if let account { edited.note(id, account, (after ?? before)?.key.day) }
  }

  /// Sets any field of anything by its recorded name: how records are edited, and how all of it is undone.
  package mutating func set(
    _ entity: ChangeEntity, _ entityID: String, _ field: String, to value: String?, _ session: any Session
  ) throws {
    if entity == .transaction {
      guard let id = ID<Transaction>(entityID), let edit = try OverlayEdit(field: field, text: value) else {
        throw DatabaseError(kind: .programmer, message: "no field of a transaction is called \(field)")
      }
      if case .split(let parts) = edit {
        // The bank may have changed the amount since the parts were written down.
        return try write([.split(Splits.fitted(parts, to: id, scope, session))], on: id, session)
      }
      return try write([edit], on: id, session)
    }
    let old = try Records.value(of: field, entity, entityID, scope, session)
    guard old != value else { return }
    let now = now
    let wasPrivate = try isPrivate(entity, entityID, session)
    let assign = { [scope] in try Records.assign(value, to: field, entity, entityID, now: now, scope, session) }
    if entity == .category, field == "flow" {
      let rows = try Categories.rows(filedUnder: entityID, scope, session)
      try recounted(rows, around: assign, session)
    } else {
      try assign()
    }
    try record(entity, entityID, field, old, value, session)
    edited.note(entity, entityID, isPrivate: try wasPrivate && isPrivate(entity, entityID, session))
  }

  /// Whether nobody else knows of it.
  private func isPrivate(_ entity: ChangeEntity, _ entityID: String, _ session: any Session) throws -> Bool {
    try entity == .savedView && Records.value(of: "shared", entity, entityID, scope, session) == nil
  }

  /// Notes that something was made, so that undoing takes it away again.
  package mutating func made(_ entity: ChangeEntity, _ entityID: String, _ session: any Session) throws {
    try record(entity, entityID, RecordField.exists, nil, "true", session)
    edited.note(entity, entityID, isPrivate: try isPrivate(entity, entityID, session))
  }

  /// Notes a row that was made by hand: undoing deletes it, as its person would.
  mutating func made(_ id: ID<Transaction>, account: ID<Account>, _ session: any Session) throws {
    try record(.transaction, id.description, OverlayEdit.isDeleted(true).field, "true", nil, session)
    let after = try TotalUpkeep.counted(id, scope, session)
    try totals.move(from: nil, to: after, scope, session)
    edited.note(id, account, after?.key.day)
    edited.reworded.insert(id)
    made.append(id)
    if let after { note(after.key.day) }
  }

  private mutating func note(_ day: CalendarDate) {
    moved = moved.map { min($0.lowerBound, day)...max($0.upperBound, day) } ?? day...day
  }

  /// Rows made by hand are judged as those of a bank are; what a person wrote with them stands. Then what belongs
  /// together is linked, and what no longer does is parted.
  private mutating func judge(_ session: any Session) throws {
    guard let judging else { return }
    let whole = scope.wholeHousehold
    var judged = JudgedRows(judging)
    try totals.write(whole, session)
    for (row, own) in try Judgements.rows(made, whole, session) where own == nil {
      let before = try TotalUpkeep.counted(row.id, whole, session)
      _ = try judged.keep(row, isNew: true, now: now, whole, session)
      try session.settle()
      try totals.move(from: before, to: try TotalUpkeep.counted(row.id, whole, session), whole, session)
    }
    for row in try judged.rejudge(unfiled, &totals, now: now, whole, session) {
      edited.note(row.id, row.account, row.day)
    }
    for (row, deed) in judged.takeDeeds() {
      for edit in deed.edits {
        let living = try Tags.living(in: edit, whole, session)
        guard try Overlays.value(of: edit.field, row, whole, session) == nil else { continue }
        try writeUnseen([living], on: row, session)
      }
    }
    guard let moved else { return }
    judged.note(moved.lowerBound)
    judged.note(moved.upperBound)
    for row in try judged.pair(&totals, world, scope, session) { edited.note(row.id, row.account, row.day) }
  }

  /// Rows whose category now counts as another kind move in the totals.
  private mutating func recounted(
    _ rows: [ID<Transaction>], around change: () throws -> Void, _ session: any Session
  ) throws {
    let before = try rows.map { try TotalUpkeep.counted($0, scope, session) }
    try change()
    for (id, old) in zip(rows, before) {
      try totals.move(from: old, to: try TotalUpkeep.counted(id, scope, session), scope, session)
    }
  }

  /// Writes what stands beside the rows. To be called once, last.
  ///
  /// - Returns: The group to undo it by; nil when nothing changed.
  @discardableResult
  package mutating func finish(_ session: any Session) throws -> ID<ChangeGroup>? {
    guard isGroupWritten else { return nil }
    try judge(session)
    try totals.write(scope, session)
    try Search.reindex(edited.reworded, world: world, scope, session)
    try Events.append(edited.events(group, by: scope.user), now: now, scope, session)
    return group
  }

  /// An undo is a group even when it moved nothing: its subject counts as undone.
  mutating func finishAlways(_ session: any Session) throws -> ID<ChangeGroup> {
    try writeGroup(session)
    try finish(session)
    return group
  }

  private mutating func record(
    _ entity: ChangeEntity, _ entityID: String, _ field: String, _ before: String?, _ after: String?,
    _ session: any Session
  ) throws {
    try writeGroup(session)
    count += 1
    let id: ID<Change> = world.newID()
    try session.post(Self.recording) { binder in
      binder.bind(scope.household)
      binder.bind(id)
      binder.bind(group)
      binder.bind(entity.rawValue)
      binder.bind(entityID)
      binder.bind(field)
      binder.bind(before)
      binder.bind(after)
    }
  }

  private mutating func writeGroup(_ session: any Session) throws {
    guard !isGroupWritten else { return }
    isGroupWritten = true
    try session.execute(
      """
      INSERT INTO change_group (household_id, id, person_id, through, at, undoes)
      VALUES (\(scope.household), \(group), \(scope.user), \(through), \(now), \(undoes))
      """)
  }
}
