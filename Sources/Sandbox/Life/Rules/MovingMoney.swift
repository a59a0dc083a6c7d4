// Money between own accounts, to and from friends, out of machines; and cards that are paid.

import Finance

extension Life {
  mutating func moveMoney() {
    for transfer in plan.standing where transfer.span.contains(today.days) {
      guard transfer.rhythm.falls(on: today, .after) != nil, available(transfer.from) > transfer.minor else { continue }
      self.transfer(from: transfer.from, to: transfer.to, transfer.minor)
    }
    for (index, cushion) in plan.cushions.enumerated() { keepLevel(cushion, index) }
  }

  /// People look at their balance most days: they refill before it runs dry, and move what lies idle.
  private mutating func keepLevel(_ cushion: Cushion, _ index: Int) {
    let level = available(cushion.account)
    if level < cushion.lowMinor, today.isBusinessDay {
      var chance = chance("cushion", index)
      guard chance.perMille(cushion.attention) else { return }
      let needed = (cushion.lowMinor - level + cushion.refillMinor + 9999) / 10_000 * 10_000
      let minor = min(needed, funds[cushion.reserve] / 10_000 * 10_000)
      if minor > 0 { transfer(from: cushion.reserve, to: cushion.account, minor) }
    } else if level > cushion.highMinor, Rhythm.monthly(cushion.skimDay).falls(on: today, .after) != nil {
      let idle = (level - cushion.keepMinor) / 10_000 * 10_000
      if idle > 0 { transfer(from: cushion.account, to: cushion.reserve, idle) }
    }
  }

  // MARK: Cards

  mutating func payCards() {
    for (index, card) in plan.cards.enumerated() {
      let civil = today.civil
      if civil.day == card.statementDay { closeStatement(card, index) }
      let due = today.date - card.payAfter
      // Free days move the payment on, so the statement may be up to four days older.
      guard today.isBusinessDay, let statement = statements[index], statement > 0 else { continue }
      let closedOn = (0...5).lazy.map { due - $0 }.first { $0.day == card.statementDay }
      guard let closedOn, (closedOn + card.payAfter).onOrAfterBusinessDay == today.date else { continue }
      pay(card, index, statement)
    }
  }

  private mutating func closeStatement(_ card: CardPayment, _ index: Int) {
    let owed = -funds[card.card]
    if let before = carried[index], before > 0 {
      let interest = BankHistory.interest(before, card.rateBasisPoints, days: 30)
      if interest > 0 {
        var charge = row(card.card, interest, "INTEREST CHARGE ON PURCHASES", .bankFeesInterestCharge)
        charge.transactionCode = "interest"
        emit(charge)
      }
    }
    statements[index] = max(0, owed)
  }

  /// Both legs: out of the bank account today, onto the card on the next working day.
  private mutating func pay(_ card: CardPayment, _ index: Int, _ statement: Int64) {
    var chance = chance("card payment", index)
    var minor = statement
    if card.percent < 100 {
      let share = card.percent + chance.minor(-10...10)
      minor = max(min(statement, card.minimumMinor), (statement * share / 100 + 2499) / 2500 * 2500)
      minor = min(minor, statement)
    }
    // Nobody's autopay takes what is not there: the bank would return it.
    let payable = max(min(statement, card.minimumMinor), available(card.payer) - 5000)
    minor = min(minor, payable)
    carried[index] = statement - minor
    statements[index] = nil
    let account = plan.accounts[card.card]
    let reference = Chance.digits(of: plan.seed, today.days, 200 + index)
    let pair = "card-" + reference
    var out = row(
      card.payer, minor, "CARD \(account.mask) AUTOPAY PAYMENT", .loanPaymentsCreditCardPayment)
    out.originalDescription = "CARD SERVICES DES:AUTOPAY PYMT ID:\(reference) CARD ENDING IN \(account.mask) PPD"
    out.paymentMeta = BankPaymentMeta(referenceNumber: reference, payee: account.name)
    out.counterparties = [
      BankCounterparty(
        name: "Card Services", type: "financial_institution", entityKey: "Card Services", confidence: .veryHigh)
    ]
    out.pairKey = pair
    emit(out)
    var into = row(card.card, -minor, "AUTOMATIC PAYMENT - THANK YOU", .loanPaymentsCreditCardPayment)
    into.transactionCode = "payment"
    into.pairKey = pair
    arrive(into, on: today.date.adding(businessDays: 1))
  }

