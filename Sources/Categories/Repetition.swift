import Basics
import Finance
import Recognition
package import Store

/// Refunds and the purchases they pay back, and rows that may be there twice. Pure.
package enum Repetition {
  /// Shops take goods back for some weeks, and are slow to pay.
  package static let refundDaysMax = 90
  /// A row written by hand may be dated some days off.
  package static let handDaysMax = 3
  /// The same amount twice at the same till on one day is worth a question from ten units on: below, it is two coffees.
  private static let doubleUnitsMin: Int64 = 10

  /// What came in, and the purchases of that amount on the same account before it. Names are compared later.
  package static func refunds(_ rows: [PairableRow]) -> [(refund: PairableRow, purchases: [PairableRow])] {
    struct Key: Hashable {
      var account: ID<Account>
      var currency: Currency
      var minor: Int64
    }
    let back = rows.filter { row in
      row.minor > 0 && row.flow != .transfer && row.standing != .own
        && (row.flow != .income || row.standing >= .unknown)
    }
    guard !back.isEmpty else { return [] }
    let sought = Set(back.map { Key(account: $0.account, currency: $0.currency, minor: -$0.minor) })
    var bought: [Key: [PairableRow]] = [:]
    for row in rows where row.minor < 0 && row.flow == .expense {
      let key = Key(account: row.account, currency: row.currency, minor: row.minor)
      if sought.contains(key) { bought[key, default: []].append(row) }
    }
    return back.compactMap { row in
      let same = bought[Key(account: row.account, currency: row.currency, minor: -row.minor)] ?? []
      let purchases = same.filter { (0...refundDaysMax).contains(row.day - $0.day) }
      return purchases.isEmpty ? nil : (row, purchases)
    }
  }

  /// Rows that may be one: written by hand and sent by the bank, or charged twice on one day.
  package static func doubles(_ rows: [PairableRow]) -> [(kept: PairableRow, again: PairableRow)] {
    struct Key: Hashable {
      var account: ID<Account>
      var currency: Currency
      var minor: Int64
    }
    var found: [(PairableRow, PairableRow)] = []
    let groups = Dictionary(grouping: rows) { Key(account: $0.account, currency: $0.currency, minor: $0.minor) }
    for group in groups.values where group.count > 1 {
      let byHand = group.filter { !$0.isFromBank }
      var sent = group.filter(\.isFromBank)
      for row in byHand {
        let near = sent.enumerated().filter { abs($0.element.day - row.day) <= handDaysMax }
        guard let match = near.min(by: { abs($0.element.day - row.day) < abs($1.element.day - row.day) }) else {
          continue
        }
        found.append((match.element, row))
        sent.remove(at: match.offset)
      }
      let ordered = sent.sorted { ($0.day, $0.id) < ($1.day, $1.id) }
      for (one, other) in zip(ordered, ordered.dropFirst())
      where one.day == other.day && one.flow == .expense && one.minor < 0 && units(one) >= doubleUnitsMin {
        found.append((one, other))
      }
    }
    return found.sorted { ($0.1.day, $0.1.id) < ($1.1.day, $1.1.id) }
  }

  private static func units(_ row: PairableRow) -> Int64 {
    var size = Int64(clamping: row.minor.magnitude)
    for _ in 0..<row.currency.digits { size /= 10 }
    return size
  }

  /// By which a purchase and its refund are of one merchant, whatever the refund calls itself.
  static func merchant(_ row: JudgedRow) -> String {
    let key = MerchantName(HouseholdJudge.evidence(row, home: nil)).key
    guard key.hasPrefix("w:") else { return key }
    return key.dropFirst(2).split(separator: " ").filter { !refundWords.contains(String($0)) }.joined(separator: " ")
  }

  private static let refundWords: Set = [
    "REFUND", "RETURN", "REVERSAL", "CREDIT", "REFUNDED", "RETOURE", "GUTSCHRIFT", "REMBOURSEMENT", "REEMBOLSO",
    "RIMBORSO",
  ]
}
