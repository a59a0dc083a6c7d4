import Finance

/// Writes rows as Plaid's Transaction objects, every required key always there.
struct RowWriter: Sendable {
  /// What of a row the caller asked for.
  struct Options: Sendable, Hashable {
    var includesOriginalDescription = false
    /// Version 1 of the personal finance categories, for those who ask for it.
    var usesCategoriesV1 = false
  }

  var options: Options
  var naming: Naming
  var utcOffsetMinutes: Int

  func append(_ row: Row, to out: inout [UInt8]) {
    let entry = row.source.entry
    out.fixed("{\"account_id\":")
    out.quoted(row.accountID)
    out.fixed(",\"account_owner\":null,\"amount\":")
    appendAmount(row.amountMinor, currency: entry.currency, to: &out)
    out.fixed(",\"authorized_date\":")
    out.quotedDay(entry.occurredOn)
    out.fixed(",\"authorized_datetime\":")
    out.quotedInstant(entry.occurredOn, secondOfDay: entry.secondOfDay, utcOffsetMinutes: utcOffsetMinutes)
    out.fixed(",\"category\":null,\"category_id\":null,\"check_number\":")
    out.quotedOrNull(entry.checkNumber)
    out.fixed(",\"counterparties\":")
    appendCounterparties(entry.counterparties, to: &out)
    out.fixed(",\"date\":")
    out.quotedDay(row.date)
    out.fixed(",\"datetime\":")
    let hasTime = row.isPending && entry.secondOfDay != nil
    out.quotedInstant(row.date, secondOfDay: hasTime ? entry.secondOfDay : nil, utcOffsetMinutes: utcOffsetMinutes)
    out.fixed(",\"location\":")
    appendLocation(entry.location, to: &out)
    out.fixed(",\"logo_url\":null,\"merchant_entity_id\":")
    appendEntity(entry.merchantEntityKey, to: &out)
    out.fixed(",\"merchant_name\":")
    out.quotedOrNull(entry.merchantName)
    out.fixed(",\"name\":")
    out.quoted(row.name)
    if options.includesOriginalDescription {
      out.fixed(",\"original_description\":")
      out.quoted(entry.originalDescription)
    }
    out.fixed(",\"payment_channel\":")
    out.quoted(entry.paymentChannel)
    out.fixed(",\"payment_meta\":")
    appendMeta(entry.paymentMeta, to: &out)
    out.fixed(",\"pending\":")
    out.bool(row.isPending)
    out.fixed(",\"pending_transaction_id\":")
    out.quotedOrNull(row.pendingID)
    appendCategory(of: entry, to: &out)
    out.fixed(",\"transaction_code\":")
    out.quotedOrNull(entry.transactionCode)
    out.fixed(",\"transaction_id\":")
    out.quoted(row.id)
    switch entry.paymentChannel {
    case "online": out.fixed(",\"transaction_type\":\"digital\"")
    case "in store": out.fixed(",\"transaction_type\":\"place\"")
    default: out.fixed(",\"transaction_type\":\"special\"")
    }
    appendCurrency(entry.currency, to: &out)
    out.fixed(",\"website\":")
    out.quotedOrNull(entry.website)
    out.append(UInt8(ascii: "}"))
  }

  private func appendAmount(_ minor: Int64, currency: String, to out: inout [UInt8]) {
    out.decimal(minor, digits: currency == "USD" ? 2 : Wire.digits(of: currency))
  }

  private func appendCurrency(_ code: String, to out: inout [UInt8]) {
    if code == "USD" {
      out.fixed(",\"iso_currency_code\":\"USD\",\"unofficial_currency_code\":null")
    } else if Currency(iso: code) != nil {
      out.fixed(",\"iso_currency_code\":")
      out.quoted(code)
      out.fixed(",\"unofficial_currency_code\":null")
    } else {
      out.fixed(",\"iso_currency_code\":null,\"unofficial_currency_code\":")
      out.quoted(code)
    }
  }

