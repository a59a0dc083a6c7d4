import JSON

/// A bank as Plaid lists it.
package struct PlaidInstitution: Sendable, Equatable {
  package var id: String
  package var name: String
  package var products: [String]
  package var countryCodes: [String]
  package var url: String?
  /// A PNG in base 64.
  package var logo: String?
  package var primaryColor: String?
  package var isOAuth: Bool

  init?(_ node: JSONNode) {
    guard let id = node["institution_id"]?.string, let name = node["name"]?.string else { return nil }
    func words(_ node: JSONNode?) -> [String] { node?.elements.compactMap { $0.string } ?? [] }
    self.id = id
    self.name = name
    products = words(node["products"])
    countryCodes = words(node["country_codes"])
    url = node["url"]?.string
    logo = node["logo"]?.string
    primaryColor = node["primary_color"]?.string
    isOAuth = node["oauth"]?.bool ?? false
  }
}

extension PlaidClient {
  /// - Parameter count: 1 to 500.
  package func institutionsGet(
    countryCodes: [String] = ["US"], count: Int = 100, offset: Int = 0
  ) async throws(PlaidError) -> (institutions: [PlaidInstitution], total: Int) {
    let body: JSONValue = [
      "count": .int(min(max(1, count), 500)), "offset": .int(max(0, offset)),
      "country_codes": JSONValue(countryCodes), "options": ["include_optional_metadata": true],
    ]
    let answer = try await call("/institutions/get", body, .read)
    let institutions = Self.institutions(answer)
    return (institutions, answer.root["total"]?.int ?? institutions.count)
  }

  /// At most ten.
  package func institutionsSearch(
    _ query: String, countryCodes: [String] = ["US"]
  ) async throws(PlaidError) -> [PlaidInstitution] {
    let body: JSONValue = [
      "query": .string(query), "country_codes": JSONValue(countryCodes), "products": ["transactions"],
      "options": ["include_optional_metadata": true],
    ]
    return Self.institutions(try await call("/institutions/search", body, .read))
  }

  package func institutionsGetByID(
    _ id: String, countryCodes: [String] = ["US"]
  ) async throws(PlaidError) -> PlaidInstitution {
    let body: JSONValue = [
      "institution_id": .string(id), "country_codes": JSONValue(countryCodes),
      "options": ["include_optional_metadata": true],
    ]
    let answer = try await call("/institutions/get_by_id", body, .read)
    guard let institution = answer.root["institution"].flatMap({ PlaidInstitution($0) }) else {
      throw answer.lacks("institution")
    }
    return institution
  }

  private static func institutions(_ answer: PlaidAnswer) -> [PlaidInstitution] {
    answer.root["institutions"]?.elements.compactMap { PlaidInstitution($0) } ?? []
  }
}
