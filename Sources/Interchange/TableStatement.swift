import Finance

/// A bank's table of rows (CSV): every bank's is another one, so what it does not say is guessed, told, and corrected by
/// whoever looks at it.
enum TableStatement {
  /// Lines that may stand before the names of columns.
  private static let headMax = 40
  private static let sampled = 3

  static func read(
    _ text: [UInt8], _ layout: TableLayout
  ) throws(StatementError) -> (guess: TableGuess, statements: [Statement]) {
    let delimiter = CSVRecords.delimiter(of: text)
    var (records, reader) = ([CSVRecords.Record](), CSVRecords(text, delimiter: delimiter))
    while let record = reader.next() {
      records.append(record)
      guard records.count <= StatementFile.rowsMax + headMax else { throw .tooManyRows(max: StatementFile.rowsMax) }
    }
    var names: [String]?
    var roles: [ColumnRole] = []
    if let place = records.prefix(headMax).firstIndex(where: { TableColumns.roles(of: $0.cells) != nil }) {
      names = records[place].cells
      roles = TableColumns.roles(of: records[place].cells) ?? []
      records.removeFirst(place + 1)
    } else {
      let isRow = { (record: CSVRecords.Record) in TableColumns.looksLikeRow(record.cells) }
      let start = records.firstIndex(where: isRow) ?? 0
      // Names that say nothing to us stand right before the first row all the same.
      if start > 0, !records[start - 1].cells.contains(where: { $0.contains(where: \.isNumber) }) {
        names = records[start - 1].cells
      }
      records.removeFirst(start)
      let rows = records.prefix(200).filter(isRow).map(\.cells)
      roles = TableColumns.roles(like: (rows.isEmpty ? records.prefix(200).map(\.cells) : rows)[...])
    }
    guard roles.count >= 2 else { throw .unknownFormat }
    if let told = layout.columns {
      roles = roles.indices.map { told.indices.contains($0) ? told[$0] : .ignored }
    }
    let columns = Columns(roles)
    let mark =
      layout.decimalMark ?? WrittenAmount.mark(of: records.flatMap { columns.amounts($0.cells) })
      ?? (delimiter == 0x3B ? .comma : .point)
    let days = records.prefix(2_000).compactMap { columns.cell(.date, $0.cells) }
    let (order, isSure) =
      layout.dayOrder.map { ($0, true) } ?? WrittenDay.order(of: days, standard: mark == .comma ? .dmy : .mdy)
    let width = max(roles.count, names?.count ?? 0)
    let guess = TableGuess(
      delimiter: String(UnicodeScalar(delimiter)),
      columns: (0..<width).map { index in
        TableGuess.Column(
          name: names.flatMap { $0.indices.contains(index) ? Words.plain($0[index], max: 60) : nil },
          role: roles.indices.contains(index) ? roles[index] : .ignored,
          samples: records.prefix(sampled).map {
            $0.cells.indices.contains(index) ? Words.plain($0.cells[index], max: 60) : ""
          })
      }, dayOrder: order, isDayOrderSure: isSure, decimalMark: mark, isTurned: layout.isTurned)
    var reading = Reading(columns: columns, order: order, mark: mark, isTurned: layout.isTurned)
    reading.learn(records)
    for record in records { reading.take(record) }
    return (guess, reading.statements.isEmpty ? [Statement()] : reading.statements)
  }

  /// Where the cells of each role stand.
  struct Columns {
    private var places: [ColumnRole: [Int]] = [:]

    init(_ roles: [ColumnRole]) {
      for (index, role) in roles.enumerated() where role != .ignored { places[role, default: []].append(index) }
    }

    func has(_ role: ColumnRole) -> Bool { places[role] != nil }

    /// The first that is not empty.
    func cell(_ role: ColumnRole, _ cells: [String]) -> String? {
      places[role]?.lazy.filter { cells.indices.contains($0) && !cells[$0].isEmpty }.map { cells[$0] }.first
    }

    func text(_ role: ColumnRole, _ cells: [String]) -> String {
      (places[role] ?? []).filter { cells.indices.contains($0) && !cells[$0].isEmpty }.map { cells[$0] }
        .joined(separator: " ")
    }

