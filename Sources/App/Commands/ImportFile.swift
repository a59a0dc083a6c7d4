import Basics
import Categories
import Databases
import Finance
import Glibc
import Interchange
import Store

/// Brings a bank's file into an account, or shows what it would bring.
struct ImportFile: Command {
  static let name = "import"
  static let summary = "Import a bank's file: CSV, OFX, QFX, camt or MT940."
  static let words = "FILE"
  static let options: [Option] = [
    .value("account", "ACCOUNT", "where it goes: an id, the last digits, or part of a name"),
    .value("new", "NAME", "into a new account of this name, kept by hand"),
    .value("kind", "KIND", "of the new account; checking unless told"),
    .value("currency", "CODE", "of the new account, where the file names none"),
    .value("statement", "NUMBER", "which of the file's accounts, from 1"),
    .value("columns", "WORDS", "what a table's columns mean, such as date,-,payee,amount"),
    .value("day-order", "ORDER", "of a table's days: ymd, dmy or mdy"),
    .value("decimal", "MARK", "what begins a table's cents: point or comma"),
    .flag("turned", "the table writes what is spent as positive"),
    .flag("with-possible", "also rows that may be there in other words"),
    .flag("write", "write it; without this it is only shown"),
  ]
  static let details = """
    What is there already is left out, so that importing a file twice brings nothing the second time.
    All of it is one change, which POST /v1/changes/ID/undo takes back whole.
    How a table was read is told below its rows, in the options that correct it.
    Columns: \(ColumnRole.allCases.prefix(6).map(\.rawValue).joined(separator: " "))
      \(ColumnRole.allCases.dropFirst(6).map(\.rawValue).joined(separator: " "))
    For example: magpie import statement.csv --account checking --write
    """

