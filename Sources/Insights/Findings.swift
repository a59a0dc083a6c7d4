package import Basics
package import Finance
package import Store

/// Something worth looking at, with the rows and numbers that led to it. Nothing is judged: whoever reads decides.
package struct Finding: Sendable, Equatable {
  /// Stored by programs: a spelling never changes.
  package enum Kind: String, Sendable, CaseIterable {
    case duplicateCharge = "duplicate_charge"
    case unusualCharge = "unusual_charge"
    case priceRise = "price_rise"
    case trialCharged = "trial_charged"
    case missedIncome = "missed_income"
    case missedPayment = "missed_payment"
    case fees
    case idleCash = "idle_cash"
    case lowBalanceAhead = "low_balance_ahead"
    case doesNotAddUp = "does_not_add_up"
    case turnedFeed = "turned_feed"
  }

  package var kind: Kind
  package var day: CalendarDate
  package var amount: Money
  /// What is usual, or what it was before; nil where there is nothing to compare with.
  package var compared: Money?
  package var about: String
  package var account: ID<Account>?
  package var rows: [ID<Transaction>]

  package init(
    _ kind: Kind, on day: CalendarDate, _ amount: Money, compared: Money? = nil, about: String,
    account: ID<Account>? = nil, rows: [ID<Transaction>] = []
  ) {
    self.kind = kind
    self.day = day
    self.amount = amount
    self.compared = compared
    self.about = about
    self.account = account
    self.rows = rows
  }
}

