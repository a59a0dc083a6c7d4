// The larder and the tank: what they lose every day, when they are filled, and with how much.

import Finance

extension Life {
  /// What is at home on the first day.
  mutating func stockUp() {
    var chance = plan.chance("stocks")
    if let larder = plan.larder { missing = larder.perDayMinor * chance.minor(0...40) / 10 }
    if let car = plan.car { tankE3 = car.tankE3 * chance.minor(30...95) / 100 }
  }

  /// A day eats from the larder and drives the tank emptier; on a journey little of either, and some food goes bad.
  mutating func useUp(_ mood: Int, isAway: Bool) {
    var chance = chance("stocks")
    if plan.larder != nil {
      // People who are short buy cheaper food, but they eat.
      let percent = Int64(min(max(mood, 88), 110)) * (today.civil.month == 12 && today.civil.day < 25 ? 108 : 100) / 100
      missing = min(missing + eaten * percent / (isAway ? 250 : 100), eaten * 14)
    }
    if let car = plan.car, !isAway {
      let percent: Int64 = today.civil.weekday == 6 ? 135 : today.civil.weekday == 7 ? 85 : 96
      tankE3 = max(300, tankE3 - car.perDayE3 * percent / 100 * chance.minor(40...160) / 100)
    }
  }

  /// The worth of what a usual day eats.
  private var eaten: Int64 {
    guard let larder = plan.larder else { return 0 }
    return larder.mouths.span.contains(today.days)
      ? larder.perDayMinor * larder.mouths.percent / 100 : larder.perDayMinor
  }

  // MARK: - Food

  /// How many usual trips the missing food amounts to, in thousandths.
  func hunger(_ habit: Habit) -> Int {
    let eaten = eaten
    guard eaten > 0, missing > 0 else { return 0 }
    return Int(missing * Int64(habit.week.reduce(0, +)) / (7 * eaten))
  }

  mutating func putIntoLarder(_ minor: Int64) { missing -= minor }

  /// The great shop falls on a weekend; on other days people fetch a part of what is missing.
  mutating func fillLarder(_ habit: Habit, _ index: Int, _ chance: inout Chance) {
    guard !habit.merchants.isEmpty else { return }
    let merchant = choose(habit, index, &chance)
    let share = today.civil.weekday > 5 ? chance.minor(70...120) : chance.minor(35...100)
    let most = merchant.high * habit.scale / 100 * chance.minor(65...100) / 100
    var minor = min(max(missing * share / 100, merchant.low), most)
    let account = payer(habit, &chance)
    if !plan.accounts[account].isOwed {
      // Who has little buys less.
      minor = min(minor, available(account) - 100)
      guard minor >= merchant.low else { return }
    }
    minor = Self.rounded(minor, merchant)
    spend(merchant, minor, account: account, hours: habit.hours, &chance)
    putIntoLarder(minor)
  }

  // MARK: - Fuel

  /// Nobody stops with more than three fifths in the tank, and everybody with less than a seventh.
  func oddsOfFuel(_ habit: Habit) -> Int {
    guard let car = plan.car else { return 0 }
    let (high, low) = (car.tankE3 * 3 / 5, car.tankE3 / 7)
    if tankE3 <= low { return 1000 }
    guard tankE3 < high else { return 0 }
    let week = habit.week.reduce(0, +)
    let usual = week > 0 ? habit.week[today.civil.weekday - 1] * 7000 / week : 1000
    let thirst = Int((high - tankE3) * 1000 / (high - low))
    return usual * thirst / 1000 * thirst / 1000 * 3 / 5
  }

  /// Gallons times the price of the day: mostly a full tank, sometimes a few gallons.
  mutating func fillTank(_ habit: Habit, _ index: Int, _ chance: inout Chance) {
    guard let car = plan.car, !habit.merchants.isEmpty else { return }
    let merchant = choose(habit, index, &chance)
    let price = Market.fuelE4(on: today.date)
    let room = car.tankE3 - tankE3
    var gallonsE3 = chance.perMille(120) ? min(room, chance.minor(3500...6000)) : room * chance.minor(93...100) / 100
    let account = payer(habit, &chance)
    if !plan.accounts[account].isOwed {
      gallonsE3 = min(gallonsE3, (available(account) - 100) * 100_000 / price)
      guard gallonsE3 >= 2000 else { return }
    }
    let minor = (gallonsE3 * price + 50_000) / 100_000
    spend(merchant, minor, account: account, hours: habit.hours, &chance)
    tankE3 += gallonsE3
  }
}
