// What the personas have in common: people, a city, its utilities, and the habits of ordinary days.

import Finance

/// Builds plans. Everything random here depends on the seed alone.
struct Builder {
  let persona: Persona
  let seed: UInt64
  let from: CalendarDate

  func chance(_ rule: StaticString, _ index: Int = 0) -> Chance { Chance(seed, rule, persona.number, index) }

  /// A plan with people and a place, and nothing else.
  func blank(people: Int) -> Plan {
    var chance = chance("people")
    let city = chance.pick(City.all)
    let last = chance.pick(Names.last)
    let start = chance.int(0...Names.first.count - 1)
    let names = (0..<people).map { Names.first[(start + $0 * 7) % Names.first.count] + " " + last }
    let holder = BankHolder(
      names: names, street: "\(chance.int(100...4900)) \(chance.pick(city.streets))", city: city.name,
      region: city.region, postalCode: city.postalPrefix + Descriptor.two(chance.int(1...58)), country: "US")
    // Rules of one seed differ between personas, because their plans have other seeds.
    return Plan(seed: seed ^ (Chance.hash(persona.rawValue) &* 31), from: from, city: city, holder: holder)
  }

  /// A day so many days after the first.
  func day(_ range: ClosedRange<Int>, _ rule: StaticString) -> Int {
    var chance = chance(rule)
    return from.days + chance.int(range)
  }

  func employers(_ count: Int) -> [String] {
    var chance = chance("employers")
    let start = chance.int(0...Names.employers.count - 1)
    return (0..<count).map { Names.employers[(start + $0 * 5) % Names.employers.count] }
  }

  /// So many merchants of the tables that trade here.
  func local(_ plan: Plan, _ merchants: [Merchant]) -> [Merchant] {
    merchants.filter { $0.trades(in: plan.city.region) }
  }

  func one(_ plan: Plan, _ merchants: [Merchant], _ rule: StaticString) -> Merchant {
    var chance = chance(rule)
    return chance.pick(local(plan, merchants))
  }

  /// What the people of a plan are used to, from the balances they begin with.
  func usedTo(
    _ plan: Plan, _ accounts: [Int], perMonth: Int64, step: Int64, percents: ClosedRange<Int> = 55...150
  ) -> Appetite {
    let start = accounts.reduce(Int64(0)) { sum, index in
      let account = plan.accounts[index]
      return sum + (account.isOwed ? -account.openingMinor : account.openingMinor)
    }
    return Appetite(
      accounts: accounts, startMinor: start, perDayMinor: perMonth * 12 / 365, stepMinor: step, percents: percents)
  }

  // MARK: Accounts

  func account(
    _ key: String, _ name: String, _ official: String?, mask: String, _ subtype: String, opening: Int64,
    yield: Int64 = 0, currency: String = "USD"
  ) -> BankAccount {
    BankAccount(
      key: key, name: name, officialName: official, mask: mask, type: "depository", subtype: subtype,
      currency: currency, openingMinor: opening, reportsAvailable: subtype != "cd", yieldBasisPoints: yield)
  }

  func card(
    _ key: String, _ name: String, _ official: String?, mask: String, limit: Int64, opening: Int64, rate: Int64,
    statementDay: Int, dueDays: Int = 25
  ) -> BankAccount {
    BankAccount(
      key: key, name: name, officialName: official, mask: mask, type: "credit", subtype: "credit card",
      currency: "USD", limitMinor: limit, openingMinor: opening,
      terms: BankTerms(
        rateBasisPoints: rate, cashRateBasisPoints: 2999, transferRateBasisPoints: rate, statementDay: statementDay,
        dueDay: dueDays, minimumMinor: 3500))
  }

  func investment(
    _ key: String, _ name: String, _ subtype: String, mask: String, cash: Int64 = 0, _ positions: [BankPosition]
  ) -> BankAccount {
    BankAccount(
      key: key, name: name, officialName: nil, mask: mask, type: "investment", subtype: subtype, currency: "USD",
      openingMinor: cash, reportsAvailable: subtype == "brokerage", openingPositions: positions)
  }

  /// A position worth about so much on the first day, bought for less.
  func position(_ security: String, worth minor: Int64, gainPercent: Int64) -> BankPosition {
    let price = Market.price(of: security, on: from)
    var scale: Int64 = 10_000
    for _ in 0..<price.digits { scale *= 10 }
    // Whole thousandths of a share, as after years of round orders and reinvested dividends.
    let micros = minor * (scale / 1000) / price.units * 1000
    let worth = BankHistory.value(micros, price)
    return BankPosition(security: security, quantityMicros: micros, costMinor: worth * 100 / (100 + gainPercent))
  }

  // MARK: Bills

  func utilities(_ plan: Plan, account: Int, size percent: Int64 = 100, span: Span = Span()) -> [Bill] {
    var chance = chance("utilities")
    let city = plan.city
    let days = [chance.int(8...12), chance.int(16...21), chance.int(3...7), chance.int(22...27)]
    func utility(_ name: String, _ category: BankCategory, _ day: Int, _ price: Price, _ rhythm: Rhythm? = nil) -> Bill
    {
      Bill(
        payee: name, descriptor: Descriptor.cut(Descriptor.upper(name), to: 20) + " WEB PMTS", category: category,
        rhythm: rhythm ?? .monthly(day), price: price, account: account, span: span)
    }
    return [
      utility(
        city.electric, .rentAndUtilitiesGasAndElectricity, days[0],
        .seasonal(10_400 * percent / 100, [108, 98, 84, 78, 86, 118, 142, 146, 118, 86, 88, 104])),
      utility(
        city.gas, .rentAndUtilitiesGasAndElectricity, days[1],
        .seasonal(5200 * percent / 100, [188, 176, 132, 92, 62, 46, 42, 42, 48, 70, 118, 164])),
      utility(
        city.water, .rentAndUtilitiesWater, days[2],
        .seasonal(7200 * percent / 100, [90, 90, 92, 96, 102, 112, 120, 118, 106, 98, 92, 90])),
      utility(
        city.internet, .rentAndUtilitiesInternetAndCable, days[3],
        .rising(chance.pick([5999, 6500, 7000, 7500]), perMille: 55, since: from.year)),
    ]
  }

  func onCard(_ merchant: Merchant, _ rhythm: Rhythm, _ price: Price, account: Int, span: Span = Span()) -> Bill {
    Bill(
      payee: merchant.name, descriptor: merchant.pattern, category: merchant.category, rhythm: rhythm, price: price,
      account: account, rail: .card, span: span, merchant: merchant, shift: .none)
  }

  /// The usual subscription: its price goes up once, on a day of the seed's choosing.
  func subscription(
    _ name: String, day: Int, account: Int, raise: Int64 = 0, span: Span = Span(), trial: Int = 0
  ) -> Subscription? {
    guard let merchant = Merchants.leisure.first(where: { $0.name == name }) else { return nil }
    var chance = Chance(seed, key: Chance.hash(name), 7)
    let raiseDay = from.days + chance.int(120...460)
    let price: Price =
      raise == 0
      ? .fixed(merchant.low)
      : .steps([(from: .min, minor: merchant.low), (from: raiseDay, minor: merchant.low + raise)])
    return Subscription(
      merchant: merchant, rhythm: .monthly(day), price: price, account: account, span: span, trialDays: trial)
  }
}

extension Persona {
  /// A small number for seeds; never changes.
  var number: Int {
    switch self {
    case .household: 1
    case .dynamic: 2
    case .yuppie: 3
    case .smallBusiness: 4
    case .ewaUser: 5
    case .saver: 6
    }
  }
}
