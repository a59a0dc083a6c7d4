package import Basics

/// The keys of one installation: the current one seals, and every one opens what it sealed.
package struct KeyRing: Sendable {
  package let current: SealingKey
  private let keys: [SealingKeyID: SealingKey]

  package init(current: SealingKey, older: [SealingKey] = []) {
    self.current = current
    keys = Dictionary((older + [current]).map { ($0.id, $0) }) { _, last in last }
  }

  package func contains(_ id: SealingKeyID) -> Bool { keys[id] != nil }

  /// A box that only a ring with the current key opens, and only under equal `associatedData`.
  package func seal(_ plaintext: [UInt8], associatedData: AssociatedData) -> [UInt8] {
    SealedBox.seal(plaintext, key: current, associatedData: associatedData)
  }

  package func seal(_ plaintext: Secret<String>, associatedData: AssociatedData) -> [UInt8] {
    seal(Array(plaintext.reveal.utf8), associatedData: associatedData)
  }

  package func open(_ box: [UInt8], associatedData: AssociatedData) throws(SealedBoxError) -> Secret<[UInt8]> {
    guard let id = Self.keyID(of: box) else { throw .notABox }
    guard let key = keys[id] else { throw .unknownKey(id) }
    return Secret(try SealedBox.open(box, key: key, associatedData: associatedData))
  }

  /// For boxes made from text; `forged` when the bytes are not UTF-8, which no text of ours is.
  package func openText(_ box: [UInt8], associatedData: AssociatedData) throws(SealedBoxError) -> Secret<String> {
    guard let text = String(validating: try open(box, associatedData: associatedData).reveal, as: UTF8.self) else {
      throw .forged
    }
    return Secret(text)
  }

  /// The key a box names; `nil` when it is not a box. Needs no key, and proves nothing about the box.
  package static func keyID(of box: [UInt8]) -> SealingKeyID? { SealedBox.keyID(of: box) }

  /// Whether a box should be sealed again because it is under an older key.
  package func isOutdated(_ box: [UInt8]) -> Bool { Self.keyID(of: box) != current.id }
}
