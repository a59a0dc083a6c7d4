import Glibc

/// Small files that only their owner may read: keys and tokens.
///
/// A file is there whole or not at all, whatever happens while it is written: it is written beside its place, flushed,
/// and moved there, and the folder is flushed too.
enum PrivateFile {
  /// What tells a changed file from an unchanged one. A file moved into another's place has another number.
  struct Stamp: Equatable, Sendable {
    let number: UInt64
    let bytes: Int64
    let seconds: Int
    let nanoseconds: Int
  }

  static func stamp(_ path: String) -> Stamp? {
    var status = stat()
    guard stat(path, &status) == 0 else { return nil }
    return Stamp(
      number: UInt64(status.st_ino), bytes: Int64(status.st_size), seconds: status.st_mtim.tv_sec,
      nanoseconds: status.st_mtim.tv_nsec)
  }

  /// - Returns: Nil when there is no such file.
  /// - Throws: ``Failure`` when others may read or write it: what it holds may be known to them already.
  static func read(_ path: String) throws(Failure) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw .system("cannot read \(path)", errno)
    }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
      throw Failure("\(path) is not a file: move it away", .attention)
    }
    guard status.st_mode & 0o077 == 0 else {
      throw Failure(
        "\(path) may be read or changed by others; if nobody did, run: chmod 600 '\(path)'", .attention)
    }
    guard status.st_uid == geteuid() || geteuid() == 0 else {
      throw Failure("\(path) belongs to another user: run Magpie as that one, or chown the file", .attention)
    }
    var bytes = [UInt8](repeating: 0, count: 64 << 10)
    var count = 0
    while count < bytes.count {
      let got = bytes[count...].withUnsafeMutableBytes { Glibc.read(descriptor, $0.baseAddress, $0.count) }
      if got == 0 { break }
      guard got > 0 || errno == EINTR else { throw .system("cannot read \(path)", errno) }
      count += max(0, got)
    }
    return String(decoding: bytes[..<count], as: UTF8.self)
  }

  /// Makes the file unless it exists.
  /// - Returns: False when it was there: another program was faster.
  static func create(_ path: String, _ text: String) throws(Failure) -> Bool {
    let beside = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).new"
    try write(text, beside, for: path)
    defer { unlink(beside) }
    guard link(beside, path) == 0 else {
      if errno == EEXIST { return false }
      throw .system("cannot write \(path)", errno)
    }
    try flushFolder(of: path)
    return true
  }

  /// Makes an empty file for another to fill, which ``settle(_:at:)`` moves to its place.
  /// - Returns: Where it is: beside its place.
  static func prepare(for path: String) throws(Failure) -> String {
    let beside = "\(path).\(getpid()).\(UInt32.random(in: .min ... .max)).new"
    try write("", beside, for: path)
    return beside
  }

  /// Moves a file that was filled to its place, unless there is one already.
  /// - Returns: False when there is one.
  static func settle(_ beside: String, at path: String) throws(Failure) -> Bool {
    let descriptor = open(beside, O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
    guard descriptor >= 0 else { throw .system("cannot read \(beside)", errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system("cannot write \(path)", errno) }
    guard link(beside, path) == 0 else {
      if errno == EEXIST { return false }
      throw .system("cannot write \(path)", errno)
    }
    unlink(beside)
    try flushFolder(of: path)
    return true
  }

  /// Puts the text in place of what the file held. One caller at a time: what a killed one left beside the file goes.
  static func replace(_ path: String, _ text: String) throws(Failure) {
    let beside = path + ".new"
    unlink(beside)
    try write(text, beside, for: path)
    guard rename(beside, path) == 0 else {
      let code = errno
      unlink(beside)
      throw .system("cannot write \(path)", code)
    }
    try flushFolder(of: path)
  }

  /// Writes a new file and flushes it; removes it again when that fails.
  private static func write(_ text: String, _ beside: String, for path: String) throws(Failure) {
    let descriptor = open(beside, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .system("cannot write \(path)", errno) }
    defer { close(descriptor) }
    let bytes = Array(text.utf8)
    var count = 0
    while count < bytes.count {
      let put = bytes[count...].withUnsafeBytes { Glibc.write(descriptor, $0.baseAddress, $0.count) }
      guard put >= 0 || errno == EINTR else {
        let code = errno
        unlink(beside)
        throw .system("cannot write \(path)", code)
      }
      count += max(0, put)
    }
    guard fchmod(descriptor, 0o600) == 0, fsync(descriptor) == 0 else {
      let code = errno
      unlink(beside)
      throw .system("cannot write \(path)", code)
    }
  }

  private static func flushFolder(of path: String) throws(Failure) {
    let folder = path.lastIndex(of: "/").map { String(path[..<$0]) } ?? "."
    let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw .system("cannot open \(folder)", errno) }
    defer { close(descriptor) }
    guard fsync(descriptor) == 0 else { throw .system("cannot write \(folder)", errno) }
  }
}

extension Failure {
  /// A failed system call in a line that says what to do, as far as that can be known.
  static func system(_ what: String, _ code: Int32) -> Failure {
    switch code {
    case ENOSPC, EDQUOT: Failure("\(what): the disk is full; make room and try again", .attention)
    case EACCES, EPERM, EROFS:
      Failure("\(what): not allowed; check who owns it, or set MAGPIE_DATA_DIR to another folder", .attention)
    case EMFILE, ENFILE: Failure("\(what): too many open files; raise the limit (ulimit -n)", .attention)
    default: Failure("\(what): \(String(cString: strerror(code)))")
    }
  }
}
