import API
import Basics
import Store

/// Makes the secret of the first start: whoever uses it becomes the owner.
struct SetUpLink: Command {
  static let name = "setup-link"
  static let summary = "Make the secret with which the owner sets a first password."
  static let details = """
    The secret is good once, within an hour; making another one voids it. It is printed to a terminal
    only: otherwise it is written to the file setup.secret in the data folder, which only you may read.
    """

  init(_ arguments: inout Arguments) throws(UsageError) {}

  func run(_ surroundings: Surroundings) async throws {
    let home = try await Home.open(Configuration(surroundings.environment))
    guard let secret = try await home.identity.makeSetup() else {
      throw Failure("somebody can sign in already: magpie user list shows who, and magpie user reset helps them")
    }
    let terminal = surroundings.terminal
    guard terminal.hasBars else {
      let path = home.directory.path + "/setup.secret"
      try PrivateFile.replace(path, secret.reveal + "\n")
      return terminal.line("The secret is in \(path), good once, within an hour.")
    }
    let address = home.configuration.publicURL ?? "http://127.0.0.1:\(home.configuration.port)"
    terminal.line("Open this page within an hour to become the owner; magpie serve has to be running:")
    terminal.line("\(address)/welcome#\(secret.reveal)")
    terminal.line("Programs send what is behind the # with name, email and password to POST \(address)/v1/setup.")
  }
}
