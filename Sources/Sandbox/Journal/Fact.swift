import JSON

/// Something done to an Item that has to be known after a restart.
///
/// Only what people and programs did is written down. What follows from the seed and the clock — rows, prices, lapsing
/// sign-ins — comes back by itself when the facts are gone through again, each at its own time.
enum Fact: Sendable, Equatable {
  case linked(Opening)
  /// The public token was used up.
  case exchanged(item: String)
  /// A call that left its mark; the body is without keys and tokens.
  case called(path: String, item: String, body: JSONValue)
  /// A tester's lever.
  case pulled(path: String, body: JSONValue)
  case selected(item: String, keys: [String])
  case repaired(item: String, tells: Bool)
  /// The bank changed a row in the middle of a loop.
  case mutated(item: String)

  /// What an Item was opened with.
  struct Opening: Sendable, Equatable {
    var institution: String
    var username: String
    /// What a custom user was described by. No other password is kept.
    var description: String?
    var products: [String]
    var consented: [String]?
    var webhook: String?
    var daysRequested: Int
    var selected: [String]?
  }
}

extension Fact.Opening {
  init(_ order: Item.Order) {
    institution = order.institution.id
    username = order.customer.signIn.username
    if case .custom(let text) = order.customer.signIn.who { description = text }
    products = order.products
    consented = order.consented
    webhook = order.webhook
    daysRequested = order.daysRequested
    selected = order.selected?.sorted()
  }
}

// MARK: - As JSON

extension Fact {
  var json: JSONValue {
    switch self {
    case .linked(let opening): opening.json.setting("do", "link")
    case .exchanged(let item): ["do": "exchange", "item": .string(item)]
    case .called(let path, let item, let body):
      ["do": "call", "path": .string(path), "item": .string(item), "body": body]
    case .pulled(let path, let body): ["do": "pull", "path": .string(path), "body": body]
    case .selected(let item, let keys): ["do": "select", "item": .string(item), "keys": JSONValue(keys)]
    case .repaired(let item, let tells): ["do": "repair", "item": .string(item), "tells": .bool(tells)]
    case .mutated(let item): ["do": "mutate", "item": .string(item)]
    }
  }

  /// - Returns: Nil when this program knows no such fact.
  init?(_ json: JSONValue) {
    let item = json["item"]?.string
    switch (json["do"]?.string, item) {
    case ("link", _):
      guard let opening = Opening(json) else { return nil }
      self = .linked(opening)
    case ("exchange", let item?): self = .exchanged(item: item)
    case ("call", let item?):
      guard let path = json["path"]?.string, let body = json["body"] else { return nil }
      self = .called(path: path, item: item, body: body)
    case ("pull", _):
      guard let path = json["path"]?.string, let body = json["body"] else { return nil }
      self = .pulled(path: path, body: body)
    case ("select", let item?):
      guard let keys = json["keys"]?.elements.compactMap(\.string) else { return nil }
      self = .selected(item: item, keys: keys)
    case ("repair", let item?):
      guard let tells = json["tells"]?.bool else { return nil }
      self = .repaired(item: item, tells: tells)
    case ("mutate", let item?): self = .mutated(item: item)
    default: return nil
    }
  }
}

extension Fact.Opening {
  fileprivate var json: JSONValue {
    [
      "institution": .string(institution), "username": .string(username), "description": JSONValue(description),
      "products": JSONValue(products), "consented": consented.map { JSONValue($0) } ?? .null,
      "webhook": JSONValue(webhook), "days": .int(daysRequested), "accounts": selected.map { JSONValue($0) } ?? .null,
    ]
  }

  fileprivate init?(_ json: JSONValue) {
    guard let institution = json["institution"]?.string, let username = json["username"]?.string,
      let products = json["products"], let days = json["days"]?.int
    else { return nil }
    func words(_ value: JSONValue?) -> [String]? {
      guard let value, !value.isNull else { return nil }
      return value.elements.compactMap(\.string)
    }
    self.init(
      institution: institution, username: username, description: json["description"]?.string,
      products: products.elements.compactMap(\.string), consented: words(json["consented"]),
      webhook: json["webhook"]?.string, daysRequested: days, selected: words(json["accounts"]))
  }
}
