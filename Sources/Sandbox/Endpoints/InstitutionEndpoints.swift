import Basics
import JSON

/// `/institutions/…`: the banks there are.
enum InstitutionEndpoints {
  private static let extras: [Shape.Field] = [
    .optional("include_optional_metadata", .boolean), .optional("include_auth_metadata", .boolean),
    .optional("include_payment_initiation_metadata", .boolean),
  ]

  static let all: [Endpoint] = [
    Endpoint(
      "/institutions/get",
      Shape(
        .required("count", .integer(1...500)), .required("offset", .integer(0...1_000_000)),
        .required("country_codes", .words(Vocabulary.countries)),
        .optional(
          "options",
          .object(
            Shape(
              extras + [
                .optional("products", .words(Vocabulary.products)), .optional("routing_numbers", .strings),
                .optional("oauth", .boolean),
              ])))),
      list),
    Endpoint(
      "/institutions/search",
      Shape(
        .required("query"), .required("country_codes", .words(Vocabulary.countries)),
        .optional("products", .words(Vocabulary.products)),
        .optional(
          "options",
          .object(
            Shape(
              extras + [
                .optional("oauth", .boolean), .optional("routing_numbers", .strings),
                .optional("payment_initiation", .anything),
              ])))),
      search),
    Endpoint(
      "/institutions/get_by_id",
      Shape(
        .required("institution_id"), .required("country_codes", .words(Vocabulary.countries)),
        .optional("options", .object(Shape(extras + [.optional("include_status", .boolean)])))),
      byID),
  ]

  private static func list(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let options = body.nested("options")
    let found = matching(body, products: options.strings("products"), options)
    let page = found.dropFirst(body.int("offset") ?? 0).prefix(body.int("count") ?? 100)
    return .object([
      "institutions": .array(page.map { json(of: $0, options, world) }), "total": .int(found.count),
    ])
  }

  private static func search(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let query = (body.string("query") ?? "").lowercased()
    let options = body.nested("options")
    let found = matching(body, products: body.strings("products"), options).filter {
      $0.name.lowercased().contains(query) || $0.id == query
    }
    return .object(["institutions": .array(found.prefix(10).map { json(of: $0, options, world) })])
  }

  private static func byID(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let countries = body.strings("country_codes") ?? []
    guard let institution = Institution.named(try body.required("institution_id")),
      !Set(countries).isDisjoint(with: institution.countries)
    else { throw .institution }
    return .object(["institution": json(of: institution, body.nested("options"), world)])
  }

  private static func matching(_ body: Body, products: [String]?, _ options: Body) -> [Institution] {
    let countries = Set(body.strings("country_codes") ?? [])
    let routing = Set(options.strings("routing_numbers") ?? [])
    return Institution.all.filter { institution in
      !countries.isDisjoint(with: institution.countries)
        && Set(products ?? []).isSubset(of: institution.products)
        && (routing.isEmpty || !routing.isDisjoint(with: institution.routingNumbers))
        && (options.bool("oauth").map { $0 == institution.usesOAuth } ?? true)
    }
  }

  private static func json(of institution: Institution, _ options: Body, _ world: SandboxWorld) -> JSONValue {
    let isComplete = options.bool("include_optional_metadata") == true
    var members: [JSONValue.Member] = [
      .init("auth_metadata", options.bool("include_auth_metadata") == true ? authMetadata(institution) : nil),
      .init("connection_availability", institution.temper == .unsupported ? "NOT_SUPPORTED" : "SUPPORTED"),
      .init("country_codes", JSONValue(institution.countries)), .init("dtc_numbers", []),
      .init("institution_id", .string(institution.id)),
      .init("logo", isComplete ? .string(Logo.base64(of: institution)) : nil), .init("name", .string(institution.name)),
      .init("oauth", .bool(institution.usesOAuth)), .init("payment_initiation_metadata", nil),
      .init("primary_color", isComplete ? .string(institution.color) : nil),
      .init("products", JSONValue(institution.products)),
      .init("routing_numbers", JSONValue(institution.routingNumbers)),
    ]
    if options.bool("include_status") == true {
      members.append(.init("status", status(of: institution, since: world.webhooks.keys[0].createdAt)))
    }
    members.append(.init("url", isComplete ? JSONValue(institution.url) : nil))
    return .object(members)
  }

  private static func authMetadata(_ institution: Institution) -> JSONValue {
    guard institution.products.contains("auth") else { return nil }
    return [
      "supported_methods": ["instant_auth": true, "instant_match": false, "automated_micro_deposits": false]
    ]
  }

  private static func status(of institution: Institution, since: Timestamp) -> JSONValue {
    let failing = Int64(institution.failurePercent)
    let word = failing >= 90 ? "DOWN" : failing >= 20 ? "DEGRADED" : "HEALTHY"
    let share = { (hundredths: Int64) in
      JSONValue.number(FixedPoint(hundredths, digits: 2).text)
    }
    let part = { (hasInterval: Bool) -> JSONValue in
      var breakdown: JSONValue = [
        "error_institution": share(failing), "error_plaid": 0, "success": share(100 - failing),
      ]
      if hasInterval {
        breakdown["refresh_interval"] = failing >= 90 ? "STOPPED" : failing >= 20 ? "DELAYED" : "NORMAL"
      }
      return ["breakdown": breakdown, "last_status_change": Wire.instant(since), "status": .string(word)]
    }
    return [
      "auth": part(false), "health_incidents": nil, "identity": part(false), "investments": part(false),
      "investments_updates": part(true), "item_logins": part(false), "liabilities": part(false),
      "liabilities_updates": part(true), "transactions_updates": part(true),
    ]
  }
}
