import Basics
import Crypto
import Databases
import JSON
import Store

/// The key that seals bank tokens: which one is in force, and changing it while everything goes on.
struct Keys: Command {
  static let name = "keys"
  static let summary = "Show, change or make the key that seals bank tokens."
  static let words = "[rotate|new]"
  static let options: [Option] = [.flag("json", "as JSON, for programs")]
  static let details = """
    magpie keys           the key in force, and how many tokens are sealed with it
    magpie keys rotate    change to a new key and seal every token anew
    magpie keys new       print a new key for MAGPIE_ENCRYPTION_KEY

    Without MAGPIE_ENCRYPTION_KEY the key is in the file encryption.key of the data folder, and
    `rotate` does everything: it adds a new key, seals all tokens with it, and then removes the old
    one. `magpie serve` may run meanwhile. If it is interrupted, nothing is lost: run it again.

    With MAGPIE_ENCRYPTION_KEY the key is yours to change:
      1. print a new one with `magpie keys new`;
      2. set MAGPIE_ENCRYPTION_KEY to it, and MAGPIE_ENCRYPTION_KEY_PREVIOUS to the one before;
      3. restart `magpie serve` with both, and run `magpie keys rotate` with both;
      4. take MAGPIE_ENCRYPTION_KEY_PREVIOUS away again.
    The same steps move from the file to the environment, except that the previous key need not be set:
    the file is read as long as it is there, and may be removed after step 3.

    Copies of the database from before still need the key from before: keep it as long as them.
    """

  enum Action: Sendable { case show, rotate, new }

  let action: Action
  let isJSON: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    switch arguments.word() {
    case nil: action = .show
    case "rotate": action = .rotate
    case "new": action = .new
    case let word?: throw UsageError("unknown word \"\(word)\": rotate or new")
    }
    isJSON = arguments.flag("json")
  }

  func run(_ surroundings: Surroundings) async throws {
    let terminal = surroundings.terminal
    if action == .new {
      let text = SealingKey.generate().fileText.reveal
      return isJSON ? terminal.json(["key": .string(text)]) : terminal.line(text)
    }
    let home = try await Home.open(Configuration(surroundings.environment))
    if action == .rotate { try await rotate(home, terminal) } else { try await show(home, terminal) }
  }

  private func show(_ home: Home, _ terminal: Terminal) async throws {
    let ring = try home.keys.ring()
    let boxes = try await home.database.read { try SealedTokens.all($0).map(\.box) }
    let outdated = boxes.filter { ring.isOutdated($0) }.count
    if isJSON {
      let answer: JSONValue = [
        "key": .string("\(ring.current.id)"), "source": .string(Self.source(home.keys, home.directory)),
        "tokens": .int(boxes.count), "tokens_under_older_keys": .int(outdated),
      ]
      return terminal.json(answer)
    }
    terminal.line("Key in force:     \(ring.current.id), from \(Self.source(home.keys, home.directory))")
    terminal.line("Sealed tokens:    \(boxes.count)")
    if outdated > 0 { terminal.line("Under older keys: \(outdated); magpie keys rotate seals them anew") }
  }

  private static func source(_ keys: KeyStore, _ directory: DataDirectory) -> String {
    switch keys.source {
    case .environment: Setting.encryptionKey.name
    case .file: directory.keyFile
    }
  }

  private func rotate(_ home: Home, _ terminal: Terminal) async throws {
    if case .environment(let ring) = home.keys.source, home.configuration.previousEncryptionKeys.isEmpty {
      let hasOutdated = try await home.database.read { session in
        try SealedTokens.all(session).contains { ring.isOutdated($0.box) }
      }
      guard hasOutdated else {
        throw Failure(
          """
          MAGPIE_ENCRYPTION_KEY holds the key, so Magpie cannot change it: set a new one there and the old one in \
          MAGPIE_ENCRYPTION_KEY_PREVIOUS, then run this again (see magpie help keys)
          """, .attention)
      }
    }
    let report: KeyRotation.Report
    do {
      report = try await KeyRotation(database: home.database, keys: home.keys, directory: home.directory).run()
    } catch {
      throw Fault.failure(error, directory: home.directory)
    }
    if isJSON {
      let answer: JSONValue = [
        "key": .string("\(report.current)"), "sealed": .int(report.sealed), "resumed": .bool(report.wasResumed),
      ]
      return terminal.json(answer)
    }
    if report.wasResumed { terminal.line("Finished a change of the key that had been interrupted.") }
    let tokens = report.sealed == 1 ? "1 bank token" : "\(report.sealed) bank tokens"
    terminal.line("The key is now \(report.current); \(tokens) sealed anew.")
    if case .environment = home.keys.source {
      if !home.configuration.previousEncryptionKeys.isEmpty {
        terminal.line("MAGPIE_ENCRYPTION_KEY_PREVIOUS is not needed any more.")
      }
      if PrivateFile.stamp(home.directory.keyFile) != nil {
        terminal.line("\(home.directory.keyFile) is not needed any more.")
      }
    }
    terminal.line("Copies of the database from before still need the key from before.")
  }
}
