import Basics
import Finance
import HTTP
import JSON
import Plaid

/// The banks that can be linked, as the provider lists them.
extension Interface {
  private static let institutionID = Shape.text(
    TextForm(
      length: 5...64, pattern: "^ins_[A-Za-z0-9_]+$", wanted: "must be an id such as ins_109508",
      example: "ins_109508",
      isRight: { id in
        id.hasPrefix("ins_")
          && id.utf8.allSatisfy { $0 == 0x5F || (0x30...0x39).contains($0) || (0x61...0x7A).contains($0 | 0x20) }
      }))

  var institutionOperations: [Operation] {
    [
      Operation(
        "searchInstitutions", .get, "/v1/institutions/search", .connections, "Find banks by name",
        needs: .household(.read, .viewer),
        parameters: [.query("query", .text(1...100), "Part of a name.", isRequired: true)],
        answers: [
          .json(
            200, .whole(Wire.institutionShape, countMax: 100), "At most ten.",
            example: ["data": [Wire.institutionExample]])
        ], problems: ProblemKind.bank
      ) { call in
        let query: String = try call.query.required("query")
        let banks = try banks(for: call)
        let found = try await institutions.found(query, banks)
        return .json(200, ["data": .array(found.map(Wire.institution))])
      }
      .saying("What was found is remembered for an hour."),
      Operation(
        "getInstitution", .get, "/v1/institutions/{id}", .connections, "Show a bank", needs: .household(.read, .viewer),
        parameters: [.path("id", Self.institutionID, "As the search gives it.")],
        answers: [.json(200, Wire.institutionShape, "The bank.", example: Wire.institutionExample)],
        problems: [.institutionUnknown] + ProblemKind.bank
      ) { call in
        let banks = try banks(for: call)
        return .json(200, Wire.institution(try await institutions.named(try call.path.required("id"), banks)))
      }
      .saying("What the provider says is remembered for a day."),
    ]
  }
}

extension ProblemKind {
  static let institutionUnknown = ProblemKind(
    404, "institution.not_found", "There is no such bank.", "Search for it by name.")
}

/// What the provider said about banks, so that it is not asked for every letter that somebody types.
final class InstitutionShelf: Sendable {
  private struct Found {
    var institutions: [PlaidInstitution]
    var at: Timestamp
  }

  private static let searchAge = Duration.seconds(60 * 60)
  private static let age = Duration.seconds(24 * 60 * 60)
  /// Answers that are kept: each has some ten logos of a few kilobytes at most.
  private static let keptMax = 200

  private let kept = Locked<[String: Found]>([:])

  func found(_ query: String, _ banks: Banks) async throws(BanksError) -> [PlaidInstitution] {
    let key = "? \(query.lowercased())"
    if let known = known(key, Self.searchAge, banks) { return known }
    let found = try await banks.asking { () throws(PlaidError) in
      try await banks.plaid.institutionsSearch(query, countryCodes: banks.settings.countryCodes)
    }
    keep(found, key, banks)
    return found
  }

  func named(_ id: String, _ banks: Banks) async throws -> PlaidInstitution {
    if let known = known(id, Self.age, banks)?.first { return known }
    let found: PlaidInstitution
    do throws(PlaidError) {
      found = try await banks.plaid.institutionsGetByID(id, countryCodes: banks.settings.countryCodes)
    } catch {
      if error.code == "INVALID_INSTITUTION" { throw ProblemKind.institutionUnknown.problem() }
      throw error.code == "CANCELLED" ? BanksError.cancelled : BanksError.bank(error.feedError)
    }
    keep([found], id, banks)
    return found
  }

  private func known(_ key: String, _ age: Duration, _ banks: Banks) -> [PlaidInstitution]? {
    kept.withLock { kept in
      guard let found = kept[key], banks.world.now() - found.at < age else { return nil }
      return found.institutions
    }
  }

  private func keep(_ institutions: [PlaidInstitution], _ key: String, _ banks: Banks) {
    let found = Found(institutions: institutions, at: banks.world.now())
    kept.withLock { kept in
      kept[key] = found
      guard kept.count > Self.keptMax, let oldest = kept.min(by: { $0.value.at < $1.value.at }) else { return }
      kept[oldest.key] = nil
    }
  }
}

extension Wire {
  static func institution(_ institution: PlaidInstitution) -> JSONValue {
    [
      "id": .string(institution.id), "name": .string(institution.name),
      "products": JSONValue(institution.products), "countries": JSONValue(institution.countryCodes),
      "url": JSONValue(institution.url), "logo": JSONValue(institution.logo),
      "color": JSONValue(institution.primaryColor), "oauth": .bool(institution.isOAuth),
    ]
  }

  static let institutionShape = Shape.object(
    "Institution",
    [
      .required("id", .foreign), .required("name", .foreign), .required("products", .list(of: .foreign)),
      .required("countries", .list(of: .foreign)), .required("url", .foreign.orNull),
      .required("logo", .foreign.orNull, "A PNG in base 64."), .required("color", .foreign.orNull),
      .required("oauth", .flag, "One signs in on the bank's own page."),
    ])

  static let institutionExample: JSONValue = [
    "id": "ins_109508", "name": "First Platypus Bank", "products": ["transactions", "auth"], "countries": ["US"],
    "url": .null, "logo": .null, "color": "#1f1f1f", "oauth": false,
  ]
}
