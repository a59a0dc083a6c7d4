import CMicroHTTPD
import Glibc

/// The server cannot have the address it was told to listen at.
package struct CannotListen: Error, Equatable, CustomStringConvertible {
  package let host: String
  package let port: UInt16
  /// The system's words, such as `Address already in use`.
  package let reason: String
  /// Another program listens there.
  package let isTaken: Bool

  package var description: String {
    isTaken ? "port \(port) on \(host) is taken" : "cannot listen on \(host) port \(port): \(reason)"
  }
}

/// A listening socket. It is opened here and not by libmicrohttpd, which would not say why it failed.
struct Listener {
  let descriptor: Int32
  /// The port in truth, also when any was asked for.
  let port: UInt16

  /// - Parameter backlog: How many connections may wait to be accepted.
  init(host: String, port: UInt16, backlog: Int32) throws(CannotListen) {
    func failure(_ code: Int32) -> CannotListen {
      let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
      return CannotListen(host: host, port: port, reason: reason, isTaken: code == EADDRINUSE)
    }
    guard let address = SocketAddress(host: host, port: port) else {
      throw CannotListen(host: host, port: port, reason: "this is not a numeric address", isTaken: false)
    }
    let descriptor = socket(address.family, cmhd_listening_stream, 0)
    guard descriptor >= 0 else { throw failure(errno) }
    var on: Int32 = 1
    let size = socklen_t(MemoryLayout<Int32>.size)
    // Without it a restart would wait for the old connections' TIME_WAIT.
    unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &on, size)
    if address.family == AF_INET6 {
      // "::" means every address, of both kinds, whatever the machine's default is; a single IPv6 address means itself.
      var isAlone: Int32 = host == "::" ? 0 : 1
      unsafe setsockopt(descriptor, Int32(IPPROTO_IPV6), IPV6_V6ONLY, &isAlone, size)
    }
    guard unsafe address.withPointer({ unsafe bind(descriptor, $0, $1) }) == 0, listen(descriptor, backlog) == 0,
      let bound = SocketAddress(boundTo: descriptor)
    else {
      let code = errno
      _ = Glibc.close(descriptor)
      throw failure(code)
    }
    self.descriptor = descriptor
    self.port = bound.port
  }

  /// Refuses new connections from now on; the descriptor stays valid for threads that still look at it.
  func refuse() { shutdown(descriptor, cmhd_stop_reading) }

  func close() { _ = Glibc.close(descriptor) }
}
