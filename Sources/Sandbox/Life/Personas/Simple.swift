// The smaller lives: few rows with half a year behind them, and one lived from pay to pay.

import Finance

extension Builder {
  /// About eight rows a month besides what recurs: easy to read, and every refresh brings a few more.
  func dynamic() -> Plan {
    var plan = blank(people: 1)
    var chance = chance("openings")
    let checking = plan.add(
      account(
        "checking", "Checking", "Standard Checking", mask: "0000", "checking", opening: chance.minor(180_000...260_000))
    )
    let savings = plan.add(
      account(
        "savings", "Saving", "Standard Saving", mask: "1111", "savings", opening: chance.minor(420_000...560_000),
        yield: 150))
    let card = plan.add(
      self.card(
        "credit_card", "Credit Card", "Standard Credit Card", mask: "3333", limit: 500_000, opening: 21_480, rate: 1999,
        statementDay: 12))
    plan.checking = checking
    plan.daily = card
    let employer = employers(1)[0]
    plan.jobs = [
      Job(
        employer: employer, descriptor: Descriptor.upper(employer), worker: plan.holder.names[0],
        rhythm: .every(14, from: 18_271), netMinor: chance.minor(112_000...120_000), account: checking)
    ]
    let landlord = chance.pick(Names.landlords)
    plan.bills = [
      Bill(
        payee: landlord, descriptor: Descriptor.cut(Descriptor.upper(landlord), to: 20) + " RENT WEB",
        category: .rentAndUtilitiesRent, rhythm: .monthly(1), price: .fixed(132_500), account: checking, shift: .none),
      utilities(plan, account: checking, size: 60)[0],
      onCard(Merchants.named("Mint Mobile"), .monthly(9), .fixed(3000), account: card),
      onCard(Merchants.named("Planet Fitness"), .monthly(17), .fixed(2499), account: card),
    ]
    plan.subscriptions = [
      subscription("Netflix", day: 6, account: card, raise: 250), subscription("Spotify", day: 14, account: card),
    ].compactMap(\.self)
    plan.standing = [StandingTransfer(rhythm: .monthly(4), minor: 30_000, from: checking, to: savings)]
    plan.cushions = [
      Cushion(
        account: checking, reserve: savings, lowMinor: 30_000, refillMinor: 40_000, highMinor: 420_000,
        keepMinor: 250_000, skimDay: 20)
    ]
    plan.cards = [
      CardPayment(
        card: card, payer: checking, statementDay: 12, payAfter: 20, minimumMinor: 3500, rateBasisPoints: 1999)
    ]
    let measure = Measure(
      groceries: 40, eatingOut: 24, coffee: 18, driving: 26, rides: 20, shopping: 14, body: 14, fun: 20, basket: 110)
    everyday(&plan, card: card, debit: checking, measure)
    plan.appetite = usedTo(plan, [checking, savings, card], perMonth: 24_000, step: 4000)
    return plan
  }

  /// Hourly pay twice a month, advances on it, instalments, overdrafts and no reserve to speak of.
  func ewaUser() -> Plan {
    var plan = blank(people: 1)
    var chance = chance("openings")
    let checking = plan.add(
      account("checking", "Spending Account", "No Minimum Checking", mask: "0412", "checking", opening: 21_460))
    let savings = plan.add(
      account("savings", "Round-Up Savings", nil, mask: "0413", "savings", opening: 6120, yield: 100))
    plan.checking = checking
    plan.daily = checking
    let jobs = ["Tops Diner Group", "Redwood Logistics", "Fresh Basket Stores", "Harbor Home Care"]
    let employer = chance.pick(jobs)
    plan.jobs = [
      Job(
        employer: employer, descriptor: Descriptor.upper(employer), worker: plan.holder.names[0],
        rhythm: .every(14, from: 18_278), netMinor: chance.minor(66_000...72_000), swingPercent: 9,
        raisePerMille: 20, account: checking),
      Job(
        employer: "DoorDash", descriptor: "DOORDASH, INC.", worker: plan.holder.names[0], rhythm: .weekly(2),
        netMinor: chance.minor(8200...10_400), swingPercent: 55, raisePerMille: 0, account: checking,
        category: .incomeGigEconomy),
    ]
    let landlord = chance.pick(Names.landlords)
    let room = chance.minor(72...79) * 1000
    plan.bills = [
      Bill(
        payee: landlord, descriptor: Descriptor.cut(Descriptor.upper(landlord), to: 20) + " RENT WEB",
        category: .rentAndUtilitiesRent, rhythm: .monthly(1), price: .rising(room, perMille: 25, since: from.year),
        account: checking, shift: .none),
      utilities(plan, account: checking, size: 52)[0],
      onCard(Merchants.named("Mint Mobile"), .monthly(13), .fixed(3000), account: checking),
      onCard(Merchants.named("Progressive"), .monthly(21), .fixed(9846), account: checking),
    ]
    plan.subscriptions = [
      subscription("Spotify", day: 8, account: checking, raise: 100), subscription("Hulu", day: 25, account: checking),
    ].compactMap(\.self)
    plan.standing = [StandingTransfer(rhythm: .weekly(5), minor: 1000, from: checking, to: savings)]
    plan.cushions = [
      Cushion(
        account: checking, reserve: savings, lowMinor: 2000, refillMinor: 2000, highMinor: 150_000, keepMinor: 90_000,
        skimDay: 12, attention: 350)
    ]
    plan.advances = Advances(
      account: checking, merchants: [("EarnIn", "EARNIN"), ("Dave", "DAVE INC"), ("DailyPay", "DAILYPAY")],
      belowMinor: 9000, amounts: [5000, 7500, 10_000, 10_000, 15_000], feeMinor: 399)
    let measure = Measure(
      groceries: 62, eatingOut: 44, coffee: 40, driving: 62, rides: 30, shopping: 22, body: 26, fun: 26, basket: 48)
    everyday(&plan, card: checking, debit: checking, measure)
    plan.habits += [
      Habit(
        name: "instalments", merchants: Merchants.instalments, favourites: 2, loyalty: 900,
        week: [28, 20, 20, 20, 40, 20, 10], account: checking, hours: 2...6, scale: 70),
      Habit(
        name: "smokes", merchants: Merchants.tobacco, favourites: 1, week: [20, 20, 20, 20, 60, 40, 20],
        account: checking, hours: 9...21, scale: 60),
      Habit(
        name: "bets", merchants: Merchants.lottery, favourites: 2, week: [4, 4, 8, 8, 20, 26, 24], account: checking,
        hours: 11...23, scale: 60),
    ]
    plan.friends = [
      Friends(account: checking, app: "Cash App", sends: 46, receives: 40, low: 500, high: 5200)
    ]
    plan.cash = CashHabit(account: checking, perMille: 60, amounts: [2000, 2000, 4000, 6000], foreignMachine: 420)
    plan.appetite = usedTo(plan, [checking, savings], perMonth: 1200, step: 900, percents: 25...170)
    return plan
  }
}
