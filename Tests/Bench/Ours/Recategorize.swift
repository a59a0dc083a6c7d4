import Basics
import Categories
import Databases
import Finance
import Store

/// A hundred thousand rows with two hundred rules: judged on one core, and judged and kept with totals and history.
enum Recategorize {
  private static let shops = [
    "STARBUCKS STORE", "TESCO STORES", "LUIGIS PIZZERIA", "SHELL OIL", "CORNER LARDER", "SQ *BLUE CUP COFFEE",
    "ACME PAYROLL", "NETFLIX.COM", "RIVERSIDE DENTAL", "MILL LANE GARAGE", "AMZN MKTP US", "TRANSFER TO SAVINGS",
    "THE RED LION", "HILLTOP VETERINARY", "OCTOPUS ENERGY", "SUNNY NAILS", "ZEPHYR AND DAUGHTERS", "UBER *TRIP",
  ]

  /// - Returns: One JSON object with rows, and seconds of each.
  static func run(rows count: Int, database path: String) async throws -> String {
    let world = World.live
    let database = try SQLiteDatabase(path: path)
    _ = try await Migrator.migrate(database, Schema.migrations, now: world.now())
    let scope = Scope(household: world.newID(), user: world.newID())
    let account: ID<Account> = world.newID()
    try await fill(database, world, scope, account, count)
    let rules = rules(world)
    let rows = try await database.read { session in
      var rows: [JudgedRow] = []
      var after: ID<Transaction>?
      while true {
        let part = try Judgements.rows(after: after, limit: 1_000, scope, session).map(\.row)
        rows += part
        guard part.count == 1_000, let last = part.last else { return rows }
        after = last.id
      }
    }
    let judge = HouseholdJudge(rules: rules, home: "US")
    // What is read from lists is read once.
    _ = judge.judgement(rows[0])
    let clock = ContinuousClock()
    var filed = 0
    let judged = clock.measure { for row in rows where judge.judgement(row) != nil { filed += 1 } }
    try await database.write { session in
      for rule in rules { try Rules.keep(rule, now: world.now(), scope, session) }
    }
    let start = clock.now
    let outcome = try await Recategorizing.run(database, world, scope)
    let kept = clock.now - start
    return #"{"rows": \#(rows.count), "filed": \#(filed), "changed": \#(outcome.changed), "#
      + #""judged": \#(judged / .seconds(1)), "kept": \#(kept / .seconds(1))}"#
  }

  private static func rules(_ world: World) -> [Rule] {
    (0..<200).map { index in
      let text = "\(["larder", "lantern", "harbour", "meadow"][index % 4]) \(index)"
      return Rule(
        id: world.newID(), name: "Rule \(index)", position: index,
        condition: .all([.text(.any, .contains, index % 10 == 0 ? "larder" : text), .isIncoming(false)]),
        actions: [.category("FOOD_AND_DRINK_GROCERIES")])
    }
  }

  private static func fill(
    _ database: any Database, _ world: World, _ scope: Scope, _ account: ID<Account>, _ count: Int
  ) async throws {
    var random = SeededRandom(seed: 7)
    var made: [FeedTransaction] = []
    for index in 0..<count {
      let name = "\(shops[random.int(in: 0...(shops.count - 1))]) \(random.int(in: 100...9_999))"
      guard let amount = DecimalText("-\(random.int(in: 1...200)).50") else { continue }
      var feed = FeedTransaction(
        id: "t\(index)", accountID: "A", isPending: false, amount: amount,
        bookedOn: CalendarDate(days: 19_000 + index % 1_000), name: name)
      // A third has no word of the bank's: these change when they are sorted.
      if index % 3 != 0 {
        feed.category = FeedCategory(
          primary: "GENERAL_SERVICES", detailed: "GENERAL_SERVICES_AUTOMOTIVE", confidence: "VERY_HIGH", version: "v2")
      }
      made.append(feed)
    }
    let feeds = made
    try await database.write { session in
      try Households.create(scope, name: "Bench", timeZone: "UTC", currency: .usd, now: world.now(), session)
      let id: ID<Connection> = world.newID()
      try Connections.insert(
        NewConnection(id: id, origin: .simulated, environment: "sandbox", host: "bench", itemID: "bench"), scope,
        now: world.now(), session)
      guard let connection = try Connections.find(id, scope, session) else { return }
      try Accounts.insert(
        FeedAccount(id: "A", name: "A", kind: .checking, type: "depository", currency: .usd), as: account, connection,
        now: world.now(), scope, session)
      let place = AccountPlace(account, .checking)
      var totals = TotalUpkeep()
      for feed in feeds {
        let (money, exact) = try Money.rounding(feed.amount, .usd)
        try Transactions.insert(
          world.newID(), feed, account: place, amount: money, exact: exact, origin: "simulated", now: world.now(),
          scope,
          session)
        try totals.move(
          from: nil, to: Transactions.counted(feed, account: place, amount: money), scope, session)
      }
      try totals.write(scope, session)
    }
  }
}
