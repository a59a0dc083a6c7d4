import Basics
import Databases
import Finance
import HTTP
import Interchange
import JSON
import Store

/// Banks' files: looking at what one would bring, and bringing it. Nothing waits here in between: whoever imports sends
/// the file again, and what is new is found anew in the transaction that writes it.
extension Interface {
  var importOperations: [Operation] { [planImport, importFile] }

  private var planImport: Operation {
    Operation(
      "planImport", .post, "/v1/imports/plan", .transactions, "Say what a bank's file would bring",
      needs: .household(.write, .member), parameters: ImportFields.parameters,
      body: .raw(bytesMax: StatementFile.bytesMax),
      answers: [.json(200, Wire.importPlanShape, "What it would bring.", example: Wire.importPlanExample)],
      problems: Self.importProblems
    ) { call in
      let banks = try banks(for: call)
      let fields = ImportFields(call.query)
      let file = try await fields.file(call.request.body)
      let statement = try fields.statement(of: file)
      let plan = try await banks.reading { [scope = banks.scope] session -> (ImportPlan, Currency)? in
        if let account = fields.account {
          guard let place = try ImportedRows.place(of: account, scope, session) else { return nil }
          return (try Importing.plan(statement, into: place, scope, session), place.currency)
        }
        let base = try Households.settings(scope, session)?.baseCurrency
        let currency = statement.ownCurrency ?? fields.currency ?? base ?? .unknown
        return (try Importing.plan(statement, currency: currency, scope, session), currency)
      }
      guard let plan else { throw Self.noAccount }
      return .json(200, Wire.importPlan(file, fields.index, plan.0, plan.1))
    }
    .saying(
      """
      Send the file as it came from the bank: CSV, OFX, QFX, camt.052 to 054 or MT940, at most 8 MiB and 50,000 rows. Nothing \
      is written or kept. How a table was read is told in `table`; say it better with `columns`, `day_order`, `decimal` \
      and `turned`. A column of categories files rows where the household has a category of that code or name, which \
      brings back an export of ours as it was filed. A row is `new`, `known` (it is there), or `possible`: it may be there in other words, or dated up to three days off.
      """)
  }

  private var importFile: Operation {
    Operation(
      "importFile", .post, "/v1/imports", .transactions, "Import a bank's file", needs: .household(.write, .member),
      parameters: ImportFields.parameters + [
        .query("with_possible", .flag, "Also what may be there in other words.", standard: false)
      ], body: .raw(bytesMax: StatementFile.bytesMax),
      answers: [
        .json(201, Wire.importShape, "What it brought.", example: Wire.importExample),
        .json(200, Wire.importShape, "It brought nothing that was not there.", example: Wire.nothingImportedExample),
      ], problems: Self.importProblems
    ) { call in
      let banks = try banks(for: call)
      let fields = ImportFields(call.query)
      let file = try await fields.file(call.request.body)
      let statement = try fields.statement(of: file)
      let new = try fields.newAccount(for: statement)
      let withPossible: Bool = call.query["with_possible"] ?? false
      let trail = Trail(call)
      return try await call.stroke(banks) { [identity] edits, session in
        let scope = banks.scope
        let account: ID<Account>? = if let new { try Manual.create(new, &edits, session) } else { fields.account }
        guard let account else { throw Problem.invalid(["?account": "is required, or a name for a new one"]) }
        guard let place = try ImportedRows.place(of: account, scope, session) else { throw Self.noAccount }
        let (plan, keptBalance) = try Importing.run(
          statement, into: place, withPossible: withPossible, scope, &edits, session)
        guard edits.count > 0 else { return .json(200, Wire.imported(plan, account, nil, withPossible, keptBalance)) }
        try identity.note(
          "import.made", by: scope.user, subject: "\(account)", in: scope.household, trail, session)
        return .json(201, Wire.imported(plan, account, edits.group, withPossible, keptBalance))
      }
    }
    .saying(
      """
      The same file and parameters as for the plan, with an account, or the name of a new one. What is there already is \
      left out, so that sending a file twice brings nothing the second time. All of it is one change, judged, paired and \
      counted as a bank's own rows are: `change` undoes it, a new account included. An account kept by hand then holds \
      what the file says it held at its end.
      """
    )
    .repeatable()
  }