/// Looks through rows for what stands out. Pure.
package enum FindingRules {
  /// So many days back a charge is news.
  static let newsDays = 45
  /// Below this a second charge is more likely a second coffee, in minor units.
  static let smallMinor: Int64 = 5_00

  /// The same shop took the same amount from the same account within three days, and does not do so as a habit.
  package static func duplicates(_ rows: [MeasuredRow], today: CalendarDate) -> [Finding] {
    struct Key: Hashable {
      var account: ID<Account>
      var payee: String
      var minor: Int64
      var currency: Currency
    }
    let charges = MeasuredRow.whole(rows).filter { $0.flow == .expense && $0.amountMinor < -smallMinor }
    let groups = Dictionary(grouping: charges) {
      Key(
        account: $0.account, payee: RecurringFinder.plain($0.payee), minor: $0.amountMinor, currency: $0.currency)
    }
    var found: [Finding] = []
    for (key, group) in groups where (2...3).contains(group.count) && !key.payee.isEmpty {
      for (one, next) in zip(group, group.dropFirst()) where next.day - one.day <= 3 && today - next.day <= newsDays {
        // A pending row and the posted one of the same purchase are one charge.
        guard one.isPending == next.isPending else { continue }
        found.append(
          Finding(
            .duplicateCharge, on: next.day, Money(minorUnits: -next.amountMinor, next.currency), about: next.payee,
            account: next.account, rows: [one.id, next.id]))
      }
    }
    return found
  }

  /// Much more than this shop, or else this category, took before.
  package static func unusual(_ rows: [MeasuredRow], today: CalendarDate) -> [Finding] {
    let charges = MeasuredRow.whole(rows).filter { $0.flow == .expense && $0.amountMinor < 0 && !$0.isPending }
    let byPayee = Dictionary(grouping: charges) { "\(RecurringFinder.plain($0.payee)) \($0.currency.code)" }
    let byCategory = Dictionary(grouping: charges) { "\($0.category) \($0.currency.code)" }
    return charges.filter { today - $0.day <= newsDays && $0.amountMinor <= -4 * smallMinor }.compactMap { row in
      let shop = (byPayee["\(RecurringFinder.plain(row.payee)) \(row.currency.code)"] ?? []).filter { $0.day < row.day }
      let kind = (byCategory["\(row.category) \(row.currency.code)"] ?? []).filter { $0.day < row.day }
      let past = shop.count >= 5 ? shop : kind
      guard past.count >= 5 else { return nil }
      let amounts = past.map { -$0.amountMinor }.sorted()
      let middle = RecurringFinder.median(amounts)
      let spread = RecurringFinder.median(amounts.map { abs($0 - middle) })
      let most = amounts[amounts.count - 1]
      guard -row.amountMinor > middle &+ 6 * max(spread, middle / 10), -row.amountMinor > most &+ most / 10 else {
        return nil
      }
      return Finding(
        .unusualCharge, on: row.day, Money(minorUnits: -row.amountMinor, row.currency),
        compared: Money(minorUnits: middle, row.currency), about: row.payee, account: row.account, rows: [row.id])
    }
  }

  package static func streams(_ streams: [RecurringStream], today: CalendarDate) -> [Finding] {
    streams.flatMap { stream -> [Finding] in
      var found: [Finding] = []
      func money(_ minor: Int64) -> Money { Money(minorUnits: abs(minor), stream.currency) }
      if stream.state != .ended, let rise = stream.rise, today - rise.on <= 90 {
        found.append(
          Finding(
            .priceRise, on: rise.on, money(rise.toMinor), compared: money(rise.fromMinor), about: stream.name,
            account: stream.account, rows: stream.about(rise).map(\.id)))
      }
      if stream.wasTrial, stream.rows.count > 1, today - stream.rows[1].day <= 90 {
        found.append(
          Finding(
            .trialCharged, on: stream.rows[1].day, money(stream.rows[1].amountMinor),
            compared: money(stream.rows[0].amountMinor), about: stream.name, account: stream.account,
            rows: stream.rows.prefix(2).map(\.id)))
      }
      if stream.state == .missed {
        found.append(
          Finding(
            stream.amountMinor > 0 ? .missedIncome : .missedPayment, on: stream.nextOn, money(stream.amountMinor),
            about: stream.name, account: stream.account, rows: stream.rows.suffix(1).map(\.id)))
      }
      return found
    }
  }

  /// Fees of a year, by currency.
  package static func fees(_ rows: [MeasuredRow], today: CalendarDate) -> [Finding] {
    let paid = rows.filter {
      $0.category.hasPrefix("BANK_FEES") && $0.flow == .expense && !$0.isPending && today - $0.day <= 365
    }
    return Dictionary(grouping: paid, by: \.currency).sorted { $0.key.code < $1.key.code }.compactMap {
      currency, rows in
      let sum = rows.reduce(Int64(0)) { $0 &- $1.amountMinor }
      guard sum > 0, let last = rows.last else { return nil }
      return Finding(
        .fees, on: last.day, Money(minorUnits: sum, currency), about: "\(rows.count) in a year",
        rows: rows.suffix(20).map(\.id))
    }
  }

  /// More lies on an everyday account than three months cost.
  package static func idle(_ accounts: [StoredAccount], burnMinor: Int64?, base: Currency, today: CalendarDate)
    -> [Finding]
  {
    guard let burnMinor, burnMinor > 0 else { return [] }
    return accounts.compactMap { account in
      guard [.checking, .cashManagement, .prepaid].contains(account.kind), account.currency == base,
        let held = account.currentMinor, held > 3 &* burnMinor
      else { return nil }
      return Finding(
        .idleCash, on: today, Money(minorUnits: held - 3 * burnMinor, base),
        compared: Money(minorUnits: 3 * burnMinor, base), about: account.name, account: account.id)
    }
  }

  /// Accounts whose balance moved otherwise than their rows, or just the opposite way.
  package static func proofs(_ proofs: [BalanceProof], today: CalendarDate) -> [Finding] {
    proofs.compactMap { proof in
      guard case .differs(let off) = proof.verdict else { return nil }
      if proof.isTurned, let moved = proof.moved {
        return Finding(
          .turnedFeed, on: proof.through ?? today, moved, compared: proof.booked, about: proof.name,
          account: proof.account)
      }
      return Finding(
        .doesNotAddUp, on: proof.through ?? today, off, about: proof.name, account: proof.account)
    }
  }

  /// Of rows whose kind a bank names, nine of ten stand the wrong way round: pay that goes out, groceries that come in.
  /// For accounts whose balance is known of too few days to say it for certain.
  package static func turned(
    _ rows: [MeasuredRow], _ accounts: [StoredAccount], known: Set<ID<Account>>, today: CalendarDate
  ) -> [Finding] {
    let spent: Set<String> = [
      "FOOD_AND_DRINK", "GENERAL_MERCHANDISE", "TRANSPORTATION", "RENT_AND_UTILITIES", "ENTERTAINMENT", "PERSONAL_CARE",
      "MEDICAL", "TRAVEL", "GENERAL_SERVICES",
    ]
    let clear = rows.filter { row in
      guard !row.isPending, row.flow == .income || row.flow == .expense, (row.part ?? 0) == 0 else { return false }
      return row.category.hasPrefix("INCOME_") || spent.contains { row.category.hasPrefix($0) }
    }
    return Dictionary(grouping: clear, by: \.account).compactMap { id, rows in
      guard !known.contains(id), rows.count >= 20, let account = accounts.first(where: { $0.id == id }) else {
        return nil
      }
      let wrong = rows.filter { $0.category.hasPrefix("INCOME_") == ($0.amountMinor < 0) }
      guard wrong.count * 10 >= rows.count * 9 else { return nil }
      let sum = wrong.filter { $0.currency == account.currency }.reduce(Int64(0)) { $0 &+ $1.amountMinor }
      return Finding(
        .turnedFeed, on: today, Money(minorUnits: sum, account.currency), about: account.name, account: id,
        rows: wrong.suffix(6).map(\.id))
    }.sorted { $0.about < $1.about }
  }
}
