/// What has happened to an Item's rows, in order and for good. A cursor is a place in this log.
///
/// Nothing is ever rewritten, so the pages between two places are the same however often they are asked for.
struct ChangeLog: Sendable {
  enum Kind: Sendable, Equatable { case added, modified, removed }

  struct Entry: Sendable {
    var kind: Kind
    /// For a removal, the row as it last was.
    var row: Row
  }

  private(set) var entries: [Entry] = []

  var end: Int { entries.count }

  mutating func append(_ kind: Kind, _ row: Row) { entries.append(Entry(kind: kind, row: row)) }

  /// The net changes between two places, ascending by when a row was last touched.
  ///
  /// A row that was added and changed in between is simply added; one that came and went is not told at all. From place
  /// 0 this is the present state, all of it added.
  /// - Parameter account: Only rows of this account, for a stream of its own.
  func changes(from start: Int, to end: Int, account: String?) -> [Entry] {
    var first: [String: Kind] = [:]
    var last: [String: Int] = [:]
    for index in start..<end {
      let entry = entries[index]
      if let account, entry.row.accountID != account { continue }
      if first[entry.row.id] == nil { first[entry.row.id] = entry.kind }
      last[entry.row.id] = index
    }
    var changes: [Entry] = []
    for index in start..<end {
      let entry = entries[index]
      guard last[entry.row.id] == index, let began = first[entry.row.id] else { continue }
      switch (began, entry.kind) {
      case (.added, .removed): continue
      case (.added, _): changes.append(Entry(kind: .added, row: entry.row))
      // Gone and back under the same id: whoever knew the row must hear what it is now.
      case (_, .added), (_, .modified): changes.append(Entry(kind: .modified, row: entry.row))
      case (_, .removed): changes.append(entry)
      }
    }
    return changes
  }
}
