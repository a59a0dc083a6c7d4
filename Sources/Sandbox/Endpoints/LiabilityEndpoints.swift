import Basics
import Finance
import JSON

/// `/liabilities/get`: cards and loans with their terms.
enum LiabilityEndpoints {
  static let all: [Endpoint] = [
    Endpoint(
      "/liabilities/get",
      Shape(.required("access_token"), .optional("options", .object(Shape(.optional("account_ids", .strings))))), list)
  ]

  private static func list(_ world: inout SandboxWorld, _ body: Body) throws(Refusal) -> Answer {
    let item = try world.workingItem(body)
    try world.use("liabilities", of: item)
    let accounts = try world.accounts(of: item, for: body)
    let found = world.liabilities(of: item, in: accounts)
    guard !found.isEmpty else { throw .noLiabilityAccounts }
    let kind = { (name: String) -> JSONValue in
      let rows = found.filter { $0.kind == name }.map(\.json)
      return rows.isEmpty ? .null : .array(rows)
    }
    return .object([
      "accounts": world.json(of: accounts, in: item), "item": world.json(of: world.items[item.id] ?? item),
      "liabilities": [
        "credit": kind("credit"), "mortgage": kind("mortgage"), "student": kind("student"), "loan": nil,
        "line_of_credit": nil,
      ],
    ])
  }
}
