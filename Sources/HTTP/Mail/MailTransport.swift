package import Basics
import CCurl

/// How mails leave the house: one closure, so that a test takes them in itself.
package struct MailTransport: Sendable {
  package var send: @Sendable (MailMessage) async throws(MailError) -> Void

  package init(send: @escaping @Sendable (MailMessage) async throws(MailError) -> Void) { self.send = send }
}

/// Why a mail was not taken. Texts hold neither addresses nor passwords.
package enum MailError: Error, Equatable, Sendable {
  /// It may be taken later: the server cannot be reached, or says so.
  case later(String)
  /// The server will not take it however often it is asked.
  case refused(String)
}

/// Where mails are handed in.
package struct SMTPServer: Sendable {
  /// `smtp://` or `smtps://`, with name and password where the server wants them.
  package var url: Secret<String>
  /// Over `smtp://` too everything but the greeting is encrypted, or nothing is sent.
  package var requiresTLS: Bool
  /// A file with the certificates that vouch for the server; nil: those of the system.
  package var authorities: String?

  package init(url: Secret<String>, requiresTLS: Bool = true, authorities: String? = nil) {
    self.url = url
    self.requiresTLS = requiresTLS
    self.authorities = authorities
  }
}

extension MailTransport {
  /// Hands mails to an SMTP server (RFC 5321), each over a connection of its own.
  ///
  /// - Parameter deadline: For one mail, from the look-up of the server's name to its last word.
  package static func smtp(_ server: SMTPServer, deadline: Duration = .seconds(30)) -> MailTransport {
    MailTransport { message throws(MailError) in
      guard MailMessage.isAddress(message.to), MailMessage.isAddress(message.from) else {
        throw .refused("the address cannot be written to")
      }
      let result = await withCheckedContinuation { continuation in
        let started = Threads.start("mail") {
          continuation.resume(returning: MailHandover(message, server, deadline: deadline).run())
        }
        if !started { continuation.resume(returning: .failure(.later("no thread is left"))) }
      }
      try result.get()
    }
  }
}

/// One mail on its way, on a thread of its own: libcurl waits for each of the server's answers there.
@safe private final class MailHandover {
  private let message: MailMessage
  private let server: SMTPServer
  private let deadline: Duration
  fileprivate var rest: ArraySlice<UInt8>

  init(_ message: MailMessage, _ server: SMTPServer, deadline: Duration) {
    self.message = message
    self.server = server
    self.deadline = deadline
    rest = message.bytes[...]
  }

  func run() -> Result<Void, MailError> {
    guard TransferLoop.isReady, let easy = unsafe curl_easy_init() else { return .failure(.later("out of memory")) }
    defer { unsafe curl_easy_cleanup(easy) }
    guard let receiver = unsafe curl_slist_append(nil, "<\(message.to)>") else {
      return .failure(.later("out of memory"))
    }
    defer { unsafe curl_slist_free_all(receiver) }
    guard unsafe set(easy), unsafe ccurl_set_pointer(easy, CURLOPT_MAIL_RCPT, receiver) == CURLE_OK else {
      return .failure(.refused("the mail server's address cannot be used"))
    }
    let code = unsafe curl_easy_perform(easy)
    guard code != CURLE_OK else { return .success(()) }
    let status = unsafe ccurl_get_long(easy, CURLINFO_RESPONSE_CODE)
    // A 5yz means: never. Signing in is the operator's affair, and is put right some time (RFC 5321 §4.2.1).
    if (500..<600).contains(status), code != CURLE_LOGIN_DENIED {
      return .failure(.refused("the mail server answered \(status)"))
    }
    let words = unsafe String(cString: curl_easy_strerror(code))
    return .failure(.later(status > 0 ? "the mail server answered \(status): \(words)" : words))
  }

  private func set(_ easy: UnsafeMutableRawPointer) -> Bool {
    let numbers: [(CURLoption, Int)] = [
      (CURLOPT_NOSIGNAL, 1), (CURLOPT_UPLOAD, 1), (CURLOPT_TIMEOUT_MS, Int(clamping: deadline.milliseconds)),
      (CURLOPT_CONNECTTIMEOUT_MS, 10_000), (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
      (CURLOPT_SSLVERSION, CURL_SSLVERSION_TLSv1_2),
      (CURLOPT_USE_SSL, Int(server.requiresTLS ? CURLUSESSL_ALL.rawValue : CURLUSESSL_NONE.rawValue)),
    ]
    var strings: [(CURLoption, String)] = [
      (CURLOPT_URL, server.url.reveal), (CURLOPT_PROTOCOLS_STR, "smtp,smtps"), (CURLOPT_PROXY, ""),
      (CURLOPT_MAIL_FROM, "<\(message.from)>"),
    ]
    if let authorities = server.authorities { strings.append((CURLOPT_CAINFO, authorities)) }
    for (option, value) in numbers where unsafe ccurl_set_long(easy, option, value) != CURLE_OK { return false }
    for (option, value) in strings where unsafe ccurl_set_string(easy, option, value) != CURLE_OK { return false }
    let context = unsafe Unmanaged.passUnretained(self).toOpaque()
    return unsafe ccurl_set_reader(easy, context, curlMail) == CURLE_OK
  }
}

// What libcurl calls while it sends; the hand-over lives until it is done.
@c(magpie_curl_mail)
private func curlMail(
  _ bytes: UnsafeMutablePointer<CChar>?, _ size: Int, _ count: Int, _ context: UnsafeMutableRawPointer?
) -> Int {
  guard let bytes = unsafe bytes, let context = unsafe context else { return 0 }
  let handover = unsafe Unmanaged<MailHandover>.fromOpaque(context).takeUnretainedValue()
  let piece = handover.rest.prefix(size * count)
  for (index, byte) in piece.enumerated() { unsafe bytes[index] = CChar(bitPattern: byte) }
  handover.rest = handover.rest.dropFirst(piece.count)
  return piece.count
}
