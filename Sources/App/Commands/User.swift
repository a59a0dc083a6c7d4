import API
import Basics
import Crypto
import Databases
import Finance
import Store

/// People who may sign in: adds one, gives one a new password, lists them.
struct ManageUsers: Command {
  static let name = "user"
  static let summary = "Add a person, help one who forgot the password, or list them."
  static let words = "list | add EMAIL | reset EMAIL"
  static let options: [Option] = [
    .value("name", "NAME", "what to call the person; otherwise the address"),
    .value("role", "ROLE", "viewer, member, admin or owner; otherwise member"),
  ]
  static let details = """
    No password is typed here. `add` and `reset` print a secret that is good once, within an hour: with
    it the person sets a password of their own (POST /v1/auth/password-reset).
    """

  enum Action: Sendable {
    case list
    case add(email: String, name: String, role: Role)
    case reset(email: String)
  }

  let action: Action

  init(_ arguments: inout Arguments) throws(UsageError) {
    switch arguments.word() {
    case "list": action = .list
    case "reset": action = .reset(email: try arguments.word("whose password: the address"))
    case "add":
      let email = try arguments.word("the address")
      guard Users.folded(email: email) != nil else { throw UsageError("\"\(email)\" is not an address") }
      let word = arguments.text("role") ?? Role.member.rawValue
      guard let role = Role(rawValue: word) else {
        throw UsageError("--role must be viewer, member, admin or owner, not \"\(word)\"")
      }
      action = .add(email: email, name: arguments.text("name") ?? email, role: role)
    case let word?: throw UsageError("unknown word \"\(word)\": list, add or reset")
    case nil: throw UsageError("what to do is missing: list, add or reset")
    }
  }

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment))
    let terminal = surroundings.terminal
    switch action {
    case .list: try await list(home, terminal)
    case .add(let email, let name, let role):
      do {
        _ = try await home.identity.add(name: name, email: email, Secret(RandomBytes.token()), to: home.scope, role)
      } catch let problem as Problem {
        throw Failure("\(email) cannot be added: \(problem.title)")
      }
      terminal.line("\(PlainText.clean(name)) is \(role.rawValue) now.")
      try await reset(email, home, terminal)
    case .reset(let email): try await reset(email, home, terminal)
    }
  }

  private func reset(_ email: String, _ home: Home, _ terminal: Terminal) async throws {
    guard let secret = try await home.identity.makeReset(email: email) else {
      throw Failure("nobody signs in as \(PlainText.clean(email)): magpie user list shows who does")
    }
    terminal.line("With this secret they set a password, once, within an hour:")
    terminal.line(secret.reveal)
  }

  private func list(_ home: Home, _ terminal: Terminal) async throws {
    let all = try await home.database.read { try Users.all($0) }
    var table = Table([.left, .left, .left, .left], head: ["Person", "Name", "Address", "Second factor"])
    for user in all {
      table.append([
        user.user.description, PlainText.clean(user.name), PlainText.clean(user.email ?? "cannot sign in yet"),
        user.hasSecondFactor ? "yes" : "no",
      ])
    }
    terminal.table(table)
  }
}
