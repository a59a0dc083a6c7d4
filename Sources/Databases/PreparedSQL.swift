import Synchronization

/// A statement that runs for every row of a page: its text is written once, and found again by a number.
///
///     private static let insert = PreparedSQL("INSERT INTO note (id, text) VALUES (?, ?)")
///
/// ``SQL`` puts its text together and looks it up each time, which costs as much as a small insert. One of these
/// belongs into a `static let`: a session keeps what it prepared for as long as it lives.
package final class PreparedSQL: Sendable {
  /// The text as written, with one `?` for each argument in order and none anywhere else.
  package let text: String
  /// The text with `$1`, `$2`… for PostgreSQL.
  let numbered: String
  /// How many arguments it takes.
  let argumentCount: Int
  /// Where a session keeps what it prepared; no two texts of a process share one.
  let slot: Int
  /// Set when rows of it may be inserted by one statement.
  let insertion: Insertion?

  /// An `INSERT … VALUES (…) …` in three parts, so that it can be written for more than one row.
  struct Insertion: Sendable {
    let turn: Int
    let beginning: Substring
    let row: Substring
    let ending: Substring
  }

  private static let slots = Atomic<Int>(0)

  package convenience init(_ text: StaticString) { self.init(made: text.description) }

  /// An `INSERT … VALUES (…)` whose rows may wait for each other when they are posted: a distant database is told of many
  /// in one statement. No two rows between two statements that are waited for may have the same key.
  ///
  /// - Parameter turn: Rows of a lower turn are sent first: those that others refer to.
  package convenience init(together text: StaticString, turn: Int) { self.init(made: text.description, turn: turn) }

  /// For a text that is put together from the names of columns. Its slot is never given back: make few.
  package init(made text: String, turn: Int? = nil) {
    self.text = text
    insertion = turn.flatMap { Insertion(text, turn: $0) }
    precondition(turn == nil || insertion != nil, "no insertion of a row: \(text)")
    var numbered = ""
    var count = 0
    for character in self.text {
      if character == "?" {
        count += 1
        numbered += "$\(count)"
      } else {
        numbered.append(character)
      }
    }
    self.numbered = numbered
    argumentCount = count
    slot = Self.slots.wrappingAdd(1, ordering: .relaxed).oldValue
  }
}

extension PreparedSQL.Insertion {
  private static let values = "VALUES ("

  /// - Parameter text: With its placeholders between the brackets after `VALUES` and nowhere else.
  init?(_ text: String, turn: Int) {
    self.turn = turn
    guard let start = text.firstRange(of: Self.values), let end = text[start.upperBound...].firstIndex(of: ")") else {
      return nil
    }
    beginning = text[..<start.upperBound].dropLast()
    row = text[start.upperBound..<end]
    ending = text[end...].dropFirst()
    guard row.allSatisfy({ "?, ".contains($0) }), !beginning.contains("?"), !ending.contains("?") else { return nil }
  }

  /// The statement for so many rows, numbered for PostgreSQL.
  func numbered(rows: Int, width: Int) -> String {
    var text = String(beginning)
    for row in 0..<rows {
      text += row == 0 ? "(" : ", ("
      for column in 0..<width { text += column == 0 ? "$\(row * width + 1)" : ", $\(row * width + column + 1)" }
      text += ")"
    }
    return text + ending
  }
}
