import Basics
import CPostgres

/// One connection and its prepared statements. With ``PostgresResult`` and ``PostgresFailure`` the only caller of `PQ…`.
///
/// It speaks in libpq's pipeline mode: a statement that nobody waits for travels with the next one that somebody does.
@safe final class PostgresSession: Session {
  /// A statement as this connection knows it.
  struct Statement {
    let name: String
    /// What each argument was when it was prepared; 0 when that was NULL and the server had to find out.
    let types: [PostgresType.OID]
  }

  let dialect = Dialect.postgres
  private let connection: OpaquePointer
  private var statements: [String: Statement] = [:]
  /// Those of ``PreparedSQL``, each in its slot.
  private var prepared: [Statement?] = []
  private var namesGiven = 0
  /// The texts of what was sent and not answered yet.
  private var sent: [String] = []
  /// Those of them whose rows are wanted, by their place.
  private var asked: [Int: Answer] = [:]
  /// The ends of transactions before this one whose answers nobody has waited for.
  private var unanswered = 0
  private var hasPreparedSinceRest = false
  private let arguments = PostgresArguments()
  private let batches = PostgresBatches()
  private var isReading = false
  /// Between its first statement and its end: only there is somebody sure to wait for what was sent.
  private var isInTransaction = false
  /// What first went wrong in the transaction: afterwards the server refuses everything until it ends.
  private(set) var failure: PostgresFailure?

  /// So many answers may wait before they are fetched: they have to fit into the buffers between us and the server.
  private static let sentMax = 128

  /// Where the server stood when the connection began, and stands as long as it lasts; nil when it does not say.
  private(set) var mark: PostgresTerm.Mark?

  /// - Parameter host: What to tell libpq besides the address.
  /// - Throws: ``DatabaseError`` when no server can be reached that lets us write. Its text names no password.
  init(_ settings: PostgresSettings, at host: [(String, String)] = []) throws(DatabaseError) {
    unsafe connection = try Self.connect(settings, host)
    // Whoever set one in the address or for the role meant it.
    for (name, value) in settings.bounds {
      _ = try run("SELECT set_config(\(name), \(value), false) WHERE current_setting(\(name)) = '0'")
    }
    // A service that hides this is believed to keep order by itself.
    mark =
      (try? query(
        """
        SELECT CAST(system_identifier AS text), substr(pg_walfile_name(pg_current_wal_lsn()), 1, 8)
        FROM pg_control_system()
        """
      ) { row in
        PostgresTerm.Mark(cluster: try row(0), timeline: Int(try row(1, as: String.self), radix: 16) ?? 0)
      })?.first
    failure = nil
  }

  deinit { unsafe PQfinish(connection) }

  // MARK: - Transactions

  /// Begins with the first statement: no journey of its own.
  func begin(_ sql: String, isReading: Bool) throws(DatabaseError) {
    failure = nil
    hasRefusedEarlier = false
    self.isReading = isReading
    isInTransaction = true
    asked.removeAll(keepingCapacity: true)
    batches.forget()
    arguments.begin()
    try send(sql)
  }

  /// - Throws: Also when an error inside was caught and passed over: the server has forgotten all of it.
  func commit() throws(DatabaseError) {
    isInTransaction = false
    try sendBatches()
    let isLooking = isReading && sent.isEmpty && failure == nil
    arguments.begin()
    try send("COMMIT")
    // Everything that was read is here, and nothing depends on this answer: it is fetched with the next one.
    if isLooking { return try leaveUnanswered() }
    let result = try receive()
    guard unsafe String(cString: PQcmdStatus(result.pointer)) == "COMMIT" else {
      throw failure?.error
        ?? DatabaseError(kind: .programmer, message: "the transaction had failed before it was committed")
    }
  }

  /// Takes everything back, as far as there is still a connection to say so on.
  func rollback() {
    isInTransaction = false
    batches.forget()
    guard !isBroken else { return }
    arguments.begin()
    do throws(DatabaseError) {
      // What is still on its way may fail, and everything behind it up to the next point of rest.
      _ = try? receive()
      try send("ROLLBACK")
      _ = try receive()
    } catch {
      isUnfit = true
    }
  }

  /// Whether the server itself said that something failed before the last of what was sent: that was not done then.
  private(set) var hasRefusedEarlier = false

  /// Set when it cannot be said what state the connection is in.
  private var isUnfit = false
  /// Whether it can be used for nothing any more.
  var isBroken: Bool { unsafe isUnfit || PQstatus(connection) != CONNECTION_OK }

  // MARK: - Statements

  func execute(_ sql: SQL) throws(DatabaseError) {
    try send(sql)
    if !isInTransaction || sent.count >= Self.sentMax { _ = try receive() }
  }

  func changes(_ sql: SQL) throws(DatabaseError) -> Int { try run(sql).changes }

  func query<Value>(_ sql: SQL, _ make: (borrowing Row) throws -> Value) throws -> [Value] {
    try values(of: try run(sql), make)
  }

  /// What becomes known of a question that was asked ahead.
  private final class Answer {
    var result: PostgresResult?
  }

