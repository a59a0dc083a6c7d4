import Basics
import Crypto
import Databases
import Finance
import Store

/// What the doctor finds in the installation itself. It changes nothing.
struct Inside: Sendable {
  let configuration: Configuration
  let world: World

  /// The tables as a list of findings, and then whatever the whole of it allows to look at.
  func examine() async -> [Examined] {
    let directory: DataDirectory
    do throws(Failure) {
      let isServer = configuration.databaseURL != nil
      guard isServer || PrivateFile.stamp(configuration.dataDirectory + "/magpie.db") != nil else {
        return [
          .note("data", "nothing is kept in \(configuration.dataDirectory) yet: magpie link or magpie serve begins")
        ]
      }
      directory = try configuration.openFolder()
    } catch {
      return [.wrong("data", error.description, "see to the folder, or set MAGPIE_DATA_DIR to another one")]
    }
    let tables: [Examined]
    do {
      tables = try await self.tables(directory)
    } catch {
      let failure = Fault.failure(error, directory: directory)
      return [.wrong("database", failure.description, nil)]
    }
    guard tables.allSatisfy({ $0.state == .ok }) else { return tables }
    do {
      let home = try await Home.open(configuration, for: .reading, world: world)
      return [.ok("data", "\(directory.path), for its owner alone")] + tables + [try await Self.keys(home)]
        + (try await Self.connections(home)) + (try await Self.ledger(home))
    } catch {
      return tables + [.wrong("keys", Fault.failure(error, directory: directory).description, nil)]
    }
  }

  /// Damage, orphans and the version of the tables, looked at before anything may bring them up to date.
  private func tables(_ directory: DataDirectory) async throws -> [Examined] {
    let database = try Home.open(configuration, directory)
    let known = Schema.migrations.count
    let version = try await Migrator.version(of: database)
    guard version <= known else { throw MigrationError.newerSchema(found: version, known: known) }
    let (damage, orphans) = try await database.read { session in
      (try Integrity.damage(session), try Integrity.orphans(session))
    }
    guard damage.isEmpty else {
      return [
        .wrong(
          "database", "\(directory.databaseName) is damaged: \(damage.prefix(3).joined(separator: "; "))",
          "stop Magpie, move the file away and put a backup in its place")
      ]
    }
    guard orphans.isEmpty else {
      let words = orphans.sorted { $0.key < $1.key }.map { "\($0.value) in \($0.key)" }.joined(separator: ", ")
      return [
        .wrong(
          "database", "rows belong to something that is not there: \(words)",
          "put a backup in place of \(directory.databaseName); if this comes again, it is a mistake in Magpie")
      ]
    }
    guard version == known else {
      return [
        .note(
          "database",
          "whole, with tables of an earlier Magpie (\(version) of \(known)); the next command brings them up to date")
      ]
    }
    if let server = directory.server {
      return [.ok("database", "\(server) answers, with the tables of this version (\(version))")]
    }
    return [.ok("database", "whole, with the tables of this version (\(version))")]
  }

  /// Every token has to open, and not only to name a key that is there.
  private static func keys(_ home: Home) async throws -> Examined {
    let tokens = try await home.database.read { try SealedTokens.all($0) }
    let shut = tokens.filter { token in
      (try? home.keys.openText(token.box, associatedData: token.associatedData)) == nil
    }
    guard shut.isEmpty else {
      return .wrong(
        "keys", "\(shut.count) of \(tokens.count) bank tokens cannot be opened",
        "link these banks again: magpie link --adopt keeps their rows")
    }
    return .ok("keys", tokens.isEmpty ? "there, with nothing sealed yet" : "open all \(tokens.count) bank tokens")
  }

  // MARK: - Banks

