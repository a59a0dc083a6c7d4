import JSON

/// A careful reader of `/transactions/sync`: it keeps what it is told, and starts a loop over when it has to.
struct SyncClient {
  let bench: Bench
  let linked: Linked
  var account: String?
  var cursor = ""
  var rows: [String: JSONValue] = [:]
  var status = ""
  var pages = 0
  var restarts = 0

  init(_ bench: Bench, _ linked: Linked, account: String? = nil) {
    self.bench = bench
    self.linked = linked
    self.account = account
  }

  func page(_ cursor: String?, count: Int) async throws -> JSONValue {
    var body: JSONValue = ["access_token": linked.access, "count": .int(count)]
    body["cursor"] = cursor.map { .string($0) }
    body["options"] = account.map { ["account_id": .string($0)] }
    return try await bench.post("/transactions/sync", body)
  }

  /// One update, from the kept cursor to the end.
  mutating func sync(count: Int = 100) async throws {
    var next = cursor
    var pending = rows
    while true {
      let page = try await page(next, count: count)
      pages += 1
      if page["error_code"]?.string == "TRANSACTIONS_SYNC_MUTATION_DURING_PAGINATION" {
        restarts += 1
        next = cursor
        pending = rows
        continue
      }
      guard let end = page["next_cursor"]?.string else { throw Unexpected(answer: page) }
      for row in (page["added"]?.elements ?? []) + (page["modified"]?.elements ?? []) {
        if let id = row["transaction_id"]?.string { pending[id] = row }
      }
      for row in page["removed"]?.elements ?? [] {
        if let id = row["transaction_id"]?.string { pending[id] = nil }
      }
      status = page["transactions_update_status"]?.string ?? ""
      next = end
      if page["has_more"]?.bool != true { break }
    }
    cursor = next
    rows = pending
  }

  /// What was understood, in the words of the truth.
  var summary: [String: String] { rows.mapValues(Self.words) }

  static func summary(ofTruth truth: JSONValue) -> [String: String] {
    var summary: [String: String] = [:]
    for row in truth["transactions"]?.elements ?? [] { summary[row["transaction_id"]?.string ?? "?"] = words(row) }
    return summary
  }

  private static func words(_ row: JSONValue) -> String {
    let parts = ["account_id", "amount", "date", "name", "pending", "pending_transaction_id", "iso_currency_code"]
    return parts.map { row[$0]?.text() ?? "-" }.joined(separator: " ")
  }
}
