import Basics
import Categories
import Databases
import Finance
import HTTP
import JSON
import Store

/// The same change to many transactions at one stroke, and taking any stroke back.
extension Interface {
  /// So many transactions change at one stroke.
  private static let rowsMax = 10_000

  var changeTransactions: Operation {
    Operation(
      "changeTransactions", .post, "/v1/transactions/bulk", .transactions, "Write on many transactions at once",
      needs: .household(.write, .member), body: .json(Self.bulkShape, example: Self.bulkExample),
      answers: [.json(200, Self.bulkAnswerShape, "What changed, or would change.", example: Self.bulkAnswerExample)],
      problems: [.tooManyRows]
    ) { call in try await changeMany(call) }
    .saying(
      """
      Name them by `ids` or by a `filter` with the parameters of the list. With `dry_run` nothing is kept: the answer \
      says what would change. All of it is one change, which one undo takes back.
      """
    )
    .repeatable()
  }

  private static let bulkShape = Shape.object([
    .optional("ids", .list(of: .id(Transaction.self), count: 1...1_000)),
    .optional("filter", TransactionFilterFields.shape),
    .optional("set", TransactionEdits.shape, "What to write on each."),
    .optional("add_tags", .list(of: .id(Store.Tag.self), count: 0...50)),
    .optional("remove_tags", .list(of: .id(Store.Tag.self), count: 0...50)),
    .optional("deleted", .flag, "Deletes them, or brings them back."), .optional("dry_run", .flag),
  ])
  .holding { value in
    switch (value["ids"], value["filter"]) {
    case (nil, nil): ["/ids": "is required, or filter"]
    case (.some, .some): ["/filter": "does not go with ids"]
    default: [:]
    }
  }

  private static let bulkExample: JSONValue = [
    "filter": ["text": "tectra", "uncategorized": true], "set": ["category": "FOOD_AND_DRINK_RESTAURANT"],
    "dry_run": true,
  ]

  private static let bulkAnswerShape = Shape.object(
    "BulkChange",
    [
      .required("matched", .count, "Transactions that were meant."),
      .required("changed", .count, "Those of them on which something changed."),
      .required("ids", .list(of: .id(Transaction.self), count: 0...100), "The first of those that changed."),
      .required("dry_run", .flag, "Nothing was kept."),
      .required("change", .id(ChangeGroup.self).orNull, "To undo it by."),
    ])

  private static let bulkAnswerExample: JSONValue = [
    "matched": 12, "changed": 12, "ids": ["txn_01kj3v5d8ve2r9q0w4y7h6t1cz"], "dry_run": true, "change": .null,
  ]

  /// Carries what would have changed out of a transaction that is taken back.
  private struct DryRun: Error {
    let answer: JSONValue
  }

  private func changeMany(_ call: Call) async throws -> Response {
    let banks = try banks(for: call)
    let isDry = call.body["dry_run"] ?? false
    do {
      return try await call.stroke(banks) { edits, session in
        let rows = try Self.rows(call.body, banks.scope, session)
        var changed: [ID<Transaction>] = []
        let change = try BulkChange(call.body, banks.scope, session)
        for id in rows {
          let before = edits.count
          try edits.write(try change.edits(of: id, banks.scope, session), on: id, session)
          if edits.count > before { changed.append(id) }
        }
        let answer: JSONValue = [
          "matched": .int(rows.count), "changed": .int(changed.count),
          "ids": JSONValue(changed.prefix(100).map(\.description)), "dry_run": .bool(isDry),
          "change": isDry || changed.isEmpty ? .null : Wire.id(edits.group),
        ]
        if isDry { throw DryRun(answer: answer) }
        return .json(200, answer)
      }
    } catch let run as DryRun {
      return .json(200, run.answer)
    }
  }

  private static func rows(
    _ body: Fields, _ scope: Scope, _ session: any Session
  ) throws -> [ID<Transaction>] {
    if let ids: [ID<Transaction>] = body["ids"] {
      var mistakes: [String: String] = [:]
      for (index, id) in ids.enumerated() where try Transactions.find(id, scope, session) == nil {
        mistakes["/ids/\(index)"] = "is not a transaction here"
      }
      guard mistakes.isEmpty else { throw Problem.invalid(mistakes) }
      var seen: Set<ID<Transaction>> = []
      return ids.filter { seen.insert($0).inserted }
    }
    let filter = TransactionFilterFields.filter(body["filter"] ?? Fields([:]))
    let rows = try Transactions.ids(filter, atMost: rowsMax + 1, scope, session)
    guard rows.count <= rowsMax else {
      throw ProblemKind.tooManyRows.problem(detail: "At most \(rowsMax) rows change at one stroke: narrow the filter.")
    }
    return rows
  }

  /// What is done to each of many.
  private struct BulkChange {
    private var same: [OverlayEdit] = []
    private let added: [ID<Store.Tag>]
    private let removed: Set<ID<Store.Tag>>
    private let isAboutTags: Bool

    init(_ body: Fields, _ scope: Scope, _ session: any Session) throws {
      added = body["add_tags"] ?? []
      removed = Set(body["remove_tags"] ?? [])
      isAboutTags = !added.isEmpty || !removed.isEmpty
      let mistakes = try TransactionEdits.unknown(added, at: "/add_tags", scope, session)
      guard mistakes.isEmpty else { throw Problem.invalid(mistakes) }
      if let set: Fields = body["set"] {
        same = try TransactionEdits.read(set, on: nil, at: "/set", scope, session)
        if set.has("name") { same.append(.name(set["name"])) }
      }
      if let isDeleted: Bool = body["deleted"] { same.append(.isDeleted(isDeleted)) }
    }

    func edits(of id: ID<Transaction>, _ scope: Scope, _ session: any Session) throws -> [OverlayEdit] {
      guard isAboutTags else { return same }
      var tags: [ID<Store.Tag>] = []
      if case .tags(let set)? = same.first(where: { if case .tags = $0 { true } else { false } }) {
        tags = set
      } else {
        tags = try Transactions.extras(of: [id], scope, session)[id]?.tags ?? []
      }
      tags = tags.filter { !removed.contains($0) } + added.filter { !tags.contains($0) }
      return same.filter { if case .tags = $0 { false } else { true } } + [.tags(tags)]
    }
  }

  var changeOperations: [Operation] {
    [
      Operation(
        "undoChange", .post, "/v1/changes/{group}/undo", .transactions, "Take back what was done at one stroke",
        needs: .household(.write, .member), parameters: [.path("group", .id(ChangeGroup.self))],
        answers: [
          .json(
            200, .object([.required("change", .id(ChangeGroup.self), "What was done now, which can be undone too.")]),
            "It is taken back.", example: ["change": "chg_01kj3v5d8ve2r9q0w4y7h6t1cz"])
        ], problems: [.changeUnknown, .changeUndone, .changeStoodOn, .changeInUse, .tooManyRows]
      ) { call in
        let banks = try banks(for: call)
        let group: ID<ChangeGroup> = try call.id("group")
        let through = try call.through
        do {
          return try await call.once(banks) { session in
            let undo = try Changes.undo(
              group, through: through, world: banks.world, judging: HouseholdJudge.judging, banks.scope, session)
            return .json(200, ["change": Wire.id(undo)])
          }
        } catch {
          throw call.problem(of: error)
        }
      }
      .saying(
        """
        `group` is the `Magpie-Change` of the answer, or the `group` in a history. When a later change of the same still \
        stands, that one has to be undone first.
        """)
    ]
  }
}
