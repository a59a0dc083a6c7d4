import Basics
import Crypto
import Glibc
import JSON
import Store

/// A copy of everything in one file, made while the server runs, and proved.
struct Backup: Command {
  static let name = "backup"
  static let summary = "Copy everything into one file, while Magpie runs, and prove it."
  static let words = "PLACE"
  static let options: [Option] = [
    .value("with-keys", "FILE", "also the key of the bank tokens, under the passphrase in FILE"),
    .flag("json", "as JSON, for programs"),
  ]
  static let details = """
    PLACE is a new file, or a folder, in which the file is named by the time. It is made for its owner
    alone, holds everything of one moment, and is read again before this ends: every page, and every
    row compared with where it came from. `magpie restore PLACE --verify` does that at any later time.

    The key that opens bank tokens is not in it: keep a copy of encryption.key somewhere else, or give
    --with-keys a private file with a passphrase of 16 characters or more in its first line.

    Data on a PostgreSQL server is copied with PostgreSQL's own tools: see docs/backups.md.
    """

  private static let passphraseMin = 16

  let place: String
  let passphraseFile: String?
  let isJSON: Bool

  init(_ arguments: inout Arguments) throws(UsageError) {
    place = try arguments.word("where to: a new file, or a folder")
    passphraseFile = arguments.text("with-keys")
    isJSON = arguments.flag("json")
  }

  func run(_ surroundings: Surroundings) async throws {
    let configuration = try Configuration(surroundings.environment)
    try Self.refuseServer(configuration)
    let directory = try configuration.openFolder()
    guard PrivateFile.stamp(directory.database) != nil else {
      throw Failure("there is no \(directory.database): nothing was ever kept here", .attention)
    }
    let now = World.live.now()
    let target = Self.target(place, now)
    guard PrivateFile.stamp(target) == nil else { throw Self.isThere(target) }
    let keys = try passphraseFile.map { file throws(Failure) in
      PassphraseBox.seal(try Self.keys(configuration, directory), try Self.passphrase(file))
    }
    let beside = try PrivateFile.prepare(for: target)
    defer { for file in [beside, beside + "-journal"] { unlink(file) } }
    do {
      let label = try Backups.make(of: directory.database, at: beside, keys: keys, now: now)
      guard try PrivateFile.settle(beside, at: target) else { throw Self.isThere(target) }
      tell(label, target, surroundings.terminal)
    } catch {
      throw Self.failure(error, directory.database, directory)
    }
  }

  private func tell(_ label: Backups.Label, _ target: String, _ terminal: Terminal) {
    let bytes = PrivateFile.stamp(target)?.bytes ?? 0
    if isJSON {
      return terminal.json([
        "file": .string(target), "rows": .int(label.rows), "bytes": .int(Int(bytes)),
        "has_keys": .bool(label.keys != nil), "made_at": .string("\(label.madeAt)"),
      ])
    }
    terminal.line("\(target) holds \(label.rows) rows (\(bytes >> 10) kB), each the same as in the database.")
    terminal.line(
      label.keys == nil
        ? "The key of the bank tokens is not in it: keep a copy of that as well, and somewhere else."
        : "The key of the bank tokens is in it, under your passphrase.")
  }

  // MARK: - Shared with restore

  static func refuseServer(_ configuration: Configuration) throws(Failure) {
    guard let server = configuration.databaseName else { return }
    throw Failure(
      """
      the data is on \(server), which has tools of its own: pg_dump --format=custom "$DATABASE_URL" copies it, and \
      pg_restore puts it back (see docs/backups.md); keep a copy of the key too
      """, .attention)
  }

  /// The first line of a private file.
  static func passphrase(_ file: String) throws(Failure) -> Secret<String> {
    guard let text = try PrivateFile.read(file) else { throw Failure("there is no \(file)", .attention) }
    let line = text.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
    guard line.count >= passphraseMin else {
      throw Failure("the first line of \(file) must be a passphrase of \(passphraseMin) characters or more", .attention)
    }
    return Secret(line)
  }

  static func failure(_ error: any Error, _ file: String, _ directory: DataDirectory?) -> Failure {
    switch error {
    case let failure as Failure: failure
    case Backups.Trouble.noBackup:
      Failure("\(file) is no backup that magpie backup finished", .attention)
    case Backups.Trouble.newerSchema(let found, let known):
      Failure("\(file) is of a newer Magpie (tables \(found), this one knows \(known)): use that version", .attention)
    case Backups.Trouble.damaged(let words):
      Failure("\(file) is damaged (\(words)): use another backup", .attention)
    case Backups.Trouble.differs(let table):
      Failure("\(file) is not what it was: \(table) differs. Use another backup", .attention)
    default: Fault.failure(error, directory: directory)
    }
  }

  private static func isThere(_ target: String) -> Failure {
    Failure("\(target) is there already: name another file", .attention)
  }

  private static func target(_ place: String, _ now: Timestamp) -> String {
    var status = stat()
    guard stat(place, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else { return place }
    let time = "\(now)".prefix { $0 != "." && $0 != "Z" }.filter { $0 != ":" && $0 != "-" }
    return "\(place.hasSuffix("/") ? String(place.dropLast()) : place)/magpie-\(time).db"
  }

  /// All keys that open something, as the file of keys has them.
  private static func keys(
    _ configuration: Configuration, _ directory: DataDirectory
  ) throws(Failure) -> Secret<String> {
    let named = ([configuration.encryptionKey].compactMap { $0 } + configuration.previousEncryptionKeys)
      .compactMap { SealingKey(fileText: $0) }
    let keys = named + (try KeyFile.keys(directory.keyFile) ?? [])
    guard !keys.isEmpty else { throw Failure("there is no key to put into the backup", .attention) }
    return Secret(KeyFile.text(keys))
  }
}
