import Basics
import Finance
import JSON

/// `/sandbox/…`: what only the sandbox can do — skip Link, break a sign-in, fire a webhook, invent a row.
enum SandboxEndpoints {
  static let all: [Endpoint] = [
    Endpoint(
      "/sandbox/public_token/create",
      Shape(
        .required("institution_id"), .required("initial_products", .words(Vocabulary.products)),
        .optional(
          "options",
          .object(
            Shape(
              .optional("webhook"), .optional("override_username"), .optional("override_password"),
              .optional(
                "transactions",
                .object(
                  Shape(
                    .optional("start_date", .date), .optional("end_date", .date),
                    .optional("days_requested", .integer(1...730))))),
              .optional("statements", .anything), .optional("income_verification", .anything)))),
        .optional("user_token"), .optional("user_id")),
      createPublicToken),
    Endpoint(
      "/sandbox/item/fire_webhook",
      Shape(
        .required("access_token"), .required("webhook_code"), .optional("webhook_type"), .optional("options", .anything)
      ),
      WebhookFiring.fire),
    Endpoint("/sandbox/item/reset_login", Shape(.required("access_token"))) { world, body throws(Refusal) in
      let item = try world.item(body)
      world.items[item.id]?.trouble = nil
      world.breakLogin(item.id, .loginRequired)
      return .object(["reset_login": true])
    },
    Endpoint(
      "/sandbox/item/set_verification_status",
      Shape(
        .required("access_token"), .required("account_id"),
        .required("verification_status", .word(["automatically_verified", "verification_expired"])))
    ) { world, body throws(Refusal) in
      let item = try world.workingItem(body)
      guard let account = item.account(withID: try body.required("account_id")) else { throw .accountID }
      world.items[item.id]?.verification[account.key] = body.string("verification_status")
      return .empty
    },
    Endpoint(
      "/sandbox/transactions/create",
      Shape(
        .required("access_token"),
        .required(
          "transactions",
          .objects(
            Shape(
              .required("date_transacted", .date), .required("date_posted", .date), .required("amount", .number),
              .required("description"), .optional("iso_currency_code"), .optional("account_id")),
            count: 1...10))),
      createTransactions),
  ]

  private static func createPublicToken(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    guard let institution = Institution.named(try body.required("institution_id")) else { throw .institution }
    let products = body.strings("initial_products") ?? []
    try checkInitial(products, at: institution)
    try world.reach(institution)
    let options = body.nested("options")
    if let url = options.string("webhook") { try WebhookTarget.check(url) }
    let signIn = try SignIn.make(
      options.string("override_username") ?? "user_good", options.string("override_password") ?? "pass_good",
      at: institution)
    let customer = try Customer(
      signIn, at: institution, naming: world.naming, since: world.since, today: CalendarDate(utc: world.now))
    let token = world.finishLink(
      .init(
        institution: institution, customer: customer, products: products, consented: nil,
        webhook: options.string("webhook"),
        daysRequested: days(options.nested("transactions"), today: CalendarDate(utc: world.now))
          ?? customer.defaultDays,
        selected: nil))
    return .object(["public_token": .string(token.text)])
  }

  static func checkInitial(_ products: [String], at institution: Institution) throws(Refusal) {
    guard !products.isEmpty else { throw .invalidField("initial_products must not be empty") }
    let never = products.filter(Vocabulary.neverInitial.contains)
    guard never.isEmpty else { throw .product(never) }
    let absent = products.filter { !institution.products.contains($0) }
    guard absent.isEmpty else { throw .unsupported(absent) }
  }

  /// A depth in days, or one that reaches back to a first day.
  private static func days(_ transactions: Body, today: CalendarDate) -> Int? {
    if let days = transactions.int("days_requested") { return days }
    return transactions.date("start_date").map { max(1, min(730, today - $0)) }
  }

  // MARK: - Rows out of thin air

  private static func createTransactions(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let item = try world.workingItem(body)
    let isCustom = item.customer.custom != nil
    guard item.customer.isDynamic || isCustom else {
      throw .invalidField(
        "transactions can only be created for Items of the users user_transactions_dynamic and user_custom")
    }
    try world.use("transactions", of: item)
    let today = item.moment(at: world.now).day
    var entries: [BankEntry] = []
    for (index, row) in body.bodies("transactions").enumerated() {
      entries.append(try entry(row, number: index, of: item, today: today, utc: CalendarDate(utc: world.now)))
    }
    let place = item.ledger.log.end
    world.items[item.id]?.refreshes += 1
    world.items[item.id]?.ledger.advance(to: item.moment(at: world.now))
    for entry in entries { world.items[item.id]?.ledger.add(entry) }
    world.items[item.id]?.lastUpdate = world.now
    world.announceChanges(item.id, since: place)
    return .empty
  }

  private static func entry(
    _ row: Body, number: Int, of item: Item, today: CalendarDate, utc: CalendarDate
  ) throws(Refusal) -> BankEntry {
    guard let occurred = row.date("date_transacted"), let posted = row.date("date_posted") else {
      throw .missing(["date_transacted"])
    }
    let last = max(today, utc)
    guard occurred <= last, posted <= last else { throw .invalidField("transaction dates must not be in the future") }
    guard occurred >= today - 730, posted >= occurred else {
      throw .invalidField("transaction dates must be within 730 days, and posted not before transacted")
    }
    let named = row.string("account_id").flatMap { item.account(withID: $0) }
    if row.string("account_id") != nil, named == nil { throw .accountID }
    guard let account = named ?? item.accounts.first(where: \.hasTransactions) else { throw .accountID }
    let currency = row.string("iso_currency_code") ?? account.currency
    guard let amount = try CustomAccount.minor(row, "amount", currency) else { throw .missing(["amount"]) }
    return CustomAccount.plainEntry(
      key: "created-\(item.refreshes)-\(number)", account: account.key, occurred: min(occurred, today),
      posts: min(posted, today), amount: amount, currency: currency, name: row.string("description") ?? "",
      isPendingFirst: false)
  }
}

extension SignIn {
  /// At a bank with OAuth nobody types a password to Plaid: everyone is the good user there.
  static func make(_ username: String, _ password: String, at institution: Institution) throws(Refusal) -> SignIn {
    guard institution.usesOAuth else { return try SignIn(username: username, password: password) }
    return try SignIn(username: "user_good", password: "pass_good")
  }
}