    func amounts(_ cells: [String]) -> [String] {
      [ColumnRole.amount, .debit, .credit].compactMap { cell($0, cells) }
    }
  }
}

/// Goes through the lines of a table whose columns are known.
private struct Reading {
  let columns: TableStatement.Columns
  let order: DayOrder
  let mark: DecimalMark
  let isTurned: Bool
  private var places: [String: Int] = [:]
  private(set) var statements: [Statement] = []
  /// Debits have signs of their own.
  private var hasSignedDebits = false
  /// The last row's balance closes the account: the newest row stands last, or first.
  private var isNewestFirst = false

  init(columns: TableStatement.Columns, order: DayOrder, mark: DecimalMark, isTurned: Bool) {
    (self.columns, self.order, self.mark, self.isTurned) = (columns, order, mark, isTurned)
  }

  /// What only the whole table tells.
  mutating func learn(_ records: [CSVRecords.Record]) {
    hasSignedDebits = !records.contains { record in
      guard let debit = columns.cell(.debit, record.cells).flatMap({ WrittenAmount.read($0, mark) }) else {
        return false
      }
      return !debit.isNegative && !debit.isZero
    }
    var days: [CalendarDate] = []
    for record in records {
      if let day = columns.cell(.date, record.cells).flatMap({ WrittenDay.read($0, order) }) { days.append(day) }
    }
    if let first = days.first, let last = days.last { isNewestFirst = first > last }
  }

  mutating func take(_ record: CSVRecords.Record) {
    let cells = record.cells
    let account = columns.cell(.account, cells).map { Words.plain($0, max: 60) }
    let place = place(of: account ?? "")
    if statements[place].account == nil { statements[place].account = account }
    guard let day = columns.cell(.date, cells).flatMap({ WrittenDay.read($0, order) }) else {
      return statements[place].leaveOut(record.line, .noDay)
    }
    guard let amount = amount(cells) else { return statements[place].leaveOut(record.line, .noAmount) }
    var row = StatementRow(
      line: record.line, bookedOn: day, amount: isTurned ? -amount : amount,
      payee: columns.text(.payee, cells), description: columns.text(.description, cells))
    row.bankID = columns.cell(.id, cells).map { Words.plain($0, max: 100) }
    row.category = columns.cell(.category, cells).map { Words.plain($0, max: 100) }
    row.currency = columns.cell(.currency, cells).flatMap { Currency(stored: $0.uppercased()) }
    statements[place].rows.append(row)
    close(place, day, cells)
  }

  private mutating func place(of account: String) -> Int {
    if let place = places[account] { return place }
    places[account] = statements.count
    statements.append(Statement())
    return statements.count - 1
  }

  private mutating func close(_ place: Int, _ day: CalendarDate, _ cells: [String]) {
    guard let balance = columns.cell(.balance, cells).flatMap({ WrittenAmount.read($0, mark) }) else { return }
    if let closing = statements[place].closing, isNewestFirst ? closing.day >= day : closing.day > day { return }
    statements[place].closing = StatementBalance(day: day, amount: balance)
  }

  private func amount(_ cells: [String]) -> DecimalText? {
    if let amount = columns.cell(.amount, cells).flatMap({ WrittenAmount.read($0, mark) }) {
      guard let word = columns.cell(.direction, cells), let isOut = Self.isOut(word) else { return amount }
      return amount.isNegative == isOut ? amount : -amount
    }
    let debit = columns.cell(.debit, cells).flatMap { WrittenAmount.read($0, mark) }
    let credit = columns.cell(.credit, cells).flatMap { WrittenAmount.read($0, mark) }
    // Tables write 0.00 where there is nothing.
    if let debit, !debit.isZero || credit == nil { return hasSignedDebits ? debit : -debit }
    return credit
  }

  private static func isOut(_ word: String) -> Bool? {
    let folded = Words.folded(word)
    if folded.isEmpty { return word.contains("-") ? true : word.contains("+") ? false : nil }
    if ["d", "dr", "debit", "dbit", "s", "soll", "af", "debet", "out", "belastung", "dare", "debito"].contains(folded) {
      return true
    }
    let credits = ["c", "cr", "credit", "crdt", "h", "haben", "bij", "in", "gutschrift", "avere", "credito"]
    return credits.contains(folded) ? false : nil
  }
}
