package import Basics
package import Databases
package import Finance

/// A part of a transaction: its own amount and category. The parts of one add up to it.
package struct SplitPart: Sendable, Equatable {
  package var amountMinor: Int64
  /// Nil: the category of the whole.
  package var category: String?
  package var note: String?

  package init(amountMinor: Int64, category: String? = nil, note: String? = nil) {
    (self.amountMinor, self.category, self.note) = (amountMinor, category, note)
  }
}

package enum SplitError: Error, Equatable, Sendable {
  case unknownTransaction
  /// One part is no split, and more than the most cannot be looked through.
  case count(allowed: ClosedRange<Int>)
  /// The parts come to so much more than the transaction, in minor units.
  case difference(Int64)
  case overflow
}

/// Transactions in parts: a supermarket's till receipt, half of it food and half of it a garden chair.
package enum Splits {
  package static let partsAllowed = 2...50

  /// In their order; empty for a transaction in one piece.
  package static func parts(
    of id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> [SplitPart] {
    try session.query(
      """
      SELECT amount_minor, category, note FROM split
      WHERE household_id = \(scope.household) AND transaction_id = \(id) ORDER BY position
      """
    ) { SplitPart(amountMinor: try $0(0), category: try $0(1), note: try $0(2)) }
  }

  /// Whether any row of the household stands in parts.
  package static func areAny(_ scope: Scope, _ session: any Session) throws -> Bool {
    try askWhetherAny(scope, session).get()
  }

  package static func askWhetherAny(_ scope: Scope, _ session: any Session) throws -> Later<Bool> {
    try session.askFirst("SELECT 1 FROM split WHERE household_id = \(scope.household) LIMIT 1") { _ in true }
      .map { $0 ?? false }
  }

  /// No parts at all make it one piece again.
  ///
  /// - Throws: ``SplitError``.
  static func check(
    _ parts: [SplitPart], of id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws {
    guard let amount = try amount(of: id, scope, session) else { throw SplitError.unknownTransaction }
    if parts.isEmpty { return }
    guard partsAllowed.contains(parts.count) else { throw SplitError.count(allowed: partsAllowed) }
    let difference = try sum(parts).subtractingReportingOverflow(amount)
    if difference.overflow { throw SplitError.overflow }
    if difference.partialValue != 0 { throw SplitError.difference(difference.partialValue) }
  }

  static func replace(
    _ parts: [SplitPart], of id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws {
    try session.execute(
      "DELETE FROM split WHERE household_id = \(scope.household) AND transaction_id = \(id)")
    for (position, part) in parts.enumerated() {
      try session.execute(
        """
        INSERT INTO split (household_id, transaction_id, position, amount_minor, category, note)
        VALUES (\(scope.household), \(id), \(position), \(part.amountMinor), \(part.category), \(part.note))
        """)
    }
  }

  /// To be called after a bank's words replaced a row that stands in parts: what the amount changed by (a tip, a
  /// correction) goes to the last part, or to all in proportion where a rule made them, by shares of the whole. The row is
  /// marked for review, and the person is asked to look.
  ///
  /// Call it between the two readings of ``TotalUpkeep/counted(_:_:_:)``. A row in one piece costs one look-up.
  ///
  /// - Returns: Whether anything moved.
  @discardableResult
  package static func follow(
    _ id: ID<Transaction>, newID: () -> ID<Question>, now: Timestamp, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    let parts = try parts(of: id, scope, session)
    guard !parts.isEmpty else { return false }
    var fitted = try fitted(parts, to: id, scope, session)
    guard fitted != parts else { return false }
    if try areByRule(id, scope, session), let amount = try amount(of: id, scope, session) {
      fitted = try inProportion(parts, to: amount) ?? fitted
    }
    try replace(fitted, of: id, scope, session)
    try session.execute(
      """
      UPDATE transaction_overlay SET is_reviewed = 0
      WHERE household_id = \(scope.household) AND transaction_id = \(id)
      """)
    try Inbox.ask(.splitAmountChanged, about: id, id: newID(), now: now, scope, session)
    return true
  }

  /// The parts with the last one changed so that they come to the transaction's amount as it is now.
  static func fitted(
    _ parts: [SplitPart], to id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> [SplitPart] {
    guard !parts.isEmpty else { return parts }
    guard let amount = try amount(of: id, scope, session) else { throw SplitError.unknownTransaction }
    let others = try sum(Array(parts.dropLast()))
    let last = amount.subtractingReportingOverflow(others)
    if last.overflow { throw SplitError.overflow }
    var fitted = parts
    fitted[parts.count - 1].amountMinor = last.partialValue
    return fitted
  }

  /// Whether a rule made the parts that stand.
  private static func areByRule(_ id: ID<Transaction>, _ scope: Scope, _ session: any Session) throws -> Bool {
    let through = try session.first(
      """
      SELECT g.through FROM change c JOIN change_group g ON g.household_id = c.household_id AND g.id = c.group_id
      WHERE c.household_id = \(scope.household) AND c.entity = 'transaction' AND c.entity_id = \(id.description)
        AND c.field = 'split' AND g.undone_by IS NULL AND g.undoes IS NULL
      ORDER BY c.id DESC LIMIT 1
      """
    ) { try $0(0, as: String.self) }
    return through?.hasPrefix("rule ") == true
  }

  /// Rounded down, and the last takes what is left, as when the rule made them. Nil when nothing says in what proportion.
  private static func inProportion(_ parts: [SplitPart], to amount: Int64) throws(SplitError) -> [SplitPart]? {
    let whole = try sum(parts)
    guard whole != 0 else { return nil }
    var (fitted, left) = (parts, amount)
    for index in parts.indices.dropLast() {
      // Amounts are bounded far below what two of them multiplied could overflow.
      let share = Int128(parts[index].amountMinor) * Int128(amount) / Int128(whole)
      guard let share = Int64(exactly: share) else { throw .overflow }
      let (rest, overflow) = left.subtractingReportingOverflow(share)
      if overflow { throw .overflow }
      (fitted[index].amountMinor, left) = (share, rest)
    }
    fitted[parts.count - 1].amountMinor = left
    return fitted
  }

  private static func sum(_ parts: [SplitPart]) throws(SplitError) -> Int64 {
    var sum: Int64 = 0
    for part in parts {
      let (next, overflow) = sum.addingReportingOverflow(part.amountMinor)
      if overflow || part.amountMinor.magnitude > Limits.rowMinorUnitsMax { throw .overflow }
      sum = next
    }
    return sum
  }

  private static func amount(of id: ID<Transaction>, _ scope: Scope, _ session: any Session) throws -> Int64? {
    try session.first(
      "SELECT amount_minor FROM bank_transaction WHERE household_id = \(scope.household) AND id = \(id)"
    ) { try $0(0) }
  }
}

/// Parts as one text, for the record of changes: a line each, of amount, category and note.
extension Splits {
  static func text(_ parts: [SplitPart]) -> String? {
    guard !parts.isEmpty else { return nil }
    return parts.map { part in
      [String(part.amountMinor), part.category ?? "", part.note ?? ""].map(escaped).joined(separator: "\t")
    }.joined(separator: "\n")
  }

  static func parts(_ text: String?) -> [SplitPart]? {
    guard let text else { return [] }
    var parts: [SplitPart] = []
    for line in text.split(separator: "\n", omittingEmptySubsequences: false) {
      let words = line.split(separator: "\t", omittingEmptySubsequences: false).map { unescaped($0) }
      guard words.count == 3, let minor = Int64(words[0]) else { return nil }
      parts.append(
        SplitPart(
          amountMinor: minor, category: words[1].isEmpty ? nil : words[1], note: words[2].isEmpty ? nil : words[2]))
    }
    return parts
  }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\t", with: "\\t").replacing("\n", with: "\\n")
  }

  private static func unescaped(_ text: Substring) -> String {
    var result = ""
    var isEscaped = false
    for character in text.unicodeScalars {
      switch (isEscaped, character) {
      case (false, "\\"): isEscaped = true
      case (true, "t"): (result, isEscaped) = (result + "\t", false)
      case (true, "n"): (result, isEscaped) = (result + "\n", false)
      default:
        result.unicodeScalars.append(character)
        isEscaped = false
      }
    }
    return result
  }
}
