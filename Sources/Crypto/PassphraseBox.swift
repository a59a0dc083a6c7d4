package import Basics
import CSodium

/// A secret in a text that opens by a passphrase alone: the keys of an installation within its backup.
///
/// The passphrase becomes a key by Argon2id (RFC 9106) at a cost that a person hardly notices and somebody who guesses
/// pays for each guess. The cost stands in the text, so that it can be raised later.
package enum PassphraseBox {
  private static let head = "magpie-passphrase-1"
  private static let memoryMegabytes = 64
  private static let passes = 4
  private static let purpose = AssociatedData(purpose: "backup-keys")
  /// What a text from elsewhere may make us spend.
  private static let memoryMegabytesMax = 1_024
  private static let passesMax = 16

  package static func seal(_ secret: Secret<String>, _ passphrase: Secret<String>) -> String {
    let salt = RandomBytes.make(Int(crypto_pwhash_SALTBYTES))
    guard let key = key(passphrase, salt, memoryMegabytes, passes) else { preconditionFailure("no memory for a key") }
    let box = KeyRing(current: key).seal(secret, associatedData: purpose)
    return "\(head) \(memoryMegabytes) \(passes) \(Base64.encode(salt)) \(Base64.encode(box))"
  }

  /// - Returns: Nil when it is another passphrase, or the text is none of ours.
  package static func open(_ text: String, _ passphrase: Secret<String>) -> Secret<String>? {
    let words = text.split(separator: " ").map(String.init)
    guard words.count == 5, words[0] == head, let memory = Int(words[1]), (8...memoryMegabytesMax).contains(memory),
      let passes = Int(words[2]), (1...passesMax).contains(passes), let salt = Base64.decode(words[3]),
      salt.count == Int(crypto_pwhash_SALTBYTES), let box = Base64.decode(words[4]),
      let key = key(passphrase, salt, memory, passes)
    else { return nil }
    return try? KeyRing(current: key).openText(box, associatedData: purpose)
  }

  private static func key(
    _ passphrase: Secret<String>, _ salt: [UInt8], _ memoryMegabytes: Int, _ passes: Int
  ) -> SealingKey? {
    Sodium.start()
    let words = passphrase.reveal.utf8.map { CChar(bitPattern: $0) }
    var bytes = [UInt8](repeating: 0, count: SealingKey.length)
    let result = unsafe crypto_pwhash(
      &bytes, UInt64(bytes.count), words, UInt64(words.count), salt, UInt64(passes), memoryMegabytes << 20,
      crypto_pwhash_ALG_ARGON2ID13)
    guard result == 0 else { return nil }
    defer { unsafe sodium_memzero(&bytes, bytes.count) }
    return SealingKey(Secret(bytes))
  }
}
