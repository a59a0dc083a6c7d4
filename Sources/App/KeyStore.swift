package import Basics
package import Crypto

/// The keys that seal bank tokens, kept level with their file: another process may change the key at any moment.
///
/// To seal, call ``seal(_:associatedData:)`` inside the write transaction that stores the box. The program that changes
/// the key looks for boxes under the old one in a write transaction too, and drops that key only when there is none; so
/// no box can be left behind under a key that is gone.
package final class KeyStore: Sendable {
  /// Where keys come from.
  package enum Source: Sendable {
    /// `MAGPIE_ENCRYPTION_KEY`, and keys that only open. The file of keys, if there is one, opens as well.
    case environment(KeyRing)
    case file
  }

  private struct State: Sendable {
    var ring: KeyRing
    var stamp: PrivateFile.Stamp?
  }

  package let source: Source
  private let path: String
  private let state: Locked<State>

  init(source: Source, path: String, ring: KeyRing, stamp: PrivateFile.Stamp?) {
    self.source = source
    self.path = path
    state = Locked(State(ring: ring, stamp: stamp))
  }

  /// The keys in force now.
  /// - Throws: ``Failure`` when the file of keys cannot be read any more.
  package func ring() throws(Failure) -> KeyRing {
    guard case .file = source else { return state.withLock { $0.ring } }
    let found = PrivateFile.stamp(path)
    let known: KeyRing? = state.withLock { $0.stamp == found && found != nil ? $0.ring : nil }
    return if let known { known } else { try reload() }
  }

  package func seal(_ plaintext: Secret<String>, associatedData: AssociatedData) throws(Failure) -> [UInt8] {
    try ring().seal(plaintext, associatedData: associatedData)
  }

  /// - Throws: ``SealedBoxError``, or ``Failure`` when the file of keys cannot be read any more.
  package func openText(_ box: [UInt8], associatedData: AssociatedData) throws -> Secret<String> {
    do {
      return try ring().openText(box, associatedData: associatedData)
    } catch SealedBoxError.unknownKey {
      // The box was read before the key was changed, or the file was changed within the clock's resolution.
      return try reload().openText(box, associatedData: associatedData)
    }
  }

  @discardableResult
  func reload() throws(Failure) -> KeyRing {
    guard case .file = source else { return state.withLock { $0.ring } }
    let stamp = PrivateFile.stamp(path)
    guard let ring = try KeyFile.read(path) else {
      throw Failure("\(path) is gone: put it back from a backup", .attention)
    }
    state.withLock { $0 = State(ring: ring, stamp: stamp) }
    return ring
  }
}

/// The file of keys: one a line in base 64, the one that seals first. Older ones stand below it while values are being
/// sealed anew.
enum KeyFile {
  private static let head = """
    # The key that seals what Magpie knows of your banks. Without it the bank links are lost: keep a copy,
    # and keep it apart from copies of the database.

    """

  /// - Returns: Nil when there is no file.
  static func read(_ path: String) throws(Failure) -> KeyRing? {
    guard let keys = try keys(path) else { return nil }
    return KeyRing(current: keys[0], older: Array(keys.dropFirst()))
  }

  /// At least one; nil when there is no file.
  static func keys(_ path: String) throws(Failure) -> [SealingKey]? {
    guard let text = try PrivateFile.read(path) else { return nil }
    let lines = text.split(whereSeparator: { $0.isNewline }).filter { line in
      !line.allSatisfy { $0.isWhitespace } && line.first != "#"
    }
    let keys = lines.compactMap { SealingKey(fileText: Secret(String($0))) }
    guard !keys.isEmpty, keys.count == lines.count else {
      throw Failure("\(path) holds no key that can be read: put the file back from a backup", .attention)
    }
    return keys
  }

  static func text(_ keys: [SealingKey]) -> String {
    head + keys.map { $0.fileText.reveal + "\n" }.joined()
  }
}
