package import Databases

/// Looks through a whole database, table by table and column by column, for what should not be in it any more.
package enum Leftovers {
  /// Tables that hold a row with one of these values or with a text that contains one of these words.
  ///
  /// Identities are found however a store keeps them.
  package static func of(
    _ identities: [DatabaseValue] = [], words: [String] = [], _ session: any Session
  ) throws -> [String] {
    var found: [String] = []
    for (tableName, columnName, type) in try columns(session) {
      let (table, column) = (SQL(stringLiteral: tableName), SQL(stringLiteral: columnName))
      let isText = type.hasPrefix("text")
      let isIdentity = type == "uuid" || type == "blob"
      for word in words where isText {
        let count = try session.first(
          "SELECT COUNT(*) FROM \(table) WHERE UPPER(\(column)) LIKE \("%\(word.uppercased())%")"
        ) { try $0(0, as: Int.self) }
        if count != 0 { found.append("\(tableName).\(columnName): \(word)") }
      }
      for identity in identities where isIdentity {
        let count = try session.first(
          "SELECT COUNT(*) FROM \(table) WHERE \(column) = \(Held(databaseValue: identity))"
        ) { try $0(0, as: Int.self) }
        if count != 0 { found.append("\(tableName).\(columnName): \(count ?? 0) rows name an id") }
      }
    }
    return found
  }

  private struct Held: DatabaseConvertible {
    let databaseValue: DatabaseValue
  }

  /// Every column of every table, with its type in lower case.
  private static func columns(_ session: any Session) throws -> [(table: String, column: String, type: String)] {
    let question: SQL =
      switch session.dialect {
      case .sqlite:
        """
        SELECT m.name, p.name, LOWER(p.type) FROM sqlite_master m, pragma_table_info(m.name) p
        WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%'
        """
      case .postgres:
        """
        SELECT CAST(table_name AS text), CAST(column_name AS text), CAST(data_type AS text)
        FROM information_schema.columns WHERE table_schema = current_schema()
        """
      }
    return try session.query(question) { (try $0(0), try $0(1), try $0(2)) }
  }
}
