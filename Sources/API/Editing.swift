import Basics
import Categories
import Databases
import Finance
import HTTP
import JSON
import Store

/// What people change is one stroke: one transaction, one change that can be undone, one answer.
extension Call {
  /// Names what was changed, to undo it by. Nothing is named when nothing changed.
  static let changeHeader = "Magpie-Change"

  /// - Parameter body: Changes, and answers with what is there then.
  func stroke(
    _ banks: Banks, _ body: @escaping @Sendable (inout Edits, any Session) throws -> Response
  ) async throws -> Response {
    let through = try through
    do {
      return try await once(banks) { session in
        var edits = Edits(through: through, world: banks.world, judging: HouseholdJudge.judging, banks.scope)
        var response = try body(&edits, session)
        if let group = try edits.finish(session) { response.headers[Self.changeHeader] = group.description }
        return response
      }
    } catch {
      throw problem(of: error)
    }
  }

  /// What the person used, for the record of changes.
  var through: String {
    get throws(Problem) {
      switch try caller.via {
      case .installation: "api"
      case .session: "web"
      case .apiKey(let id): "key \(id)"
      }
    }
  }

  /// - Throws: 412 when the request wants another state changed than this one.
  func check(ifMatch shown: JSONValue) throws(Problem) {
    try check(ifMatch: EntityTag(of: shown.serialized()))
  }

  /// The answer to a change: what is there now, with its tag.
  static func shown(_ value: JSONValue, status: Int = 200, at location: String? = nil) -> Response {
    var response = Response.json(status, value).tagged(EntityTag(of: value.serialized()))
    response.headers["Location"] = location
    return response
  }

  /// What a refusal of the ledger means to whoever asked.
  func problem(of error: any Error) -> any Error {
    switch error {
    case EditError.unknown: ProblemKind.transactionUnknown.problem()
    case let error as SplitError: Self.problem(of: error)
    case let error as CategoryError: problem(of: error)
    case let error as TagError: problem(of: error)
    case let error as ManualError: problem(of: error)
    case let error as UndoError: Self.problem(of: error)
    case let error as DatabaseError: BanksError(error)
    default: error
    }
  }

  private static func problem(of error: SplitError) -> Problem {
    switch error {
    case .unknownTransaction: ProblemKind.transactionUnknown.problem()
    case .count(let allowed):
      .invalid(["/splits": "must have \(allowed.lowerBound) to \(allowed.upperBound) parts, or none"])
    case .difference(let minor):
      .invalid(["/splits": "must come to the amount: they differ from it by \(minor) in the smallest unit"])
    case .overflow: .invalid(["/splits": "must be smaller amounts"])
    }
  }

  private func problem(of error: CategoryError) -> Problem {
    switch error {
    case .unknown(let code):
      pointer(to: code).map { .invalid([$0: "is not a category here"]) } ?? ProblemKind.categoryUnknown.problem()
    case .isSystem: ProblemKind.categoryFixed.problem()
    case .tooDeep: .invalid([pointer(["parent", "replacement", "into"]): "would make more than two levels"])
    case .inUse: ProblemKind.categoryInUse.problem()
    case .replacement: .invalid([pointer(["replacement", "into"]): "must not be the category itself, or inside it"])
    case .flow: .invalid(["/flow": "must be income, expense or transfer"])
    case .tooManyRows(let max): ProblemKind.tooManyRows.problem(detail: "At most \(max) rows change at one stroke.")
    }
  }

  private func problem(of error: TagError) -> Problem {
    switch error {
    case .unknown(let id):
      pointer(to: id.description).map { .invalid([$0: "is not a tag here"]) } ?? ProblemKind.tagUnknown.problem()
    case .nameTaken(let id): ProblemKind.tagTaken.problem(detail: "It is \(id).")
    case .tooMany(let max): ProblemKind.tooManyThings.problem(detail: "A household has at most \(max) tags.")
    }
  }

