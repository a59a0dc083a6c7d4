import Basics
import Databases
import Finance
import Store

@testable import Sync

/// What must hold between a bank's truth and the ledger.
extension Simulation {
  struct Line: Hashable, Comparable, CustomStringConvertible {
    var purchase: String
    var amount: String
    var currency: String
    var day: Int
    var isPending: Bool
    static func < (left: Line, right: Line) -> Bool { left.description < right.description }
    var description: String { "\(purchase) \(amount) \(currency) \(day) \(isPending)" }
  }

  /// After everything: rows, amounts, notes, deletions and totals.
  func compare() async throws {
    let scope = scope
    let rows = try await allRows()
    let asked = try await database.read { Set(try Inbox.open(.leftOverRow, scope, $0)) }
    let unlinked = banks.reduce(self.unlinked) { $0.union($1.unlinked) }
    // A deletion cannot follow a row that the bank does not tie to the deleted one.
    let unclear = deleted.intersection(unlinked)
    let ledger = Self.lines(rows.filter { !asked.contains($0.id) && !unclear.contains($0.name) })
    let truth = try banks.flatMap { try Self.truth($0) }
      .filter { !deleted.contains($0.purchase) && !unclear.contains($0.purchase) }
    expect(ledger, truth, "in the end")
    // A note never hangs on another purchase.
    for row in rows {
      if let notes = row.notes, notes != "note on \(row.name)" { fail("\(row.name) bears the \(notes)") }
    }
    try await compareNotes(unlinked)
    let differences = try await database.read { try Totals.check(scope, $0) }
    for difference in differences { fail("totals: \(difference)") }
  }

  /// As multisets: of two equal purchases both must be there.
  private func expect(_ ledger: [Line], _ truth: [Line], _ when: String) {
    let difference = truth.sorted().difference(from: ledger.sorted())
    for change in difference {
      switch change {
      case .insert(_, let line, _): fail("\(when), missing: \(line)")
      case .remove(_, let line, _): fail("\(when), not at the bank: \(line)")
      }
    }
  }

  /// Straight after a run, while nothing has happened since: the rows of one connection.
  func compareOne(_ index: Int) async throws {
    let tag = index == 0 ? "P" : "Q"
    let scope = scope
    let unlinked = banks.reduce(self.unlinked) { $0.union($1.unlinked) }
    let asked = try await database.read { Set(try Inbox.open(.leftOverRow, scope, $0)) }
    // What nobody can read yet, or belongs to an account that no list has named, waits in quarantine.
    let garbled = Set(
      banks[index].state.withLock { state in
        state.rows.values.filter { $0.isGarbled || state.hidden.contains($0.feed.accountID) }.map(\.feed.name)
      })
    // Whichever holder's bank came first leads the joint account.
    let joint = hasJoint && index == 0 ? banks[0].jointRows : []
    let skipped = deleted.union(garbled).union(joint).union(unlinked.intersection(deleted))
    let rows = try await allRows().filter {
      $0.name.hasPrefix(tag) && !skipped.contains($0.name) && !asked.contains($0.id)
    }
    let truth = try Self.truth(banks[index]).filter { !skipped.contains($0.purchase) }
    expect(Self.lines(rows), truth, "right after a run")
  }

  private static func lines(_ rows: [ListedTransaction]) -> [Line] {
    rows.map {
      Line(
        purchase: $0.name, amount: $0.exact ?? $0.amount.decimal, currency: $0.amount.currency.code,
        day: $0.bookedOn.days, isPending: $0.isPending)
    }.sorted()
  }

  private static func truth(_ bank: SimulatedBank) throws -> [Line] {
    try bank.counted.map { row in
      let currency = row.feed.currency ?? bank.currency(of: row.feed.accountID)
      let (money, exact) = try Money.rounding(row.feed.amount, currency)
      return Line(
        purchase: row.feed.name, amount: exact?.text ?? money.decimal, currency: currency.code,
        day: row.feed.bookedOn.days, isPending: row.feed.isPending)
    }
  }

  /// One lineage, one row: what the bank ties together is one transaction with one note.
  private func compareNotes(_ unlinked: Set<String>) async throws {
    let lost = try await database.read { session in
      try session.query(
        """
        SELECT t.name FROM bank_transaction t
        JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
        WHERE t.is_gone = 1 AND o.notes IS NOT NULL
        """
      ) { try $0(0, as: String.self) }
    }
    let living = Set(banks.flatMap { bank in bank.counted.map(\.purchase) }).subtracting(unlinked)
    for name in lost where living.contains(name) { fail("the note on \(name) hangs on a row that went") }
  }
}

extension Simulation {
  /// For a person who replays one seed: every transaction of a purchase with all its names.
  func tell(_ purchase: String) async throws {
    let lines = try await database.read { session in
      try session.query(
        """
        SELECT hex(t.id), t.is_gone, t.is_pending, t.amount_minor, hex(s.connection_id), s.provider_id, s.is_pending,
          COALESCE(s.pending_id, '-'), COALESCE(s.removed_at, 0), s.seen_fence, COALESCE(o.deleted_at, 0), s.amount_minor
        FROM bank_transaction t
        JOIN transaction_source s ON s.household_id = t.household_id AND s.transaction_id = t.id
        LEFT JOIN transaction_overlay o ON o.household_id = t.household_id AND o.transaction_id = t.id
        WHERE t.name = \(purchase) ORDER BY t.id, s.seen_from
        """
      ) { row in
        "  \(try row(0, as: String.self).suffix(4)) gone \(try row(1, as: Int.self)) pending \(try row(2, as: Int.self)) "
          + "amount \(try row(3, as: Int.self)) deleted \(try row(10, as: Int.self)) | \(try row(4, as: String.self).suffix(4)) "
          + "\(try row(5, as: String.self)) pending \(try row(6, as: Int.self)) of \(try row(7, as: String.self)) "
          + "removed \(try row(8, as: Int.self)) fence \(try row(9, as: Int.self)) amount \(try row(11, as: Int.self))"
      }
    }
    print("\(purchase):")
    for line in lines { print(line) }
    for bank in banks {
      for row in bank.state.withLock({ Array($0.rows.values) }) where row.purchase == purchase {
        print(
          "  bank: \(row.feed.id) \(row.feed.accountID) pending \(row.feed.isPending) of \(row.feed.pendingID ?? "-") \(row.feed.amount)"
        )
      }
    }
  }
}
