import JSON

/// `/accounts/…`: what there is, and what is on it.
enum AccountEndpoints {
  static let all: [Endpoint] = [
    Endpoint(
      "/accounts/get",
      Shape(.required("access_token"), .optional("options", .object(Shape(.optional("account_ids", .strings)))))
    ) { world, body throws(Refusal) in
      let item = try world.workingItem(body)
      let accounts = try world.accounts(of: item, for: body)
      return .object(["accounts": world.json(of: accounts, in: item), "item": world.json(of: item)])
    },
    Endpoint(
      "/accounts/balance/get",
      Shape(
        .required("access_token"),
        .optional(
          "options",
          .object(Shape(.optional("account_ids", .strings), .optional("min_last_updated_datetime", .dateTime)))),
        .optional("payment_details", .anything))
    ) { world, body throws(Refusal) in
      let item = try world.workingItem(body)
      try world.use("balance", of: item)
      let accounts = try world.accounts(of: item, for: body)
      try world.reachBank(of: item)
      return .object([
        "accounts": world.json(of: accounts, in: item, isLive: true),
        "item": world.json(of: world.items[item.id] ?? item),
      ])
    },
  ]
}
