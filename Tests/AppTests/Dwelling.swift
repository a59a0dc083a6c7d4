import Basics
import Crypto
import Databases
import Finance
import Store

@testable import App

/// A temporary data folder, and what tests do in it again and again.
struct Dwelling: Sendable {
  let folder = Folder()
  var data: String { folder.path + "/data" }
  var keyFile: String { data + "/encryption.key" }

  func home(_ environment: [String: String] = [:]) async throws -> Home {
    let settings = environment.merging(["MAGPIE_DATA_DIR": data]) { given, _ in given }
    return try await Home.open(try Configuration(settings))
  }

  /// Why the home does not open; nil when it does.
  func failure(_ environment: [String: String] = [:]) async -> Failure? {
    do {
      _ = try await home(environment)
      return nil
    } catch {
      return error as? Failure
    }
  }

  /// Runs a command with this folder as its data, as if typed.
  /// - Parameter heard: Gets everything that is written, at once.
  func run(
    _ line: String, _ environment: [String: String] = [:], isTerminal: Bool = false,
    heard: @escaping @Sendable (String) -> Void = { _ in },
    untilStop: @escaping @Sendable () async -> Void = Outcome.never
  ) async -> Outcome {
    let settings = environment.merging(["MAGPIE_DATA_DIR": data]) { given, _ in given }
    return await Outcome.of(
      line.split(separator: " ").map(String.init), settings, isTerminal: isTerminal, heard: heard,
      untilStop: untilStop)
  }
}

/// What a command wrote and how it ended.
struct Outcome: Sendable {
  var code: Int32
  var output: String
  var complaints: String

  /// Nobody presses Ctrl-C.
  static let never: @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(600)) }

  var lines: [String] { output.split(separator: "\n", omittingEmptySubsequences: false).map(String.init) }

  static func of(
    _ words: [String], _ environment: [String: String], isTerminal: Bool = false,
    heard: @escaping @Sendable (String) -> Void = { _ in },
    untilStop: @escaping @Sendable () async -> Void = never
  ) async -> Outcome {
    let (output, complaints) = (Locked(""), Locked(""))
    let terminal = Terminal(
      write: { text in
        output.withLock { $0 += text }
        heard(text)
      },
      complainRaw: { text in
        complaints.withLock { $0 += text }
        heard(text)
      },
      hasColour: isTerminal, hasBars: isTerminal, showsProgress: isTerminal)
    let code = await Program.magpie.run(
      words, in: Surroundings(environment: environment, terminal: terminal, untilStop: untilStop))
    return Outcome(code: code, output: output.withLock { $0 }, complaints: complaints.withLock { $0 })
  }
}

extension Home {
  /// Keeps a connection with a token that says which one it is.
  @discardableResult
  func keepToken() async throws -> ID<Connection> {
    let (scope, world, keys) = (scope, world, keys)
    return try await database.write { session in
      let id: ID<Connection> = world.newID()
      let place = SealedTokens.associatedData(scope.household, id, environment: "sandbox", host: "bank")
      let box = try keys.seal(Secret("access-\(id)"), associatedData: place)
      try Connections.insert(
        NewConnection(
          id: id, origin: .simulated, environment: "sandbox", host: "bank", itemID: "item-\(id)", sealedToken: box),
        scope, now: world.now(), session)
      return id
    }
  }

  /// How many tokens open and are what they should be.
  func tokensOpened() async throws -> Int {
    let tokens = try await database.read { try SealedTokens.all($0) }
    return try tokens.count { token in
      guard case .connection(_, let id, _, _) = token.place else { return false }
      return try keys.openText(token.box, associatedData: token.associatedData).reveal == "access-\(id)"
    }
  }
}
