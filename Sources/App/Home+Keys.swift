import Crypto
import Databases
import Store

extension KeyStore {
  /// Finds the keys of an installation, or makes the first one.
  ///
  /// A new key is made only where nothing is sealed yet, or where older keys open everything that is.
  ///
  /// - Throws: ``Failure`` when something sealed would stay shut.
  static func open(
    _ configuration: Configuration, _ directory: DataDirectory, _ database: any Database
  ) async throws -> KeyStore {
    let boxes = try await database.read { try SealedTokens.all($0).map(\.box) }
    let previous = configuration.previousEncryptionKeys.compactMap { SealingKey(fileText: $0) }
    let kept = try KeyFile.keys(directory.keyFile)
    if let text = configuration.encryptionKey, let current = SealingKey(fileText: text) {
      let ring = KeyRing(current: current, older: previous + (kept ?? []))
      try check(boxes, ring, directory)
      return KeyStore(source: .environment(ring), path: directory.keyFile, ring: ring, stamp: nil)
    }
    guard previous.isEmpty else {
      throw Failure(
        "MAGPIE_ENCRYPTION_KEY_PREVIOUS is set without MAGPIE_ENCRYPTION_KEY: set the new key there", .attention)
    }
    if kept == nil {
      guard boxes.isEmpty else { throw missing(boxes, directory) }
      _ = try PrivateFile.create(directory.keyFile, KeyFile.text([SealingKey.generate()]))
    }
    let stamp = PrivateFile.stamp(directory.keyFile)
    guard let ring = try KeyFile.read(directory.keyFile) else { throw missing(boxes, directory) }
    try check(boxes, ring, directory)
    return KeyStore(source: .file, path: directory.keyFile, ring: ring, stamp: stamp)
  }

  /// Every box must name a key that is there. Whether it is whole shows when it is opened.
  private static func check(_ boxes: [[UInt8]], _ ring: KeyRing, _ directory: DataDirectory) throws(Failure) {
    let shut = boxes.filter { box in KeyRing.keyID(of: box).map { !ring.contains($0) } ?? true }
    if !shut.isEmpty { throw missing(shut, directory) }
  }

  private static func missing(_ shut: [[UInt8]], _ directory: DataDirectory) -> Failure {
    let ids = Set(shut.compactMap { KeyRing.keyID(of: $0)?.description }).sorted().joined(separator: ", ")
    let count = shut.count == 1 ? "1 bank token needs" : "\(shut.count) bank tokens need"
    return Failure(
      """
      \(count) the key \(ids.isEmpty ? "that sealed it" : ids), which is not here: put \(directory.keyFile) back, or set \
      MAGPIE_ENCRYPTION_KEY to that key
      """, .attention)
  }
}
