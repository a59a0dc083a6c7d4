import API
import Basics
package import HTTP

/// How mails are sent.
package struct MailSettings: Sendable {
  package var server: SMTPServer
  package var from: String

  /// - Returns: Nil when no mail server is named, or with mistakes.
  static func read(_ reader: inout SettingReader) -> MailSettings? {
    let url = reader.readIfSet(.smtpURL, wanted: "smtp://… or smtps://…, with a host") { text in
      host(of: text) == nil ? nil : text
    }
    let from = reader.readIfSet(.mailFrom, wanted: "an address, such as magpie@example.org") { text in
      MailMessage.isAddress(text) ? text : nil
    }
    let requiresTLS =
      reader.read(.smtpTLS, wanted: "required or off") { ["required": true, "off": false][$0] } ?? true
    let authorities = reader.readIfSet(.smtpAuthorities, wanted: "a file, from the root on") { text in
      text.hasPrefix("/") ? text : nil
    }
    guard let url else { return nil }
    guard let from else {
      reader.note("\(Setting.mailFrom.name) is missing: \(Setting.smtpURL.name) is set")
      return nil
    }
    if !requiresTLS, url.contains("@"), host(of: url).map({ !ServerURL.isLoopback($0) }) ?? true {
      reader.note("\(Setting.smtpTLS.name) must be required where \(Setting.smtpURL.name) has a password")
    }
    return MailSettings(
      server: SMTPServer(url: Secret(url), requiresTLS: requiresTLS, authorities: authorities), from: from)
  }

  /// The server's name; nil when the address is none. libcurl reads it whole.
  private static func host(of url: String) -> Substring? {
    guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }),
      let scheme = ["smtp://", "smtps://"].first(where: { url.hasPrefix($0) })
    else { return nil }
    let authority = url.dropFirst(scheme.utf8.count).prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let place = authority.lastIndex(of: "@").map { authority[authority.index(after: $0)...] } ?? authority
    return ServerURL.host(of: place).flatMap { $0.isEmpty ? nil : $0 }
  }

  static func shown(_ setting: Setting, _ mail: MailSettings?) -> String? {
    switch setting.name {
    case Setting.smtpURL.name: mail.map { "\($0.server.url)" }
    case Setting.mailFrom.name: mail?.from
    case Setting.smtpTLS.name: mail.map { $0.server.requiresTLS ? "required" : "off" } ?? Setting.smtpTLS.standard
    case Setting.smtpAuthorities.name: mail?.server.authorities
    default: nil
    }
  }
}

extension Home {
  /// Where mails are handed in; nil when none are sent.
  var mailroom: Mailroom? {
    guard configuration.mail != nil else { return nil }
    let keys = keys
    return Mailroom(
      sealing: .init(
        seal: { try keys.seal($0, associatedData: $1) }, open: { try keys.openText($0, associatedData: $1) }),
      world: world)
  }

  var mailJobs: MailJobs? {
    guard let mail = configuration.mail, let mailroom else { return nil }
    return MailJobs(
      database, mailroom, by: .smtp(mail.server), from: mail.from, publicURL: configuration.publicURL)
  }
}
