package import Basics
import CSodium

/// A key that seals secrets for the database. It lies in memory that is fenced by guard pages, unreadable except while
/// it is being used, wiped when freed, and kept from being swapped out where the system lets us lock memory.
package final class SealingKey: Sendable {
  package static let length = Int(crypto_aead_xchacha20poly1305_ietf_KEYBYTES)

  /// Names the key in front of each box. It follows from the key, so a key file needs no name, and tells nothing of it.
  package let id: SealingKeyID
  // Behind a lock, because making it readable and unreadable again must not cross between threads.
  private let memory: Locked<Region>

  @safe
  private struct Region: @unchecked Sendable {
    let start: UnsafeMutableRawPointer
  }

  /// - Returns: `nil` unless there are ``length`` bytes.
  package init?(_ bytes: Secret<[UInt8]>) {
    Sodium.start()
    guard bytes.reveal.count == Self.length, let memory = unsafe sodium_malloc(Self.length) else { return nil }
    unsafe memory.copyMemory(from: bytes.reveal, byteCount: Self.length)
    id = SealingKeyID(of: bytes)
    unsafe sodium_mprotect_noaccess(memory)
    self.memory = unsafe Locked(Region(start: memory))
  }

  /// Reads what ``fileText`` wrote; white space around it is ignored. `nil` for anything else.
  package convenience init?(fileText: Secret<String>) {
    let text = fileText.reveal.filter { !$0.isWhitespace }
    guard let bytes = Base64.decode(text) else { return nil }
    self.init(Secret(bytes))
  }

  package static func generate() -> SealingKey {
    guard let key = SealingKey(Secret(RandomBytes.make(length))) else { preconditionFailure("no memory for a key") }
    return key
  }

  deinit {
    memory.withLock { unsafe sodium_free($0.start) }
  }

  /// The key in base 64. Only for writing it to its file, or into a backup that wraps it.
  package var fileText: Secret<String> {
    Secret(unsafe withBytes { unsafe Base64.encode(Array(UnsafeBufferPointer(start: $0, count: Self.length))) })
  }

  /// Makes the key readable for the time of one call.
  func withBytes<Result>(_ body: (UnsafePointer<UInt8>) -> Result) -> Result {
    memory.withLock { memory in
      unsafe sodium_mprotect_readonly(memory.start)
      defer { unsafe sodium_mprotect_noaccess(memory.start) }
      return unsafe body(memory.start.assumingMemoryBound(to: UInt8.self))
    }
  }
}

extension SealingKey: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
  package var description: String { "SealingKey(\(id))" }
  package var debugDescription: String { description }
  package var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// Eight bytes that name a ``SealingKey``.
package struct SealingKeyID: Hashable, Sendable, CustomStringConvertible {
  static let length = 8
  package let bytes: [UInt8]

  init(bytes: some Sequence<UInt8>) { self.bytes = Array(bytes) }

  /// BLAKE2b under the key, of a label that no other use of the key shares. The label never changes.
  init(of key: Secret<[UInt8]>) {
    let label = Array("magpie sealing key id 1".utf8)
    var digest = [UInt8](repeating: 0, count: Int(crypto_generichash_BYTES))
    unsafe crypto_generichash(
      &digest, digest.count, label, UInt64(label.count), key.reveal, key.reveal.count)
    bytes = Array(digest.prefix(Self.length))
  }

  /// Hexadecimal; may be shown and logged.
  package var description: String { Hex.encode(bytes) }
}
