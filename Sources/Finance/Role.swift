/// What a person may do in a household. The words are stored and shown: they never change.
package enum Role: String, Sendable, CaseIterable {
  /// Looks, and changes nothing.
  case viewer
  /// Links banks, syncs, and edits the ledger.
  case member
  /// Also settings, other people's connections, and who belongs to the household.
  case admin
  /// Also ends the household and makes owners. There is always one.
  case owner

  private var rank: Int {
    switch self {
    case .viewer: 0
    case .member: 1
    case .admin: 2
    case .owner: 3
    }
  }
}

extension Role: Comparable {
  package static func < (left: Role, right: Role) -> Bool { left.rank < right.rank }
}
