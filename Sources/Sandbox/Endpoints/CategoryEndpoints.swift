import JSON

/// `/categories/get`: the old tree of categories, of which Plaid itself no longer speaks; open to all, and short here.
enum CategoryEndpoints {
  static let all: [Endpoint] = [
    Endpoint("/categories/get", Shape(), needsKeys: false) { _, _ throws(Refusal) in
      .object([
        "categories": .array(
          list.map { id, group, hierarchy in
            ["category_id": .string(id), "group": .string(group), "hierarchy": JSONValue(hierarchy)]
          })
      ])
    }
  ]

  private static let list: [(String, String, [String])] = [
    ("10000000", "special", ["Bank Fees"]),
    ("12000000", "place", ["Community"]),
    ("13000000", "place", ["Food and Drink"]),
    ("13005000", "place", ["Food and Drink", "Restaurants"]),
    ("14000000", "place", ["Healthcare"]),
    ("15000000", "special", ["Interest"]),
    ("16000000", "special", ["Payment"]),
    ("17000000", "place", ["Recreation"]),
    ("18000000", "place", ["Service"]),
    ("19000000", "place", ["Shops"]),
    ("20000000", "special", ["Tax"]),
    ("21000000", "special", ["Transfer"]),
    ("22000000", "place", ["Travel"]),
  ]
}
