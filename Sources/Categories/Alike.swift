package import Basics
package import Databases
package import Finance
import Recognition
import Store

/// The rows that are like one: of the same merchant and direction. Shown with count and sum before all are changed.
package struct Alike: Sendable {
  package var merchant: String
  package var rows: [ID<Transaction>]
  package var sums: [Currency: Int64]

  /// So many rows are looked through, and changed at one stroke.
  package static let rowsMax = 50_000

  /// - Returns: Nil for a row that is not there, or not the person's to see.
  package static func to(
    _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> Alike? {
    guard let (row, _, _) = try Judgements.row(id, scope, session) else { return nil }
    let evidence = HouseholdJudge.evidence(row, home: nil)
    let name = MerchantName(evidence)
    var alike = Alike(merchant: name.shown, rows: [], sums: [:])
    var after: ID<Transaction>?
    var seen = 0
    while seen < rowsMax {
      let rows = try Judgements.rows(after: after, limit: 1_000, scope, session)
      seen += rows.count
      for (other, _) in rows where (other.amount.minorUnits < 0) == evidence.isOutgoing {
        guard other.id == id || MerchantName(HouseholdJudge.evidence(other, home: nil)).key == name.key else {
          continue
        }
        alike.rows.append(other.id)
        alike.sums[other.amount.currency, default: 0] &+= other.amount.minorUnits
      }
      guard rows.count == 1_000, let last = rows.last else { break }
      after = last.row.id
    }
    return alike
  }
}
