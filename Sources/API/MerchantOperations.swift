import Basics
import Databases
import Finance
import HTTP
import JSON
import Store

/// The shops and people that banks name.
extension Interface {
  var merchantOperations: [Operation] { [listMerchants, getMerchant, editMerchant] }

  private var listMerchants: Operation {
    Operation(
      "listMerchants", .get, "/v1/merchants", .filing, "List merchants, by name", needs: .household(.read, .viewer),
      parameters: [.query("text", .text(), "Part of a name.")] + .page,
      answers: [.page(of: Wire.merchantShape, "The merchants.", example: Wire.merchantExample)]
    ) { call in
      let banks = try banks(for: call)
      let text: String? = call.query["text"]
      let (pages, list) = (Pages(banks), "merchants \(text ?? "")")
      let demand = try pages.demand(call, list: list)
      let after = demand.after?.first.flatMap { ID<Merchant>($0) }
      let rows = try await banks.reading { [scope = banks.scope] session in
        let last = try after.flatMap { try Merchants.find($0, scope, session) }
        return try Merchants.list(text, after: last, limit: demand.limit + 1, scope, session)
      }
      return try pages.answer(rows, demand, list: list, mark: { [$0.id.description] }, Wire.merchant)
    }
    .saying("They are gathered from transactions, a moment after those come in.")
  }

  private var getMerchant: Operation {
    Operation(
      "getMerchant", .get, "/v1/merchants/{id}", .filing, "Show a merchant", needs: .household(.read, .viewer),
      parameters: [.path("id", .id(Merchant.self))],
      answers: [.json(200, Wire.merchantShape, "The merchant.", example: Wire.merchantExample)],
      problems: [.merchantUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Merchant> = try call.id()
      return .json(200, try await banks.reading { [scope = banks.scope] in try Merchants.find(id, scope, $0) }.shown)
    }
  }

  private var editMerchant: Operation {
    Operation(
      "editMerchant", .patch, "/v1/merchants/{id}", .filing, "Call a merchant something else, or hide it",
      needs: .household(.write, .member), parameters: [.path("id", .id(Merchant.self)), .ifMatch],
      body: .json(
        .object([.optional("name", .text(1...200).orNull, "Null: the bank's name."), .optional("hidden", .flag)]),
        example: ["name": "The corner shop"]),
      answers: [.json(200, Wire.merchantShape, "The merchant as it is now.", example: Wire.merchantExample)],
      problems: [.merchantUnknown]
    ) { call in
      let banks = try banks(for: call)
      let id: ID<Merchant> = try call.id()
      return try await call.stroke(banks) { edits, session in
        try call.check(ifMatch: try Merchants.find(id, banks.scope, session).shown)
        var changes: [MerchantEdit] = []
        if call.body.has("name") { changes.append(.name(call.body["name"])) }
        if let isHidden: Bool = call.body["hidden"] { changes.append(.isHidden(isHidden)) }
        try Merchants.edit(id, changes, &edits, session)
        return Call.shown(try Merchants.find(id, banks.scope, session).shown)
      }
    }
  }
}

extension StoredMerchant? {
  /// - Throws: 404 for none.
  fileprivate var shown: JSONValue {
    get throws(Problem) {
      guard let self else { throw ProblemKind.merchantUnknown.problem() }
      return Wire.merchant(self)
    }
  }
}

extension Wire {
  static func merchant(_ merchant: StoredMerchant) -> JSONValue {
    [
      "id": id(merchant.id), "name": .string(merchant.shownName), "bank_name": .string(merchant.bankName),
      "category": JSONValue(merchant.category), "website": JSONValue(merchant.website),
      "hidden": .bool(merchant.isHidden),
    ]
  }

  static let merchantShape = Shape.object(
    "Merchant",
    [
      .required("id", .id(Merchant.self)), .required("name", .foreign), .required("bank_name", .foreign),
      .required("category", .foreign.orNull), .required("website", .foreign.orNull), .required("hidden", .flag),
    ])

  static let merchantExample: JSONValue = [
    "id": "mer_01kj3v5d8ve2r9q0w4y7h6t1cz", "name": "The corner shop", "bank_name": "TECTRA INC", "category": .null,
    "website": "tectra.example", "hidden": false,
  ]
}
