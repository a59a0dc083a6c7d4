import CMicroHTTPD

// What libmicrohttpd calls, on its own threads. Nothing here waits, and nothing here can trap: what does not fit is
// answered with NO, and the daemon closes the connection.

/// What a connection holds on to: its link, and its place in the watch.
final class LinkEntry: Sendable {
  let link: Link
  let token: UInt64
  let descriptor: Int32

  init(_ link: Link, token: UInt64, descriptor: Int32) {
    self.link = link
    self.token = token
    self.descriptor = descriptor
  }
}

@c(magpie_http_connection)
func httpConnection(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_ConnectionNotificationCode
) {
  guard let context = unsafe context, let pointer = unsafe connection, let slot = unsafe slot else { return }
  let core = unsafe Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
  let connection = unsafe MHDConnection(pointer)
  if code == .CONNECTION_NOTIFY_STARTED {
    let link = Link(peer: connection.peer?.host ?? "?", isSurplus: core.connectionStarted())
    let descriptor = connection.descriptor
    let entry = LinkEntry(link, token: core.watch.add(link, descriptor), descriptor: descriptor)
    unsafe slot.pointee = unsafe Unmanaged.passRetained(entry).toOpaque()
  } else if let existing = unsafe slot.pointee {
    let entry = unsafe Unmanaged<LinkEntry>.fromOpaque(existing).takeRetainedValue()
    core.watch.remove(entry.token, entry.descriptor)
    core.connectionEnded()
    unsafe slot.pointee = nil
  }
}

/// Called when the request line has been read, with the target as it was sent. What it returns is the request's slot.
@c(magpie_http_target)
func httpTarget(
  _ context: UnsafeMutableRawPointer?, _ target: UnsafePointer<CChar>?, _ connection: OpaquePointer?
) -> UnsafeMutableRawPointer? {
  guard let context = unsafe context, let target = unsafe target else { return nil }
  let core = unsafe Unmanaged<ServerCore>.fromOpaque(context).takeUnretainedValue()
  return unsafe Unmanaged.passRetained(Exchange(target: String(cString: target), core)).toOpaque()
}

/// Called when the header has been read, for each piece of the body, when the body is whole, and after a ``resume``.
@c(magpie_http_access)
func httpAccess(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?, _ url: UnsafePointer<CChar>?,
  _ method: UnsafePointer<CChar>?, _ version: UnsafePointer<CChar>?, _ upload: UnsafePointer<CChar>?,
  _ uploadSize: UnsafeMutablePointer<Int>?, _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?
) -> MHD_Result {
  guard let pointer = unsafe connection, let existing = unsafe slot?.pointee, let uploadSize = unsafe uploadSize,
    let method = unsafe method
  else { return .NO }
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(existing).takeUnretainedValue()
  let core = exchange.core
  let connection = unsafe MHDConnection(pointer)
  guard let link = connection.link else { return .NO }

  let step: Exchange.Step
  if !exchange.isBegun {
    guard core.requestBegan() else { return .NO }
    exchange.begin(method: unsafe String(cString: method), connection.headers(), peer: link.peer)
    step = link.isSurplus ? .answer(.busy) : exchange.stepAfterHead()
  } else if unsafe uploadSize.pointee > 0 {
    let bytes = unsafe UnsafeRawBufferPointer(start: upload, count: uploadSize.pointee)
    step = unsafe exchange.step(afterReceiving: bytes)
    unsafe uploadSize.pointee = 0
  } else {
    step = exchange.stepAfterBody()
  }
  switch step {
  case .more: return .YES
  case .hangUp: return .NO
  case .answer(let response): return connection.queue(response, core)
  case .work:
    guard core.workBegins(exchange) else { return .NO }
    guard let response = exchange.work(connection, link) else { return .YES }
    return connection.queue(response, core)
  }
}

@c(magpie_http_completed)
func httpCompleted(
  _ context: UnsafeMutableRawPointer?, _ connection: OpaquePointer?,
  _ slot: UnsafeMutablePointer<UnsafeMutableRawPointer?>?, _ code: MHD_RequestTerminationCode
) {
  guard let slot = unsafe slot, let existing = unsafe slot.pointee else { return }
  unsafe slot.pointee = nil
  let exchange = unsafe Unmanaged<Exchange>.fromOpaque(existing).takeRetainedValue()
  if let pointer = unsafe connection { unsafe MHDConnection(pointer).link?.end() }
  exchange.cancel()
  exchange.core.streamEnded(exchange)
  if exchange.isBegun { exchange.core.requestEnded() }
}
