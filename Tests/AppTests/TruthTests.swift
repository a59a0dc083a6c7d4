import API
import Basics
import Databases
import Finance
import Insights
import Store
import Testing

@testable import App
@testable import Sandbox

@Suite struct `What Magpie says of the simulated household` {
  private let dwelling = Dwelling()

  /// What the bank itself knows of one account, from the owner's side.
  private struct Truth: Sendable, Equatable {
    var opening: Int64
    var rows: Int64
    var count: Int
    var balance: Int64
  }

  /// Whatever day it is: at a turn of the year, on a leap day, just before a month ends.
  @Test(arguments: ["2025-01-01T00:30:00Z", "2024-02-29T12:00:00Z", "2027-10-31T23:59:00Z"])
  func `is what its bank knows, account by account, down to what was there before the first row`(
    today: String
  ) async throws {
    let now = try #require(Timestamp(rfc3339: today))
    let live = World.live
    let world = World(now: { now }, sleep: live.sleep, random: live.random)
    let home = try await Home.open(try Configuration(["MAGPIE_DATA_DIR": dwelling.data]), world: world)
    let scope = home.scope
    let truths = try await Bank.with(home, isPrompt: true) { bank in
      let connection = try await bank.banks.linkSandbox(institution: "ins_109508")
      _ = try await bank.banks.sync(connection.id, kind: .initial)
      let sources = try await home.database.read { try Accounts.bySource(connection.id, scope, $0) }
      let server = try #require(bank.simulated)
      return try Self.truths(server, ours: sources.mapValues(\.id))
    }
    #expect(truths.count == 8)
    let overview = try await home.database.read { try Overview.read(now: now, scope, $0) }
    for line in overview.accounts {
      let truth = try #require(truths[line.account.id], "\(line.account.name)")
      #expect(line.account.currentMinor == truth.balance, "\(line.account.name)")
      #expect(line.booked.amountMinor == truth.rows, "\(line.account.name)")
      #expect(line.booked.rows == truth.count, "\(line.account.name)")
      // Investments send no rows: what they held two years ago cannot be known from them, and is not claimed.
      if !line.account.kind.isInvestment { #expect(line.openingMinor == truth.opening, "\(line.account.name)") }
    }
    let differences = try await home.database.read { try Totals.check(scope, $0) }
    #expect(differences.isEmpty)
  }

  private static func truths(
    _ server: SandboxServer, ours: [String: ID<Finance.Account>]
  ) throws -> [ID<Finance.Account>: Truth] {
    let (world, item) = try server.state.withLock { state in
      (state.bank, try #require(state.bank.items.values.first))
    }
    let history = item.customer.history
    var truths: [ID<Finance.Account>: Truth] = [:]
    for account in item.accounts {
      let sign: Int64 = account.isOwed ? -1 : 1
      let posted = item.ledger.liveRows().filter { !$0.isPending && $0.source.entry.account == account.key }
      // A bank tells what posted within its depth, so only what posted before is in the opening.
      let before = history.entries.filter { entry in
        entry.account == account.key && (entry.postsOn ?? entry.occurredOn) < item.depth
      }.reduce(account.openingMinor) { $0 - sign * $1.postedMinor(on: item.ledger.now.day) }
      let id = try #require(ours[item.accountID(account.key)])
      truths[id] = Truth(
        opening: sign * before, rows: posted.reduce(0) { $0 - $1.amountMinor }, count: posted.count,
        balance: sign * world.balances(of: account, in: item).currentMinor)
    }
    return truths
  }
}
