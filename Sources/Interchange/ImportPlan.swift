package import Basics
package import Finance

/// What a statement would bring into an account. Pure: the rows of the file against the rows that are there.
///
/// The same file twice brings nothing the second time, and files that overlap bring no row twice, although two equal
/// coffees on one day are two: rows that say the same are counted, not looked up. What only looks alike is a person's to
/// decide, and left out until they do.
package struct ImportPlan: Sendable, Equatable {
  package enum Standing: Sendable, Equatable {
    case new
    /// It is there.
    case known(ID<Transaction>)
    /// It is there, and went when the import that brought it was undone: it comes back.
    case undone(ID<Transaction>)
    /// It may be this one, in other words or dated some days off.
    case possible(ID<Transaction>)
  }

  package struct Row: Sendable, Equatable {
    package var row: StatementRow
    package var amount: Money
    /// The file's amount, when it has more decimals than the currency.
    package var exact: DecimalText?
    package var standing: Standing
    /// The code of the category that the file names; nil where it names none of the household's.
    package var category: String?
  }

  /// A row of the account that a file's row may be.
  package struct Known: Sendable, Equatable {
    package var id: ID<Transaction>
    package var bookedOn: CalendarDate
    package var amountMinor: Int64
    package var words: String
    /// Came with a file.
    package var isImported: Bool
    /// What that file called it.
    package var bankID: String?
    /// Its import was undone.
    package var isUndone: Bool

    package init(
      id: ID<Transaction>, bookedOn: CalendarDate, amountMinor: Int64, words: String, isImported: Bool = false,
      bankID: String? = nil, isUndone: Bool = false
    ) {
      (self.id, self.bookedOn, self.amountMinor, self.words) = (id, bookedOn, amountMinor, words)
      (self.isImported, self.bankID, self.isUndone) = (isImported, bankID, isUndone)
    }
  }

  /// How far a bank's own day may be from the day in its file.
  package static let daysApart = 3

  /// In the order of the file.
  package private(set) var rows: [Row] = []
  package private(set) var unreadable: [UnreadableLine]

  /// - Parameters:
  ///   - currency: The account's.
  ///   - known: Its rows in the statement's days and ``daysApart`` around them, those of other currencies aside.
  package init(_ statement: Statement, currency: Currency, known: [Known]) {
    unreadable = statement.unreadable
    for row in statement.rows {
      guard (row.currency ?? statement.currency ?? currency) == currency else {
        unreadable.append(UnreadableLine(row.line, .otherCurrency))
        continue
      }
      guard let (amount, exact) = try? Money.rounding(row.amount, currency),
        amount.minorUnits.magnitude <= Limits.rowMinorUnitsMax
      else {
        unreadable.append(UnreadableLine(row.line, .tooLarge))
        continue
      }
      rows.append(Row(row: row, amount: amount, exact: exact, standing: .new))
    }
    unreadable.sort { $0.line < $1.line }
    var matching = Matching(rows, known)
    matching.byID()
    matching.byWords()
    matching.byNearness()
    for (index, standing) in matching.found { rows[index].standing = standing }
  }

  /// - Parameter codes: Of the household's categories, by what ``words(of:)`` makes of them.
  package mutating func file(by codes: [String: String]) {
    for (index, row) in rows.enumerated() {
      rows[index].category = row.row.category.flatMap { codes[Words.folded($0)] }
    }
  }

  /// What a file may call categories, each with its code: a word that two of them share names neither.
  package static func words(of categories: [(code: String, name: String)]) -> [String: String] {
    var (codes, shared): ([String: String], Set<String>) = ([:], [])
    for each in categories {
      let word = Words.folded(each.name)
      if codes.updateValue(each.code, forKey: word) != nil { shared.insert(word) }
    }
    for word in shared { codes[word] = nil }
    for each in categories { codes[Words.folded(each.code)] = each.code }
    codes[""] = nil
    return codes
  }

  /// The days of its rows; nil without rows.
  package static func days(of statement: Statement) -> ClosedRange<CalendarDate>? {
    guard let first = statement.rows.lazy.map(\.bookedOn).min(), let last = statement.rows.lazy.map(\.bookedOn).max()
    else { return nil }
    return first...last
  }

  package var newCount: Int { rows.count { $0.standing.brings } }
  package var knownCount: Int { rows.count { if case .known = $0.standing { true } else { false } } }
  package var possibleCount: Int { rows.count { if case .possible = $0.standing { true } else { false } } }
}