  private static let importProblems: [ProblemKind] = [.fileUnreadable, .fileTooLong]

  private static let noAccount = Problem.invalid(["?account": "is not an account here"])
}

extension ProblemKind {
  static let fileUnreadable = ProblemKind(
    422, "import.unreadable", "This is no file that is read here.", "Send CSV, OFX, QFX, camt or MT940 as it came.")
  static let fileTooLong = ProblemKind(
    422, "import.too_long", "This file has too many rows.", "Ask the bank for a shorter time, and import several files."
  )
}

/// What is said of a file beside its bytes.
struct ImportFields: Sendable {
  static let parameters: [Parameter] = [
    .query("account", .id(Account.self), "Where it goes."),
    .query("name", .text(1...100), "Of a new account, kept by hand, in place of `account`."),
    .query("kind", .word(AccountKind.self), "Of the new account.", standard: "checking"),
    .query("currency", .currency, "Of the new account, where the file names none."),
    .query("format", .word(StatementFormat.self), "Found by looking, unless it is told."),
    .query("statement", .integer(0...9_999), "Which of the file's accounts, from 0.", standard: 0),
    .query(
      "columns", .words(ColumnRole.self, countMax: 100),
      "What the columns of a table mean, in their order, with commas between."),
    .query("day_order", .word(DayOrder.self), "The order in the table's days."),
    .query("decimal", .word(DecimalMark.self), "What begins the cents in a table."),
    .query("turned", .flag, "The table writes what is spent as positive.", standard: false),
  ]

  let account: ID<Account>?
  let index: Int
  let currency: Currency?
  private let name: String?
  private let kind: AccountKind
  private let format: StatementFormat?
  private let columns: String?
  private let layout: TableLayout

  init(_ query: Fields) {
    account = query["account"]
    index = query["statement"] ?? 0
    currency = query["currency"]
    name = query["name"]
    kind = query["kind"].flatMap { AccountKind(rawValue: $0) } ?? .checking
    format = query["format"].flatMap { StatementFormat(rawValue: $0) }
    columns = query["columns"]
    layout = TableLayout(
      dayOrder: query["day_order"].flatMap { DayOrder(rawValue: $0) },
      decimalMark: query["decimal"].flatMap { DecimalMark(rawValue: $0) }, isTurned: query["turned"] ?? false)
  }

  /// Reads the file beside the threads that serve others: a large one takes a while.
  @concurrent func file(_ bytes: [UInt8]) async throws -> StatementFile {
    var layout = layout
    if let columns {
      layout.columns = try columns.split(separator: ",", omittingEmptySubsequences: false).map { word in
        guard let role = ColumnRole(rawValue: String(word)) else {
          throw Problem.invalid(["?columns": "must be words for columns with commas between"])
        }
        return role
      }
    }
    do throws(StatementError) {
      return try StatementFile.read(bytes, as: format, layout)
    } catch {
      switch error {
      case .empty: throw ProblemKind.fileUnreadable.problem(detail: "It is empty.")
      case .unknownFormat: throw ProblemKind.fileUnreadable.problem()
      case .tooLarge(let max): throw ProblemKind.tooLarge.problem(detail: "At most \(max) bytes are taken.")
      case .tooManyRows(let max): throw ProblemKind.fileTooLong.problem(detail: "At most \(max) rows are taken.")
      }
    }
  }

  func statement(of file: StatementFile) throws(Problem) -> Statement {
    guard file.statements.indices.contains(index) else {
      throw ProblemKind.fileUnreadable.problem(
        detail: "It has no account of the number \(index): they are counted from 0 to \(file.statements.count - 1).")
    }
    return file.statements[index]
  }

  /// Nil where an account was named.
  func newAccount(for statement: Statement) throws(Problem) -> NewAccount? {
    guard account == nil, let name else { return nil }
    guard let currency = statement.ownCurrency ?? currency else {
      throw .invalid(["?currency": "is required: the file names none"])
    }
    return NewAccount(name: name, kind: kind, currency: currency)
  }
}
