import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// What people write on transactions, one at a time.
extension Interface {
  var transactionEditOperations: [Operation] {
    [createTransaction, editTransaction, splitTransaction, deleteTransaction, restoreTransaction, changeTransactions]
  }

  private var createTransaction: Operation {
    Operation(
      "createTransaction", .post, "/v1/transactions", .transactions, "Write a transaction down by hand",
      needs: .household(.write, .member), body: .json(Self.newTransactionShape, example: Self.newTransactionExample),
      answers: [
        .json(
          201, Wire.transactionShape, "The transaction.", headers: [("Location", "Where it is.")],
          example: Wire.transactionExample)
      ]
    ) { call in
      let banks = try banks(for: call)
      var row = NewTransaction(
        account: try call.body.required("account"), amount: try call.body.required("amount"),
        bookedOn: try call.body.required("booked_on"), name: try call.body.required("name"))
      row.merchantName = call.body["merchant"]
      let (new, others) = (row, call.body)
      return try await call.stroke(banks) { edits, session in
        let more = try TransactionEdits.read(others, on: nil, banks.scope, session)
        let id = try Manual.create(new, &edits, session)
        try edits.write(more, on: id, session)
        return Call.shown(try Self.transaction(id, banks.scope, session), status: 201, at: "/v1/transactions/\(id)")
      }
    }
    .saying("For cash, and for what no bank tells. A positive amount is into your pocket.").repeatable()
  }

  private static let newTransactionShape = Shape.object(
    [
      .required("account", .id(Account.self)), .required("amount", .money), .required("booked_on", .day),
      .required("name", .text()), .optional("merchant", .text().orNull),
    ] + TransactionEdits.members.filter { $0.name != "name" })

  private static let newTransactionExample: JSONValue = [
    "account": "acc_01kj3v5d8ve2r9q0w4y7h6t1cz", "amount": ["amount": "-4.50", "currency": "USD"],
    "booked_on": "2026-03-12", "name": "Flea market", "category": "GENERAL_MERCHANDISE",
  ]

  private var editTransaction: Operation {
    Operation(
      "editTransaction", .patch, "/v1/transactions/{id}", .transactions, "Write on a transaction",
      needs: .household(.write, .member), parameters: [.path("id", .id(Transaction.self)), .ifMatch],
      body: .json(TransactionEdits.shape, example: TransactionEdits.example),
      answers: [.json(200, Wire.transactionShape, "The transaction as it is now.", example: Wire.transactionExample)],
      problems: [.transactionUnknown]
    ) { call in
      try await write(call) { session, id, scope in try TransactionEdits.read(call.body, on: id, scope, session) }
    }
    .saying(
      """
      Only what is named changes; null takes away what was written, so that the bank's words show again. What the bank \
      sends later never overwrites it. The answer's Magpie-Change undoes it.
      """)
  }

  private var splitTransaction: Operation {
    Operation(
      "splitTransaction", .put, "/v1/transactions/{id}/splits", .transactions, "Divide a transaction into parts",
      needs: .household(.write, .member), parameters: [.path("id", .id(Transaction.self)), .ifMatch],
      body: .json(Self.splitsShape, example: Self.splitsExample),
      answers: [.json(200, Wire.transactionShape, "The transaction as it is now.", example: Wire.transactionExample)],
      problems: [.transactionUnknown]
    ) { call in
      let parts: [Fields] = call.body["splits"] ?? []
      return try await write(call) { session, id, scope in
        guard let row = try Transactions.find(id, scope, session) else { throw EditError.unknown }
        var mistakes: [String: String] = [:]
        var split: [SplitPart] = []
        for (index, part) in parts.enumerated() {
          let amount: Money = try part.required("amount")
          if amount.currency != row.amount.currency {
            mistakes["/splits/\(index)/amount/currency"] = "must be \(row.amount.currency.code)"
          }
          let category: String? = part["category"]
          if let category, try Categories.find(category, scope, session) == nil {
            mistakes["/splits/\(index)/category"] = "is not a category here"
          }
          split.append(SplitPart(amountMinor: amount.minorUnits, category: category, note: part["note"]))
        }
        guard mistakes.isEmpty else { throw Problem.invalid(mistakes) }
        return [.split(split)]
      }
    }
    .saying(
      """
      The parts come to the transaction's amount. An empty list makes it one piece again. When the bank changes the \
      amount later, the last part takes the difference and you are asked to look.
      """)
  }

  private static let splitsShape = Shape.object([
    .required(
      "splits",
      .list(
        of: .object([
          .required("amount", .money), .optional("category", .token.orNull), .optional("note", .text().orNull),
        ]), count: 0...50))
  ])

  private static let splitsExample: JSONValue = [
    "splits": [
      ["amount": ["amount": "-10.00", "currency": "USD"], "category": "FOOD_AND_DRINK_GROCERIES"],
      ["amount": ["amount": "-2.34", "currency": "USD"], "category": "HOME_IMPROVEMENT_FURNITURE", "note": "Chair"],
    ]
  ]

  private var deleteTransaction: Operation {
    Operation(
      "deleteTransaction", .delete, "/v1/transactions/{id}", .transactions, "Delete a transaction",
      needs: .household(.write, .member), parameters: [.path("id", .id(Transaction.self)), .ifMatch],
      answers: [.empty("It is deleted, or was before.")], problems: [.transactionUnknown]
    ) { call in
      var response = try await write(call) { _, _, _ in [.isDeleted(true)] }
      (response.status, response.body) = (204, [])
      response.headers["Content-Type"] = nil
      response.headers["ETag"] = nil
      return response
    }
    .saying("Only a person brings it back, whatever the bank sends: with `restore`, or by undoing this.")
  }

