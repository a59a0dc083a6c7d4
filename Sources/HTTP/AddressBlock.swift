import Glibc

/// Addresses that begin alike, such as `10.0.0.0/8` or `fd00::/8`. An IPv4 address within IPv6 counts as itself.
package struct AddressBlock: Sendable, Equatable {
  private let prefix: [UInt8]
  private let bits: Int

  /// - Parameter text: An address, or an address and how many of its bits count.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard (1...2).contains(parts.count), let address = Self.bytes(of: String(parts[0])) else { return nil }
    let isFour = address.count == 4
    var bits = address.count * 8
    if parts.count == 2 {
      guard let given = Int(parts[1]), (0...bits).contains(given) else { return nil }
      bits = given
    }
    // IPv4 lies in IPv6 behind 96 bits.
    prefix = isFour ? Self.mapped + address : address
    self.bits = isFour ? bits + 96 : bits
  }

  package func contains(_ address: String) -> Bool {
    guard let bytes = Self.bytes(of: address) else { return false }
    let whole = bytes.count == 4 ? Self.mapped + bytes : bytes
    for index in 0..<16 {
      let counted = min(8, max(0, bits - index * 8))
      let mask = counted == 0 ? 0 : UInt8(truncatingIfNeeded: 0xFF << (8 - counted))
      if prefix[index] & mask != whole[index] & mask { return false }
    }
    return true
  }

  private static let mapped = [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]

  /// The 4 or 16 bytes of a numeric address; nil when it is none. One in brackets, as in URLs, is taken too.
  static func bytes(of text: String) -> [UInt8]? {
    let plain = text.first == "[" && text.last == "]" ? String(text.dropFirst().dropLast()) : text
    var four = in_addr()
    if unsafe inet_pton(AF_INET, plain, &four) == 1 { return unsafe withUnsafeBytes(of: four) { unsafe Array($0) } }
    var six = in6_addr()
    guard unsafe inet_pton(AF_INET6, plain, &six) == 1 else { return nil }
    return unsafe withUnsafeBytes(of: six) { unsafe Array($0) }
  }
}

/// Which proxies are believed when they say who asked them.
package struct TrustedProxies: Sendable {
  private let blocks: [AddressBlock]

  package init(_ blocks: [AddressBlock]) { self.blocks = blocks }

  /// Those of this machine.
  package static let loopback = TrustedProxies(["127.0.0.0/8", "::1"].compactMap { AddressBlock($0) })

  /// Whether one of them is on another machine.
  package var areElsewhere: Bool { blocks.contains { block in !Self.loopback.blocks.contains(block) } }

  private func trusts(_ address: String) -> Bool { blocks.contains { $0.contains(address) } }

  /// Who asked, by address: of those that stand in `X-Forwarded-For` the last that no trusted proxy stands for. What a
  /// client wrote there itself comes before it and counts for nothing.
  package func client(of request: Request) -> String {
    var client = request.peer
    let forwarded = request.headers.all("X-Forwarded-For").joined(separator: ",").split(separator: ",")
    for entry in forwarded.reversed() {
      guard trusts(client) else { break }
      client = Self.address(String(entry.filter { $0 != " " && $0 != "\t" }.prefix(60)))
    }
    return client
  }

  /// Some proxies write the port too, which is another one with each connection: `192.0.2.7:4711` or `[2001:db8::7]:4711`.
  private static func address(_ entry: String) -> String {
    if AddressBlock.bytes(of: entry) != nil && entry.first != "[" { return entry }
    let host = entry.first == "[" ? entry.dropFirst().prefix { $0 != "]" } : entry.prefix { $0 != ":" }
    return AddressBlock.bytes(of: String(host)) == nil ? entry : String(host)
  }
}
