import JSON

/// A page of rows on its way out: everything it needs, taken along, so that it can be written without the world.
struct RowsPage: Sendable {
  enum Frame: Sendable {
    case sync(status: String, next: String, hasMore: Bool)
    case list(item: JSONValue, total: Int)
  }

  enum Rows: Sendable {
    case changes([ChangeLog.Entry])
    /// Made while they are written: a million rows are never held.
    case bulk(BulkBook, Range<Int>)
  }

  var frame: Frame
  var accounts: JSONValue
  var rows: Rows
  var writer: RowWriter

  func written(requestID: String) -> [UInt8] {
    var out: [UInt8] = []
    out.reserveCapacity(1_600 * count + 8_192)
    out.fixed("{\"accounts\":")
    out += accounts.serialized()
    switch frame {
    case .sync(let status, let next, let hasMore):
      out.fixed(",\"added\":")
      append(.added, to: &out)
      out.fixed(",\"has_more\":")
      out.bool(hasMore)
      out.fixed(",\"modified\":")
      append(.modified, to: &out)
      out.fixed(",\"next_cursor\":")
      out.quoted(next)
      out.fixed(",\"removed\":")
      appendRemoved(to: &out)
      out.fixed(",\"transactions_update_status\":")
      out.quoted(status)
    case .list(let item, let total):
      out.fixed(",\"item\":")
      out += item.serialized()
      out.fixed(",\"total_transactions\":")
      out.whole(UInt64(total))
      out.fixed(",\"transactions\":")
      append(.added, to: &out)
    }
    out.fixed(",\"request_id\":")
    out.quoted(requestID)
    out.append(UInt8(ascii: "}"))
    return out
  }

  private var count: Int {
    switch rows {
    case .changes(let changes): changes.count
    case .bulk(_, let range): range.count
    }
  }

  private func append(_ kind: ChangeLog.Kind, to out: inout [UInt8]) {
    out.append(UInt8(ascii: "["))
    var isFirst = true
    switch rows {
    case .changes(let changes):
      for change in changes where change.kind == kind {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        writer.append(change.row, to: &out)
      }
    case .bulk(let book, let range):
      guard kind == .added else { break }
      for index in range {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        writer.append(book.row(index), to: &out)
      }
    }
    out.append(UInt8(ascii: "]"))
  }

  private func appendRemoved(to out: inout [UInt8]) {
    out.append(UInt8(ascii: "["))
    if case .changes(let changes) = rows {
      var isFirst = true
      for change in changes where change.kind == .removed {
        if !isFirst { out.append(UInt8(ascii: ",")) }
        isFirst = false
        out.fixed("{\"account_id\":")
        out.quoted(change.row.accountID)
        out.fixed(",\"transaction_id\":")
        out.quoted(change.row.id)
        out.append(UInt8(ascii: "}"))
      }
    }
    out.append(UInt8(ascii: "]"))
  }
}