extension ImportPlan.Standing {
  /// It comes without a person's word.
  package var brings: Bool {
    switch self {
    case .new, .undone: true
    case .known, .possible: false
    }
  }
}

/// Pairs rows one for one: by what the bank calls them, then by what they say, then by what is near.
private struct Matching {
  private struct Print: Hashable {
    var day: CalendarDate
    var minor: Int64
    var words: String
  }
  private struct Place: Hashable {
    var day: CalendarDate
    var minor: Int64
  }

  private let rows: [ImportPlan.Row]
  private let known: [ImportPlan.Known]
  private(set) var found: [Int: ImportPlan.Standing] = [:]
  private var taken: Set<Int> = []

  init(_ rows: [ImportPlan.Row], _ known: [ImportPlan.Known]) {
    self.rows = rows
    // Those that are there before those that went, so that one is not brought back while its twin stays.
    self.known = known.sorted { ($0.isUndone ? 1 : 0, $0.bookedOn, $0.id) < ($1.isUndone ? 1 : 0, $1.bookedOn, $1.id) }
  }

  private mutating func pair(_ row: Int, _ other: Int, as standing: ImportPlan.Standing) {
    found[row] = standing
    taken.insert(other)
  }

  private func same(_ other: Int) -> ImportPlan.Standing {
    known[other].isUndone ? .undone(known[other].id) : .known(known[other].id)
  }

  mutating func byID() {
    var places: [String: Int] = [:]
    for (index, other) in known.enumerated() {
      if let id = other.bankID, places[id] == nil { places[id] = index }
      // Our own export calls rows as we do.
      places[other.id.description] = index
    }
    for (index, row) in rows.enumerated() {
      guard let id = row.row.bankID, let other = places[id], !taken.contains(other) else { continue }
      pair(index, other, as: same(other))
    }
  }

  /// Both have a name, and the names differ.
  private func isOther(_ row: ImportPlan.Row, _ other: Int) -> Bool {
    guard let id = row.row.bankID, let otherID = known[other].bankID else { return false }
    return id != otherID
  }

  /// Whoever says the same of the same day and amount is the same, as often as there are such rows. Where both have a
  /// name and the names differ the bank may have renamed one, or there are two: a person knows.
  mutating func byWords() {
    var places: [Print: [Int]] = [:]
    for (index, other) in known.enumerated() where !taken.contains(index) {
      let print = Print(day: other.bookedOn, minor: other.amountMinor, words: Words.folded(other.words))
      places[print, default: []].append(index)
    }
    for (index, row) in rows.enumerated() where found[index] == nil {
      let print = Print(day: row.row.bookedOn, minor: row.amount.minorUnits, words: Words.folded(row.row.words))
      guard let candidates = places[print]?.filter({ !taken.contains($0) }) else { continue }
      if let other = candidates.first(where: { !isOther(row, $0) }) {
        pair(index, other, as: same(other))
      } else if let other = candidates.first(where: { !known[$0].isUndone }) {
        pair(index, other, as: .possible(known[other].id))
      }
    }
  }

  /// What a bank sent or a person wrote has other words and perhaps another day than the file. What came with a file is
  /// dated as files date it.
  mutating func byNearness() {
    var places: [Place: [Int]] = [:]
    for (index, other) in known.enumerated() where !taken.contains(index) && !other.isUndone {
      places[Place(day: other.bookedOn, minor: other.amountMinor), default: []].append(index)
    }
    let waiting = rows.indices.filter { found[$0] == nil }
      .sorted { (rows[$0].row.bookedOn, $0) < (rows[$1].row.bookedOn, $1) }
    for distance in 0...ImportPlan.daysApart {
      for index in waiting where found[index] == nil {
        let row = rows[index]
        for shift in distance == 0 ? [0] : [-distance, distance] {
          let place = Place(day: row.row.bookedOn + shift, minor: row.amount.minorUnits)
          let other = places[place]?.first { !taken.contains($0) && (distance == 0 || !known[$0].isImported) }
          guard let other else { continue }
          if isOther(row, other) { continue }
          pair(index, other, as: .possible(known[other].id))
          break
        }
      }
    }
  }
}
