import Basics
import Testing

@testable import HTTP

@Suite struct `Calls to addresses that people name` {
  /// RFC 6890 and what hides in other forms of the same addresses.
  @Test(arguments: [
    "0.0.0.0", "10.0.0.1", "10.255.255.255", "100.64.0.1", "100.127.255.254", "127.0.0.1", "127.9.9.9",
    "169.254.169.254", "172.16.0.1", "172.31.255.255", "192.0.0.8", "192.0.2.1", "192.168.1.1", "198.18.0.1",
    "198.51.100.7", "203.0.113.9", "224.0.0.1", "239.255.255.255", "255.255.255.255", "::", "::1", "::7f00:1",
    "::ffff:127.0.0.1", "::ffff:10.0.0.1", "::ffff:169.254.169.254", "64:ff9b::7f00:1", "64:ff9b::a9fe:a9fe",
    "64:ff9b:1::1", "100::1", "2001::1", "2001:db8::1", "2002:7f00:1::", "fc00::1", "fd00:ec2::254", "fe80::1",
    "fec0::1", "ff02::1", "localhost", "example.org", "", "127.1", "0x7f000001",
  ]) func `never reach this machine or its neighbours`(_ address: String) {
    #expect(!OutgoingRules().permits(address, port: 443, isPlain: false))
  }

  @Test func `reach the world, encrypted, at the usual ports`() {
    let rules = OutgoingRules()
    for address in ["93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "64:ff9b::5db8:d822"] {
      #expect(rules.permits(address, port: 443, isPlain: false), "\(address)")
      #expect(rules.permits(address, port: 8443, isPlain: false), "\(address)")
      #expect(!rules.permits(address, port: 80, isPlain: false), "\(address)")
      #expect(!rules.permits(address, port: 22, isPlain: false), "\(address)")
      #expect(!rules.permits(address, port: 443, isPlain: true), "\(address)")
    }
  }

  @Test func `reach what the operator allows, and nothing beside it`() {
    let rules = OutgoingRules(allowed: ["127.0.0.1", "10.1.0.0/16", "fd00:1::/32"].compactMap { AddressBlock($0) })
    for address in ["127.0.0.1", "10.1.2.3", "fd00:1::5", "::ffff:10.1.2.3"] {
      #expect(rules.permits(address, port: 9000, isPlain: true), "\(address)")
    }
    for address in ["127.0.0.2", "10.2.0.1", "fd00:2::1"] {
      #expect(!rules.permits(address, port: 443, isPlain: false), "\(address)")
    }
  }

  /// The names lead to this machine in many ways; no request may come out of any.
  @Test(.timeLimit(.minutes(1))) func `are not made, however the address is written`() async throws {
    let asked = Tally()
    try await withServer(handler: { _ in
      asked.add()
      return Response(200)
    }) { origin, _ in
      let port = origin.split(separator: ":").last ?? ""
      let client = HTTPClient.live(log: .silent, rules: OutgoingRules())
      for host in [
        "127.0.0.1", "localhost", "127.1", "0x7f000001", "2130706433", "017700000001", "[::ffff:127.0.0.1]", "0.0.0.0",
        "[::1]", "127.0.0.1.",
      ] {
        for scheme in ["http", "https"] {
          await #expect(throws: HTTPClientError.self, "\(scheme) \(host)") {
            try await client.get("\(scheme)://\(host):\(port)/")
          }
        }
      }
      #expect(asked.count == 0)
      let allowed = HTTPClient.live(
        log: .silent, rules: OutgoingRules(allowed: ["127.0.0.1"].compactMap { AddressBlock($0) }))
      let here = try await allowed.get(origin + "/")
      let named = try await allowed.get("http://localhost:\(port)/")
      #expect(here.status == 200 && named.status == 200)
    }
  }

  @Test(.timeLimit(.minutes(1))) func `follow no redirect and read no endless answer`() async throws {
    try await withServer(handler: { request in
      if request.path == "/big" { return .text(200, String(repeating: "x", count: 100_000)) }
      var response = Response(302)
      response.headers["Location"] = "http://169.254.169.254/"
      return response
    }) { origin, _ in
      let client = HTTPClient.live(
        log: .silent, rules: OutgoingRules(allowed: ["127.0.0.1"].compactMap { AddressBlock($0) }))
      let moved = try await client.get(origin + "/moved")
      #expect(moved.status == 302)
      await #expect(throws: HTTPClientError.tooLarge(limit: 65_536)) {
        try await client.get(origin + "/big", answerBytesMax: 65_536)
      }
    }
  }
}
