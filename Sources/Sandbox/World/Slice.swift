import Finance
import JSON

/// One page of changes, and the cursor that leads on from it.
extension SandboxWorld {
  struct Slice: Sendable {
    var rows: RowsPage.Rows
    var next: String
    var hasMore: Bool
  }

  static let foreignCursor = Refusal.invalidField("cursor not associated with access_token")

  /// - Parameter account: For the stream of one account; its cursors are of no use elsewhere.
  /// - Throws: ``Refusal/mutatedDuringPagination`` when something changed since the loop began. The place the loop
  ///   began at stays good, and leads to other pages now.
  mutating func slice(of id: String, cursor text: String, count: Int, account: String?) throws(Refusal) -> Slice {
    guard let item = items[id] else { throw .accessToken }
    let binding = naming.number("cursor", id, account ?? "")
    let cursor: Cursor
    if text.isEmpty {
      cursor = .at(0)
    } else if text == "now" {
      cursor = .at(item.bulk?.rows ?? item.ledger.log.end)
    } else if let known = Cursor(text, binding: binding) {
      cursor = known
    } else {
      throw Self.foreignCursor
    }
    if let bulk = item.bulk { return bulkSlice(of: bulk, cursor, count, account, binding) }
    if cursor.loop != nil, item.mutatesNextPage {
      items[id]?.mutatesNextPage = false
      mutate(id)
    }
    guard let log = items[id]?.ledger.log else { throw .accessToken }
    if let loop = cursor.loop, loop.end != log.end { throw .mutatedDuringPagination }
    let changes = changes(of: id, from: cursor.base, to: log.end, account: account)
    let start = min(cursor.loop?.offset ?? 0, changes.count)
    let page = changes[start...].prefix(count)
    let hasMore = page.endIndex < changes.count
    let next = Cursor(base: cursor.base, loop: .init(end: log.end, offset: page.endIndex))
    return Slice(
      rows: .changes(Array(page)), next: (hasMore ? next : .at(log.end)).text(binding: binding), hasMore: hasMore)
  }

  /// The changes between two places, kept for the next page of the same loop.
  private mutating func changes(of id: String, from base: Int, to end: Int, account: String?) -> [ChangeLog.Entry] {
    guard let item = items[id] else { return [] }
    if let last = item.lastChanges, last.base == base, last.end == end, last.account == account { return last.changes }
    let changes = item.ledger.log.changes(from: base, to: end, account: account)
    items[id]?.lastChanges = (base, end, account, changes)
    return changes
  }

  private func bulkSlice(
    of bulk: BulkBook, _ cursor: Cursor, _ count: Int, _ account: String?, _ binding: UInt64
  ) -> Slice {
    let start = min(cursor.base, bulk.rows)
    let range = start..<min(start + count, bulk.rows)
    return Slice(
      rows: .bulk(bulk, range), next: Cursor.at(range.upperBound).text(binding: binding),
      hasMore: range.upperBound < bulk.rows)
  }

  /// The bank changes its oldest live row a little, as it may at any time.
  mutating func mutate(_ id: String) {
    guard let ledger = items[id]?.ledger, let index = ledger.shown.firstIndex(where: { $0 != nil }),
      let row = ledger.shown[index]
    else { return }
    keep(.mutated(item: id))
    let place = ledger.log.end
    items[id]?.ledger.edit(index) { $0.amountMinor = row.amountMinor + 1 }
    announceChanges(id, since: place)
  }
}
