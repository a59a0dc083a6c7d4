import Finance
import JSON

/// Reads Plaid's recurring streams: https://plaid.com/docs/api/products/transactions/#transactionsrecurringget
enum StreamReader {
  /// Nil without an id or an account: nobody can say what it is, or whose.
  static func stream(_ node: JSONNode, isIncoming: Bool) -> FeedStream? {
    guard let id = node["stream_id"]?.identity, let accountID = node["account_id"]?.identity else { return nil }
    let name = node["merchant_name"]?.identity ?? node["description"]?.identity ?? ""
    var stream = FeedStream(id: id, accountID: accountID, name: name, isIncoming: isIncoming, raw: node.raw)
    node.forEachMember { member in
      let value = member.value
      switch member.key {
      case "frequency": stream.rhythm = value.string.flatMap { rhythms[$0] }
      case "status": stream.standing = value.string.flatMap { standings[$0] } ?? .unknown
      case "is_active": stream.isActive = value.bool ?? true
      case "first_date": stream.firstOn = value.day
      case "last_date": stream.lastOn = value.day
      case "predicted_next_date": stream.nextOn = value.day
      case "personal_finance_category": stream.category = value["detailed"]?.identity
      case "transaction_ids": stream.rows = value.elements.compactMap { $0.identity }
      default: break
      }
    }
    return stream
  }

  /// A word that is not here, such as UNKNOWN, is no rhythm.
  private static let rhythms: [String: FeedRhythm] = [
    "WEEKLY": .weekly, "BIWEEKLY": .everyTwoWeeks, "SEMI_MONTHLY": .twiceAMonth, "MONTHLY": .monthly,
    "ANNUALLY": .yearly,
  ]

  private static let standings: [String: FeedStream.Standing] = [
    "MATURE": .mature, "EARLY_DETECTION": .early, "TOMBSTONED": .givenUp,
  ]
}
