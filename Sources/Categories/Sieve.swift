package import Basics
package import Finance
package import Store

/// Picks those of many rows that may belong to another one, by amounts alone: the others are never looked at closely.
package enum Sieve {
  private struct Amount: Hashable {
    var size: UInt64
    var currency: Currency
  }
  private struct Place: Hashable {
    var account: ID<Account>
    var minor: Int64
    var currency: Currency
  }
  private struct Till: Hashable {
    var place: Place
    var day: CalendarDate
  }

  package static func candidates(_ rows: [PairableRows.Sketch]) -> [ID<Transaction>] {
    var incoming: Set<Amount> = []
    var byHand: Set<Place> = []
    var tills: Set<Till> = []
    var twice: Set<Till> = []
    for row in rows {
      if row.minor > 0 { incoming.insert(amount(row)) }
      if !row.isFromBank { byHand.insert(place(row)) }
      let till = Till(place: place(row), day: row.day)
      if !tills.insert(till).inserted { twice.insert(till) }
    }
    var both: Set<Amount> = []
    for row in rows where row.minor < 0 && incoming.contains(amount(row)) { both.insert(amount(row)) }
    return rows.filter { row in
      row.minor != 0
        && (row.mayBeTransfer || both.contains(amount(row)) || byHand.contains(place(row))
          || twice.contains(Till(place: place(row), day: row.day)))
    }.map(\.id)
  }

  private static func amount(_ row: PairableRows.Sketch) -> Amount {
    Amount(size: row.minor.magnitude, currency: row.currency)
  }

  private static func place(_ row: PairableRows.Sketch) -> Place {
    Place(account: row.account, minor: row.minor, currency: row.currency)
  }
}
