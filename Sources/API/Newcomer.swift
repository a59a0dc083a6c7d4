import Basics
import Databases
import Finance
import Store

/// A sign-in that is about to be linked, as far as it helps to tell whether its accounts are linked already.
struct Newcomer: Sendable {
  private struct Account: Sendable {
    var persistentID: String?
    var name: String
    var officialName: String?
    var mask: String?
    /// Nil when it was not told.
    var type: String?

    func isSame(as linked: LinkedAccount) -> Bool {
      if let persistentID, persistentID == linked.persistentID { return true }
      guard mask == linked.mask, type == nil || type == linked.type else { return false }
      return name == linked.name || name == linked.officialName
        || officialName != nil && officialName == linked.officialName
    }
  }

  let institutionID: String?
  let institutionName: String?
  private let accounts: [Account]

  /// What Link told.
  init(_ metadata: LinkMetadata) {
    institutionID = metadata.institutionID
    institutionName = metadata.institutionName
    accounts = metadata.accounts.map { Account(name: $0.name, mask: $0.mask, type: $0.type) }
  }

  /// What the bank told.
  init(_ feed: FeedAccounts) {
    institutionID = feed.institutionID
    institutionName = feed.institutionName
    accounts = feed.accounts.map {
      Account(
        persistentID: $0.persistentID, name: $0.name, officialName: $0.officialName, mask: $0.mask, type: $0.type)
    }
  }

  /// Refuses when a living connection to the same bank shows one of these accounts. Where either side has not shown any
  /// yet, the same bank is enough.
  func refuseIfLinked(_ settings: Banks.Settings, _ scope: Scope, _ session: any Session) throws {
    guard let institutionID else { return }
    let living = try Connections.all(scope, session).filter { connection in
      connection.institutionID == institutionID && connection.environment == settings.environment
        && connection.host == settings.host && ![.removed, .removing].contains(connection.state)
    }
    guard !living.isEmpty else { return }
    let shown = try Connections.accounts(of: living.map(\.id), scope, session)
    for connection in living {
      let theirs = shown.filter { $0.connection == connection.id }
      let isSame =
        accounts.isEmpty || theirs.isEmpty || theirs.contains { linked in accounts.contains { $0.isSame(as: linked) } }
      if isSame { throw BanksError.alreadyLinked(connection.id, bank: connection.institutionName ?? institutionName) }
    }
  }
}
