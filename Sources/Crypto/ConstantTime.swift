import CSodium

/// Comparing what an attacker may guess at: the time taken says nothing about where two values differ.
package enum ConstantTime {
  /// The lengths are compared first and are not hidden.
  package static func equal(_ left: [UInt8], _ right: [UInt8]) -> Bool {
    guard left.count == right.count else { return false }
    Sodium.start()
    return unsafe sodium_memcmp(left, right, left.count) == 0
  }
}
