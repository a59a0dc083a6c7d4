package import API
package import Basics
package import Crypto
package import Kafka

/// The environment as one value. All mistakes are told at once, and no secret is ever in their text.
package struct Configuration: Sendable {
  package enum PlaidEnvironment: String, Sendable, CaseIterable {
    case sandbox, production

    package var baseURL: String { "https://\(rawValue).plaid.com" }
  }

  /// Whether a simulated bank may stand in for Plaid.
  package enum Simulation: String, Sendable, CaseIterable {
    /// When there are no keys.
    case auto
    /// Even when there are keys.
    case on
    case off
  }

  package struct Credentials: Sendable {
    package var clientID: String
    package var secret: Secret<String>
  }

  /// Nil when neither half of the keys is set.
  package var credentials: Credentials?
  package var plaidEnvironment: PlaidEnvironment
  /// Without a slash at the end.
  package var plaidBaseURL: String
  package var products: [String]
  package var countryCodes: [String]
  package var language: String
  package var dataDirectory: String
  /// Nil: a file in the data folder.
  package var databaseURL: Secret<String>?
  /// A standby of that server, for what is only shown.
  package var databaseReadURL: Secret<String>?
  package var host: String
  package var port: UInt16
  /// Without a slash at the end.
  package var publicURL: String?
  /// Who may make themselves known.
  package var registration: Identity.Registration
  package var simulation: Simulation
  package var timeZone: String
  /// Base 64 of 32 bytes, checked.
  package var encryptionKey: Secret<String>?
  /// Each base 64 of 32 bytes, checked.
  package var previousEncryptionKeys: [Secret<String>]

  /// At least 22 characters: sixteen bytes in base 64.
  package var metricsToken: Secret<String>?
  /// Where advice may be asked for: an address up to and with `/v1`, the model's name, and a key.
  package var advisor: (url: String, model: String, key: Secret<String>?)?
  /// Such as `https://app.example`.
  package var origins: [String]
  package var allowedHosts: [String]
  package var isRateLimited: Bool
  package var keptAnswersMegabytes: Int
  package var passwordCost: Password.Cost

  /// Of work that goes on by itself.
  package var work: WorkSettings
  /// Nil when no mails are sent.
  package var mail: MailSettings?
  /// Nil when events go into no stream.
  package var kafka: KafkaSettings?

  /// - Throws: ``ConfigurationError`` with every mistake.
  package init(_ environment: [String: String]) throws(ConfigurationError) {
    var reader = SettingReader(environment)
    credentials = reader.credentials()
    plaidEnvironment =
      reader.read(.environment, wanted: "sandbox or production") { PlaidEnvironment(rawValue: $0) } ?? .sandbox
    let base = reader.readIfSet(.baseURL, wanted: "an https:// address, or http:// on this machine") {
      ServerURL.isSafe($0) ? ServerURL.trimmed($0) : nil
    }
    plaidBaseURL = base ?? plaidEnvironment.baseURL
    products = reader.list(.products, wanted: "product names with commas") { word in
      word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) || $0 == UInt8(ascii: "_") }
    }
    countryCodes = reader.list(.countryCodes, wanted: "two-letter codes with commas, such as US,CA") { word in
      word.utf8.count == 2 && word.utf8.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) }
    }
    language =
      reader.read(.language, wanted: "a two-letter code, such as en") { word in
        let isCode =
          word.utf8.count == 2 && word.utf8.allSatisfy { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) }
        return isCode ? word : nil
      } ?? ""
    dataDirectory =
      reader.read(.dataDirectory, wanted: "an absolute folder") { Self.folder($0, home: environment["HOME"]) } ?? ""
    databaseURL = reader.readIfSet(.databaseURL, wanted: "an address that begins with postgres://") {
      PostgresAddress.isOne($0) ? Secret($0) : nil
    }
    databaseReadURL = reader.readIfSet(.databaseReadURL, wanted: "an address that begins with postgres://") {
      PostgresAddress.isOne($0) ? Secret($0) : nil
    }
    if databaseReadURL != nil, environment[Setting.databaseURL.name] == nil {
      reader.note("DATABASE_READ_URL names a standby, but DATABASE_URL names no server")
    }
    host = reader.read(.host, wanted: "an IP address or localhost") { ServerURL.isNumericHost($0) ? $0 : nil } ?? ""
    port = reader.read(.port, wanted: "a number from 0 to 65535") { UInt16($0) } ?? 0
    publicURL = reader.readIfSet(.publicURL, wanted: "an https:// address, or http:// on this machine") {
      ServerURL.isSafe($0) ? ServerURL.trimmed($0) : nil
    }
    registration =
      reader.read(.registration, wanted: "open, invite or closed") { Identity.Registration(rawValue: $0) } ?? .closed
    simulation =
      reader.read(.simulation, wanted: "auto, on or off") {
        ["auto": .auto, "on": .on, "1": .on, "true": .on, "off": .off, "0": .off, "false": .off][$0]
      } ?? .auto
    timeZone =
      reader.read(.timeZone, wanted: "a time zone this system knows, such as Europe/Berlin") {
        (try? TimeZone.named($0))?.name
      } ?? ""
    encryptionKey = reader.readIfSet(.encryptionKey, wanted: "32 bytes in base 64", Self.key)
    previousEncryptionKeys =
      reader.readIfSet(.previousEncryptionKeys, wanted: "keys of 32 bytes in base 64, with commas") { text in
        let words = text.split(separator: ",", omittingEmptySubsequences: false)
        let keys = words.compactMap { Self.key(String($0.filter { $0 != " " })) }
        return keys.count == words.count ? keys : nil
      } ?? []
    (metricsToken, origins, allowedHosts, isRateLimited) = Self.door(&reader)
    keptAnswersMegabytes =
      reader.read(.keptAnswers, wanted: "a number from 0 to 1024") { text in
        Int(text).flatMap { (0...1_024).contains($0) ? $0 : nil }
      } ?? 0
    advisor = Self.advisor(&reader)
    let hasKeys = credentials != nil
    passwordCost =
      reader.read(.passwordCost, wanted: hasKeys ? "standard where there are Plaid keys" : "standard or least") {
        word in
        word == "standard" ? .standard : word == "least" && !hasKeys ? .least : nil
      } ?? .standard
    work = WorkSettings.read(&reader)
    mail = MailSettings.read(&reader)
    kafka = KafkaSettings.read(&reader)
    guard reader.mistakes.isEmpty else { throw ConfigurationError(mistakes: reader.mistakes) }
  }

  /// Nil when no model is to be asked.
  private static func advisor(
    _ reader: inout SettingReader
  ) -> (url: String, model: String, key: Secret<String>?)? {
    let url = reader.readIfSet(.advisorURL, wanted: "an https:// address, or http:// on this machine") {
      ServerURL.isSafe($0) ? ServerURL.trimmed($0) : nil
    }
    let model = reader.readIfSet(.advisorModel, wanted: "a model's name without spaces") { text in
      text.utf8.count <= 200 && text.utf8.allSatisfy { $0 > 0x20 } ? text : nil
    }
    let key = reader.readIfSet(.advisorKey, wanted: "a key without spaces") { text in
      text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? Secret(text) : nil
    }
    guard let url, let model else { return nil }
    return (url, model, key)
  }

  /// What concerns the HTTP interface alone.
  private static func door(_ reader: inout SettingReader) -> (Secret<String>?, [String], [String], Bool) {
    let metricsToken = reader.readIfSet(.metricsToken, wanted: "22 characters or more, without spaces") { text in
      text.utf8.count >= 22 && text.utf8.allSatisfy { (0x21...0x7E).contains($0) } ? Secret(text) : nil
    }
    let origins =
      reader.readIfSet(.origins, wanted: "addresses such as https://app.example, with commas") {
        words($0) { origin in
          ServerURL.isSafe(origin) && origin.split(separator: "/", omittingEmptySubsequences: false).count == 3
        }
      } ?? []
    let allowedHosts =
      reader.readIfSet(.allowedHosts, wanted: "host names with commas") {
        words($0) { host in host.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") } }
      } ?? []
    let isRateLimited = reader.read(.rateLimits, wanted: "on or off") { ["on": true, "off": false][$0] } ?? true
    return (metricsToken, origins, allowedHosts, isRateLimited)
  }

  /// The words of a list with commas; nil when one of them is not right.
  private static func words(_ text: String, _ isRight: (String) -> Bool) -> [String]? {
    let words = text.split(separator: ",", omittingEmptySubsequences: false).map { String($0.filter { $0 != " " }) }
    return words.allSatisfy { !$0.isEmpty && isRight($0) } ? words : nil
  }

  private static func key(_ text: String) -> Secret<String>? {
    Base64.decode(text)?.count == 32 ? Secret(text) : nil
  }

  private static func folder(_ text: String, home: String?) -> String? {
    if text.hasPrefix("/") { return text }
    guard text.hasPrefix("~/"), let home, home.hasPrefix("/") else { return nil }
    return home + text.dropFirst(1)
  }

  /// The PostgreSQL server as a person may see it, without name and password; nil when there is none.
  package var databaseName: String? { databaseURL.map { PostgresAddress.shown($0.reveal) } }

  /// The value in force as a person may see it; nil when there is none.
  package func shown(_ setting: Setting) -> String? {
    switch setting.name {
    case Setting.clientID.name: credentials?.clientID
    case Setting.secret.name: credentials.map { "\($0.secret)" }
    case Setting.environment.name: plaidEnvironment.rawValue
    case Setting.baseURL.name: plaidBaseURL
    case Setting.products.name: products.joined(separator: ",")
    case Setting.countryCodes.name: countryCodes.joined(separator: ",")
    case Setting.language.name: language
    case Setting.dataDirectory.name: dataDirectory
    case Setting.databaseURL.name: databaseName
    case Setting.databaseReadURL.name: databaseReadURL.map { PostgresAddress.shown($0.reveal) }
    case Setting.host.name: host
    case Setting.port.name: String(port)
    case Setting.publicURL.name: publicURL
    case Setting.registration.name: registration.rawValue
    case Setting.simulation.name: simulation.rawValue
    case Setting.timeZone.name: timeZone
    case Setting.encryptionKey.name: encryptionKey.map { "\($0)" }
    case Setting.previousEncryptionKeys.name:
      previousEncryptionKeys.isEmpty ? nil : previousEncryptionKeys.map { "\($0)" }.joined(separator: ",")
    case Setting.metricsToken.name: metricsToken.map { "\($0)" }
    case Setting.origins.name: origins.isEmpty ? nil : origins.joined(separator: ",")
    case Setting.allowedHosts.name: allowedHosts.isEmpty ? nil : allowedHosts.joined(separator: ",")
    case Setting.advisorURL.name: advisor?.url
    case Setting.advisorModel.name: advisor?.model
    case Setting.advisorKey.name: advisor?.key.map { "\($0)" }
    case Setting.rateLimits.name: isRateLimited ? "on" : "off"
    case Setting.keptAnswers.name: String(keptAnswersMegabytes)
    case Setting.passwordCost.name: passwordCost == .standard ? "standard" : "least"
    default: MailSettings.shown(setting, mail) ?? KafkaSettings.shown(setting, kafka) ?? work.shown(setting)
    }
  }
}