  private var restoreTransaction: Operation {
    Operation(
      "restoreTransaction", .post, "/v1/transactions/{id}/restore", .transactions, "Bring a deleted transaction back",
      needs: .household(.write, .member), parameters: [.path("id", .id(Transaction.self))],
      answers: [.json(200, Wire.transactionShape, "The transaction.", example: Wire.transactionExample)],
      problems: [.transactionUnknown]
    ) { call in try await write(call) { _, _, _ in [.isDeleted(false)] } }
  }

  /// Writes on the transaction in the path, and answers with what is there then.
  private func write(
    _ call: Call,
    _ read: @escaping @Sendable (any Session, ID<Transaction>, Scope) throws -> [OverlayEdit]
  ) async throws -> Response {
    let banks = try banks(for: call)
    let id: ID<Transaction> = try call.id()
    return try await call.stroke(banks) { edits, session in
      try call.check(ifMatch: try Self.transaction(id, banks.scope, session))
      try edits.write(try read(session, id, banks.scope), on: id, session)
      return Call.shown(try Self.transaction(id, banks.scope, session))
    }
  }

  private static func transaction(
    _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> JSONValue {
    guard let entry = try Transactions.entry(id, scope, session) else { throw EditError.unknown }
    return Wire.transaction(entry)
  }
}

/// The members of a change to a transaction, and what they mean.
enum TransactionEdits {
  /// So many fields of one's own a transaction may have.
  private static let fieldsMax = 50

  static let members: [Shape.Member] = [
    .optional("category", .token.orNull, "The code of a category."), .optional("name", .text().orNull),
    .optional("notes", .lines().orNull),
    .optional("tags", .list(of: .id(Store.Tag.self), count: 0...50), "All of its tags."),
    .optional("fields", fields, "Fields of your own; null takes one away, the others stay."),
    .optional("occurred_on", .day.orNull, "The day that reports count."),
    .optional("excluded", .flag, "Left out of reports."), .optional("reviewed", .flag),
  ]

  static let shape = Shape.object(members)

  static let example: JSONValue = [
    "category": "FOOD_AND_DRINK_GROCERIES", "notes": "For the party", "fields": ["project": "garden"],
    "reviewed": true,
  ]

  private static let fields = Shape.map(of: .text(1...500).orNull, countMax: fieldsMax).holding { value in
    value.members.reduce(into: [:]) { mistakes, member in
      if !Shape.text(1...60).mistakes(in: .string(member.key)).isEmpty {
        mistakes[""] = "must have names of 1 to 60 characters without control characters"
      }
    }
  }

  /// - Parameter id: Nil for a transaction that is only being made.
  /// - Throws: 422 for categories and tags that are not there.
  static func read(
    _ body: Fields, on id: ID<Transaction>?, at place: String = "", _ scope: Scope, _ session: any Session
  ) throws -> [OverlayEdit] {
    var edits: [OverlayEdit] = []
    var mistakes: [String: String] = [:]
    switch body.change("category", as: String.self) {
    case .leave: break
    case .clear: edits.append(.category(nil))
    case .set(let code):
      if try Categories.find(code, scope, session) == nil { mistakes["\(place)/category"] = "is not a category here" }
      edits.append(.category(code))
    }
    if id != nil { text("name", body) { edits.append(.name($0)) } }
    text("notes", body) { edits.append(.notes($0)) }
    if let tags: [ID<Store.Tag>] = body["tags"] {
      mistakes.merge(try unknown(tags, at: "\(place)/tags", scope, session)) { $1 }
      edits.append(.tags(tags))
    }
    if let fields: Fields = body["fields"] {
      for member in fields.object.members { edits.append(.custom(name: member.key, value: member.value.string)) }
      if let id, try !fits(fields, on: id, scope, session) {
        mistakes["\(place)/fields"] = "must leave at most \(fieldsMax) fields"
      }
    }
    switch body.change("occurred_on", as: CalendarDate.self) {
    case .leave: break
    case .clear: edits.append(.occurredOn(nil))
    case .set(let day): edits.append(.occurredOn(day))
    }
    if let isExcluded: Bool = body["excluded"] { edits.append(.isExcluded(isExcluded)) }
    if let isReviewed: Bool = body["reviewed"] { edits.append(.isReviewed(isReviewed)) }
    guard mistakes.isEmpty else { throw Problem.invalid(mistakes) }
    return edits
  }

  /// Mistakes by the place of each tag that is not there.
  static func unknown(
    _ tags: [ID<Store.Tag>], at place: String, _ scope: Scope, _ session: any Session
  ) throws -> [String: String] {
    guard !tags.isEmpty else { return [:] }
    let unknown = try Tags.unknown(among: tags, scope, session)
    return tags.enumerated().filter { unknown.contains($0.element) }
      .reduce(into: [:]) { $0["\(place)/\($1.offset)"] = "is not a tag here" }
  }

  /// Empty texts are none.
  private static func text(_ name: String, _ body: Fields, _ write: (String?) -> Void) {
    switch body.change(name, as: String.self) {
    case .leave: break
    case .clear: write(nil)
    case .set(let text): write(text.isEmpty ? nil : text)
    }
  }

  private static func fits(
    _ fields: Fields, on id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> Bool {
    var names = Set(try Transactions.extras(of: [id], scope, session)[id]?.custom.keys.map { $0 } ?? [])
    for member in fields.object.members {
      if member.value.isNull { names.remove(member.key) } else { names.insert(member.key) }
    }
    return names.count <= fieldsMax
  }
}