  private func problem(of error: ManualError) -> Problem {
    switch error {
    case .unknownAccount:
      body.has("account")
        ? .invalid(["/account": "is not an account here"])
        : body.has("accounts")
          ? .invalid(["/accounts": "must all be accounts here"]) : ProblemKind.accountUnknown.problem()
    case .keptByBank: ProblemKind.accountKeptByBank.problem()
    case .hasRows: ProblemKind.accountHasRows.problem()
    case .currency(let currency): .invalid([pointer(["balance", "amount"]): "must be in \(currency.code)"])
    case .tooLarge: .invalid([pointer(["balance", "amount"]): "is too large"])
    }
  }

  private static func problem(of error: UndoError) -> Problem {
    switch error {
    case .unknown: ProblemKind.changeUnknown.problem()
    case .alreadyUndone: ProblemKind.changeUndone.problem()
    case .standsUnder(let later):
      ProblemKind.changeStoodOn.problem(detail: "\(later) changed the same after it: undo that one first.")
    case .inUse(let entity, let id):
      ProblemKind.changeInUse.problem(detail: "The \(entity.rawValue.replacing("_", with: " ")) \(id) is in use.")
    }
  }

  /// Where in the request a text stands.
  private func pointer(to text: String) -> String? {
    if let member = body.object.members.first(where: { $0.key != "name" && $0.value == .string(text) }) {
      return "/\(member.key)"
    }
    return query.object.members.first { $0.value == .string(text) }.map { "?\($0.key)" }
  }

  /// The first of some members that was given.
  private func pointer(_ names: [String]) -> String {
    for name in names {
      if body.has(name) { return "/\(name)" }
      if query.has(name) { return "?\(name)" }
    }
    return names.first.map { "/\($0)" } ?? ""
  }
}

/// Refusals of what people keep.
extension ProblemKind {
  static let transactionUnknown = ProblemKind(
    404, "transaction.not_found", "There is no such transaction.", "Look at the list of transactions.")
  static let accountUnknown = ProblemKind(
    404, "account.not_found", "There is no such account.", "Look at the list of accounts.")
  static let accountKeptByBank = ProblemKind(
    409, "account.kept_by_bank", "A bank keeps this account.", "Its kind and its balance are the bank's words.")
  static let accountByHand = ProblemKind(
    409, "account.by_hand", "No bank keeps this account.", "Write its rows and balances down by hand.")
  static let accountHasRows = ProblemKind(
    409, "account.has_rows", "This account has rows already.", "Its kind cannot change any more.")
  static let categoryUnknown = ProblemKind(
    404, "category.not_found", "There is no such category.", "Look at the list of categories.")
  static let categoryFixed = ProblemKind(
    409, "category.fixed", "This category came with the program.", "Rename or hide it.")
  static let categoryInUse = ProblemKind(
    409, "category.in_use", "Something is filed under this category.", "Name a replacement.")
  static let tagUnknown = ProblemKind(404, "tag.not_found", "There is no such tag.", "Look at the list of tags.")
  static let tagTaken = ProblemKind(409, "tag.name_taken", "Another tag is called so.", "Use that one.")
  static let merchantUnknown = ProblemKind(
    404, "merchant.not_found", "There is no such merchant.", "Look at the list of merchants.")
  static let viewUnknown = ProblemKind(
    404, "view.not_found", "There is no such view.", "Look at the list of saved views.")
  static let viewNotYours = ProblemKind(
    403, "view.not_yours", "This view is somebody else's.", "Save one of your own.")
  static let tooManyRows = ProblemKind(
    409, "rows.too_many", "Too many rows would change at one stroke.", "Do it in several strokes.")
  static let tooManyThings = ProblemKind(409, "limit.reached", "There are as many as there can be.", "Delete some.")
  static let changeUnknown = ProblemKind(
    404, "change.not_found", "There is no such change.", "Look at the history.")
  static let changeUndone = ProblemKind(
    409, "change.undone", "This change was taken back already.", "There is nothing to do.")
  static let changeStoodOn = ProblemKind(
    409, "change.stood_on", "A later change stands on this one.", "Undo the later change first.")
  static let changeInUse = ProblemKind(
    409, "change.in_use", "What this change made is in use.", "Take it out of use first.")
}
