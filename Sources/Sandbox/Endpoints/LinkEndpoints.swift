import Basics
import JSON

/// `/link/token/…`: leave to open Link, and what became of it.
enum LinkEndpoints {
  private static let products = Shape.Kind.words(Vocabulary.products)

  private static let user = Shape(
    .required("client_user_id"), .optional("legal_name"), .optional("name", .anything), .optional("phone_number"),
    .optional("phone_number_verified_time"), .optional("email_address"), .optional("email_address_verified_time"),
    .optional("ssn"), .optional("date_of_birth"), .optional("address", .anything), .optional("id_number", .anything))

  private static let hosted = Shape(
    .optional("delivery_method", .word(["sms", "email"])), .optional("completion_redirect_uri"),
    .optional("url_lifetime_seconds", .integer(1...1_814_400)), .optional("is_mobile_app", .boolean))

  private static let unread = [
    "link_customization_name", "android_package_name", "institution_data", "account_filters", "payment_initiation",
    "income_verification", "cra_options", "consumer_report_permissible_purpose", "auth", "transfer",
    "identity_verification", "statements", "investments", "investments_auth", "identity", "user_token",
  ].map { Shape.Field.optional($0, .anything) }

  static let all: [Endpoint] = [
    Endpoint(
      "/link/token/create",
      Shape(
        [
          .required("client_name"), .required("language"),
          .required("country_codes", .words(Vocabulary.countries)), .optional("user", .object(user)),
          .optional("user_id"), .optional("products", products), .optional("required_if_supported_products", products),
          .optional("optional_products", products), .optional("additional_consented_products", products),
          .optional("webhook"), .optional("access_token"), .optional("redirect_uri"), .optional("institution_id"),
          .optional(
            "update",
            .object(
              Shape(
                .optional("account_selection_enabled", .boolean), .optional("reauthorization_enabled", .boolean),
                .optional("user", .boolean), .optional("item_ids", .strings)))),
          .optional("hosted_link", .object(hosted)),
          .optional("transactions", .object(Shape(.optional("days_requested", .integer(1...730))))),
          .optional("enable_multi_item_link", .boolean),
        ] + unread),
      create),
    Endpoint("/link/token/get", Shape(.required("link_token"))) { world, body throws(Refusal) in
      guard let token = world.linkTokens[try body.required("link_token")] else { throw .linkToken }
      return .object(LinkWire.json(of: token))
    },
  ]

  private static func create(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    try check(body)
    var token = LinkToken(
      text: "link-sandbox-" + world.naming.uuid("link", String(world.linkTokenCount)), createdAt: world.now,
      expiresAt: world.now + LinkToken.life, clientName: body.string("client_name") ?? "",
      language: body.string("language") ?? "en", countries: body.strings("country_codes") ?? [],
      products: body.strings("products") ?? [],
      optional: (body.strings("required_if_supported_products") ?? []) + (body.strings("optional_products") ?? []),
      consented: body.strings("additional_consented_products") ?? [], webhook: body.string("webhook"),
      redirectURI: body.string("redirect_uri"), institutionID: body.string("institution_id"),
      daysRequested: body.nested("transactions").int("days_requested") ?? 90, isHosted: body["hosted_link"] != nil,
      completionURI: body.nested("hosted_link").string("completion_redirect_uri"),
      userID: body.nested("user").string("client_user_id") ?? body.string("user_id"),
      accountFilters: body["account_filters"], institutionData: body["institution_data"])
    if let id = token.institutionID, Institution.named(id) == nil { throw .institution }
    if body["access_token"] != nil {
      // Update mode: the products are those of the Item, and its webhook stays.
      let item = try world.item(body)
      guard token.products.isEmpty else { throw .invalidField("products must not be set in update mode") }
      token.item = item.id
      token.selectsAccounts = body.nested("update").bool("account_selection_enabled") ?? false
      token.webhook = item.webhook
      token.institutionID = item.institution.id
      token.expiresAt = world.now + LinkToken.updateLife
    } else if token.products.isEmpty {
      throw .missing(["products"])
    }
    if token.isHosted {
      let seconds = body.nested("hosted_link").int("url_lifetime_seconds") ?? 1_800
      token.expiresAt = world.now + .seconds(seconds)
    }
    world.linkTokenCount += 1
    world.linkTokens[token.text] = token
    var answer: JSONValue = ["expiration": Wire.instant(token.expiresAt)]
    if token.isHosted { answer["hosted_link_url"] = .string(world.linkURL(of: token)) }
    answer["link_token"] = .string(token.text)
    if let user = body.string("user_id") { answer["user_id"] = .string(user) }
    return .object(answer)
  }

  private static func check(_ body: Body) throws(Refusal) {
    guard body["user"] != nil || body["user_id"] != nil else { throw .missing(["user.client_user_id"]) }
    if let id = body.nested("user").string("client_user_id") {
      guard !id.isEmpty, !id.contains("@"), !looksLikePhone(id) else {
        throw .invalidField("user.client_user_id must not be empty, an email address or a phone number")
      }
    }
    guard let language = body.string("language"), Vocabulary.languages.contains(language) else {
      throw .invalidField("language is not one of the accepted values")
    }
    if body["country_codes"]?.elements.isEmpty != false { throw .invalidField("country_codes must not be empty") }
    let initial = Set(body.strings("products") ?? [])
    let never = initial.intersection(Vocabulary.neverInitial).sorted()
    guard never.isEmpty else { throw .product(never) }
    for field in ["required_if_supported_products", "optional_products", "additional_consented_products"] {
      guard initial.isDisjoint(with: body.strings(field) ?? []) else {
        throw .invalidField("\(field) must not overlap with products")
      }
    }
    if let url = body.string("webhook") { try WebhookTarget.check(url) }
    if let uri = body.string("redirect_uri") { try checkRedirect(uri) }
    if body["account_filters"] != nil, body["access_token"] != nil,
      body.nested("update").bool("account_selection_enabled") != true
    {
      throw .invalidField("account_filters needs update.account_selection_enabled in update mode")
    }
  }

  private static func looksLikePhone(_ id: String) -> Bool {
    id.hasPrefix("+") && id.count >= 8 && id.dropFirst().allSatisfy { $0.isNumber || $0 == " " || $0 == "-" }
  }

  /// https, or http to this machine; no query and no fragment.
  private static func checkRedirect(_ uri: String) throws(Refusal) {
    guard !uri.isEmpty, WebhookTarget.isAllowed(uri), !uri.contains("?"), !uri.contains("#") else {
      throw .invalidField("redirect_uri must be an https URL without query and fragment")
    }
  }
}

extension SandboxWorld {
  func linkURL(of token: LinkToken) -> String { "\(settings.linkBase)\(FakeLink.path)?token=\(token.text)" }

  /// Somebody finished Link: an Item, and a token to exchange for it.
  mutating func finishLink(_ order: Item.Order) -> (text: String, item: String) {
    keep(.linked(.init(order)))
    let item = makeItem(order)
    let text = publicToken(of: item.id)
    publicTokens[text] = PublicToken(item: item.id, expiresAt: now + PublicToken.life)
    return (text, item.id)
  }

  func publicToken(of item: String) -> String { "public-sandbox-" + naming.uuid("public", item) }
}
