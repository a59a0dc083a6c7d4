import API
import Basics
import Databases
import Finance
import JSON
import Store

/// Shows the links to banks and how they do; ends one.
struct ListConnections: Command {
  static let name = "connections"
  static let summary = "Show your links to banks and how they do, or end one."
  static let words = "[remove CONNECTION]"
  static let options: [Option] = [
    .flag("json", "as JSON, for programs"), .flag("all", "removed ones too"),
  ]
  static let details = """
    `remove` ends the link at Plaid as well, so that it is not billed any more. What was fetched stays.
    """

  let removed: String?
  let isJSON: Bool
  let isAll: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    switch arguments.word() {
    case nil: removed = nil
    case "remove": removed = try arguments.word("which connection to remove")
    case let word?: throw UsageError("unknown word \"\(word)\": remove, or nothing")
    }
    isJSON = arguments.flag("json")
    isAll = arguments.flag("all")
  }

  func run(_ surroundings: Surroundings) async throws {
    let purpose: Home.Purpose = removed == nil ? .reading : .writing
    let home = try await Home.open(Configuration(surroundings.environment), for: purpose)
    if let removed {
      try await remove(removed, home, surroundings.terminal)
    } else {
      try await show(home, surroundings.terminal)
    }
  }

  private func show(_ home: Home, _ terminal: Terminal) async throws {
    let scope = home.scope
    let known = try await home.database.read { try Connections.list(after: nil, limit: .max, scope, $0) }
    let connections = known.filter { isAll || $0.state != .removed }
    if isJSON { return terminal.json(["data": .array(connections.map(Wire.connection))]) }
    guard !connections.isEmpty else { return terminal.line("No bank is linked yet: magpie help link says how.") }
    var table = Table([.left, .left, .left, .left], head: ["Connection", "Bank", "State", "Last sync"])
    for connection in connections {
      let bank = (connection.institutionName ?? connection.institutionID ?? "") + Marks.mark(connection.origin)
      table.append([
        connection.id.description, bank, Self.words(connection.state),
        connection.lastSuccessAt.map { String($0.description.prefix(10)) } ?? "never",
      ])
    }
    terminal.table(table)
    for connection in connections where connection.stateCode != nil {
      let said = connection.stateMessage ?? connection.stateCode ?? ""
      terminal.line(PlainText.cut(PlainText.clean("\(connection.institutionName ?? "A bank") says: \(said)"), to: 80))
    }
    Marks.explain(connections.map(\.origin), terminal)
  }

  private static func words(_ state: ConnectionState) -> String {
    switch state {
    case .pending: "first data"
    case .healthy: "works"
    case .degraded: "tries again"
    case .needsReauthentication: "sign in again"
    case .expiring: "sign in soon"
    case .misconfigured: "see doctor"
    case .revoked: "link anew"
    case .removing: "being removed"
    case .removed: "removed"
    }
  }

  private func remove(_ word: String, _ home: Home, _ terminal: Terminal) async throws {
    let scope = home.scope
    let known = try await home.database.read { try Connections.all(scope, $0) }
    let connection = try Finding.connection(word, among: known)
    try await Bank.with(home) { try await $0.banks.remove(connection.id) }
    if isJSON {
      let after = try await home.database.read { try Connections.listed(connection.id, scope, $0) }
      return terminal.json(["data": .array(after.map { [Wire.connection($0)] } ?? [])])
    }
    terminal.line("\(SyncWork.name(of: connection)) is not linked any more. What was fetched stays.")
  }
}
