import Basics
import Crypto
import Databases
import Glibc
import Store

/// Puts a backup back, or only looks whether that would work.
struct Restore: Command {
  static let name = "restore"
  static let summary = "Put a backup back, or look whether it is whole (--verify)."
  static let words = "FILE"
  static let options: [Option] = [
    .flag("verify", "read every page and row of the backup, and change nothing"),
    .flag("replace", "move the database that is there aside first"),
    .value("with-keys", "FILE", "put the key back too, by the passphrase in FILE"),
  ]
  static let details = """
    Stop Magpie first: a database that a program has open is not replaced. The backup stays as it is.
    Nothing is overwritten: --replace moves the database that is there to magpie.db.before-… in the
    data folder. A backup of an older Magpie is brought up to date on the next start.
    """

  let file: String
  let isOnlyLooking: Bool
  let isReplacing: Bool
  let passphraseFile: String?

  init(_ arguments: inout Arguments) throws(UsageError) {
    file = try arguments.word("the backup's file")
    isOnlyLooking = arguments.flag("verify")
    isReplacing = arguments.flag("replace")
    passphraseFile = arguments.text("with-keys")
  }

  func run(_ surroundings: Surroundings) async throws {
    let terminal = surroundings.terminal
    guard PrivateFile.stamp(file) != nil else { throw Failure("there is no \(file)", .attention) }
    do {
      if isOnlyLooking {
        let label = try Backups.verify(file)
        _ = try keys(label)
        return terminal.line(
          "\(file) is whole: \(label.rows) rows of \(label.madeAt), each as it was when the backup was made.")
      }
      let configuration = try Configuration(surroundings.environment)
      try Backup.refuseServer(configuration)
      let directory = try configuration.openFolder()
      let label = try putBack(directory, terminal)
      terminal.line("\(directory.database) holds \(label.rows) rows of \(label.madeAt), each as in the backup.")
      try sayWhatIsShut(configuration, directory, terminal)
    } catch {
      throw Backup.failure(error, file, nil)
    }
  }

  private func putBack(_ directory: DataDirectory, _ terminal: Terminal) throws -> Backups.Label {
    let label = try Backups.verify(file)
    let keys = try keys(label)
    if let keys { try checkKeys(keys, directory) }
    let isThere = PrivateFile.stamp(directory.database) != nil
    if isThere {
      guard try !SQLiteFile.isInUse(directory.database) else {
        throw Failure("\(directory.database) is in use: stop Magpie first (and whatever else has it open)", .later)
      }
      guard isReplacing else {
        throw Failure(
          "there is a database already, \(directory.database): --replace moves it aside, or move it yourself",
          .attention)
      }
    }
    let beside = try PrivateFile.prepare(for: directory.database)
    defer { for file in [beside, beside + "-journal"] { unlink(file) } }
    _ = try Backups.putBack(file, at: beside)
    if isThere { try moveAside(directory, terminal) }
    guard try PrivateFile.settle(beside, at: directory.database) else {
      throw Failure("\(directory.database) was made meanwhile: stop Magpie first", .later)
    }
    if let keys, PrivateFile.stamp(directory.keyFile) == nil {
      _ = try PrivateFile.create(directory.keyFile, keys.reveal)
      terminal.line("The key is in \(directory.keyFile) again.")
    }
    return label
  }

  private func moveAside(_ directory: DataDirectory, _ terminal: Terminal) throws(Failure) {
    let aside = "\(directory.database).before-\(World.live.now().seconds)"
    guard PrivateFile.stamp(aside) == nil, rename(directory.database, aside) == 0 else {
      throw .system("cannot move \(directory.database) aside", errno)
    }
    // Left by a program that was killed, and emptied into the database when that was found free.
    for left in ["-wal", "-shm"] { unlink(directory.database + left) }
    terminal.line("What was there is now \(aside).")
  }

  private func keys(_ label: Backups.Label) throws(Failure) -> Secret<String>? {
    guard let passphraseFile else { return nil }
    guard let kept = label.keys else { throw Failure("\(file) holds no keys", .attention) }
    guard let keys = PassphraseBox.open(kept, try Backup.passphrase(passphraseFile)) else {
      throw Failure("that passphrase does not open the keys in \(file)", .attention)
    }
    return keys
  }

  /// A key that is there is never replaced.
  private func checkKeys(_ keys: Secret<String>, _ directory: DataDirectory) throws(Failure) {
    guard let text = try PrivateFile.read(directory.keyFile), text != keys.reveal else { return }
    throw Failure(
      "\(directory.keyFile) holds other keys than the backup: move it away, or leave --with-keys out", .attention)
  }

  private func sayWhatIsShut(
    _ configuration: Configuration, _ directory: DataDirectory, _ terminal: Terminal
  ) throws {
    let texts = [configuration.encryptionKey].compactMap { $0 } + configuration.previousEncryptionKeys
    let known = texts.compactMap { SealingKey(fileText: $0) } + (try KeyFile.keys(directory.keyFile) ?? [])
    let ids = Set(known.map(\.id))
    let shut = try SQLiteFile.look(at: directory.database) { try SealedTokens.all($0, in: Backups.tables($0)) }
      .filter { token in KeyRing.keyID(of: token.box).map { !ids.contains($0) } ?? true }
    guard !shut.isEmpty else { return }
    let secrets = shut.count == 1 ? "1 secret in it needs" : "\(shut.count) secrets in it need"
    terminal.line("\(secrets) a key that is not here: put encryption.key back before you start Magpie.")
  }
}
