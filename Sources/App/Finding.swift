import Basics
import Finance
import Store

/// Finding what a person means by a word: an id, or enough of a name.
enum Finding {
  /// - Throws: ``UsageError`` when nothing or several things are meant.
  static func connection(
    _ word: String, among connections: [StoredConnection]
  ) throws(UsageError) -> StoredConnection {
    if let id = ID<Connection>(word), let found = connections.first(where: { $0.id == id }) { return found }
    let living = connections.filter { $0.state != .removed }
    let found = living.filter { matches(word, $0.institutionName ?? "") }
    if found.count == 1 { return found[0] }
    throw UsageError(
      found.isEmpty
        ? "no bank is called \"\(word)\"; magpie connections lists them"
        : "\"\(word)\" may mean \(found.count) banks; name one by its id: "
          + found.map(\.id.description).joined(
            separator: ", "))
  }

  /// All accounts that the word fits: an id means one, a name or the last digits may mean several.
  static func accounts(_ word: String, among accounts: [ListedAccount]) throws(UsageError) -> [ListedAccount] {
    if let id = ID<Account>(word), let found = accounts.first(where: { $0.id == id }) { return [found] }
    let found = accounts.filter { account in
      account.mask == word || matches(word, account.name) || matches(word, account.officialName ?? "")
        || matches(word, account.institutionName ?? "")
    }
    if found.isEmpty { throw UsageError("no account is called \"\(word)\"; magpie accounts lists them") }
    return found
  }

  private static func matches(_ word: String, _ name: String) -> Bool {
    !word.isEmpty && name.lowercased().contains(word.lowercased())
  }
}
