import Basics
import Testing
import Workshop

@testable import HTTP

private let mail = MailMessage(
  id: "eml_1", from: "magpie@example.org", to: "olive@example.com", subject: "First Platypus Bank wants you",
  text: "Hello Olive,\n\n.one dot\n\nBye", date: Timestamp(milliseconds: 1_795_267_593_000))

private func transport(_ sink: MailSink, requiresTLS: Bool = false) -> MailTransport {
  .smtp(SMTPServer(url: Secret("smtp://127.0.0.1:\(sink.port)"), requiresTLS: requiresTLS), deadline: .seconds(20))
}

@Suite struct `A mail` {
  @Test func `has the fields that RFC 5322 asks for`() {
    let lines = String(decoding: mail.bytes, as: UTF8.self).split(separator: "\r\n", omittingEmptySubsequences: false)
    #expect(lines.contains("Date: Sat, 21 Nov 2026 13:26:33 +0000"))
    #expect(lines.contains("From: Magpie <magpie@example.org>"))
    #expect(lines.contains("To: <olive@example.com>"))
    #expect(lines.contains("Message-ID: <eml_1@example.org>"))
    #expect(lines.contains("Auto-Submitted: auto-generated"))
  }

  @Test func `carries other letters than English ones in encoded words that part no character`() {
    let text = String(repeating: "Vermögen – ", count: 12)
    let lines = MailMessage.headerText(text).split(separator: "\r\n ")
    #expect(lines.count > 2)
    #expect(lines.allSatisfy { $0.utf8.count <= 75 && $0.hasPrefix("=?utf-8?Q?") && $0.hasSuffix("?=") })
    // A sequence of bytes that begins in one word ends in it.
    #expect(lines.allSatisfy { !$0.dropFirst(10).hasPrefix("=B6") && !$0.dropFirst(10).hasPrefix("=80") })
    #expect(MailMessage.headerText("Plain words.") == "Plain words.")
  }

  @Test func `cannot be given a field of somebody else's`() {
    var mail = mail
    mail.subject = "Hello\r\nBcc: everybody@example.com"
    let lines = String(decoding: mail.bytes, as: UTF8.self).split(separator: "\r\n")
    #expect(!lines.contains { $0.hasPrefix("Bcc") })
    for address in ["a@b\r\nDATA", "a@b>", "a", "@b", "a@", "a b@c", "a@b@c", "ä@b", ""] {
      #expect(!MailMessage.isAddress(address), "\(address)")
    }
    #expect(MailMessage.isAddress("olive.o'hara+bank@mail.example.com"))
  }

  @Test func `has no line longer than may be`() {
    var mail = mail
    mail.text = String(repeating: "Überweisung = ", count: 40) + " \n" + String(repeating: "x", count: 300)
    #expect(String(decoding: mail.bytes, as: UTF8.self).split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
  }
}

@Suite(.timeLimit(.minutes(1))) struct `A mail server` {
  @Test func `takes a mail as it was written`() async throws {
    let sink = try MailSink()
    defer { sink.stop() }
    try await transport(sink).send(mail)
    let taken = try #require(sink.mails.first)
    #expect(sink.mails.count == 1)
    #expect(taken.from.hasPrefix("<magpie@example.org>"))
    #expect(taken.to == ["<olive@example.com>"])
    #expect(taken.field("Subject") == "First Platypus Bank wants you")
    #expect(taken.body == ["Hello Olive,", "", ".one dot", "", "Bye"])
  }

  @Test func `that asks for patience is asked again, and one that refuses is not`() async throws {
    let expected: [(String, MailError?)] = [
      ("451 later", nil), ("550 nobody here", .refused("the mail server answered 550")),
    ]
    for (answer, error) in expected {
      let sink = try MailSink(answers: ["RCPT": answer])
      defer { sink.stop() }
      let thrown = await #expect(throws: MailError.self) { try await transport(sink).send(mail) }
      if let error {
        #expect(thrown == error)
      } else if case .later = thrown {
      } else {
        Issue.record("\(String(describing: thrown)) for \(answer)")
      }
      #expect(sink.mails.isEmpty)
    }
  }

  @Test func `without encryption gets nothing when encryption is required`() async throws {
    let sink = try MailSink()
    defer { sink.stop() }
    let thrown = await #expect(throws: MailError.self) { try await transport(sink, requiresTLS: true).send(mail) }
    guard case .later = thrown else {
      Issue.record("\(String(describing: thrown))")
      return
    }
    #expect(!sink.commands.contains { $0.hasPrefix("MAIL") })
  }

  @Test func `that is not there is asked again`() async throws {
    let sink = try MailSink()
    let transport = transport(sink)
    sink.stop()
    let gone = MailTransport.smtp(SMTPServer(url: Secret("smtp://127.0.0.1:1"), requiresTLS: false))
    let thrown = await #expect(throws: MailError.self) { try await gone.send(mail) }
    guard case .later(let words) = thrown else {
      Issue.record("\(String(describing: thrown))")
      return
    }
    #expect(!words.contains("127.0.0.1"))
    _ = transport
  }
}
