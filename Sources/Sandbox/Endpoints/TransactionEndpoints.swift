import Basics
import Finance
import JSON

/// `/transactions/…`: the rows, by cursor or by date, and asking the bank for news.
enum TransactionEndpoints {
  private static let common: [Shape.Field] = [
    .optional("include_original_description", .boolean), .optional("personal_finance_category_version"),
    .optional("days_requested", .integer(1...730)),
  ]

  static let all: [Endpoint] = [
    Endpoint(
      "/transactions/sync",
      Shape(
        .required("access_token"), .optional("cursor"), .optional("count", .integer(1...500)),
        .optional("options", .object(Shape(common + [.optional("account_id")])))),
      sync),
    Endpoint(
      "/transactions/get",
      Shape(
        .required("access_token"), .required("start_date", .date), .required("end_date", .date),
        .optional(
          "options",
          .object(
            Shape(
              common + [
                .optional("account_ids", .strings), .optional("count", .integer(1...500)),
                .optional("offset", .integer(0...100_000_000)),
                .optional("include_personal_finance_category", .boolean),
              ])))),
      list),
    Endpoint("/transactions/refresh", Shape(.required("access_token")), refresh),
    Endpoint(
      "/transactions/recurring/get",
      Shape(
        .required("access_token"), .optional("account_ids", .strings),
        .optional(
          "options",
          .object(
            Shape(
              .optional("include_personal_finance_category", .boolean),
              .optional("personal_finance_category_version"))))),
      recurring),
  ]

  // MARK: - By cursor

  private static func sync(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let options = body.nested("options")
    let item = try opened(&world, body, options)
    var account: BankAccount?
    if let id = options.string("account_id") {
      guard let named = item.account(withID: id) else { throw .accountID }
      account = named
    }
    world.items[item.id]?.isArmed = true
    let writer = world.writer(for: item, options)
    let accounts = world.json(of: item.accounts.filter(\.hasTransactions), in: item)
    guard item.readiness >= .initial else {
      return .page(
        RowsPage(
          frame: .sync(status: "NOT_READY", next: "", hasMore: false), accounts: accounts, rows: .changes([]),
          writer: writer))
    }
    let status = item.readiness == .historical ? "HISTORICAL_UPDATE_COMPLETE" : "INITIAL_UPDATE_COMPLETE"
    let accountID = account.map { item.accountID($0.key) }
    let slice = try world.slice(
      of: item.id, cursor: body.string("cursor") ?? "", count: body.int("count") ?? 100, account: accountID)
    return .page(
      RowsPage(
        frame: .sync(status: status, next: slice.next, hasMore: slice.hasMore), accounts: accounts, rows: slice.rows,
        writer: writer))
  }

  /// The Item with transactions switched on; the first call may say how deep they go.
  private static func opened(
    _ world: inout SandboxWorld, _ body: Body, _ options: Body
  ) throws(Refusal) -> Item {
    let item = try world.workingItem(body)
    try world.use("transactions", of: item)
    if item.readiness == .dormant {
      if let days = options.int("days_requested") { world.items[item.id]?.daysRequested = days }
      world.startTransactions(item.id)
    }
    return world.items[item.id] ?? item
  }

  // MARK: - By date

  private static func list(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let options = body.nested("options")
    let item = try opened(&world, body, options)
    let accounts = try world.accounts(of: item, for: body)
    guard let start = body.date("start_date"), let end = body.date("end_date") else { throw .missing(["start_date"]) }
    guard start <= end else { throw .invalidField("start_date must not be after end_date") }
    guard item.readiness >= .initial else { throw .productNotReady }
    let (count, offset) = (options.int("count") ?? 100, options.int("offset") ?? 0)
    let rows: RowsPage.Rows
    let total: Int
    if let bulk = item.bulk {
      total = bulk.rows
      rows = .bulk(bulk, min(offset, total)..<min(offset + count, total))
    } else {
      let ids = Set(accounts.map { item.accountID($0.key) })
      let live = item.ledger.liveRows().filter { ids.contains($0.accountID) && (start...end).contains($0.date) }
      total = live.count
      rows = .changes(live.dropFirst(offset).prefix(count).map { ChangeLog.Entry(kind: .added, row: $0) })
    }
    return .page(
      RowsPage(
        frame: .list(item: world.json(of: item), total: total), accounts: world.json(of: accounts, in: item),
        rows: rows, writer: world.writer(for: item, options)))
  }

  // MARK: - Asking the bank

  private static func refresh(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let item = try world.workingItem(body)
    try world.use("transactions", of: item)
    try world.reachBank(of: item)
    world.startTransactions(item.id)
    world.refresh(item.id)
    return .empty
  }

  private static func recurring(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let item = try world.workingItem(body)
    try world.use("transactions", of: item)
    let accounts = try world.accounts(of: item, for: body)
    guard item.readiness >= .initial else { throw .productNotReady }
    let ids = Set(accounts.map { item.accountID($0.key) })
    let rows = item.ledger.liveRows().filter { ids.contains($0.accountID) && !$0.isPending }
    let streams = RecurringStream.find(in: rows, today: item.ledger.now.day)
    let usesV1 = body.nested("options").string("personal_finance_category_version") == "v1"
    let naming = world.naming
    let json = { (isInflow: Bool) in
      JSONValue.array(
        streams.filter { $0.isInflow == isInflow }.map { $0.json(naming: naming, usesCategoriesV1: usesV1) })
    }
    return .object([
      "inflow_streams": json(true), "outflow_streams": json(false),
      "personal_finance_category_version": usesV1 ? "v1" : "v2",
      "updated_datetime": Wire.instant(item.lastUpdate ?? item.createdAt),
    ])
  }
}

extension SandboxWorld {
  func writer(for item: Item, _ options: Body) -> RowWriter {
    RowWriter(
      options: .init(
        includesOriginalDescription: options.bool("include_original_description") ?? false,
        usesCategoriesV1: options.string("personal_finance_category_version") == "v1"),
      naming: naming, utcOffsetMinutes: item.customer.history.utcOffsetMinutes)
  }
}
