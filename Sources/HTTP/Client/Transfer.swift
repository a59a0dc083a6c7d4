import Basics
import CCurl
import Glibc
import Synchronization

/// One call on its way: its handle in libcurl, and what has come back so far.
@safe final class Transfer: @unchecked Sendable {
  // @unchecked: the variables belong to the loop's thread, except `done`, which is set before the loop is told of the
  // transfer. `isCancelled` is atomic.
  let call: HTTPCall
  let destination: Destination
  private let rules: OutgoingRules?
  var done: CheckedContinuation<Result<HTTPAnswer, HTTPClientError>, Never>?
  let isCancelled = Atomic(false)

  /// libcurl's handle, from ``open()`` to ``close()``.
  private(set) var easy: UnsafeMutableRawPointer?
  private var headerList: UnsafeMutablePointer<curl_slist>?
  private let errorText: UnsafeMutablePointer<CChar>
  private var headers = HeaderFields()
  private var headBytes = 0
  private var isHeadDone = false
  private var body: [UInt8] = []
  /// Why we ourselves stopped it.
  private var refusal: HTTPClientError?

  /// A head larger than this is no answer to anything we ask.
  private static let headBytesMax = 256 << 10

  init(_ call: HTTPCall, _ destination: Destination, _ rules: OutgoingRules? = nil) {
    self.call = call
    self.rules = rules
    self.destination = destination
    unsafe errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
    unsafe errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
  }

  deinit {
    close()
    unsafe errorText.deallocate()
  }

  /// Makes the handle and tells it everything.
  ///
  /// - Returns: Nil when memory is short.
  func open() -> UnsafeMutableRawPointer? {
    guard let easy = unsafe curl_easy_init() else { return nil }
    unsafe self.easy = unsafe easy
    guard unsafe setConnection(easy), unsafe setRequest(easy) else {
      close()
      return nil
    }
    return unsafe easy
  }

  func close() {
    if let easy = unsafe easy { unsafe curl_easy_cleanup(easy) }
    if let headerList = unsafe headerList { unsafe curl_slist_free_all(headerList) }
    unsafe easy = nil
    unsafe headerList = nil
  }

  /// Ends the waiting. The first end counts.
  func finish(_ result: Result<HTTPAnswer, HTTPClientError>) {
    done?.resume(returning: result)
    done = nil
  }

  /// What libcurl's verdict means to the caller.
  func result(_ code: CURLcode) -> Result<HTTPAnswer, HTTPClientError> {
    guard code == CURLE_OK else { return .failure(failure(code)) }
    let status = unsafe ccurl_get_long(easy, CURLINFO_RESPONSE_CODE)
    if headers["Content-Encoding"] != nil {
      // The body has been decompressed; these would speak of what it was.
      headers["Content-Encoding"] = nil
      headers["Content-Length"] = nil
    }
    return .success(HTTPAnswer(status: status, headers: headers, body: body))
  }

