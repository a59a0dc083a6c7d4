import Finance

/// A transaction as it is told to a caller at some moment: one form of a ``BankEntry``, under an id of its own.
struct Row: Sendable, Equatable {
  var id: String
  var accountID: String
  var isPending: Bool
  /// On a posted row, the id of the pending one it replaced.
  var pendingID: String?
  var amountMinor: Int64
  /// Pending: when it occurred. Posted: when it posted.
  var date: CalendarDate
  var name: String
  /// What stays the same in all forms.
  var source: SharedEntry
}

/// An entry that many rows point to: the log keeps every form an entry ever had, and copies would add up.
final class SharedEntry: Sendable, Equatable {
  let entry: BankEntry

  init(_ entry: BankEntry) { self.entry = entry }

  static func == (left: SharedEntry, right: SharedEntry) -> Bool { left === right || left.entry == right.entry }
}
