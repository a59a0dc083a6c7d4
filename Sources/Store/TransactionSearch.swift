import Basics
import Databases
import Finance

/// A page of a filter with words in it: what the index holds, and the rows that it does not show as they are.
struct TransactionSearch {
  private let question: TransactionQuestion
  private let words: [String]
  private static let trigramLength = 3

  init(_ question: TransactionQuestion, words: [String]) {
    self.question = question
    self.words = words
  }

  func answer(_ session: any Session) throws -> [ListedTransaction] {
    guard !words.isEmpty else { return [] }
    let pending = try Search.pending(question.scope, session)
    var found = try waiting(pending, session)
    if let state = try Search.State.read(question.scope, session) {
      found += try indexed(state.number, pending, session)
    }
    found.sort { $0.position.precedes($1.position, question.order) }
    return Array(found.prefix(question.limit))
  }

  /// Matches among the rows that the index does not show as they are, read one by one.
  private func waiting(_ pending: [SQL], _ session: any Session) throws -> [ListedTransaction] {
    guard var any = pending.first else { return [] }
    for part in pending.dropFirst() { any = "\(any) OR \(part)" }
    var found: [ListedTransaction] = []
    let day = TransactionQuestion.effectiveDay
    let conditions = try question.filter.conditions(day: day, pending: pending, question.scope, session)
    _ = try session.query(
      """
      SELECT \(ListedTransaction.columns(day: day)), t.name
      FROM bank_transaction t \(ListedTransaction.overlay) \(ListedTransaction.joins)
      LEFT JOIN search_document s ON s.household_id = t.household_id AND s.transaction_id = t.id
      WHERE (\(any)) AND (s.row_changed_at IS NULL OR s.row_changed_at <> t.changed_at) AND \(conditions)
        \(question.following(day: day))
      """
    ) { row in
      let document = FoldedText.document([
        try row(8), try row(21), try row(10), try row(9), try row(15),
      ])
      guard words.allSatisfy({ document.contains($0) }) else { return }
      found.append(try ListedTransaction(row))
      // Only the first ones can be on the page: the rest need not be kept.
      if found.count >= 4 * question.limit + 1_000 {
        found.sort { $0.position.precedes($1.position, question.order) }
        found.removeLast(found.count - question.limit)
      }
    }
    return found
  }

  private func indexed(
    _ number: Int64, _ pending: [SQL], _ session: any Session
  ) throws -> [ListedTransaction] {
    var range = SearchIndex.documents(number)
    if question.order.isByAmount { return try page(range, isWhole: false, pending, session).map(\.row) }
    if let after = question.after {
      let day = SearchIndex.documents(number, on: SearchIndex.bounded(after.occurredOn))
      range =
        question.order.isDescending
        ? range.lowerBound...day.upperBound : day.lowerBound...range.upperBound
    }
    let rows = try page(range, isWhole: false, pending, session)
    guard rows.count >= question.limit, let last = rows.last else { return rows.map(\.row) }
    // Documents of one day stand in no order: the day that the page ends in is read whole.
    let day = SearchIndex.day(ofDocument: last.document)
    let whole = try page(SearchIndex.documents(number, on: day), isWhole: true, pending, session)
    return rows.filter { SearchIndex.day(ofDocument: $0.document) != day }.map(\.row) + whole.map(\.row)
  }

  private func page(
    _ range: ClosedRange<Int64>, isWhole: Bool, _ pending: [SQL], _ session: any Session
  ) throws -> [(row: ListedTransaction, document: Int64)] {
    let day = TransactionQuestion.effectiveDay
    var matching: SQL = ""
    let trigrams = session.dialect == .sqlite ? words.flatMap { Self.trigrams(of: $0) } : []
    // Longer words contain their trigrams in order; the index knows only that they are there.
    for word in words where trigrams.isEmpty || word.unicodeScalars.count != Self.trigramLength {
      matching = "\(matching) AND \(SearchIndex.contains("s.folded", "\(word)", session.dialect))"
    }
    let tables: SQL
    if trigrams.isEmpty {
      tables = "search_document s"
      matching = "\(matching) AND s.document BETWEEN \(range.lowerBound) AND \(range.upperBound)"
    } else {
      tables = "search_trigram f CROSS JOIN search_document s"
      let query = Set(trigrams).sorted().map { "\"\($0)\"" }.joined(separator: " AND ")
      matching = """
        AND f.search_trigram MATCH \(query) AND f.rowid BETWEEN \(range.lowerBound) AND \(range.upperBound)
        AND s.document = f.rowid \(matching)
        """
    }
    let document: SQL = trigrams.isEmpty ? "s.document" : "f.rowid"
    // Documents are numbered by household and day: read in that order, the first page is found soon. SQLite would take the
    // index of the household instead, and sort all of it.
    let household: SQL = trigrams.isEmpty && session.dialect == .sqlite ? "+s.household_id" : "s.household_id"
    let order: SQL =
      question.order.isByAmount
      ? "amount_minor \(question.direction), id \(question.direction)" : "\(document) \(question.direction)"
    let limit = isWhole ? Int.max : question.limit
    return try session.query(
      """
      SELECT \(ListedTransaction.columns(day: day)), s.document
      FROM \(tables) CROSS JOIN bank_transaction t \(ListedTransaction.overlay) \(ListedTransaction.joins)
      WHERE \(household) = \(question.scope.household) AND t.household_id = \(household)
        AND t.id = s.transaction_id AND t.changed_at = s.row_changed_at
        AND \(try question.filter.conditions(day: day, pending: pending, question.scope, session)) \(matching)
        \(question.following(day: day))
      ORDER BY \(order) LIMIT \(limit)
      """
    ) { (try ListedTransaction($0), try $0(21)) }
  }

  private static func trigrams(of word: String) -> [String] {
    // As SQLite cuts them: by code points.
    let letters = Array(word.unicodeScalars)
    guard letters.count >= trigramLength else { return [] }
    return (0...letters.count - trigramLength).map { start in
      String(String.UnicodeScalarView(letters[start..<start + trigramLength]))
    }
  }
}
