/// Where calls to addresses that people name may go: out into the world, and not to this machine or its neighbours.
///
/// What counts is the address that the connection is really made to, whatever the name said before or says now.
package struct OutgoingRules: Sendable {
  /// Exceptions that the operator named. Plain `http` and other ports reach these alone.
  private let allowed: [AddressBlock]

  package init(allowed: [AddressBlock] = []) { self.allowed = allowed }

  private static let ports: Set<UInt16> = [443, 8443]

  /// IANA's special-purpose registries for IPv4 and IPv6 (RFC 6890): what is not reachable from everywhere, is one of
  /// many at once, or leads elsewhere by a tunnel.
  private static let refused: [AddressBlock] = [
    "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12", "192.0.0.0/24",
    "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15", "198.51.100.0/24", "203.0.113.0/24",
    "224.0.0.0/4", "240.0.0.0/4",
    // What is left of the old IPv6 forms, those for documents, local networks and tunnels; multicast.
    "::/96", "64:ff9b:1::/48", "100::/64", "2001::/23", "2001:db8::/32", "2002::/16", "3fff::/20", "5f00::/16",
    "fc00::/7", "fe80::/10", "fec0::/10", "ff00::/8",
  ].compactMap { AddressBlock($0) }

  /// - Parameters:
  ///   - address: Numeric.
  ///   - isPlain: Not encrypted.
  package func permits(_ address: String, port: UInt16, isPlain: Bool) -> Bool {
    guard let bytes = AddressBlock.bytes(of: address) else { return false }
    if allowed.contains(where: { $0.contains(address) }) { return true }
    guard !isPlain, Self.ports.contains(port) else { return false }
    let isRefused = Self.refused.contains { $0.contains(address) }
    // NAT64 carries an IPv4 address in its last four bytes (RFC 6052 §2.1).
    guard !isRefused, bytes.starts(with: [0, 0x64, 0xFF, 0x9B]), bytes.count == 16 else { return !isRefused }
    let inner = bytes.suffix(4).map(String.init).joined(separator: ".")
    return !Self.refused.contains { $0.contains(inner) }
  }
}
