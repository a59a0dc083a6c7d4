import Basics
import Glibc

/// A mail server on this machine that takes everything in, or answers as it is told.
package final class MailSink: Sendable {
  package struct Mail: Sendable, Equatable {
    package var from = ""
    package var to: [String] = []
    package var lines: [String] = []

    package var head: [String] { Array(lines.prefix { !$0.isEmpty }) }
    package var body: [String] { Array(lines.drop { !$0.isEmpty }.dropFirst()) }
    package func field(_ name: String) -> String? {
      head.first { $0.hasPrefix(name + ": ") }.map { String($0.dropFirst(name.count + 2)) }
    }
  }

  package struct NoSocket: Error {}

  package let port: UInt16
  private let listener: Int32
  private let taken = Locked<[Mail]>([])
  private let said = Locked<[String]>([])
  /// What is said in place of the usual answer to a command that begins so.
  private let answers: [String: String]

  package var mails: [Mail] { taken.withLock { $0 } }
  /// Commands in capitals, as they came.
  package var commands: [String] { said.withLock { $0 } }

  package init(answers: [String: String] = [:]) throws {
    self.answers = answers
    listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
    var size = socklen_t(MemoryLayout<sockaddr_in>.size)
    let (descriptor, length) = (listener, size)
    let failure = withUnsafeMutablePointer(to: &address) { pointer in
      pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
        bind(descriptor, address, length) | listen(descriptor, 8) | getsockname(descriptor, address, &size)
      }
    }
    guard failure == 0 else { throw NoSocket() }
    port = UInt16(bigEndian: address.sin_port)
    var thread = pthread_t()
    let start: @convention(c) (UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? = { context in
      if let context { Unmanaged<MailSink>.fromOpaque(context).takeRetainedValue().serve() }
      return nil
    }
    if pthread_create(&thread, nil, start, Unmanaged.passRetained(self).toOpaque()) == 0 { pthread_detach(thread) }
  }

  package func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

  private func serve() {
    while true {
      let client = accept(listener, nil, nil)
      guard client >= 0 else { break }
      talk(client)
      close(client)
    }
    close(listener)
  }

  private func talk(_ client: Int32) {
    var (waiting, isData, mail): ([UInt8], Bool, Mail) = ([], false, Mail())
    func say(_ text: String) {
      let bytes = Array((text + "\r\n").utf8)
      _ = bytes.withUnsafeBytes { send(client, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }
    say("220 sink")
    var buffer = [UInt8](repeating: 0, count: 4096)
    while true {
      guard let end = waiting.firstIndex(of: 10) else {
        let count = recv(client, &buffer, buffer.count, 0)
        guard count > 0 else { return }
        waiting += buffer[..<count]
        continue
      }
      let line = String(decoding: waiting[..<end].filter { $0 != 13 }, as: UTF8.self)
      waiting.removeSubrange(...end)
      if isData {
        if line == "." {
          isData = false
          let mail = mail
          taken.withLock { $0.append(mail) }
          say("250 taken")
        } else {
          mail.lines.append(line.hasPrefix("..") ? String(line.dropFirst()) : line)
        }
        continue
      }
      let command = line.uppercased()
      said.withLock { $0.append(command) }
      if let answer = answers.first(where: { command.hasPrefix($0.key) })?.value {
        say(answer)
        continue
      }
      if command.hasPrefix("EHLO") {
        say("250-sink\r\n250 8BITMIME")
      } else if command.hasPrefix("MAIL FROM:") {
        mail = Mail(from: String(line.dropFirst(10)))
        say("250 yes")
      } else if command.hasPrefix("RCPT TO:") {
        mail.to.append(String(line.dropFirst(8)))
        say("250 yes")
      } else if command == "DATA" {
        isData = true
        say("354 go on")
      } else if command == "QUIT" {
        say("221 bye")
        return
      } else {
        say("500 what?")
      }
    }
  }
}
