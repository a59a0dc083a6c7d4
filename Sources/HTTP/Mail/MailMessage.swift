package import Basics

/// One mail to one person, in plain text. Pure: what goes over the wire follows from its parts.
package struct MailMessage: Sendable, Equatable {
  /// Names the mail at the receiver's: one that is sent twice by mistake is known again.
  package var id: String
  package var from: String
  package var to: String
  package var subject: String
  /// Lines end with `\n`.
  package var text: String
  package var date: Timestamp
  /// Such as `en`.
  package var language: String

  package init(
    id: String, from: String, to: String, subject: String, text: String, date: Timestamp, language: String = "en"
  ) {
    self.id = id
    self.from = from
    self.to = to
    self.subject = subject
    self.text = text
    self.date = date
    self.language = language
  }

  /// Whether a mail can be sent there: one `@`, and nothing that could end a command or a header field.
  package static func isAddress(_ text: String) -> Bool {
    let parts = text.split(separator: "@", omittingEmptySubsequences: false)
    return parts.count == 2 && parts.allSatisfy { !$0.isEmpty } && text.utf8.count <= 254
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && !#"<>()[]\,;:""#.utf8.contains($0) }
  }

  /// The mail as RFC 5322 has it, with text that any server may carry (RFC 2045, quoted-printable).
  package var bytes: [UInt8] {
    let domain = from.split(separator: "@").last.map(String.init) ?? "localhost"
    let fields = [
      "Date: \(Self.dateText(date))", "From: Magpie <\(from)>", "To: <\(to)>", "Subject: \(Self.headerText(subject))",
      "Message-ID: <\(id)@\(domain)>", "MIME-Version: 1.0", "Content-Type: text/plain; charset=utf-8",
      "Content-Transfer-Encoding: quoted-printable", "Content-Language: \(language)",
      // So that nobody's absence note answers it (RFC 3834).
      "Auto-Submitted: auto-generated",
    ]
    let lines = text.split(separator: "\n", omittingEmptySubsequences: false).flatMap { Self.quoted($0) }
    return Array((fields + [""] + lines).map { $0 + "\r\n" }.joined().utf8)
  }

  /// As in `Sat, 21 Nov 2026 13:06:33 +0000`.
  static func dateText(_ date: Timestamp) -> String {
    let days = Int((Double(date.seconds) / 86_400).rounded(.down))
    let second = Int(date.seconds) - days * 86_400
    let (year, month, day) = CivilDay.civil(fromDays: days)
    // 1970-01-01 was a Thursday.
    let weekday = ["Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"][((days + 4) % 7 + 7) % 7]
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
    return """
      \(weekday), \(two(day)) \(months[month - 1]) \(year) \
      \(two(second / 3600)):\(two(second / 60 % 60)):\(two(second % 60)) +0000
      """
  }

  /// A header field's text: as it is, or in encoded words of at most 75 characters (RFC 2047) that never part a
  /// character.
  static func headerText(_ text: String) -> String {
    let plain = text.unicodeScalars.allSatisfy { (0x20...0x7E).contains($0.value) }
    if plain, text.utf8.count <= 60, !text.contains("=?") { return text }
    var words = [""]
    for character in text {
      let code = String(character).utf8.map { byte -> String in
        let isLetter = (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
        return byte == 0x20 ? "_" : isLetter ? String(UnicodeScalar(byte)) : hex(byte)
      }.joined()
      if words[words.count - 1].utf8.count + code.utf8.count > 60 { words.append("") }
      words[words.count - 1] += code
    }
    return words.map { "=?utf-8?Q?\($0)?=" }.joined(separator: "\r\n ")
  }

  /// One line of text as lines of at most 76 characters.
  private static func quoted(_ line: Substring) -> [String] {
    var lines = [""]
    let bytes = Array(line.utf8)
    for (index, byte) in bytes.enumerated() {
      let isSpace = byte == 0x20 || byte == 0x09
      let isPlain = (0x21...0x7E).contains(byte) && byte != UInt8(ascii: "=") || isSpace && index + 1 < bytes.count
      let code = isPlain ? String(UnicodeScalar(byte)) : hex(byte)
      if lines[lines.count - 1].utf8.count + code.utf8.count > 75 {
        lines[lines.count - 1] += "="
        lines.append("")
      }
      lines[lines.count - 1] += code
    }
    return lines
  }

  private static func hex(_ byte: UInt8) -> String {
    let digits = Array("0123456789ABCDEF")
    return "=\(digits[Int(byte >> 4)])\(digits[Int(byte & 15)])"
  }
}