  private func setConnection(_ easy: UnsafeMutableRawPointer) -> Bool {
    let milliseconds = Int(clamping: max(1, call.deadline.milliseconds))
    let connectMilliseconds = Int(clamping: max(1, call.connectDeadline.milliseconds))
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_FOLLOWLOCATION, 0), (CURLOPT_HTTP_VERSION, CURL_HTTP_VERSION_1_1),
      (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2), (CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
      (CURLOPT_TIMEOUT_MS, milliseconds), (CURLOPT_CONNECTTIMEOUT_MS, connectMilliseconds),
      // A look-up that hangs is left to itself: waiting for its end would hold up every other call.
      (CURLOPT_QUICK_EXIT, 1), (CURLOPT_TCP_KEEPALIVE, 1), (CURLOPT_BUFFERSIZE, 128 << 10),
      // A connection that was kept was checked for another name.
      (CURLOPT_FRESH_CONNECT, rules == nil ? 0 : 1), (CURLOPT_FORBID_REUSE, rules == nil ? 0 : 1),
    ]
    let strings: [(CURLoption, String)] = [
      (CURLOPT_URL, destination.url), (CURLOPT_PROTOCOLS_STR, destination.isPlain ? "http" : "https"),
      // The empty string also switches off the proxies that the environment names.
      (CURLOPT_PROXY, ""), (CURLOPT_ACCEPT_ENCODING, "gzip"), (CURLOPT_USERAGENT, "magpie"),
    ]
    for (option, value) in numbers where unsafe ccurl_set_long(easy, option, value) != CURLE_OK { return false }
    for (option, value) in strings where unsafe ccurl_set_string(easy, option, value) != CURLE_OK { return false }
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    return unsafe ccurl_set_pointer(easy, CURLOPT_ERRORBUFFER, errorText) == CURLE_OK
      && ccurl_set_functions(easy, context, curlHeader, curlBody, curlOpenSocket) == CURLE_OK
  }

  private func setRequest(_ easy: UnsafeMutableRawPointer) -> Bool {
    var codes: [CURLcode] = []
    if call.takesBody {
      unsafe codes.append(ccurl_set_long(easy, CURLOPT_POST, 1))
      unsafe codes.append(ccurl_set_size(easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(call.body.count)))
      // A null pointer would mean that the body comes by callback, so an empty one points at something.
      let bytes = call.body.isEmpty ? [0] : call.body
      unsafe codes.append(bytes.withUnsafeBytes { unsafe ccurl_set_body(easy, $0.baseAddress) })
    }
    if call.method == "HEAD" {
      unsafe codes.append(ccurl_set_long(easy, CURLOPT_NOBODY, 1))
    } else {
      unsafe codes.append(ccurl_set_string(easy, CURLOPT_CUSTOMREQUEST, call.method))
    }
    // Not to wait for a 100 before a body of some size, and not to call a body a form.
    var lines = ["Expect:"]
    if call.takesBody, call.headers["Content-Type"] == nil { lines.append("Content-Type:") }
    for (name, value) in call.headers.list where !HeaderFields.isSame(name, "Content-Length") {
      lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
    }
    for line in lines {
      guard let list = unsafe curl_slist_append(headerList, line) else { return false }
      unsafe headerList = unsafe list
    }
    unsafe codes.append(ccurl_set_pointer(easy, CURLOPT_HTTPHEADER, headerList))
    return codes.allSatisfy { $0 == CURLE_OK }
  }

  private func failure(_ code: CURLcode) -> HTTPClientError {
    if let refusal { return refusal }
    let said = unsafe String(cString: errorText)
    let text = said.isEmpty ? unsafe String(cString: curl_easy_strerror(code)) : said
    switch code {
    case CURLE_OPERATION_TIMEDOUT:
      let elapsed = unsafe ccurl_get_size(easy, CURLINFO_TOTAL_TIME_T) / 1_000
      // Before the deadline only the connect deadline can have passed, and then nothing was sent.
      return elapsed < call.deadline.milliseconds ? .cannotConnect("no connection in time") : .timedOut
    case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_CONNECT: return .cannotConnect(text)
    case CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CONNECT_ERROR, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER,
      CURLE_SSL_CACERT_BADFILE, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
      return .tls(text)
    case CURLE_GOT_NOTHING, CURLE_PARTIAL_FILE, CURLE_RECV_ERROR, CURLE_SEND_ERROR: return .cut(text)
    case CURLE_URL_MALFORMAT, CURLE_UNSUPPORTED_PROTOCOL: return .badURL(text)
    default: return .failed(text)
    }
  }

  fileprivate func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
    headBytes += line.count
    guard headBytes <= Self.headBytesMax else {
      refusal = .failed("the answer's header is too large")
      return false
    }
    if unsafe line.starts(with: Array("HTTP/".utf8)) {
      // Another status line: what came before was a 1xx.
      headers = HeaderFields()
      isHeadDone = false
      return true
    }
    // Fields after the body are not what the answer is about.
    guard !isHeadDone else { return true }
    let text = unsafe String(decoding: line, as: UTF8.self)
    guard let colon = text.firstIndex(of: ":") else {
      isHeadDone = true
      return true
    }
    headers.append(String(text[..<colon]), text[text.index(after: colon)...].trimmed)
    return true
  }

  fileprivate func receiveBody(_ bytes: UnsafeRawBufferPointer) -> Bool {
    let limit = call.answerBytesMax
    if body.isEmpty {
      let announced = headers["Content-Length"].flatMap { Int($0) } ?? 0
      body.reserveCapacity(min(max(announced, bytes.count), limit))
    }
    guard body.count + bytes.count <= limit else {
      refusal = .tooLarge(limit: limit)
      body = []
      return false
    }
    unsafe body.append(contentsOf: bytes)
    if let heard = call.heard { unsafe heard(Array(bytes)) }
    return true
  }

  /// The last gate: where the connection really goes, whatever the name said.
  fileprivate func openSocket(_ address: UnsafeMutablePointer<curl_sockaddr>) -> curl_socket_t {
    let peer = unsafe withUnsafePointer(to: &address.pointee.addr) { unsafe SocketAddress($0) }
    if let rules {
      guard let peer, rules.permits(peer.host, port: peer.port, isPlain: destination.isPlain) else {
        refusal = .insecure("this address may not be asked: see MAGPIE_OUTGOING_ALLOW")
        return CURL_SOCKET_BAD
      }
      return unsafe ccurl_open_socket(address)
    }
    guard !destination.isPlain || peer?.isLoopback ?? false else {
      refusal = .insecure("the name leads away from this machine")
      return CURL_SOCKET_BAD
    }
    return unsafe ccurl_open_socket(address)
  }
}

extension HTTPCall {
  fileprivate var takesBody: Bool { !body.isEmpty || ["POST", "PUT", "PATCH"].contains(method) }
}

extension Substring {
  /// Without the white space that may surround a field's value, and the line's end.
  fileprivate var trimmed: String {
    func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0D, 0x0A].contains(byte) }
    let start = utf8.firstIndex { !isSpace($0) } ?? endIndex
    let end = utf8[start...].lastIndex { !isSpace($0) }.map { utf8.index(after: $0) } ?? start
    return String(self[start..<end])
  }
}

// What libcurl calls, on the loop's thread, while the loop holds the transfer.

@c(magpie_curl_header)
private func curlHeader(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context = unsafe context else { return 0 }
  let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  let line = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe transfer.receiveHeader(line) ? line.count : 0
}

@c(magpie_curl_body)
private func curlBody(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let context = unsafe context else { return 0 }
  let transfer = unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
  let piece = unsafe UnsafeRawBufferPointer(start: bytes, count: size * count)
  return unsafe transfer.receiveBody(piece) ? piece.count : 0
}

@c(magpie_curl_open_socket)
private func curlOpenSocket(
  _ context: UnsafeMutableRawPointer?, _ purpose: curlsocktype, _ address: UnsafeMutablePointer<curl_sockaddr>?
) -> curl_socket_t {
  guard let context = unsafe context, let address = unsafe address else { return CURL_SOCKET_BAD }
  return unsafe Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue().openSocket(address)
}
