import Testing

@testable import HTTP

@Suite struct `A block of addresses` {
  @Test(arguments: [
    ("10.0.0.0/8", "10.255.3.4", true), ("10.0.0.0/8", "11.0.0.0", false), ("127.0.0.1", "127.0.0.1", true),
    ("127.0.0.1", "127.0.0.2", false), ("0.0.0.0/0", "200.1.2.3", true), ("0.0.0.0/0", "::1", false),
    ("::/0", "200.1.2.3", true), ("10.0.0.0/8", "::ffff:10.1.1.1", true), ("fd00::/8", "fdab::1", true),
    ("fd00::/8", "fe80::1", false), ("192.168.1.128/25", "192.168.1.127", false),
    ("192.168.1.128/25", "192.168.1.129", true), ("::1", "[::1]", true), ("::1", "nobody", false),
  ])
  func `holds what begins as it does`(block: String, address: String, holds: Bool) throws {
    #expect(try #require(AddressBlock(block)).contains(address) == holds)
  }

  @Test(arguments: ["", "10.0.0.0/33", "10.0.0/8", "::/129", "a/8", "10.0.0.0/-1", "10.0.0.0/8/8", "10.0.0.0/"])
  func `is refused when it is none`(text: String) { #expect(AddressBlock(text) == nil) }
}

@Suite struct `Trusted proxies` {
  private func client(_ peer: String, _ forwarded: String..., trust: [String] = ["127.0.0.0/8", "10.0.0.0/8"]) -> String
  {
    var request = Request("GET", "/", peer: peer)
    for value in forwarded { request.headers.append("X-Forwarded-For", value) }
    return TrustedProxies(trust.compactMap { AddressBlock($0) }).client(of: request)
  }

  @Test func `say who asked them, and nobody else does`() {
    #expect(client("127.0.0.1") == "127.0.0.1")
    #expect(client("127.0.0.1", "9.9.9.9") == "9.9.9.9")
    #expect(client("8.8.8.8", "9.9.9.9") == "8.8.8.8")
    #expect(client("127.0.0.1", "1.1.1.1, 9.9.9.9, 10.0.0.7") == "9.9.9.9")
    #expect(client("127.0.0.1", "1.1.1.1", "9.9.9.9, 10.0.0.7") == "9.9.9.9")
    #expect(client("127.0.0.1", "10.0.0.9, 10.0.0.7") == "10.0.0.9")
    #expect(client("127.0.0.1", "127.0.0.1, 7.7.7.7", trust: ["127.0.0.1"]) == "7.7.7.7")
    // A port says nothing about who it is, and hides no proxy.
    #expect(client("127.0.0.1", "9.9.9.9:4711, 10.0.0.7:80") == "9.9.9.9")
    #expect(
      client("127.0.0.1", "[2001:db8::7]:4711") == "2001:db8::7" && client("127.0.0.1", "2001:db8::7") == "2001:db8::7")
    #expect(client("127.0.0.1", "unknown") == "unknown")
  }
}
