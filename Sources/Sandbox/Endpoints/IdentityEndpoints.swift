import Basics
import Finance
import JSON

/// `/identity/get`: who owns the accounts, as the bank has them on file.
enum IdentityEndpoints {
  static let all: [Endpoint] = [
    Endpoint(
      "/identity/get",
      Shape(.required("access_token"), .optional("options", .object(Shape(.optional("account_ids", .strings)))))
    ) { world, body throws(Refusal) in
      let item = try world.workingItem(body)
      try world.use("identity", of: item)
      let accounts = try world.accounts(of: item, for: body)
      let json = accounts.map { account in
        world.json(of: account, in: item).setting("owners", .array([owner(of: account, in: item)]))
      }
      return .object(["accounts": .array(json), "item": world.json(of: world.items[item.id] ?? item)])
    }
  ]

  private static func owner(of account: BankAccount, in item: Item) -> JSONValue {
    let custom = item.customer.custom?.accounts.first { $0.account.key == account.key }
    if let identity = custom?.identity { return described(Body(identity)) }
    let holder = item.customer.history.holder
    let emails = holder.names.enumerated().map { index, name -> JSONValue in
      let local = name.lowercased().split(separator: " ").joined(separator: ".")
      return [
        "data": .string(local + "@example.com"), "primary": .bool(index == 0),
        "type": index == 0 ? "primary" : "secondary",
      ]
    }
    return [
      "addresses": [
        [
          "data": [
            "city": .string(holder.city), "country": .string(holder.country), "postal_code": .string(holder.postalCode),
            "region": .string(holder.region), "street": .string(holder.street),
          ], "primary": true,
        ]
      ], "emails": .array(emails), "names": JSONValue(holder.names),
      "phone_numbers": [["data": "+1 415 555 0123", "primary": true, "type": "mobile"]],
    ]
  }

  /// A custom user's own words; what is null in the blank template is left out.
  private static func described(_ identity: Body) -> JSONValue {
    let contacts = { (name: String, usualType: String) in
      JSONValue.array(
        identity.bodies(name).compactMap { contact in
          guard let data = contact.string("data") else { return nil }
          return [
            "data": .string(data), "primary": .bool(contact.bool("primary") ?? false),
            "type": .string(contact.string("type") ?? usualType),
          ]
        })
    }
    let addresses = identity.bodies("addresses").compactMap { address -> JSONValue? in
      let data = address.nested("data")
      guard data.string("street") != nil || data.string("city") != nil else { return nil }
      let part = { (name: String) in JSONValue(data.string(name)) }
      return [
        "data": [
          "city": part("city"), "country": part("country"), "postal_code": part("postal_code"),
          "region": part("region"),
          "street": part("street"),
        ], "primary": .bool(address.bool("primary") ?? false),
      ]
    }
    return [
      "addresses": .array(addresses), "emails": contacts("emails", "primary"),
      "names": JSONValue(identity.strings("names") ?? []), "phone_numbers": contacts("phone_numbers", "mobile"),
    ]
  }
}
