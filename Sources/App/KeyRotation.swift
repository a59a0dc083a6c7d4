import Basics
import Crypto
import Databases
import Glibc
import Store

/// Changes the key that seals bank tokens, while other processes go on using it.
///
/// The new key is put in front of the old one in the file, everything is sealed anew, and the old key leaves the file in
/// a write transaction that found nothing under it. At every moment all that is sealed can be opened with what the file
/// holds, so a rotation that was killed is simply finished by the next one.
struct KeyRotation: Sendable {
  /// Where a test may end the program.
  enum Step: Hashable, Sendable, CaseIterable {
    case begun, keyAdded, batchSealed, allSealed, oldKeyDropped
  }

  /// What was done.
  struct Report: Sendable, Equatable {
    /// Tokens that were sealed anew.
    var sealed = 0
    var current: SealingKeyID
    /// Whether this run went on with a rotation that had been interrupted.
    var wasResumed = false
  }

  /// Tokens in one transaction: short, so that others who write wait little.
  private static let batch = 50

  let database: any Database
  let keys: KeyStore
  let directory: DataDirectory
  var afterStep: @Sendable (Step) async throws -> Void = { _ in }

  /// - Throws: ``Failure`` when a token cannot be opened, before anything was changed, or what the disk says. Whatever
  ///   was done until then stands, and running it again goes on from there.
  func run() async throws -> Report {
    let lock = try FileLock(directory.keyLock)
    defer { lock.release() }
    switch keys.source {
    case .environment(let ring): return try await underEnvironment(ring)
    case .file: return try await underFile()
    }
  }

  private func underFile() async throws -> Report {
    guard let known = try KeyFile.keys(directory.keyFile) else {
      throw Failure("\(directory.keyFile) is gone: put it back from a backup", .attention)
    }
    try await checkAll(KeyRing(current: known[0], older: Array(known.dropFirst())))
    try await afterStep(.begun)
    let wasResumed = known.count > 1
    let current = wasResumed ? known[0] : SealingKey.generate()
    if !wasResumed { try PrivateFile.replace(directory.keyFile, KeyFile.text([current] + known)) }
    try await afterStep(.keyAdded)
    let ring = try keys.reload()
    var report = Report(current: current.id, wasResumed: wasResumed)
    let file = directory.keyFile
    while true {
      report.sealed += try await sealAll(ring)
      try await afterStep(.allSealed)
      // Nobody can add a box while this transaction is open, and whoever adds one later reads the new file.
      let isDone = try await database.write { session in
        guard try SealedTokens.all(session).allSatisfy({ !ring.isOutdated($0.box) }) else { return false }
        try PrivateFile.replace(file, KeyFile.text([current]))
        return true
      }
      if isDone { break }
    }
    try await afterStep(.oldKeyDropped)
    try keys.reload()
    return report
  }

  private func underEnvironment(_ ring: KeyRing) async throws -> Report {
    try await checkAll(ring)
    try await afterStep(.begun)
    return Report(sealed: try await sealAll(ring), current: ring.current.id)
  }

  /// Opens everything, so that a token that stays shut is found before anything is changed.
  private func checkAll(_ ring: KeyRing) async throws {
    for token in try await database.read({ try SealedTokens.all($0) }) {
      do {
        _ = try ring.open(token.box, associatedData: token.associatedData)
      } catch {
        throw Failure(
          """
          \(token.words) cannot be opened, so nothing was changed: \
          \(Fault.failure(error).description)
          """, .attention)
      }
    }
  }

  /// - Returns: How many were sealed anew.
  private func sealAll(_ ring: KeyRing) async throws -> Int {
    var count = 0
    while true {
      let sealed = try await database.write { session in
        let outdated = try SealedTokens.all(session).filter { ring.isOutdated($0.box) }
        for token in outdated.prefix(Self.batch) {
          let plain = try ring.open(token.box, associatedData: token.associatedData)
          try SealedTokens.replace(
            token, with: ring.seal(plain.reveal, associatedData: token.associatedData), session)
        }
        return min(outdated.count, Self.batch)
      }
      if sealed == 0 { return count }
      count += sealed
      try await afterStep(.batchSealed)
    }
  }
}

/// A lock between processes that ends with its holder, however that ends.
struct FileLock: ~Copyable {
  private let descriptor: Int32

  /// - Throws: ``Failure`` when another holds it.
  init(_ path: String) throws(Failure) {
    descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .system("cannot open \(path)", errno) }
    guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
      close(descriptor)
      throw Failure("the key is being changed by another program: let it finish, and look with magpie keys", .later)
    }
  }

  func release() { close(descriptor) }
}
