// Whose type an address is depends on the order in which the compiler loads the C headers.
import CMicroHTTPD
import Glibc

/// A numeric address and port, in the shape the system's calls want.
@safe struct SocketAddress {
  private var storage = sockaddr_storage()
  private var length: socklen_t

  /// - Parameter host: An IPv4 or IPv6 address, or `localhost`, which is 127.0.0.1 here. No name is looked up.
  init?(host: String, port: UInt16) {
    var four = sockaddr_in()
    var six = sockaddr_in6()
    if unsafe inet_pton(AF_INET, host == "localhost" ? "127.0.0.1" : host, &four.sin_addr) == 1 {
      four.sin_family = sa_family_t(AF_INET)
      four.sin_port = port.bigEndian
      length = socklen_t(MemoryLayout<sockaddr_in>.size)
      unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: four, as: sockaddr_in.self) }
    } else if unsafe inet_pton(AF_INET6, host, &six.sin6_addr) == 1 {
      six.sin6_family = sa_family_t(AF_INET6)
      six.sin6_port = port.bigEndian
      length = socklen_t(MemoryLayout<sockaddr_in6>.size)
      unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.storeBytes(of: six, as: sockaddr_in6.self) }
    } else {
      return nil
    }
  }

  init?(_ address: UnsafePointer<sockaddr>) {
    // The family comes first in every address. Its name is not used: to the compiler it belongs to whichever C module
    // happened to be read first.
    switch unsafe Int32(UnsafeRawPointer(address).load(as: sa_family_t.self)) {
    case AF_INET: length = socklen_t(MemoryLayout<sockaddr_in>.size)
    case AF_INET6: length = socklen_t(MemoryLayout<sockaddr_in6>.size)
    default: return nil
    }
    let bytes = unsafe UnsafeRawBufferPointer(start: address, count: Int(length))
    unsafe withUnsafeMutableBytes(of: &storage) { unsafe $0.copyMemory(from: bytes) }
  }

  /// The address a socket is bound to.
  init?(boundTo descriptor: Int32) {
    length = socklen_t(MemoryLayout<sockaddr_storage>.size)
    let failure = unsafe withUnsafeMutablePointer(to: &storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        unsafe getsockname(descriptor, address, &length)
      }
    }
    guard failure == 0 else { return nil }
  }

  var family: Int32 { Int32(storage.ss_family) }
  var port: UInt16 { family == AF_INET ? UInt16(bigEndian: four.sin_port) : UInt16(bigEndian: six.sin6_port) }

  /// The numeric address without the port. An IPv4 address carried in IPv6 reads as IPv4.
  var host: String {
    var text = [CChar](repeating: 0, count: Int(INET6_ADDRSTRLEN))
    if let mapped = mappedFour {
      return mapped.map(String.init).joined(separator: ".")
    }
    var address = six.sin6_addr
    guard unsafe inet_ntop(AF_INET6, &address, &text, socklen_t(text.count)) != nil else { return "?" }
    return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// True for 127.0.0.0/8, also inside IPv6, and for ::1: what never leaves this machine.
  var isLoopback: Bool {
    if let mappedFour { return mappedFour[0] == 127 }
    return sixBytes == [UInt8](repeating: 0, count: 15) + [1]
  }

  func withPointer<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
    unsafe withUnsafePointer(to: storage) { pointer in
      unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, length) }
    }
  }

  private var four: sockaddr_in { unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: sockaddr_in.self) } }
  private var six: sockaddr_in6 { unsafe withUnsafeBytes(of: storage) { unsafe $0.load(as: sockaddr_in6.self) } }
  private var sixBytes: [UInt8] {
    let address = six.sin6_addr
    return unsafe withUnsafeBytes(of: address) { unsafe Array($0) }
  }

  /// The four bytes of an IPv4 address, by itself or as `::ffff:a.b.c.d` (RFC 4291 §2.5.5.2).
  private var mappedFour: [UInt8]? {
    if family == AF_INET {
      let address = four.sin_addr
      return unsafe withUnsafeBytes(of: address) { unsafe Array($0) }
    }
    let bytes = sixBytes
    return bytes.starts(with: [UInt8](repeating: 0, count: 10) + [0xFF, 0xFF]) ? Array(bytes.suffix(4)) : nil
  }
}