  func ask<Value>(_ sql: SQL, _ make: @escaping (borrowing Row) throws -> Value) throws -> Later<[Value]> {
    try send(sql)
    let answer = Answer()
    asked[sent.count - 1] = answer
    if sent.count >= Self.sentMax { _ = try receive() }
    return Later { [self] in
      if answer.result == nil, !sent.isEmpty { _ = try receive() }
      guard let result = answer.result else {
        throw failure?.error
          ?? DatabaseError(kind: .programmer, message: "the answer was not fetched in its transaction")
      }
      return try values(of: result, make)
    }
  }

  private func values<Value>(of result: PostgresResult, _ make: (borrowing Row) throws -> Value) throws -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(result.count)
    let row = Row(source: result)
    while result.current < result.count {
      values.append(try make(row))
      result.current += 1
    }
    return values
  }

  @discardableResult
  func execute(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError) -> Int {
    try send(sql, bind)
    return try receive().changes
  }

  func forEach(
    _ sql: PreparedSQL, _ bind: (inout Binder) -> Void, _ body: (borrowing Row) throws -> Void
  ) throws {
    try send(sql, bind)
    let result = try receive()
    let row = Row(source: result)
    while result.current < result.count {
      try body(row)
      result.current += 1
    }
  }

  func post(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError) {
    if let insertion = sql.insertion {
      guard try batches.add(sql, insertion, bind) else { return }
      try sendBatches()
    } else {
      try send(sql, bind)
    }
    if sent.count >= Self.sentMax { _ = try receive() }
  }

  func settle() throws(DatabaseError) { try sendBatches() }

  /// How many statements are kept prepared, besides those of ``PreparedSQL``.
  var statementCount: Int { statements.count }

  private func run(_ sql: SQL) throws(DatabaseError) -> PostgresResult {
    try send(sql)
    return try receive()
  }

  private func send(_ sql: SQL) throws(DatabaseError) {
    let (text, values) = sql.rendered(placeholder: "$")
    try sendBatches()
    arguments.begin()
    for value in values { arguments.append(value) }
    try send(text)
  }

  // MARK: - There and back

  private func send(_ text: String) throws(DatabaseError) {
    if statements[text] == nil, statements.count >= Limits.statementsMax { try forgetStatements() }
    let known = statements[text]
    let statement = try prepare(text, known)
    if statement.name != known?.name { statements[text] = statement }
    try send(statement, text)
  }

  private func send(_ sql: PreparedSQL, _ bind: (inout Binder) -> Void) throws(DatabaseError) {
    try sendBatches()
    arguments.begin()
    var binder = Binder(arguments)
    bind(&binder)
    guard binder.count == sql.argumentCount else {
      throw DatabaseError(
        kind: .programmer, message: "\(binder.count) arguments for \(sql.argumentCount) placeholders", sql: sql.text)
    }
    while prepared.count <= sql.slot { prepared.append(nil) }
    let known = prepared[sql.slot]
    let statement = try prepare(sql.numbered, known)
    if statement.name != known?.name { prepared[sql.slot] = statement }
    try send(statement, sql.numbered)
  }

  /// The statement for arguments of these types: the one that is there, or a new one when its types are others.
  private func prepare(_ text: String, _ known: Statement?) throws(DatabaseError) -> Statement {
    if let known, known.types.count == arguments.count,
      zip(known.types, arguments.types).allSatisfy({ $1 == 0 || $0 == $1 })
    {
      return known
    }
    var types = arguments.types
    if let known, known.types.count == types.count {
      for place in types.indices where types[place] == 0 { types[place] = known.types[place] }
    }
    let statement = try prepare(text, types)
    if let known { try deallocate(known.name) }
    return statement
  }

  private func prepare(_ text: String, _ types: [PostgresType.OID]) throws(DatabaseError) -> Statement {
    namesGiven += 1
    let statement = Statement(name: "s\(namesGiven)", types: types)
    hasPreparedSinceRest = true
    try note(unsafe PQsendPrepare(connection, statement.name, text, CInt(types.count), types), text)
    return statement
  }

  /// Sends the rows that wait for company: before anything else, so that everything happens in the order of the code.
  private func sendBatches() throws(DatabaseError) {
    guard !batches.isEmpty else { return }
    for batch in batches.take() {
      let (types, outdated) = try batches.columns(of: batch)
      for name in outdated { try deallocate(name) }
      var first = 0
      for rows in PostgresBatches.parts(batch.rows) {
        let key = PostgresBatches.Key(slot: batch.sql.slot, rows: rows)
        if batches.statements[key] == nil {
          let text = batch.insertion.numbered(rows: rows, width: types.count)
          batches.statements[key] = try prepare(text, Array(repeatElement(types, count: rows).joined()))
        }
        guard let statement = batches.statements[key] else { continue }
        try send(statement, batch.sql.numbered, batch.arguments, first..<first + rows * types.count)
        first += rows * types.count
      }
      batches.giveBack(batch)
    }
  }

  private func send(_ statement: Statement, _ text: String) throws(DatabaseError) {
    try send(statement, text, arguments, 0..<arguments.count)
  }

  /// - Parameter places: Which of the arguments the statement gets.
  private func send(
    _ statement: Statement, _ text: String, _ arguments: PostgresArguments, _ places: Range<Int>
  ) throws(DatabaseError) {
    let code = unsafe arguments.withPointers(places) { pointers, lengths in
      unsafe PQsendQueryPrepared(
        connection, statement.name, CInt(places.count), pointers.baseAddress, lengths.baseAddress, Self.binary, 1)
    }
    try note(code, text)
  }

  /// "This argument is in binary format", often enough for any statement: the protocol counts arguments in 16 bits.
  private static let binary = [CInt](repeating: 1, count: 65_535)

  private func note(_ code: CInt, _ text: String) throws(DatabaseError) {
    guard code == 1 else {
      let message = unsafe String(cString: PQerrorMessage(connection))
      let isGone = unsafe PQstatus(connection) != CONNECTION_OK
      let error = DatabaseError(kind: isGone ? .disconnected : .programmer, message: message, sql: text)
      failure = failure ?? PostgresFailure(error)
      throw error
    }
    sent.append(text)
  }

  private func deallocate(_ name: String) throws(DatabaseError) {
    let text = "DEALLOCATE \(name)"
    try note(unsafe PQsendQueryParams(connection, text, 0, nil, nil, nil, nil, 1), text)
  }

  private func forgetStatements() throws(DatabaseError) {
    for statement in statements.values { try deallocate(statement.name) }
    statements.removeAll(keepingCapacity: true)
    if !sent.isEmpty { _ = try receive() }
  }

  /// Waits for the answers to everything that was sent, and gives the last one.
  private func receive() throws(DatabaseError) -> PostgresResult {
    guard unsafe PQpipelineSync(connection) == 1 else { throw disconnected() }
    try fetchUnanswered()
    defer { asked.removeAll(keepingCapacity: true) }
    var last: PostgresResult?
    var first: PostgresFailure?
    for (place, text) in sent.enumerated() {
      guard let pointer = unsafe PQgetResult(connection) else { throw disconnected() }
      let result = unsafe PostgresResult(pointer, sql: text)
      switch unsafe PQresultStatus(pointer) {
      case PGRES_TUPLES_OK, PGRES_COMMAND_OK, PGRES_EMPTY_QUERY:
        last = result
        asked[place]?.result = result
      case PGRES_PIPELINE_ABORTED: break
      default:
        guard first == nil else { break }
        let refusal = unsafe PostgresFailure(pointer, sql: text, isReading: isReading)
        first = refusal
        // The server answers in order: when it refused one, it did nothing of what came after.
        hasRefusedEarlier = place < sent.count - 1 && !refusal.state.isEmpty
      }
      // Each answer ends with none.
      while let more = unsafe PQgetResult(connection) { unsafe PQclear(more) }
      if isBroken { break }
    }
    sent.removeAll(keepingCapacity: true)
    if isBroken || first?.error.kind == .disconnected {
      isUnfit = true
      failure = failure ?? first
      throw first?.error ?? disconnected()
    }
    let rest = unsafe PQgetResult(connection)
    unsafe PQclear(rest)
    defer { hasPreparedSinceRest = false }
    if let first {
      // A statement may not have been prepared because of it, and a plan may not fit the tables any more. Names are
      // never used twice, so those the server still knows do no harm until the connection ends.
      if hasPreparedSinceRest || first.error.kind == .tryAgain {
        statements.removeAll(keepingCapacity: true)
        prepared.removeAll(keepingCapacity: true)
        batches.forgetStatements()
      }
      failure = failure ?? first
      throw first.error
    }
    guard let last else { throw DatabaseError(kind: .programmer, message: "nothing was asked") }
    return last
  }

  /// Sends what is there, up to a point of rest of its own, and does not wait.
  private func leaveUnanswered() throws(DatabaseError) {
    guard unsafe PQpipelineSync(connection) == 1, unsafe PQflush(connection) >= 0 else { throw disconnected() }
    unanswered += sent.count
    sent.removeAll(keepingCapacity: true)
  }

  private func fetchUnanswered() throws(DatabaseError) {
    guard unanswered > 0 else { return }
    while unanswered > 0 {
      guard let pointer = unsafe PQgetResult(connection) else { throw disconnected() }
      let status = unsafe PQresultStatus(pointer)
      unsafe PQclear(pointer)
      guard status == PGRES_COMMAND_OK else { throw disconnected() }
      while let more = unsafe PQgetResult(connection) { unsafe PQclear(more) }
      unanswered -= 1
    }
    let rest = unsafe PQgetResult(connection)
    unsafe PQclear(rest)
  }

  private func disconnected() -> DatabaseError {
    isUnfit = true
    unanswered = 0
    sent.removeAll(keepingCapacity: true)
    let words = unsafe String(cString: PQerrorMessage(connection)).split(separator: "\n").joined(separator: " ")
    let error = DatabaseError(kind: .disconnected, message: words.isEmpty ? "the connection was cut" : words)
    failure = failure ?? PostgresFailure(error)
    return error
  }
}
