// Single, well paid, in town: rides, tables, flights, a balance carried on the card, coins.

import Finance

extension Builder {
  func yuppie() -> Plan {
    var plan = blank(people: 1)
    var chance = chance("openings")
    let checking = plan.add(
      account(
        "checking", "Total Checking", "Premier Total Checking", mask: "7012", "checking",
        opening: chance.minor(410_000...560_000)))
    let savings = plan.add(
      account(
        "savings", "High Yield Savings", "Online High Yield Savings", mask: "7013", "savings",
        opening: chance.minor(820_000...1_140_000), yield: 425))
    let card = plan.add(
      self.card(
        "credit_card", "Sapphire Card", "Sapphire Travel Visa Infinite", mask: "7044", limit: 2_200_000,
        opening: chance.minor(240_000...330_000), rate: 2449, statementDay: 9))
    let store = plan.add(
      self.card(
        "store_card", "Freedom Card", "Freedom Cash Mastercard", mask: "7051", limit: 900_000,
        opening: chance.minor(64_000...98_000), rate: 2249, statementDay: 22))
    let brokerage = plan.add(
      investment(
        "brokerage", "Self-Directed Brokerage", "brokerage", mask: "7090", cash: 38_240,
        [
          position("VOO", worth: 1_430_000, gainPercent: 31), position("NVDA", worth: 380_000, gainPercent: 144),
          position("MSFT", worth: 290_000, gainPercent: 38),
        ]))
    let roth = plan.add(
      investment(
        "roth", "Roth IRA", "roth", mask: "7091", [position("FXAIX", worth: 2_180_000, gainPercent: 42)]))
    let coins = plan.add(
      investment(
        "crypto", "Coin Wallet", "crypto exchange", mask: "7099",
        [position("BTC", worth: 310_000, gainPercent: 88), position("ETH", worth: 120_000, gainPercent: 12)]))
    plan.checking = checking
    plan.daily = card
    work(&plan, checking)
    dwell(&plan, checking, card)
    addSubscriptions(&plan, card: card, store: store)
    plan.standing = [StandingTransfer(rhythm: .monthly(2), minor: 50_000, from: checking, to: savings)]
    plan.cushions = [
      Cushion(
        account: checking, reserve: savings, lowMinor: 70_000, refillMinor: 100_000, highMinor: 700_000,
        keepMinor: 450_000, skimDay: 17)
    ]
    plan.cards = [
      CardPayment(
        card: card, payer: checking, statementDay: 9, payAfter: 21, percent: 88, minimumMinor: 4000,
        rateBasisPoints: 2449),
      CardPayment(
        card: store, payer: checking, statementDay: 22, payAfter: 23, minimumMinor: 3500, rateBasisPoints: 2249),
    ]
    invest(&plan, checking: checking, brokerage: brokerage, roth: roth, coins: coins)
    let measure = Measure(
      groceries: 52, eatingOut: 132, coffee: 110, driving: 8, rides: 260, shopping: 110, body: 100, fun: 130, basket: 88
    )
    everyday(&plan, card: card, debit: store, measure)
    plan.friends = [Friends(account: checking, app: "Venmo", sends: 110, receives: 70, low: 900, high: 8800)]
    plan.cash = CashHabit(account: checking, perMille: 26, amounts: [4000, 6000, 8000], foreignMachine: 500)
    plan.travel = Travel(
      card: card, foreign: nil,
      destinations: [Merchants.tokyo, Merchants.london, Merchants.mexicoCity, Merchants.lisbon],
      firstYear: from.year, weekends: 4, nights: 5...9, people: 1)
    plan.appetite = usedTo(plan, [checking, savings, card, store], perMonth: 36_000, step: 14_000)
    return plan
  }

  private func work(_ plan: inout Plan, _ checking: Int) {
    var chance = chance("work")
    let employers = employers(2)
    let switchDay = day(260...420, "new job")
    let pay = chance.minor(262_000...281_000)
    plan.jobs = [
      Job(
        employer: employers[0], descriptor: Descriptor.upper(employers[0]), worker: plan.holder.names[0],
        rhythm: .twiceMonthly(15, 31), netMinor: pay, account: checking, span: Span(until: switchDay),
        bonus: (3, 640_000)),
      Job(
        employer: employers[1], descriptor: Descriptor.upper(employers[1]), worker: plan.holder.names[0],
        rhythm: .twiceMonthly(15, 31), netMinor: pay * 111 / 100, account: checking, span: Span(from: switchDay + 12),
        bonus: (3, 720_000)),
    ]
  }

  private func dwell(_ plan: inout Plan, _ checking: Int, _ card: Int) {
    var chance = chance("home")
    let landlord = chance.pick(Names.landlords)
    let rent = chance.minor(212...238) * 1000
    plan.bills = [
      Bill(
        payee: landlord, descriptor: Descriptor.cut(Descriptor.upper(landlord), to: 20) + " RENT WEB",
        category: .rentAndUtilitiesRent, rhythm: .monthly(1), price: .rising(rent, perMille: 42, since: from.year),
        account: checking, shift: .none)
    ]
    plan.bills += utilities(plan, account: checking, size: 55).enumerated().filter { $0.offset != 2 }.map(\.element)
    plan.bills += [
      onCard(Merchants.named("Verizon Wireless"), .monthly(6), .fixed(9240), account: card),
      onCard(Merchants.named("Orangetheory Fitness"), .monthly(3), .fixed(16_900), account: card),
      onCard(Merchants.named("ClassPass"), .monthly(19), .fixed(7900), account: card),
      onCard(Merchants.named("Lemonade"), .monthly(12), .fixed(1483), account: card),
    ]
  }

  private func addSubscriptions(_ plan: inout Plan, card: Int, store: Int) {
    plan.subscriptions = [
      subscription("Netflix", day: 4, account: card, raise: 250),
      subscription("Spotify", day: 11, account: card, raise: 100),
      subscription("YouTube Premium", day: 16, account: card), subscription("Apple iCloud+", day: 21, account: store),
      subscription("OpenAI", day: 23, account: card),
      subscription("The New York Times", day: 26, account: store, raise: 1300),
      subscription(
        "Paramount+", day: 8, account: store, span: Span(from: from.days + 45, until: from.days + 52), trial: 7),
      subscription("1Password", day: 14, account: store), subscription("Patreon", day: 1, account: store),
    ].compactMap(\.self)
  }

  private func invest(_ plan: inout Plan, checking: Int, brokerage: Int, roth: Int, coins: Int) {
    plan.investing = [
      Investing(
        account: brokerage, payer: checking, rhythm: .monthly(17), minor: 40_000,
        allocation: [("VOO", 75), ("MSFT", 25)],
        broker: "Robinhood", saleFeeMinor: 2),
      Investing(
        account: roth, payer: checking, rhythm: .monthly(3), minor: 30_000, allocation: [("FXAIX", 100)],
        broker: "Fidelity"),
      Investing(
        account: coins, payer: checking, rhythm: .weekly(1), minor: 2500, allocation: [("BTC", 70), ("ETH", 30)],
        broker: "Coinbase"),
    ]
  }
}
