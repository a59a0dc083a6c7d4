import Basics
import Finance
import HTTP
import Store

/// Transactions as a table that spreadsheets read, written page by page while it is sent.
extension Interface {
  var exportTransactions: Operation {
    Operation(
      "exportTransactions", .get, "/v1/transactions.csv", .transactions, "Export transactions as a table",
      needs: .household(.read, .viewer),
      parameters: TransactionFilterFields.parameters + [TransactionFilterFields.order],
      answers: [
        .other(
          200, "text/csv", "RFC 4180, in UTF-8, with a row of names first.",
          example: TransactionTable.head + TransactionTable.example)
      ]
    ) { call in
      let banks = try banks(for: call)
      let filter = try TransactionFilterFields.filter(query: call.query)
      let order = TransactionOrder(rawValue: try call.query.required("order")) ?? .newest
      let names = try await banks.reading { [scope = banks.scope] session in
        TransactionTable.Names(
          accounts: Dictionary(
            try Accounts.list(after: nil, limit: Limits.listMax, scope, session).map { ($0.id, $0.name) }
          ) { $1 },
          categories: Dictionary(try Categories.all(scope, session).map { ($0.code, $0.name) }) { $1 },
          tags: Dictionary(try Tags.all(scope, session).map { ($0.id, $0.name) }) { $1 })
      }
      @Sendable func page(after: TransactionPosition?) async throws -> [TransactionEntry] {
        try await banks.reading { [scope = banks.scope] session in
          try Transactions.entries(
            filter, order: order, after: after, limit: TransactionTable.pageRows, scope, session)
        }
      }
      // The first page is read before anything is sent: what fails by then is still told as a problem.
      let first = try await page(after: nil)
      try await noteExport("transactions.csv", call)
      let rest = Locked(TransactionTable.Rest.page(first))
      let stream = BodyStream {
        switch rest.withLock({ $0 }) {
        case .page(let entries):
          rest.withLock { $0 = TransactionTable.Rest(after: entries) }
          return Array((TransactionTable.head + TransactionTable.lines(entries, names)).utf8)
        case .after(let position):
          let entries = try await page(after: position)
          rest.withLock { $0 = TransactionTable.Rest(after: entries) }
          return Array(TransactionTable.lines(entries, names).utf8)
        case .nothing: return nil
        }
      }
      var response = Response.streaming(200, contentType: "text/csv; charset=utf-8; header=present", stream)
      response.headers["Content-Disposition"] = "attachment; filename=\"transactions.csv\""
      return response
    }
    .saying(
      """
      Takes the filter and the order of the list, and gives all of it at once. Texts that a spreadsheet would take for a \
      formula begin with an apostrophe. The parts of a divided one stand in `splits` as category, amount and note with \
      `;` between them; `*` is the category of the whole. It needs a proof of who you are that is younger than five \
      minutes; a key needs the scope `admin`.
      """
    )
    .freshly()
  }
}

/// A table of transactions: RFC 4180, safe to open in a spreadsheet.
enum TransactionTable {
  static let pageRows = 500

  /// What is still to be sent.
  enum Rest: Sendable {
    case page([TransactionEntry])
    case after(TransactionPosition)
    case nothing

    init(after page: [TransactionEntry]) {
      self = page.last.flatMap { page.count < pageRows ? nil : .after($0.row.position) } ?? .nothing
    }
  }

  /// What ids and codes are called.
  struct Names: Sendable {
    var accounts: [ID<Account>: String]
    var categories: [String: String]
    var tags: [ID<Store.Tag>: String]
  }

  static let head =
    """
    id,occurred_on,booked_on,account_id,account,name,merchant,original_description,amount,currency,category,\
    category_name,flow,pending,tags,notes,reviewed,excluded,splits,fields\r\n
    """

  static let example =
    "txn_01kj3v5d8ve2r9q0w4y7h6t1cz,2026-03-12,2026-03-13,acc_01kj3v5d8ve2r9q0w4y7h6t1cz,Checking,Tectra Inc,Tectra,"
    + "TECTRA INC 0312,-12.34,USD,FOOD_AND_DRINK_RESTAURANT,Restaurants,expense,false,,,false,false,,\r\n"

  static func lines(_ entries: [TransactionEntry], _ names: Names) -> String {
    var text = ""
    for entry in entries {
      let row = entry.row
      let tags = entry.extras.tags.compactMap { names.tags[$0] }.joined(separator: "; ")
      // Ours are plain: numbers, days and ids begin with nothing that a formula begins with, but for an amount's minus.
      text += "\(row.id),\(row.occurredOn),\(row.bookedOn),\(row.account),"
      text += cell(names.accounts[row.account]) + "," + cell(row.name) + "," + cell(row.merchantName) + ","
      text += cell(row.originalDescription) + ",\(row.amount.decimal),\(row.amount.currency.code),"
      text += cell(row.category) + "," + cell(row.category.flatMap { names.categories[$0] }) + ",\(row.flow),"
      text += "\(row.isPending)," + cell(tags) + "," + cell(row.notes) + ",\(row.isReviewed),\(row.isExcluded),"
      text +=
        cell(splits(entry.extras.parts, of: row.amount.currency)) + "," + cell(fields(entry.extras.custom)) + "\r\n"
    }
    return text
  }

  /// `CODE amount note; CODE amount`: codes and amounts have no spaces, and `; ` parts nothing else.
  static func splits(_ parts: [SplitPart], of currency: Currency) -> String {
    parts.map { part in
      let amount = Money(minorUnits: part.amountMinor, currency).decimal
      // The category of the whole.
      let words = [part.category ?? "*", amount, part.note.map(single) ?? ""]
      return words.filter { !$0.isEmpty }.joined(separator: " ")
    }.joined(separator: "; ")
  }

  /// `name=value; name=value`.
  static func fields(_ fields: [String: String]) -> String {
    fields.sorted { $0.key < $1.key }.map { "\(single($0.key).replacing("=", with: ":"))=\(single($0.value))" }
      .joined(separator: "; ")
  }

  private static func single(_ text: String) -> String { text.replacing(";", with: ",") }

  /// A text that somebody else wrote: quoted where it has to be, and never a formula.
  static func cell(_ text: String?) -> String {
    guard var text, let first = text.unicodeScalars.first else { return "" }
    // What OWASP's advice on CSV injection lists, and the same signs in full width.
    if "=+-@\t\r\n\u{FF1D}\u{FF0B}\u{FF0D}\u{FF20}".unicodeScalars.contains(first) { text = "'" + text }
    guard text.unicodeScalars.contains(where: { ",\"\r\n".unicodeScalars.contains($0) }) else { return text }
    return "\"" + text.replacing("\"", with: "\"\"") + "\""
  }
}
