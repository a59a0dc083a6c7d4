import Basics
import CMicroHTTPD
import Glibc

/// The daemon's side of one request. Every call of libmicrohttpd is in this file.
@safe struct MHDConnection: @unchecked Sendable {
  // @unchecked: the pointer is valid while its request lives; a suspended one lives until `resume`, the only call that
  // is made from another thread than the daemon's, and libmicrohttpd allows that.
  private let pointer: OpaquePointer

  init(_ pointer: OpaquePointer) { unsafe self.pointer = pointer }

  /// To be called in the daemon's callback, before anything can call ``resume()``.
  func suspend() { unsafe MHD_suspend_connection(pointer) }

  /// Gives the connection back to the daemon, which may end it at once: the last use of this value.
  func resume() { unsafe MHD_resume_connection(pointer) }

  var descriptor: Int32 { unsafe cmhd_descriptor(pointer) }

  var peer: SocketAddress? { unsafe cmhd_peer(pointer).flatMap { unsafe SocketAddress($0) } }

  /// What the connection callback stored.
  var link: Link? {
    unsafe cmhd_socket_context(pointer).map { unsafe Unmanaged<LinkEntry>.fromOpaque($0).takeUnretainedValue().link }
  }

  func headers() -> HeaderFields {
    var fields = HeaderFields()
    unsafe withUnsafeMutablePointer(to: &fields) { pointer in
      _ = unsafe MHD_get_connection_values(
        self.pointer, .HEADER_KIND,
        { context, _, name, value in
          guard let context = unsafe context, let name = unsafe name else { return .YES }
          let fields = unsafe context.assumingMemoryBound(to: HeaderFields.self)
          unsafe fields.pointee.append(String(cString: name), value.map { unsafe String(cString: $0) } ?? "")
          return .YES
        }, pointer)
    }
    return fields
  }

  /// Hands the answer over to be sent.
  func queue(_ response: Response, _ core: ServerCore) -> MHD_Result {
    let isCut = response.cutAfterBytes.map { $0 < response.body.count } ?? false
    let made: OpaquePointer? =
      if let stream = response.stream {
        unsafe BodyFeed(stream, self, core).makeResponse()
      } else if isCut {
        unsafe CutBody.makeResponse(response)
      } else {
        unsafe response.body.withUnsafeBytes { bytes in
          unsafe MHD_create_response_from_buffer(
            bytes.count, UnsafeMutableRawPointer(mutating: bytes.baseAddress), .RESPMEM_MUST_COPY)
        }
      }
    guard let made = unsafe made else { return .NO }
    defer { unsafe MHD_destroy_response(made) }
    // A field with a line break in it is refused here by the library and so left out, not sent as two.
    for (name, value) in response.headers.list where !Self.isOurs(name) {
      unsafe MHD_add_response_header(made, name, value)
    }
    if core.isStopping, response.headers["Connection"] == nil {
      unsafe MHD_add_response_header(made, "Connection", "close")
    }
    let status = (200...599).contains(response.status) ? UInt32(response.status) : 500
    return unsafe MHD_queue_response(pointer, status, made)
  }

  private static func isOurs(_ name: String) -> Bool {
    ["Content-Length", "Transfer-Encoding", "Date"].contains { HeaderFields.isSame($0, name) }
  }
}

/// A body that ends before it should, for ``Response/cutAfterBytes``.
private final class CutBody: Sendable {
  let bytes: [UInt8]
  let cut: Int

  init(_ bytes: [UInt8], cut: Int) {
    self.bytes = bytes
    self.cut = cut
  }

  static func makeResponse(_ response: Response) -> OpaquePointer? {
    let body = CutBody(response.body, cut: max(0, response.cutAfterBytes ?? 0))
    let box = unsafe Unmanaged.passRetained(body).toOpaque()
    let made = unsafe MHD_create_response_from_callback(
      UInt64(body.bytes.count), 32 << 10,
      { context, position, buffer, size in
        // -2 is MHD_CONTENT_READER_END_WITH_ERROR, a cast macro that is not imported: the connection is closed.
        guard let context = unsafe context, let buffer = unsafe buffer else { return -2 }
        let body = unsafe Unmanaged<CutBody>.fromOpaque(context).takeUnretainedValue()
        let start = Int(position)
        let count = min(body.cut - start, size)
        guard count > 0 else { return -2 }
        unsafe body.bytes.withUnsafeBytes { bytes in
          unsafe UnsafeMutableRawBufferPointer(start: buffer, count: count)
            .copyMemory(from: UnsafeRawBufferPointer(rebasing: bytes[start..<start + count]))
        }
        return count
      }, box,
      { context in
        if let context = unsafe context { unsafe Unmanaged<CutBody>.fromOpaque(context).release() }
      })
    if unsafe made == nil { unsafe Unmanaged<CutBody>.fromOpaque(box).release() }
    return unsafe made
  }
}

/// The running daemon.
@safe struct MHDDaemon: @unchecked Sendable {
  // @unchecked: `accept` and `stop` may be called from any thread, and HTTPServer does not stop it before the last accept.
  private let pointer: OpaquePointer
  private let context: Unmanaged<ServerCore>

  /// - Returns: Nil when libmicrohttpd cannot start, for want of memory, threads or descriptors.
  init?(_ core: ServerCore) {
    let threads = max(1, core.configuration.threads)
    // The doorman counts. Here the limit is one that no thread reaches, whichever the clients fall to.
    let limit = threads * (core.configuration.connectionsMax + core.surplusMax + 64)
    let settings = cmhd_settings(
      threads: UInt32(clamping: threads),
      idle_timeout_seconds: UInt32(clamping: core.configuration.idleTimeoutSeconds),
      connections_max: UInt32(clamping: limit),
      connection_memory_bytes: core.configuration.headerBytesMax * 2)
    let context = unsafe Unmanaged.passRetained(core)
    let callbacks = unsafe cmhd_callbacks(
      context: context.toOpaque(), target: httpTarget, access: httpAccess, completed: httpCompleted,
      connection: httpConnection)
    guard let pointer = unsafe Threads.blockingSignals({ unsafe cmhd_start(settings, callbacks) }) else {
      unsafe context.release()
      return nil
    }
    unsafe self.pointer = pointer
    unsafe self.context = context
  }

  /// Waits for a client and takes it in.
  ///
  /// - Returns: 0, the number of the error when there was none, or -1 when it was turned away.
  func accept(from listener: Listener) -> Int32 { unsafe cmhd_accept(listener.descriptor, pointer) }

  /// Closes every connection and joins the threads. No connection may be suspended, and nobody may accept any more.
  func stop() {
    unsafe MHD_stop_daemon(pointer)
    unsafe context.release()
  }
}