  let path: String
  let account: String?
  let new: String?
  let kind: AccountKind
  let currency: Currency?
  let statement: Int
  let layout: TableLayout
  let withPossible: Bool
  let writes: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    path = try arguments.word("the file")
    (account, new) = (arguments.text("account"), arguments.text("new"))
    if account != nil, new != nil { throw UsageError("--account and --new do not go together") }
    if account == nil, new == nil { throw UsageError("where it goes is missing: --account or --new") }
    let word = arguments.text("kind") ?? AccountKind.checking.rawValue
    guard let kind = AccountKind(rawValue: word) else {
      throw UsageError(
        "--kind must be one of \(AccountKind.allCases.map(\.rawValue).joined(separator: ", ")), not \"\(word)\"")
    }
    self.kind = kind
    let code = arguments.text("currency")
    currency = code.flatMap { Currency(iso: $0.uppercased()) }
    if let code, currency == nil { throw UsageError("--currency must be a code such as USD, not \"\(code)\"") }
    let number: Int = try arguments.option("statement", wanted: "a number from 1") ?? 1
    guard number >= 1 else { throw UsageError("--statement must be a number from 1") }
    statement = number
    layout = try Self.layout(&arguments)
    (withPossible, writes) = (arguments.flag("with-possible"), arguments.flag("write"))
  }

  func run(_ surroundings: Surroundings) async throws {
    let file = try Self.read(path, layout)
    let statement = try statement(of: file)
    let home = try await Home.open(Configuration(surroundings.environment), for: writes ? .writing : .reading)
    let (scope, terminal) = (home.scope, surroundings.terminal)
    let accounts = try await home.database.read { try Accounts.list(after: nil, limit: .max, scope, $0) }
    let target = try account.map { try Self.one($0, among: accounts) }
    let fresh = try target == nil ? newAccount(for: statement) : nil
    guard writes else {
      let plan = try await home.database.read { session -> ImportPlan in
        guard let target, let place = try ImportedRows.place(of: target, scope, session) else {
          return try Importing.plan(statement, currency: fresh?.currency ?? .unknown, scope, session)
        }
        return try Importing.plan(statement, into: place, scope, session)
      }
      show(plan, terminal)
      if let guess = file.guess { terminal.line(Self.words(for: guess)) }
      return terminal.line(
        plan.newCount + (withPossible ? plan.possibleCount : 0) > 0
          ? "Nothing is written yet: the same with --write writes it." : "There is nothing to write.")
    }
    let (world, withPossible) = (home.world, withPossible)
    let (plan, group) = try await home.database.write { session -> (ImportPlan, ID<ChangeGroup>?) in
      var edits = Edits(through: "command", world: world, judging: HouseholdJudge.judging, scope)
      let into = if let fresh { try Manual.create(fresh, &edits, session) } else { target }
      guard let into, let place = try ImportedRows.place(of: into, scope, session) else {
        throw Failure("this account takes no rows: magpie accounts lists those that are there")
      }
      let (plan, _) = try Importing.run(
        statement, into: place, withPossible: withPossible, scope, &edits, session)
      guard let group = try edits.finish(session) else { return (plan, nil) }
      let record = AuditRecord(
        id: world.newID(), at: world.now(), user: scope.user, through: "command", action: "import.made",
        subject: "\(into)")
      try Audit.add(record, to: scope.household, session)
      return (plan, group)
    }
    show(plan, terminal)
    terminal.line(group.map { "Written as one change, \($0)." } ?? "There was nothing to write.")
  }

  private func show(_ plan: ImportPlan, _ terminal: Terminal) {
    func rows(_ count: Int) -> String { AmountText.count(count, "row") }
    terminal.line("\(rows(plan.newCount)) new, \(AmountText.count(plan.knownCount)) there already")
    if plan.possibleCount > 0 {
      let verb = withPossible ? "taken as new" : "left out; --with-possible takes them too"
      terminal.line("\(rows(plan.possibleCount)) may be there in other words, \(verb)")
    }
    if !plan.unreadable.isEmpty {
      let lines = plan.unreadable.prefix(5).map { "line \($0.line) (\($0.reason.rawValue))" }.joined(separator: ", ")
      let more = plan.unreadable.count > 5 ? " and more" : ""
      terminal.line("\(rows(plan.unreadable.count)) cannot be read: \(lines)\(more)")
    }
    var table = Table([.left, .left, .right], head: ["Day", "What", "Amount"])
    let fresh = plan.rows.filter(\.standing.brings)
    for row in fresh.prefix(Self.shownMax) {
      table.append([
        row.row.bookedOn.description, PlainText.cut(PlainText.clean(row.row.name), to: 48), AmountText.full(row.amount),
      ])
    }
    if !fresh.isEmpty { terminal.table(table) }
    if fresh.count > Self.shownMax { terminal.line("and \(AmountText.count(fresh.count - Self.shownMax)) more") }
  }

  /// Rows that are listed; the rest is counted.
  private static let shownMax = 10

  private func statement(of file: StatementFile) throws -> Statement {
    guard file.statements.count > 1 || statement > 1 else { return file.statements[0] }
    guard statement <= file.statements.count else {
      throw UsageError("--statement must be at most \(file.statements.count)")
    }
    return file.statements[statement - 1]
  }

  private func newAccount(for statement: Statement) throws -> NewAccount? {
    guard let new else { return nil }
    guard let currency = statement.ownCurrency ?? currency else {
      throw UsageError("--currency is missing: the file names none")
    }
    return NewAccount(name: new, kind: kind, currency: currency)
  }

  private static func one(_ word: String, among accounts: [ListedAccount]) throws(UsageError) -> ID<Account> {
    let found = try Finding.accounts(word, among: accounts)
    guard found.count == 1 else {
      throw UsageError(
        "\"\(word)\" may mean \(found.count) accounts; name one by its id: "
          + found.map(\.id.description).joined(separator: ", "))
    }
    return found[0].id
  }

  private static func layout(_ arguments: inout Arguments) throws(UsageError) -> TableLayout {
    var layout = TableLayout(isTurned: arguments.flag("turned"))
    if let text = arguments.text("columns") {
      layout.columns = try text.split(separator: ",", omittingEmptySubsequences: false).map { word throws(UsageError) in
        try choice("columns", String(word), ColumnRole.self)
      }
    }
    layout.dayOrder = try arguments.text("day-order").map { text throws(UsageError) in
      try choice("day-order", text, DayOrder.self)
    }
    layout.decimalMark = try arguments.text("decimal").map { text throws(UsageError) in
      try choice("decimal", text, DecimalMark.self)
    }
    return layout
  }

  private static func choice<Word: RawRepresentable<String> & CaseIterable>(
    _ option: String, _ text: String, _: Word.Type
  ) throws(UsageError) -> Word {
    guard let word = Word(rawValue: text) else {
      let all = Word.allCases.map(\.rawValue).joined(separator: ", ")
      throw UsageError("--\(option) takes \(all), not \"\(PlainText.clean(text))\"")
    }
    return word
  }

  /// How a table was read, in the words that would say it.
  private static func words(for guess: TableGuess) -> String {
    let columns = guess.columns.map(\.role.rawValue).joined(separator: ",")
    let sureness = guess.isDayOrderSure ? "" : " (the order of the days is a guess)"
    return "The table was read as --columns \(columns) --day-order \(guess.dayOrder.rawValue) "
      + "--decimal \(guess.decimalMark.rawValue)\(guess.isTurned ? " --turned" : "")\(sureness)"
  }

  private static func read(_ path: String, _ layout: TableLayout) throws -> StatementFile {
    let bytes = try bytes(of: path)
    do throws(StatementError) {
      return try StatementFile.read(bytes, as: nil, layout)
    } catch {
      switch error {
      case .empty: throw Failure("\(path) is empty")
      case .tooLarge(let max): throw Failure("\(path) is larger than \(max >> 20) MiB: import a shorter time")
      case .tooManyRows(let max):
        throw Failure("\(path) has more than \(AmountText.count(max)) rows: import a shorter time")
      case .unknownFormat: throw Failure("\(path) is no CSV, OFX, QFX, camt or MT940 file")
      }
    }
  }

  /// No more is read than a file may have, and one byte to see that it has more.
  private static func bytes(of path: String) throws -> [UInt8] {
    let file = open(path, O_RDONLY | O_CLOEXEC)
    guard file >= 0 else { throw Failure("\(path) cannot be read: \(Self.reason(errno))") }
    defer { _ = close(file) }
    var bytes: [UInt8] = []
    var part = [UInt8](repeating: 0, count: 1 << 16)
    while bytes.count <= StatementFile.bytesMax {
      let count = part.withUnsafeMutableBytes { Glibc.read(file, $0.baseAddress, $0.count) }
      guard count >= 0 else { throw Failure("\(path) cannot be read: \(Self.reason(errno))") }
      if count == 0 { break }
      bytes += part.prefix(count)
    }
    return bytes
  }

  private static func reason(_ code: Int32) -> String { String(cString: strerror(code)) }
}
