// Balances of a day, computed from opening balance and rows: nothing is stored twice.

package import Finance

/// What a bank answers when asked for a balance.
package struct BankBalances: Sendable, Equatable {
  /// The bank's own sign: see ``BankAccount/openingMinor``.
  package var currentMinor: Int64
  package var availableMinor: Int64?
  package var limitMinor: Int64?
}

extension BankEntry {
  /// What the posted row takes out of the account at the end of the day: nothing while pending or removed.
  package func postedMinor(on day: CalendarDate) -> Int64 {
    guard let postsOn, postsOn <= day else { return 0 }
    if let removedOn, removedOn <= day {
      guard let resentOn, resentOn <= day else { return 0 }
    }
    if let correctedOn, correctedOn <= day { return correctedAmountMinor ?? amountMinor }
    return amountMinor
  }

  /// What is reserved for the row at the end of the day, before it posts or vanishes.
  package func pendingMinor(on day: CalendarDate) -> Int64 {
    guard isPendingFirst, occurredOn <= day else { return 0 }
    if let end = postsOn ?? vanishesOn, end <= day { return 0 }
    return pendingAmountMinor ?? amountMinor
  }
}

extension BankHistory {
  /// The balance at the end of a day in the bank's own sign, with pending rows if asked; nil for an unknown account.
  ///
  /// Investment accounts: cash and holdings together, which are never pending.
  package func balance(of key: String, on day: CalendarDate, includingPending: Bool = false) -> Int64? {
    guard let account = account(key) else { return nil }
    if account.type == "investment" {
      return holdings(on: day, in: key).reduce(0) { $0 + $1.valueMinor }
    }
    var out: Int64 = 0
    // By index: a loop over values would copy every row.
    for index in entries.indices where entries[index].account == key {
      if entries[index].occurredOn > day { break }
      out += entries[index].postedMinor(on: day)
      if includingPending { out += entries[index].pendingMinor(on: day) }
    }
    return account.openingMinor + (account.isOwed ? out : -out)
  }

  /// Current, available and limit, as the bank would answer on the day.
  package func balances(of key: String, on day: CalendarDate) -> BankBalances? {
    guard let account = account(key), let current = balance(of: key, on: day) else { return nil }
    var available: Int64?
    if account.reportsAvailable {
      switch account.type {
      case "depository": available = balance(of: key, on: day, includingPending: true)
      case "credit":
        available = account.limitMinor.flatMap { limit in
          balance(of: key, on: day, includingPending: true).map { limit - $0 }
        }
      case "investment": available = cash(in: key, on: day)
      default: available = nil
      }
    }
    return BankBalances(currentMinor: current, availableMinor: available, limitMinor: account.limitMinor)
  }

  /// Uninvested cash of an investment account at the end of a day.
  func cash(in key: String, on day: CalendarDate) -> Int64? {
    guard let account = account(key), account.type == "investment" else { return nil }
    var cash = account.openingMinor
    for transaction in investmentTransactions where transaction.account == key {
      if transaction.date > day { break }
      cash -= transaction.amountMinor
    }
    return cash
  }

  /// Every position of every investment account at the end of a day, cash last.
  package func holdings(on day: CalendarDate) -> [BankHolding] {
    accounts.filter { $0.type == "investment" }.flatMap { holdings(on: day, in: $0.key) }
  }

  func holdings(on day: CalendarDate, in key: String) -> [BankHolding] {
    guard let account = account(key), (account.openedOn ?? from) <= day else { return [] }
    var positions = account.openingPositions
    var cash = account.openingMinor
    for transaction in investmentTransactions where transaction.account == key {
      if transaction.date > day { break }
      cash -= transaction.amountMinor
      Self.apply(transaction, to: &positions)
    }
    var holdings: [BankHolding] = []
    for position in positions where position.quantityMicros > 0 {
      let price = Market.price(of: position.security, on: day)
      let value = Self.value(position.quantityMicros, price)
      let quantity = FixedPoint(position.quantityMicros, digits: 6)
      let vests = account.subtype == "401k"
      holdings.append(
        BankHolding(
          account: key, security: position.security, quantity: quantity, price: price,
          priceOn: Market.session(of: position.security, on: day), valueMinor: value, costMinor: position.costMinor,
          currency: account.currency, vestedQuantity: vests ? quantity : nil, vestedValueMinor: vests ? value : nil))
    }
    if cash != 0 {
      holdings.append(
        BankHolding(
          account: key, security: "CUR:USD", quantity: FixedPoint(cash, digits: 2), price: FixedPoint(1, digits: 0),
          priceOn: day.onOrBeforeBusinessDay, valueMinor: cash, costMinor: cash, currency: account.currency))
    }
    return holdings
  }

  /// Minor units for so many millionths of a share at such a price, rounded half up.
  static func value(_ quantityMicros: Int64, _ price: FixedPoint) -> Int64 {
    var scale: Int64 = 10_000
    for _ in 0..<price.digits { scale *= 10 }
    let (high, low) = quantityMicros.multipliedFullWidth(by: price.units)
    let (quotient, remainder) = scale.dividingFullWidth((high, low))
    return remainder * 2 >= scale ? quotient + 1 : quotient
  }

  /// Average cost: a sale takes its share of what was paid.
  static func apply(_ transaction: BankInvestmentTransaction, to positions: inout [BankPosition]) {
    guard let security = transaction.security else { return }
    let micros = transaction.quantity.units
    guard let index = positions.firstIndex(where: { $0.security == security }) else {
      if micros > 0 {
        positions.append(BankPosition(security: security, quantityMicros: micros, costMinor: transaction.amountMinor))
      }
      return
    }
    if micros > 0 {
      positions[index].costMinor += transaction.amountMinor
    } else if positions[index].quantityMicros > 0 {
      let held = positions[index].quantityMicros
      let (high, low) = positions[index].costMinor.multipliedFullWidth(by: -micros)
      positions[index].costMinor -= held.dividingFullWidth((high, low)).quotient
    }
    positions[index].quantityMicros += micros
  }
}
