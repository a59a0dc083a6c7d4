import Basics

/// Every mistake in the settings, one a line.
package struct ConfigurationError: Error, Equatable, Sendable, CustomStringConvertible {
  package let mistakes: [String]
  package var description: String { "the settings are wrong:" + mistakes.map { "\n  " + $0 }.joined() }
}

/// Reads settings and collects what is wrong with them. An empty variable counts as not set.
struct SettingReader {
  private let environment: [String: String]
  private(set) var mistakes: [String] = []

  init(_ environment: [String: String]) { self.environment = environment }

  /// Something that is wrong of several settings together.
  mutating func note(_ mistake: String) { mistakes.append(mistake) }

  private func text(_ setting: Setting) -> String? {
    guard let text = environment[setting.name], !text.isEmpty else { return nil }
    return text
  }

  /// The value, or the standard one when it is not set.
  mutating func read<Value>(_ setting: Setting, wanted: String, _ parse: (String) -> Value?) -> Value? {
    check(setting, text(setting) ?? setting.standard, wanted: wanted, parse)
  }

  mutating func readIfSet<Value>(_ setting: Setting, wanted: String, _ parse: (String) -> Value?) -> Value? {
    text(setting).flatMap { check(setting, $0, wanted: wanted, parse) }
  }

  mutating func list(_ setting: Setting, wanted: String, isWord: (String) -> Bool) -> [String] {
    read(setting, wanted: wanted) { text in
      let words = text.split(separator: ",", omittingEmptySubsequences: false).map { word in
        String(word.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
      }
      return words.allSatisfy { !$0.isEmpty && isWord($0) } ? words : nil
    } ?? []
  }

  /// Half a pair of keys is a mistake: a server that then quietly runs without a bank helps nobody.
  mutating func credentials() -> Configuration.Credentials? {
    switch (text(.clientID), text(.secret)) {
    case (let clientID?, let secret?): return .init(clientID: clientID, secret: Secret(secret))
    case (_?, nil): mistakes.append("\(Setting.secret.name) is missing: \(Setting.clientID.name) is set")
    case (nil, _?): mistakes.append("\(Setting.clientID.name) is missing: \(Setting.secret.name) is set")
    case (nil, nil): break
    }
    return nil
  }

  private mutating func check<Value>(
    _ setting: Setting, _ text: String, wanted: String, _ parse: (String) -> Value?
  ) -> Value? {
    if let value = parse(text) { return value }
    mistakes.append("\(setting.name) must be \(wanted)" + (setting.isSecret ? "" : ", not \"\(text)\""))
    return nil
  }
}

/// The little that settings need to know of PostgreSQL's addresses; libpq reads them whole.
enum PostgresAddress {
  static func isOne(_ text: String) -> Bool {
    ["postgres://", "postgresql://"].contains { text.hasPrefix($0) }
      && text.utf8.allSatisfy { (0x21...0x7E).contains($0) }
  }

  /// Hosts and database alone: a password may stand before the hosts and among the options.
  static func shown(_ text: String) -> String {
    let rest = text.drop { $0 != "/" }.dropFirst(2)
    let plain = rest.prefix { $0 != "?" && $0 != "#" }
    // The last one: a careless password may hold another.
    let place = plain.lastIndex(of: "@").map { plain[plain.index(after: $0)...] } ?? plain
    return "postgres://\(place)"
  }
}

/// The little that settings need to know of addresses.
enum ServerURL {
  /// Whether what is sent there is protected: https, or plain http that does not leave this machine.
  static func isSafe(_ url: String) -> Bool {
    guard url.utf8.allSatisfy({ (0x21...0x7E).contains($0) }) else { return false }
    let isPlain = url.hasPrefix("http://")
    guard isPlain || url.hasPrefix("https://") else { return false }
    let rest = url.dropFirst(isPlain ? 7 : 8)
    let authority = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    // A name and password before an @ would make the host look like another.
    guard !authority.contains("@"), !rest.contains("?"), !rest.contains("#"), !rest.contains("\\"),
      let host = host(of: authority), !host.isEmpty
    else { return false }
    return !isPlain || isLoopback(host)
  }

  static func trimmed(_ url: String) -> String { String(url.reversed().drop { $0 == "/" }.reversed()) }

  /// Without the port; nil when the port is none.
  static func host(of authority: Substring) -> Substring? {
    if authority.first == "[" {
      guard let end = authority.firstIndex(of: "]") else { return nil }
      let after = authority[authority.index(after: end)...]
      guard after.isEmpty || (after.first == ":" && UInt16(after.dropFirst()) != nil) else { return nil }
      return authority[authority.index(after: authority.startIndex)..<end]
    }
    let parts = authority.split(separator: ":", omittingEmptySubsequences: false)
    guard parts.count <= 2, parts.count == 1 || UInt16(parts[1]) != nil else { return nil }
    return parts.first
  }

  static func isLoopback(_ host: Substring) -> Bool {
    host == "localhost" || host == "::1" || (octets(host)?.first == 127)
  }

  static func isNumericHost(_ host: String) -> Bool {
    let isSix =
      host.contains(":")
      && host.utf8.allSatisfy { byte in
        byte == UInt8(ascii: ":") || byte == UInt8(ascii: ".") || Character(UnicodeScalar(byte)).isHexDigit
      }
    return host == "localhost" || isSix || octets(host[...]) != nil
  }

  private static func octets(_ host: Substring) -> [UInt8]? {
    let parts = host.split(separator: ".", omittingEmptySubsequences: false)
    let octets = parts.compactMap { UInt8($0) }
    return parts.count == 4 && octets.count == 4 ? octets : nil
  }
}
