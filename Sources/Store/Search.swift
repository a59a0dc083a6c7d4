package import Basics
package import Databases
package import Finance

/// Keeps the search level with the rows, without a cost where rows come in: a sync writes none of it.
///
/// What a sync changed is told by its events. ``catchUp(rowsMax:world:_:_:)`` follows them afterwards, in small transactions;
/// a question asked meanwhile also reads the rows that are not there yet (``Search/pending(_:_:)``), so its answer is
/// right at any moment. What people write is found at once.
package enum Search {
  /// A range of rows up to so long is indexed in one go; beyond it the whole household is walked in steps.
  private static let rangeMax = 4_000

  /// Writes the documents of rows whose words a person just changed, in the same transaction.
  static func reindex(
    _ ids: Set<ID<Transaction>>, world: World, _ scope: Scope, _ session: any Session
  ) throws {
    guard !ids.isEmpty else { return }
    var index = try SearchIndex(world, scope, session)
    for id in ids.sorted() { try index.put(id, isForced: true, session) }
    try index.finish(session)
  }

  /// Brings some rows into the search.
  ///
  /// - Returns: Whether there is more to do.
  package static func catchUp(
    rowsMax: Int, world: World, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    var index = try SearchIndex(world, scope, session)
    guard let state = try State.read(scope, session) else { return false }
    let isMore: Bool
    if state.isWalked {
      isMore = try follow(state, rowsMax: rowsMax, &index, session)
    } else {
      isMore = try walk(from: state.walkedTo, rowsMax: rowsMax, &index, session)
    }
    try index.finish(session)
    return isMore
  }

  /// Households whose search is not level with their rows, as far as can be told without looking at rows.
  package static func behind(_ session: any Session) throws -> [ID<Household>] {
    try session.query(
      """
      SELECT h.id FROM household h LEFT JOIN search_state s ON s.household_id = h.id
      WHERE s.household_id IS NULL OR s.is_walked = 0 OR s.event_position < h.event_position
      ORDER BY h.id LIMIT \(Limits.listMax)
      """
    ) { try $0(0) }
  }

  /// Every row in the order of age: the first time, and after a run that brought more than its event could name.
  private static func walk(
    from start: ID<Transaction>?, rowsMax: Int, _ index: inout SearchIndex, _ session: any Session
  ) throws -> Bool {
    let scope = index.scope
    let rest: SQL = start.map { "AND id > \($0)" } ?? ""
    let ids = try session.query(
      """
      SELECT id FROM bank_transaction WHERE household_id = \(scope.household) \(rest) ORDER BY id LIMIT \(rowsMax)
      """
    ) { try $0(0, as: ID<Transaction>.self) }
    for id in ids { try index.put(id, isForced: false, session) }
    let isWalked = ids.count < rowsMax
    try session.execute(
      """
      UPDATE search_state SET walked_to = \(isWalked ? nil : ids.last), is_walked = \(isWalked)
      WHERE household_id = \(scope.household)
      """)
    return true
  }

  private static func follow(
    _ state: State, rowsMax: Int, _ index: inout SearchIndex, _ session: any Session
  ) throws -> Bool {
    let scope = index.scope
    let news = try SearchNews.after(state.position, limit: 50, scope, session)
    var (position, count) = (state.position, 0)
    for item in news.items {
      guard let ids = try item.rows(atMost: rangeMax, scope, session) else {
        try session.execute(
          """
          UPDATE search_state SET is_walked = 0, walked_to = NULL, event_position = \(item.position)
          WHERE household_id = \(scope.household)
          """)
        return true
      }
      for id in ids where try index.put(id, isForced: false, session) { count += 1 }
      position = item.position
      if count >= rowsMax { break }
    }
    if position == news.items.last?.position ?? position { position = max(position, news.through) }
    guard position != state.position else { return false }
    try session.execute(
      "UPDATE search_state SET event_position = \(position) WHERE household_id = \(scope.household)")
    return true
  }

  /// How far the search of a household has come.
  struct State {
    var number: Int64
    var position: Int
    var isWalked: Bool
    var walkedTo: ID<Transaction>?

    static func read(_ scope: Scope, _ session: any Session) throws -> State? {
      try session.first(
        """
        SELECT s.number, s.event_position, s.is_walked, s.walked_to,
          (SELECT MIN(e.position) FROM event e WHERE e.household_id = s.household_id)
        FROM search_state s WHERE s.household_id = \(scope.household)
        """
      ) { row in
        // Events that went before they were read: only reading every row again is sure to be right.
        let isBehind = try row(4, as: Int?.self).map { try $0 > row(1, as: Int.self) + 1 } ?? false
        return State(
          number: try row(0), position: try row(1), isWalked: try row(2, as: Bool.self) && !isBehind,
          walkedTo: isBehind ? nil : try row(3))
      }
    }
  }

  /// The rows that the index may not show as they are, as conditions on `t`; empty when it is level with the ledger.
  static func pending(_ scope: Scope, _ session: any Session) throws -> [SQL] {
    guard let state = try State.read(scope, session) else { return ["1 = 1"] }
    var parts: [SQL] = []
    if !state.isWalked {
      guard let walkedTo = state.walkedTo else { return ["1 = 1"] }
      parts.append("t.id > \(walkedTo)")
    }
    return parts + (try SearchNews.after(state.position, limit: 10_000, scope, session).items.map(\.condition))
  }
}