  private func appendCategory(of entry: BankEntry, to out: inout [UInt8]) {
    let primary = options.usesCategoriesV1 ? entry.primaryCategoryV1 : entry.primaryCategory
    out.fixed(",\"personal_finance_category\":{\"confidence_level\":")
    out.quoted(entry.confidence.rawValue)
    out.fixed(",\"detailed\":")
    out.quoted(options.usesCategoriesV1 ? entry.categoryV1 : entry.detailedCategory)
    out.fixed(",\"primary\":")
    out.quoted(primary)
    if options.usesCategoriesV1 { out.fixed(",\"version\":\"v1\"}") } else { out.fixed(",\"version\":\"v2\"}") }
    out.fixed(",\"personal_finance_category_icon_url\":\"https://plaid-category-icons.plaid.com/PFC_")
    out.append(contentsOf: primary.utf8)
    out.fixed(".png\"")
  }

  private func appendEntity(_ key: String?, to out: inout [UInt8]) {
    guard let key else { return out.fixed("null") }
    out.quoted(naming.id("merchant", key))
  }

  private func appendCounterparties(_ parties: [BankCounterparty], to out: inout [UInt8]) {
    out.append(UInt8(ascii: "["))
    for (index, party) in parties.enumerated() {
      if index > 0 { out.append(UInt8(ascii: ",")) }
      out.fixed("{\"account_numbers\":null,\"confidence_level\":")
      out.quoted(party.confidence.rawValue)
      out.fixed(",\"entity_id\":")
      appendEntity(party.entityKey, to: &out)
      out.fixed(",\"logo_url\":null,\"name\":")
      out.quoted(party.name)
      out.fixed(",\"type\":")
      out.quoted(party.type)
      out.fixed(",\"website\":")
      out.quotedOrNull(party.website)
      out.append(UInt8(ascii: "}"))
    }
    out.append(UInt8(ascii: "]"))
  }

  private func appendLocation(_ location: BankLocation?, to out: inout [UInt8]) {
    guard let location else {
      return out.fixed(
        """
        {"address":null,"city":null,"country":null,"lat":null,"lon":null,"postal_code":null,"region":null,\
        "store_number":null}
        """)
    }
    out.fixed("{\"address\":")
    out.quotedOrNull(location.address)
    out.fixed(",\"city\":")
    out.quotedOrNull(location.city)
    out.fixed(",\"country\":")
    out.quotedOrNull(location.country)
    out.fixed(",\"lat\":")
    if let latitude = location.latitudeE4 { out.decimal(Int64(latitude), digits: 4) } else { out.fixed("null") }
    out.fixed(",\"lon\":")
    if let longitude = location.longitudeE4 { out.decimal(Int64(longitude), digits: 4) } else { out.fixed("null") }
    out.fixed(",\"postal_code\":")
    out.quotedOrNull(location.postalCode)
    out.fixed(",\"region\":")
    out.quotedOrNull(location.region)
    out.fixed(",\"store_number\":")
    out.quotedOrNull(location.storeNumber)
    out.append(UInt8(ascii: "}"))
  }

  private func appendMeta(_ meta: BankPaymentMeta?, to out: inout [UInt8]) {
    guard let meta else {
      return out.fixed(
        """
        {"by_order_of":null,"payee":null,"payer":null,"payment_method":null,"payment_processor":null,"ppd_id":null,\
        "reason":null,"reference_number":null}
        """)
    }
    out.fixed("{\"by_order_of\":")
    out.quotedOrNull(meta.byOrderOf)
    out.fixed(",\"payee\":")
    out.quotedOrNull(meta.payee)
    out.fixed(",\"payer\":")
    out.quotedOrNull(meta.payer)
    out.fixed(",\"payment_method\":")
    out.quotedOrNull(meta.paymentMethod)
    out.fixed(",\"payment_processor\":")
    out.quotedOrNull(meta.paymentProcessor)
    out.fixed(",\"ppd_id\":")
    out.quotedOrNull(meta.ppdID)
    out.fixed(",\"reason\":")
    out.quotedOrNull(meta.reason)
    out.fixed(",\"reference_number\":")
    out.quotedOrNull(meta.referenceNumber)
    out.append(UInt8(ascii: "}"))
  }
}
