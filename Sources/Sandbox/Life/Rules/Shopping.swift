// Habits: what is bought, where, and what a bank then does to the row.

import Finance

extension Life {
  mutating func shop() {
    let isAway = currentTrip != nil
    let mood = mood
    useUp(mood, isAway: isAway)
    for (index, habit) in plan.habits.enumerated() where habit.span.contains(today.days) && !(habit.atHome && isAway) {
      var chance = chance("habit", index)
      var share = habit.week[today.civil.weekday - 1]
      if today.civil.month == 12, today.civil.day < 25 { share = share * habit.december / 100 }
      switch habit.need {
      case .longing:
        share = share * mood / 100
        // The middle of the day stands for all of it, so that frequent habits keep their measure too.
        let odds = Self.odds(share, longing: longings[index] + share / 2)
        longings[index] += share
        guard chance.perMille(odds) else { continue }
        longings[index] = 0
        buy(habit, index, &chance)
      case .larder:
        guard chance.perMille(Self.odds(share, longing: hunger(habit))) else { continue }
        fillLarder(habit, index, &chance)
      case .tank:
        guard chance.perMille(oddsOfFuel(habit)) else { continue }
        fillTank(habit, index, &chance)
      }
    }
  }

  /// The chance, in a thousand, of what is done `share` times in a thousand days and was not done for as long as would
  /// usually have brought it about `longing` thousandths of a time.
  ///
  /// It grows evenly with the wait (a Weibull law of shape two, whose rate at the mean wait is half of pi), so the long
  /// run keeps its number while neither a rush nor a drought lasts.
  static func odds(_ share: Int, longing: Int) -> Int {
    min(1000, share * max(0, longing) / 1000 * 11 / 7)
  }

  /// Percent of the usual: see ``Appetite``.
  private var mood: Int {
    guard let appetite = plan.appetite else { return 100 }
    let worth = appetite.accounts.reduce(0) { $0 + available($1) }
    let used = appetite.startMinor + appetite.perDayMinor * Int64(today.days - plan.from.days)
    let percent = 100 + Int((worth - used) / appetite.stepMinor)
    return min(max(percent, appetite.percents.lowerBound), appetite.percents.upperBound)
  }

  private mutating func buy(_ habit: Habit, _ index: Int, _ chance: inout Chance) {
    guard !habit.merchants.isEmpty else { return }
    let merchant = choose(habit, index, &chance)
    let amount = Self.amount(of: merchant, scale: habit.scale, &chance)
    let account = payer(habit, &chance)
    // A debit card is declined where there is nothing left.
    guard plan.accounts[account].isOwed || available(account) > amount else { return }
    spend(merchant, amount, account: account, hours: habit.hours, &chance)
    putIntoLarder(amount * habit.fillsLarder / 100)
  }

  func payer(_ habit: Habit, _ chance: inout Chance) -> Int {
    if let other = habit.other, chance.perMille(other.perMille) { return other.account }
    return habit.account
  }

  /// Mostly one of a few favourites, which change with a move.
  func choose(_ habit: Habit, _ index: Int, _ chance: inout Chance) -> Merchant {
    let merchants = habit.merchants
    guard chance.perMille(habit.loyalty) else { return chance.pick(merchants) }
    let number = min(chance.int(0...habit.favourites - 1), chance.int(0...habit.favourites - 1))
    var favourite = Chance(plan.seed, key: Chance.hash("favourite") &+ UInt64(index), epoch, number)
    return favourite.pick(merchants)
  }

  /// What one visit comes to.
  static func amount(of merchant: Merchant, scale: Int64, _ chance: inout Chance) -> Int64 {
    guard merchant.low < merchant.high else { return merchant.low }
    let minor = chance.basket(merchant.low, merchant.high) * scale / 100
    return rounded(minor, merchant)
  }

  /// As the merchant's prices end.
  static func rounded(_ minor: Int64, _ merchant: Merchant) -> Int64 {
    if merchant.style.contains(.whole) { return max(100, minor / 100 * 100) }
    if merchant.style.contains(.nines) { return max(99, minor / 100 * 100 + 99) }
    return minor
  }

  /// A purchase with everything that may follow from it: tip, hold, refund, second thoughts of the bank.
  mutating func spend(
    _ merchant: Merchant, _ minor: Int64, account: Int, hours: ClosedRange<Int> = 9...20, city: City? = nil,
    _ chance: inout Chance
  ) {
    var entry = purchase(merchant, minor, account: account, hours: hours, city: city, &chance)
    if merchant.style.contains(.tip) {
      tip(&entry, &chance)
    } else if merchant.style.contains(.fuel) {
      pump(&entry, &chance)
    }
    secondThoughts(&entry, merchant, &chance)
    emit(entry)
    if merchant.style.contains(.returns), chance.perMille(70) { bringBack(entry, &chance) }
  }

  /// The card is read before the guest writes the tip: pending without it, posted with it.
  private func tip(_ entry: inout BankEntry, _ chance: inout Chance) {
    guard chance.perMille(850) else { return }
    let bill = entry.amountMinor
    var total = bill + bill * chance.pick([15, 18, 18, 20, 20, 20, 22, 25]) / 100
    if chance.perMille(350) { total = (total + 50) / 100 * 100 }
    entry.pendingAmountMinor = bill
    entry.amountMinor = max(total, bill + 100)
  }

  /// The hold of a pump is not the amount.
  private func pump(_ entry: inout BankEntry, _ chance: inout Chance) {
    switch chance.int(0...9) {
    case 0...3: entry.pendingAmountMinor = 100
    case 4...6: entry.pendingAmountMinor = chance.pick([7500, 10_000, 12_500])
    default: break
    }
  }

  /// Some days later all or a part comes back, under the shop's name.
  private mutating func bringBack(_ entry: BankEntry, _ chance: inout Chance) {
    let day = today.date + chance.int(4...23)
    var refund = entry
    refund.amountMinor = -(chance.perMille(550) ? entry.amountMinor : entry.amountMinor * chance.minor(25...80) / 100)
    refund.pendingAmountMinor = nil
    refund.pendingName = nil
    refund.correctedOn = nil
    refund.correctedAmountMinor = nil
    refund.removedOn = nil
    refund.resentOn = nil
    refund.secondOfDay = nil
    refund.transactionCode = "refund"
    if refund.originalDescription.hasPrefix("POS DEBIT") {
      refund.originalDescription = "POS REFUND" + refund.originalDescription.dropFirst("POS DEBIT".count)
    }
    refund.isPendingFirst = chance.perMille(400)
    refund.postsOn = day.adding(businessDays: chance.int(1...3))
    later(refund, on: day)
  }

  /// Rarely a posted row is corrected, sent again under another id, or was a duplicate.
  private mutating func secondThoughts(_ entry: inout BankEntry, _ merchant: Merchant, _ chance: inout Chance) {
    guard let postsOn = entry.postsOn else { return }
    switch chance.int(0...999) {
    case 0...5:
      entry.correctedOn = postsOn + chance.int(1...6)
      let share = chance.minor(4...18)
      entry.correctedAmountMinor = max(100, entry.amountMinor - entry.amountMinor * share / 100)
    case 6...11:
      let day = postsOn + chance.int(2...20)
      entry.removedOn = day
      entry.resentOn = day
    case 12...17:
      var twin = entry
      twin.removedOn = postsOn + chance.int(2...6)
      emit(twin)
    case 18...22:
      emit(hold(entry, days: chance.int(3...7)))
    default: break
    }
  }
}
