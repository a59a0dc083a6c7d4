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

  private static let slots = Atomic<Int>(0)

  package convenience init(_ text: StaticString) { self.init(made: text.description) }

  /// For a text that is put together from the names of columns. Its slot is never given back: make few.
  package init(made text: String) {
    self.text = text
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
