import Basics
import Finance
import JSON

/// Reads the rows of a page. A million of them pass through here, so a row is read in one walk over its members.
enum TransactionReader {
  static func rows(_ root: JSONNode) -> FeedRows {
    let (added, modified) = (root["added"], root["modified"])
    var rows = FeedRows(upserts: [], removals: [], raw: { raw(of: $0, in: root) })
    rows.upserts.reserveCapacity((added?.count ?? 0) + (modified?.count ?? 0))
    if let added {
      for node in added.elements { rows.upserts.append(row(node)) }
    }
    if let modified {
      for node in modified.elements { rows.upserts.append(row(node)) }
    }
    guard let removed = root["removed"] else { return rows }
    for node in removed.elements {
      if let id = node["transaction_id"]?.identity {
        rows.removals.append(id)
      } else {
        rows.upserts.append(
          .unreadable(FeedUnreadable(id: nil, reason: "a removal without transaction_id", raw: node.raw)))
      }
    }
    return rows
  }

  /// Walks the page again: only a row that has to be quarantined needs its text.
  private static func raw(of index: Int, in root: JSONNode) -> String {
    let added = root["added"]?.count ?? 0
    let list = index < added ? root["added"] : root["modified"]
    var nodes = list?.elements.dropFirst(index < added ? index : index - added).makeIterator()
    return nodes?.next()?.raw ?? "{}"
  }

  static func row(_ node: JSONNode) -> FeedRow {
    var draft = Draft()
    node.forEachMember { draft.take($0) }
    return draft.row(node)
  }

  /// What the walk has found so far. Of two equal keys the last wins.
  private struct Draft {
    var transaction = FeedTransaction(
      id: "", accountID: "", isPending: false, amount: .zero, bookedOn: CalendarDate(days: 0), name: "")
    var fields = FieldReader()
    var id: String?
    var accountID: String?
    var amount: DecimalText?
    var bookedOn: CalendarDate?
    var name: String?
    var iso: JSONNode?
    var unofficial: JSONNode?
    var legacy: JSONNode?

    mutating func take(_ member: JSONMember) {
      let value = member.value
      if value.isNull { return }
      switch member.key {
      case "transaction_id": id = value.identity
      case "account_id": accountID = value.identity
      case "amount": amount = value.decimal
      case "date": bookedOn = value.day
      case "name": name = fields.text(member)
      case "pending": transaction.isPending = fields.bool(member) ?? false
      case "pending_transaction_id": transaction.pendingID = fields.text(member)
      case "iso_currency_code": iso = value
      case "unofficial_currency_code": unofficial = value
      case "datetime": transaction.bookedAt = fields.instant(member)
      case "authorized_date": transaction.authorizedOn = fields.day(member)
      case "authorized_datetime": transaction.authorizedAt = fields.instant(member)
      default: takeDescription(member)
      }
    }

    private mutating func takeDescription(_ member: JSONMember) {
      let value = member.value
      switch member.key {
      case "original_description": transaction.originalDescription = fields.text(member)
      case "merchant_name": transaction.merchantName = fields.text(member)
      case "merchant_entity_id": transaction.merchantEntityID = fields.text(member)
      case "website": transaction.website = fields.text(member)
      case "payment_channel": transaction.paymentChannel = fields.text(member)
      case "check_number": transaction.checkNumber = fields.text(member)
      case "transaction_code": transaction.transactionCode = fields.text(member)
      case "personal_finance_category": takeCategory(member)
      case "category":
        if value.kind == .array { legacy = value.count > 0 ? value : nil } else { fields.keep(member) }
      case "counterparties":
        if value.kind == .array {
          transaction.counterparties = value.count > 0 ? value.raw : nil
        } else {
          fields.keep(member)
        }
      case "location": transaction.location = object(member)
      case "payment_meta": transaction.paymentMeta = object(member)
      default: fields.keep(member)
      }
    }

    private mutating func object(_ member: JSONMember) -> String? {
      guard member.value.kind == .object else {
        fields.keep(member)
        return nil
      }
      return member.value.saysSomething ? member.value.raw : nil
    }

    /// When it holds more than we know of, or not what we expect, the whole is kept besides.
    private mutating func takeCategory(_ member: JSONMember) {
      var (primary, detailed, confidence, version): (String?, String?, String?, String?)
      var isKnown = true
      member.value.forEachMember { part in
        if part.value.isNull { return }
        let text = part.value.string
        isKnown = isKnown && text != nil
        switch part.key {
        case "primary": primary = text
        case "detailed": detailed = text
        case "confidence_level": confidence = text
        case "version": version = text
        default: isKnown = false
        }
      }
      if let primary, let detailed {
        transaction.category = FeedCategory(
          primary: primary, detailed: detailed, confidence: confidence, version: version)
      }
      if !isKnown || transaction.category == nil { fields.keep(member) }
    }

    /// The whole row, or what kept it from being one.
    mutating func row(_ node: JSONNode) -> FeedRow {
      guard let id, let accountID, let amount, let bookedOn else {
        let missing = [
          id == nil ? "transaction_id" : nil, accountID == nil ? "account_id" : nil, amount == nil ? "amount" : nil,
          bookedOn == nil ? "date" : nil,
        ]
        let reason =
          node.kind == .object
          ? "unreadable: " + missing.compactMap { $0 }.joined(separator: ", ") : "the row is not an object"
        return .unreadable(FeedUnreadable(id: id, reason: reason, raw: node.raw))
      }
      transaction.id = id
      transaction.accountID = accountID
      // Plaid counts what leaves the account as positive.
      transaction.amount = -amount
      transaction.bookedOn = bookedOn
      transaction.name = name ?? transaction.merchantName ?? transaction.originalDescription ?? "(no description)"
      transaction.currency = fields.currency(iso: iso, unofficial: unofficial)
      if let legacy {
        if transaction.category != nil {
          transaction.category?.legacy = legacy.raw
        } else {
          fields.keep(legacy, as: "category")
        }
      }
      transaction.rest = fields.restText
      return .transaction(transaction)
    }
  }
}
