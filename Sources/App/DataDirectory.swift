import Glibc

/// The folder that holds everything Magpie keeps, and what its files are called.
package struct DataDirectory: Sendable {
  /// Absolute, without a slash at the end.
  package let path: String
  /// The PostgreSQL server that keeps the data in place of ``database``, as a person may see it.
  package var server: String?

  /// Where rows are kept, in words.
  package var databaseName: String { server ?? database }
  package var database: String { path + "/magpie.db" }
  package var keyFile: String { path + "/encryption.key" }
  /// What programs on this machine show to Magpie's own interface.
  package var apiToken: String { path + "/api.token" }
  /// The simulated bank's own memory of what was linked at it.
  package var simulatedBank: String { path + "/" + Self.simulatedBankName }
  static let simulatedBankName = "simulated-bank.journal"
  /// Held while the key is being changed.
  var keyLock: String { path + "/encryption.lock" }

  /// Makes the folder, for its owner alone, with whatever is missing above it.
  ///
  /// A folder that was there keeps its mode, as long as nobody else can put files into it.
  package init(opening path: String) throws(Failure) {
    self.path = path.count > 1 && path.hasSuffix("/") ? String(path.dropLast()) : path
    var status = stat()
    if stat(self.path, &status) != 0 {
      guard errno == ENOENT else { throw .system("cannot open the data folder \(self.path)", errno) }
      try Self.make(self.path)
      guard stat(self.path, &status) == 0 else { throw .system("cannot open the data folder \(self.path)", errno) }
    }
    guard status.st_mode & S_IFMT == S_IFDIR else {
      throw Failure("\(self.path) is not a folder: set MAGPIE_DATA_DIR to one", .attention)
    }
    guard status.st_mode & 0o022 == 0 else {
      throw Failure("others may write to \(self.path): run chmod 700 on it, or set MAGPIE_DATA_DIR", .attention)
    }
    guard access(self.path, W_OK | X_OK) == 0 else {
      throw .system("cannot write to the data folder \(self.path)", errno)
    }
  }

  private static func make(_ path: String) throws(Failure) {
    if mkdir(path, 0o700) == 0 || errno == EEXIST { return }
    guard errno == ENOENT, let slash = path.lastIndex(of: "/"), slash > path.startIndex else {
      throw .system("cannot make the data folder \(path)", errno)
    }
    try make(String(path[..<slash]))
    guard mkdir(path, 0o700) == 0 || errno == EEXIST else {
      throw .system("cannot make the data folder \(path)", errno)
    }
  }

  /// Makes the database's file for its owner alone before SQLite opens it: SQLite gives the same mode to the files it
  /// puts beside it. A copy that was put back with a wider mode is narrowed.
  ///
  /// A file that is there is never opened here: closing it again would drop the locks that SQLite holds on it.
  func prepareDatabaseFile() throws(Failure) {
    let descriptor = open(database, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    if descriptor >= 0 {
      close(descriptor)
      return
    }
    guard errno == EEXIST else { throw .system("cannot make \(database)", errno) }
    var status = stat()
    guard lstat(database, &status) == 0 else { throw .system("cannot open \(database)", errno) }
    guard status.st_mode & S_IFMT == S_IFREG else {
      throw Failure("\(database) is not a file: move it away", .attention)
    }
    guard status.st_mode & 0o077 != 0 else { return }
    guard chmod(database, 0o600) == 0 else { throw .system("cannot make \(database) private", errno) }
    for beside in ["-wal", "-shm"] { chmod(database + beside, 0o600) }
  }
}

extension Configuration {
  /// The data folder, made when it is missing.
  func openFolder() throws(Failure) -> DataDirectory {
    var directory = try DataDirectory(opening: dataDirectory)
    directory.server = databaseName
    return directory
  }
}