  private static func connections(_ home: Home) async throws -> [Examined] {
    let (scope, now) = (home.scope, home.world.now())
    let (connections, waiting) = try await home.database.read { session in
      (try Connections.all(scope, session), try Quarantine.count(scope, session))
    }
    var found = connections.filter { $0.state != .removed }.map { examined($0, now: now) }
    if waiting > 0 {
      let rows = waiting == 1 ? "1 row" : "\(waiting) rows"
      found.append(.note("set aside", "\(rows) could not be understood; a later Magpie reads them again"))
    }
    return found
  }

  private static func examined(_ connection: StoredConnection, now: Timestamp) -> Examined {
    let name = PlainText.clean(connection.institutionName ?? connection.institutionID ?? connection.id.description)
    let subject = "bank link \(connection.id)"
    let last = connection.lastSuccessAt.map { "last read \($0)" } ?? "never read yet"
    if let success = connection.lastSuccessAt, success > now + .seconds(60) {
      return .wrong(
        subject, "\(name) was last read in the future (\(success)): this machine's clock was or is wrong",
        "set the clock, for instance with: timedatectl set-ntp true")
    }
    switch connection.state {
    case .healthy: return .ok(subject, "\(name): \(last)")
    case .pending: return .note(subject, "\(name): its first data is not here yet; magpie sync asks again")
    case .degraded:
      return .note(subject, "\(name): failed for the moment (\(connection.stateCode ?? "unknown")); \(last)")
    case .expiring:
      return .wrong(subject, "\(name): consent ends soon; \(last)", "sign in at the bank again before it does")
    case .needsReauthentication:
      return .wrong(subject, "\(name): wants you to sign in again; \(last)", "sign in at the bank again")
    case .misconfigured:
      return .wrong(
        subject, "\(name): Plaid refuses this installation (\(connection.stateCode ?? "unknown"))",
        "check the keys and products at https://dashboard.plaid.com, then: magpie sync")
    case .revoked:
      return .wrong(subject, "\(name): access has ended; its rows stay", "link it again: magpie link --adopt")
    case .removing: return .note(subject, "\(name): is being removed")
    case .removed: return .note(subject, "\(name): removed")
    }
  }

  // MARK: - Money

  private static func ledger(_ home: Home) async throws -> [Examined] {
    let scope = home.scope
    let (proofs, differences) = try await home.database.read { session in
      (try BalanceProofs.all(scope, session), try Totals.check(scope, session))
    }
    let totals: Examined =
      differences.isEmpty
      ? .ok("totals", "agree with a count of every row")
      : .wrong(
        "totals", "\(differences.count) sums differ from a count of the rows, such as \(differences[0])",
        "magpie doctor --recount counts them anew; if this comes again, it is a mistake in Magpie")
    return proofs.map(examined) + [totals]
  }

  static func examined(_ proof: BalanceProof) -> Examined {
    let subject = "account \(proof.account)"
    let name = PlainText.clean(proof.name + (proof.mask.map { " …\($0)" } ?? ""))
    let span = proof.from.flatMap { from in proof.through.map { "from \(from) to \($0)" } } ?? ""
    switch proof.verdict {
    case .addsUp: return .ok(subject, "\(name): balances and rows add up \(span)")
    case .differs(let money):
      return .wrong(
        subject, "\(name): \(span) the balance moved by \(money) more than its rows",
        "magpie sync --full reads everything anew; if it stays, the bank's balance may be older than its rows")
    case .unknown(let reason): return .unknown(subject, "\(name): \(words(reason))")
    }
  }

  private static func words(_ reason: BalanceProof.Reason) -> String {
    switch reason {
    case .movesByItself: "its value also moves without rows"
    case .noBalance: "the bank tells no balance"
    case .oneDay: "cannot tell yet: its balance is known for one day only"
    case .currencies: "cannot tell: more than one currency"
    case .unclearRows(let count):
      "cannot tell: \(count == 1 ? "1 row" : "\(count) rows") may count on either side of a balance"
    case .noLongerSent: "the bank no longer sends it"
    }
  }
}
