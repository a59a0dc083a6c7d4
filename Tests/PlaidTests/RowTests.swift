import Basics
import Finance
import JSON
import Plaid
import Testing

let fullRow = #"""
  {
    "account_id": "acc1", "account_owner": "Ann", "amount": 28.3400, "authorized_date": "2026-01-30",
    "authorized_datetime": "2026-01-30T12:01:02Z", "category": ["Travel", "Taxi"], "category_id": "22016000",
    "check_number": "17", "counterparties": [{"name": "Uber", "type": "merchant"}], "date": "2026-01-31",
    "datetime": "2026-01-31T08:30:00Z", "iso_currency_code": "USD", "location": {"city": "Oslo", "lat": null},
    "logo_url": "https://l", "merchant_entity_id": "m1", "merchant_name": "Uber", "name": "UBER 072515",
    "original_description": "UBER 072515 SF**POOL**", "payment_channel": "online",
    "payment_meta": {"payee": null, "reason": "ride"}, "pending": true, "pending_transaction_id": "p1",
    "personal_finance_category": {"primary": "TRANSPORTATION", "detailed": "TRANSPORTATION_TAXIS",
      "confidence_level": "HIGH", "version": "v2"},
    "personal_finance_category_icon_url": "https://i", "transaction_code": "purchase", "transaction_id": "tx1",
    "transaction_type": "place", "unofficial_currency_code": null, "website": "uber.com", "running_balance": 3.10
  }
  """#

let neighbour =
  #"{"account_id":"acc1","amount":-5,"date":"2026-02-01","transaction_id":"tx2","name":"N","iso_currency_code":"EUR"}"#

private let feed = Wire("{}").client().feed(accessToken: token)

private func page(_ added: [String], modified: [String] = [], removed: String = "[]") -> [UInt8] {
  let lists = #""added":[\#(added.joined(separator: ","))],"modified":[\#(modified.joined(separator: ","))]"#
  return Array(#"{\#(lists),"removed":\#(removed),"next_cursor":"c","has_more":true}"#.utf8)
}

private func read(_ raw: String) throws -> FeedTransaction {
  guard case .transaction(let transaction) = feed.row(Array(raw.utf8)) else {
    throw Problem(500, "test.unreadable", "Unreadable")
  }
  return transaction
}

private func row(_ body: String) -> String {
  #"{"account_id":"a","amount":1,"date":"2026-02-01","transaction_id":"t",\#(body)}"#
}

private func reason(_ row: FeedRow) -> String {
  guard case .unreadable(let kept) = row else { return "" }
  return kept.reason
}

private func id(_ row: FeedRow) -> String {
  guard case .transaction(let transaction) = row else { return "?" }
  return transaction.id
}

@Suite struct `A row of Plaid's` {
  @Test func `is read whole, with the owner's sign`() throws {
    let tx = try read(fullRow)
    #expect(tx.id == "tx1" && tx.accountID == "acc1" && tx.isPending && tx.pendingID == "p1")
    #expect(tx.amount.text == "-28.34" && tx.currency == .usd)
    #expect(tx.bookedOn.description == "2026-01-31" && tx.bookedAt?.description == "2026-01-31T08:30:00Z")
    #expect(tx.authorizedOn?.description == "2026-01-30" && tx.authorizedAt?.description == "2026-01-30T12:01:02Z")
    #expect(tx.name == "UBER 072515" && tx.originalDescription == "UBER 072515 SF**POOL**")
    #expect(tx.merchantName == "Uber" && tx.merchantEntityID == "m1" && tx.website == "uber.com")
    #expect(tx.paymentChannel == "online" && tx.checkNumber == "17" && tx.transactionCode == "purchase")
    let category = FeedCategory(
      primary: "TRANSPORTATION", detailed: "TRANSPORTATION_TAXIS", confidence: "HIGH", version: "v2",
      legacy: #"["Travel", "Taxi"]"#)
    #expect(tx.category == category)
    #expect(tx.counterparties == #"[{"name": "Uber", "type": "merchant"}]"#)
    #expect(tx.location == #"{"city": "Oslo", "lat": null}"# && tx.paymentMeta == #"{"payee": null, "reason": "ride"}"#)
    let rest = try JSONValue.parse(tx.rest ?? "")
    #expect(
      rest == [
        "account_owner": "Ann", "category_id": "22016000", "logo_url": "https://l",
        "personal_finance_category_icon_url": "https://i", "transaction_type": "place",
        "running_balance": .number("3.10"),
      ])
  }

  /// Every key absent, null and of every wrong type, one at a time.
  @Test func `survives every damage to one key, or is kept with its reason, and its neighbour survives`() throws {
    let full = try JSONValue.parse(fullRow)
    let required = ["transaction_id", "account_id", "amount", "date"]
    let damages: [JSONValue?] = [nil, .null, 5, true, "", "x", [], [1], [:], ["a": 1]]
    for key in full.members.map(\.key) {
      for damage in damages {
        let raw = full.setting(key, damage).text()
        let rows = try feed.rows(page([raw, neighbour])).upserts
        try #require(rows.count == 2)
        guard case .transaction(let next) = rows[1] else {
          Issue.record("the neighbour is lost: \(key)")
          continue
        }
        #expect(next.id == "tx2" && next.amount.text == "5" && next.currency?.code == "EUR")
        let canBeRead = (key.hasSuffix("_id") && damage == "x") || (key == "amount" && damage == 5)
        switch rows[0] {
        case .unreadable(let kept):
          #expect(required.contains(key) && !canBeRead && kept.raw == raw && kept.reason == "unreadable: \(key)")
          #expect(kept.id == (key == "transaction_id" ? nil : "tx1"))
        case .transaction(let tx):
          #expect(!required.contains(key) || canBeRead, "\(key) \(String(describing: damage))")
          #expect(!tx.name.isEmpty)
          try expectKept(tx, key, damage, full)
        }
      }
    }
  }

  /// A value of the wrong type is not lost: it is in the rest.
  private func expectKept(_ tx: FeedTransaction, _ key: String, _ damage: JSONValue?, _ full: JSONValue) throws {
    guard let damage, case .object(let members) = damage, !members.isEmpty else { return }
    if ["location", "payment_meta"].contains(key) { return }
    let rest = try JSONValue.parse(tx.rest ?? "{}")
    #expect(rest[key] == damage, "\(key) is lost")
  }

  @Test func `can be asked for as it came, by its place on the page`() throws {
    let rows = try feed.rows(page([fullRow, neighbour], modified: [row(#""name":"M""#)], removed: "[{}]"))
    let first = try JSONValue.parse(rows.raw(0))
    let whole = try JSONValue.parse(fullRow)
    #expect(first == whole && rows.raw(1) == neighbour && rows.raw(2) == row(#""name":"M""#))
    #expect(rows.upserts.count == 4 && rows.raw(3) == "{}" && rows.raw(99) == "{}")
    guard case .transaction(let again) = feed.row(Array(rows.raw(0).utf8)),
      case .transaction(let once) = rows.upserts[0]
    else { throw Problem(500, "test.unreadable", "Unreadable") }
    #expect(again == once)
  }

  @Test func `that is no object at all is kept`() throws {
    let rows = try feed.rows(page(["null", "7", #""tx""#, "[]", neighbour])).upserts
    let reasons = rows.map(reason)
    #expect(reasons == Array(repeating: "the row is not an object", count: 4) + [""])
    guard case .unreadable(let kept) = feed.row(Array("{".utf8)) else {
      Issue.record("half a row was read")
      return
    }
    #expect(kept.reason == "the row is not JSON" && kept.raw == "{")
  }

  @Test func `with an amount beyond doubles keeps every digit`() throws {
    let amounts = [
      ("12345678901234567.89", "-12345678901234567.89"), ("0.1", "-0.1"), ("-0.00", "0"), ("1e3", "-1000"),
      ("-23631.9805", "23631.9805"),
    ]
    for (sent, kept) in amounts {
      let raw = #"{"account_id":"a","amount":\#(sent),"date":"2026-02-01","transaction_id":"t"}"#
      #expect(try read(raw).amount.text == kept)
    }
  }

  @Test func `is counted in the currency it names`() throws {
    #expect(try read(row(#""iso_currency_code":"JPY""#)).currency?.digits == 0)
    #expect(try read(row(#""iso_currency_code":null,"unofficial_currency_code":"BTC""#)).currency?.digits == 8)
    #expect(try read(row(#""iso_currency_code":"QQQ""#)).currency == Currency(unofficial: "QQQ"))
    #expect(try read(row(#""iso_currency_code":null,"unofficial_currency_code":null"#)).currency == nil)
    let both = try read(row(#""unofficial_currency_code":"BTC","iso_currency_code":"USD""#))
    #expect(both.currency == .usd && both.rest == #"{"unofficial_currency_code":"BTC"}"#)
  }

  @Test func `has the best name there is`() throws {
    #expect(try read(row(#""name":"","merchant_name":"M","original_description":"O""#)).name == "M")
    #expect(try read(row(#""name":null,"original_description":"O""#)).name == "O")
    let none = try read(row(#""name":7"#))
    #expect(none.name == "(no description)" && none.rest == #"{"name":7}"#)
  }

  @Test func `says nothing in empty objects and lists`() throws {
    let tx = try read(row(#""location":{"city":null},"payment_meta":{},"counterparties":[],"category":[]"#))
    #expect(tx.location == nil && tx.paymentMeta == nil && tx.counterparties == nil && tx.rest == nil)
  }

  @Test func `keeps a category it does not fully understand`() throws {
    let sent = #"{"primary":"A","detailed":"B","icon":"C"}"#
    let tx = try read(row(#""personal_finance_category":\#(sent)"#))
    #expect(tx.category?.detailed == "B" && tx.rest == #"{"personal_finance_category":\#(sent)}"#)
    let legacy = try read(row(#""category":["Shops"]"#))
    #expect(legacy.category == nil && legacy.rest == #"{"category":["Shops"]}"#)
  }
}

@Suite struct `A page of Plaid's` {
  @Test func `gives what was added, then what was modified, then what went`() throws {
    let changed = neighbour.replacing("tx2", with: "tx3")
    let raw = page(
      [fullRow, neighbour], modified: [changed], removed: #"[{"transaction_id":"old"},{"account_id":"a"}]"#)
    let rows = try feed.rows(raw)
    let ids = rows.upserts.map(id)
    #expect(ids == ["tx1", "tx2", "tx3", "?"] && rows.removals == ["old"])
  }

  @Test func `keeps its bytes and tells its head`() async throws {
    let bytes = page([fullRow, neighbour], modified: [neighbour], removed: #"[{"transaction_id":"old"}]"#)
    let body =
      String(decoding: bytes, as: UTF8.self).dropLast()
      + #","transactions_update_status":"HISTORICAL_UPDATE_COMPLETE","accounts":[{"account_id":"acc1","name":"N"}]}"#
    let page = try await Wire(String(body)).client().feed(accessToken: token).page("")
    #expect(page.raw == Array(body.utf8) && page.nextCursor == "c" && page.hasMore && page.progress == .historical)
    #expect(page.added == 2 && page.modified == 1 && page.removed == 1 && page.accounts.map(\.id) == ["acc1"])
    #expect(page.oldest?.description == "2026-01-31")
  }

  @Test(arguments: ["added", "modified", "removed", "next_cursor", "has_more"])
  func `without what makes it one is asked for again`(key: String) async throws {
    let whole = try JSONValue.parse(page([]))
    for damage in [nil, JSONValue.null, 1] {
      let feed = Wire(whole.setting(key, damage).text()).client().feed(accessToken: token)
      let error = await feedError { _ = try await feed.page("") }
      guard case .retry = error else {
        Issue.record("\(String(describing: error))")
        continue
      }
    }
  }

  @Test func `that is cut off is not read`() {
    #expect(throws: FeedError.self) { try feed.rows(Array(page([neighbour]).dropLast())) }
  }
}
