import Finance

/// What is asked of a ledger: its live rows, its balances, and where a key stands.
extension Ledger {
  /// Rows as they are now, newest first, the last told first among those of one day.
  func liveRows() -> [Row] {
    let live = shown.enumerated().compactMap { index, row in row.map { (index, $0) } }
    return live.sorted { left, right in
      left.1.date != right.1.date ? left.1.date > right.1.date : left.0 > right.0
    }.map(\.1)
  }

  /// Where the entry of a live row stands.
  func index(ofRow id: String) -> Int? { shown.firstIndex { $0?.id == id } }

  /// What the rows of an account add up to now, told or not: the sum of everything posted, and of what is pending.
  func sums(of account: String) -> (posted: Int64, pending: Int64) {
    var posted: Int64 = 0
    var pending: Int64 = 0
    for index in entries.indices where entries[index].entry.account == account {
      guard let standing = standing(of: index) else { continue }
      if standing.isPending { pending += standing.amountMinor } else { posted += standing.amountMinor }
    }
    return (posted, pending)
  }
}
