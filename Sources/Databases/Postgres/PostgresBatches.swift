/// Rows that wait for company: one statement that inserts a hundred of them costs far less than a hundred statements.
///
/// They go in the order of their turns, so that a row which refers to another one may be posted after it.
final class PostgresBatches {
  /// The rows of one statement.
  final class Batch {
    let sql: PreparedSQL
    let insertion: PreparedSQL.Insertion
    let arguments = PostgresArguments()
    var rows = 0

    init(_ sql: PreparedSQL, _ insertion: PreparedSQL.Insertion) {
      self.sql = sql
      self.insertion = insertion
    }
  }

  /// A statement as it was prepared for so many rows.
  struct Key: Hashable {
    let slot: Int
    let rows: Int
  }

  private var waiting: [Batch] = []
  private var unused: [Int: Batch] = [:]
  /// What each column was given so far; 0 where that was always NULL.
  private var types: [Int: [PostgresType.OID]] = [:]
  var statements: [Key: PostgresSession.Statement] = [:]

  /// So many rows at once: after that little is won, and the protocol counts arguments in 16 bits.
  private static let rowsMax = 128
  private static let argumentsMax = 65_535

  var isEmpty: Bool { waiting.isEmpty }

  /// - Returns: Whether it is time to send them.
  func add(
    _ sql: PreparedSQL, _ insertion: PreparedSQL.Insertion, _ bind: (inout Binder) -> Void
  ) throws(DatabaseError) -> Bool {
    let batch = waiting.first { $0.sql === sql } ?? start(sql, insertion)
    let before = batch.arguments.count
    var binder = Binder(batch.arguments)
    bind(&binder)
    guard batch.arguments.count - before == sql.argumentCount else {
      throw DatabaseError(
        kind: .programmer, message: "\(binder.count) arguments for \(sql.argumentCount) placeholders", sql: sql.text)
    }
    batch.rows += 1
    return batch.rows >= Self.rowsMax || (batch.rows + 1) * sql.argumentCount > Self.argumentsMax
  }

  private func start(_ sql: PreparedSQL, _ insertion: PreparedSQL.Insertion) -> Batch {
    let batch = unused.removeValue(forKey: sql.slot) ?? Batch(sql, insertion)
    batch.rows = 0
    batch.arguments.begin()
    waiting.insert(batch, at: waiting.firstIndex { $0.insertion.turn > insertion.turn } ?? waiting.count)
    return batch
  }

  /// Hands over what waits, in its order.
  func take() -> [Batch] {
    defer { waiting.removeAll(keepingCapacity: true) }
    return waiting
  }

  /// Keeps the memory of a batch that was sent for the next rows of its statement.
  func giveBack(_ batch: Batch) { unused[batch.sql.slot] = batch }

  func forget() {
    for batch in take() { giveBack(batch) }
  }

  /// After an error nobody knows which statements the server still has.
  func forgetStatements() { statements.removeAll(keepingCapacity: true) }

  /// The type of each column, with what these rows teach.
  ///
  /// - Returns: The types, and the statements that were prepared for less and are of no use any more.
  func columns(of batch: Batch) throws(DatabaseError) -> (types: [PostgresType.OID], outdated: [String]) {
    let width = batch.sql.argumentCount
    var known = types[batch.sql.slot] ?? Array(repeating: 0, count: width)
    var hasLearned = false
    for (place, type) in batch.arguments.types.enumerated() where type != 0 && type != known[place % width] {
      guard known[place % width] == 0 else {
        throw DatabaseError(
          kind: .programmer, message: "argument \(place % width + 1) is of another type than before",
          sql: batch.sql.text)
      }
      known[place % width] = type
      hasLearned = true
    }
    guard hasLearned else { return (known, []) }
    types[batch.sql.slot] = known
    let outdated = statements.filter { $0.key.slot == batch.sql.slot }
    for key in outdated.keys { statements[key] = nil }
    return (known, outdated.values.map(\.name))
  }

  /// In how many rows each statement of a batch has: powers of two, so that few have to be prepared.
  static func parts(_ rows: Int) -> [Int] {
    (0..<Int.bitWidth - 1).reversed().map { 1 << $0 }.filter { rows & $0 != 0 }
  }
}