  // MARK: Friends and cash

  mutating func meetFriends() {
    for (index, friends) in plan.friends.enumerated() {
      var chance = chance("friends", index)
      let sends = chance.perMille(friends.sends)
      let receives = chance.perMille(friends.receives)
      if sends { emit(peer(friends, chance.basket(friends.low, friends.high) / 100 * 100, &chance)) }
      if receives { emit(peer(friends, -chance.basket(friends.low, friends.high) / 50 * 50, &chance)) }
    }
  }

  private func peer(_ friends: Friends, _ minor: Int64, _ chance: inout Chance) -> BankEntry {
    let name = chance.pick(Names.friends)
    let number = chance.digits(13)
    let text =
      friends.app == "Zelle"
      ? "Zelle payment \(minor > 0 ? "to" : "from") \(name)"
      : Descriptor.upper(friends.app) + (minor > 0 ? " PAYMENT" : " CASHOUT") + " \(number)"
    var entry = row(
      friends.account, minor, text, minor > 0 ? .transferOutTransferOutFromApps : .transferInTransferInFromApps)
    entry.originalDescription =
      friends.app == "Zelle"
      ? text + " Conf# \(chance.code(9))"
      : Descriptor.upper(friends.app) + (minor > 0 ? " DES:PAYMENT" : " DES:CASHOUT") + " ID:\(number) INDN:"
        + Descriptor.upper(plan.holder.names[0]) + " WEB"
    entry.postsOn = today.date.onOrAfterBusinessDay
    entry.isPendingFirst = entry.postsOn != today.date
    entry.paymentChannel = "online"
    entry.merchantName = friends.app == "Zelle" ? nil : friends.app
    entry.merchantEntityKey = entry.merchantName
    entry.counterparties = [
      BankCounterparty(name: friends.app, type: "payment_app", entityKey: friends.app, confidence: .veryHigh)
    ]
    entry.paymentMeta = BankPaymentMeta(
      payee: minor > 0 ? name : plan.holder.names[0], payer: minor > 0 ? plan.holder.names[0] : name,
      paymentProcessor: friends.app)
    return entry
  }

  mutating func fetchCash() {
    guard let cash = plan.cash, currentTrip == nil else { return }
    var chance = chance("cash")
    let odds = Self.odds(cash.perMille, longing: cashLonging + cash.perMille / 2)
    cashLonging += cash.perMille
    guard chance.perMille(odds) else { return }
    cashLonging = 0
    withdraw(chance.pick(cash.amounts), cash, &chance)
  }

  private mutating func withdraw(_ minor: Int64, _ cash: CashHabit, _ chance: inout Chance) {
    let isForeign = chance.perMille(cash.foreignMachine)
    let surcharge: Int64 = isForeign ? chance.pick([250, 300, 325, 350]) : 0
    let street = Descriptor.upper(chance.pick(plan.city.streets))
    let date = Descriptor.two(today.civil.month) + "/" + Descriptor.two(today.civil.day)
    var entry = row(
      cash.account, minor + surcharge, isForeign ? "NON-NETWORK ATM WITHDRAWAL" : "ATM WITHDRAWAL",
      .transferOutWithdrawal)
    entry.originalDescription =
      (isForeign ? "NON-BANK ATM WITHDRAW " : "ATM WITHDRAWAL \(chance.digits(6)) ") + date
      + " \(chance.int(100...4800)) \(street) " + Descriptor.upper(plan.city.name) + " " + plan.city.region
    entry.transactionCode = "atm"
    entry.paymentChannel = "in store"
    entry.secondOfDay = chance.int(8 * 3600...21 * 3600)
    entry.postsOn = today.date.onOrAfterBusinessDay
    entry.isPendingFirst = entry.postsOn != today.date
    emit(entry)
    guard isForeign else { return }
    var fee = row(cash.account, 250, "NON-NETWORK ATM FEE", .bankFeesAtmFees)
    fee.originalDescription = "NON-BANK ATM FEE-WITHDRAW"
    fee.transactionCode = "bank charge"
    fee.postsOn = entry.postsOn
    emit(fee)
  }
}
