package import Basics
import Crypto
package import Databases
package import Finance
import Store

/// An installation, opened: its folder, its database, its household, its keys. Every command that keeps or shows money
/// begins with one.
package struct Home: Sendable {
  package let configuration: Configuration
  package let directory: DataDirectory
  package let database: any Database
  /// The household and its owner.
  package let scope: Scope
  package let world: World
  package let log: Log
  package let keys: KeyStore
  /// Shown by programs on this machine that speak to Magpie's interface; kept in ``DataDirectory/apiToken``.
  package let apiToken: Secret<String>

  /// What a command is about to do with the database.
  package enum Purpose: Sendable {
    /// Looks only: does not wait for whoever is writing when the tables are as they should be.
    case reading
    case writing
  }

  /// Opens the installation that the settings name, and makes what is missing: on the first start, everything.
  ///
  /// - Throws: ``Failure`` with what to do.
  package static func open(
    _ configuration: Configuration, for purpose: Purpose = .writing, world: World = .live, log: Log = .silent
  ) async throws -> Home {
    let directory = try configuration.openFolder()
    do {
      let database = CountedDatabase(try open(configuration, directory))
      try await migrate(database, purpose, now: world.now())
      let scope = try await household(in: database, configuration, world)
      let keys = try await KeyStore.open(configuration, directory, database)
      return Home(
        configuration: configuration, directory: directory, database: database, scope: scope, world: world, log: log,
        keys: keys, apiToken: try apiToken(directory))
    } catch {
      throw Fault.failure(error, directory: directory)
    }
  }

  /// The file in the folder, or the server that the settings name. A server is reached when it is first asked.
  static func open(_ configuration: Configuration, _ directory: DataDirectory) throws -> any Database {
    if let address = configuration.databaseURL {
      let primary = try PostgresDatabase(PostgresSettings(address: address))
      guard let standby = configuration.databaseReadURL else { return primary }
      return try FollowedDatabase(primary, standby: PostgresSettings(address: standby))
    }
    try directory.prepareDatabaseFile()
    return try SQLiteDatabase(path: directory.database)
  }

  private static func migrate(_ database: any Database, _ purpose: Purpose, now: Timestamp) async throws {
    if purpose == .reading, try await Migrator.version(of: database) == Schema.migrations.count { return }
    try await Migrator.migrate(database, Schema.migrations, now: now)
  }

  /// The household, made when there is none. Until there are settings for it, its time zone follows the environment.
  private static func household(
    in database: any Database, _ configuration: Configuration, _ world: World
  ) async throws -> Scope {
    let zone = configuration.timeZone
    let known: (Scope, String?)? = try await database.read { session in
      try Households.only(session).map { ($0, try Households.timeZone($0, session)) }
    }
    if let known, known.1 == zone { return known.0 }
    return try await database.write { session in
      if let scope = try Households.only(session) {
        try Households.setTimeZone(zone, scope, session)
        return scope
      }
      let scope = Scope(household: world.newID(), user: world.newID())
      try Households.create(
        scope, name: "Home", timeZone: zone, currency: Self.currency(of: configuration.countryCodes.first),
        now: world.now(), session)
      return scope
    }
  }

  /// What a new household counts in, by the country of its first bank.
  private static func currency(of country: String?) -> Currency {
    let code =
      switch country {
      case "CA": "CAD"
      case "GB": "GBP"
      case "DK": "DKK"
      case "NO": "NOK"
      case "SE": "SEK"
      case "PL": "PLN"
      case "US", nil: "USD"
      default: "EUR"  // Plaid's other countries.
      }
    return Currency(iso: code) ?? .usd
  }

  private static func apiToken(_ directory: DataDirectory) throws(Failure) -> Secret<String> {
    _ =
      PrivateFile.stamp(directory.apiToken) == nil
      ? try PrivateFile.create(directory.apiToken, RandomBytes.token() + "\n") : false
    let text = try PrivateFile.read(directory.apiToken) ?? ""
    let token = text.filter { !$0.isWhitespace }
    // Sixteen bytes in base64url: less could be guessed.
    guard token.utf8.count >= 22 else {
      throw Failure("\(directory.apiToken) holds no token: remove it, and a new one is made", .attention)
    }
    return Secret(token)
  }
}
