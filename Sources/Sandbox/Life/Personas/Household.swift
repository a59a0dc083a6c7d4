// The demonstration family: two earners, and two years in which a job, a home and the size of the family change.

import Finance

extension Builder {
  /// The accounts of the family, by what they are for.
  private struct Accounts {
    var checking = 0, savings = 0, reserve = 0, card = 0, euro = 0, student = 0, brokerage = 0, retirement = 0
  }

  /// When things change, in days since 1970.
  private struct Turns {
    var newJob: Int
    var move: Int
    var birth: Int
  }

  func household() -> Plan {
    var plan = blank(people: 2)
    let accounts = openAccounts(&plan)
    let summer = firstSummer(plan)
    var turns = Turns(
      newJob: day(150...245, "new job"), move: CalendarDate(days: day(300...390, "move")).firstOfMonth.days,
      birth: day(440...545, "birth"))
    // The child comes after the holiday in the euro countries, not on it.
    if turns.birth < summer.start + 75 { turns.birth = summer.start + 75 }
    plan.checking = accounts.checking
    plan.daily = accounts.card
    plan.moves = [turns.move]
    work(&plan, accounts, turns)
    dwell(&plan, accounts, turns)
    recur(&plan, accounts, turns)
    everyday(
      &plan, card: accounts.card, debit: accounts.checking,
      Measure(
        groceries: 66, eatingOut: 70, coffee: 60, driving: 78, rides: 78, shopping: 70, body: 78, fun: 80, basket: 150))
    raise(&plan, accounts, turns)
    setAside(&plan, accounts, turns)
    var chance = chance("destinations")
    let euro = [Merchants.lisbon, Merchants.rome, Merchants.barcelona, Merchants.dublin]
    let others = [Merchants.london, Merchants.mexicoCity, Merchants.montreal, Merchants.tokyo]
    plan.travel = Travel(
      card: accounts.card, foreign: (accounts.euro, "EUR", accounts.checking),
      destinations: [chance.pick(euro), chance.pick(others)], firstYear: summer.year,
      athome: Span(from: turns.birth - 60, until: turns.birth + 170), weekends: 2, nights: 6...9, people: 2)
    plan.appetite = usedTo(
      plan, [accounts.checking, accounts.savings, accounts.reserve, accounts.card], perMonth: 38_000, step: 18_000)
    return plan
  }

  /// The first holiday that can still be prepared; it leads where the euro account works.
  private func firstSummer(_ plan: Plan) -> (year: Int, start: Int) {
    for year in from.year...from.year + 1 {
      guard let newYear = CalendarDate(year: year, month: 1, day: 1) else { continue }
      let start = Life.summer(plan.seed, year, newYear.days)
      if start >= from.days + 14 { return (year, start) }
    }
    return (from.year + 1, from.days)
  }

  private func openAccounts(_ plan: inout Plan) -> Accounts {
    var chance = chance("openings")
    var accounts = Accounts()
    accounts.checking = plan.add(
      account(
        "checking", "Everyday Checking", "Gold Standard Everyday Checking", mask: "0000", "checking",
        opening: chance.minor(310_000...420_000)))
    accounts.savings = plan.add(
      account(
        "savings", "Joint Savings", "Silver Standard Joint Savings", mask: "1111", "savings",
        opening: chance.minor(780_000...1_120_000), yield: 350))
    accounts.card = plan.add(
      card(
        "credit_card", "Rewards Card", "Diamond Rewards Visa Signature", mask: "3333", limit: 1_500_000,
        opening: chance.minor(92_000...141_000), rate: 2124, statementDay: 18))
    accounts.reserve = plan.add(
      account(
        "money_market", "Money Market", "Platinum Standard Money Market", mask: "4444", "money market",
        opening: chance.minor(1_200_000...1_650_000), yield: 410))
    accounts.euro = plan.add(
      account(
        "euro", "Euro Travel Account", "Multicurrency Travel Account EUR", mask: "2020", "checking",
        opening: chance.minor(21_000...64_000), currency: "EUR"))
    accounts.student = plan.add(studentLoan(owed: chance.minor(2_180_000...2_740_000), chance: &chance))
    accounts.brokerage = plan.add(
      investment(
        "brokerage", "Individual Brokerage", "brokerage", mask: "5151", cash: chance.minor(12_000...48_000),
        [
          position("VTI", worth: chance.minor(1_150_000...1_620_000), gainPercent: 27),
          position("VXUS", worth: chance.minor(420_000...640_000), gainPercent: 8),
          position("BND", worth: chance.minor(210_000...360_000), gainPercent: -5),
          position("AAPL", worth: chance.minor(320_000...540_000), gainPercent: 61),
        ]))
    accounts.retirement = plan.add(
      investment(
        "401k", "Employer 401(k)", "401k", mask: "6666",
        [position("VFFVX", worth: chance.minor(4_600_000...6_400_000), gainPercent: 34)]))
    return accounts
  }

  func studentLoan(owed: Int64, chance: inout Chance) -> BankAccount {
    BankAccount(
      key: "student_loan", name: "Student Loan", officialName: nil, mask: "7777", type: "loan", subtype: "student",
      currency: "USD", openingMinor: owed, reportsAvailable: false,
      terms: BankTerms(
        rateBasisPoints: 525, statementDay: 1, dueDay: 20, minimumMinor: 29_654,
        originatedOn: CalendarDate(days: from.days - chance.int(2300...2900)),
        principalMinor: 3_420_000, termMonths: 120, loanName: "Direct Unsubsidized Stafford", loanType: nil,
        servicer: BankServicer(
          street: "PO Box 9635", city: "Wilkes-Barre", region: "PA", postalCode: "18773", country: "US"),
        accountNumber: chance.digits(10), paymentReference: chance.digits(8)))
  }

  private func work(_ plan: inout Plan, _ accounts: Accounts, _ turns: Turns) {
    var chance = chance("work")
    let employers = employers(3)
    let first = chance.minor(198_000...209_000)
    let match = Job.Retirement(
      account: accounts.retirement, ownMinor: 24_000, matchMinor: 12_000, security: "VFFVX")
    plan.jobs = [
      Job(
        employer: employers[0], descriptor: Descriptor.upper(employers[0]), worker: plan.holder.names[0],
        rhythm: .twiceMonthly(15, 31), netMinor: first, account: accounts.checking,
        span: Span(until: turns.newJob), bonus: (3, 180_000), retirement: match),
      Job(
        employer: employers[1], descriptor: Descriptor.upper(employers[1]), worker: plan.holder.names[0],
        rhythm: .twiceMonthly(15, 31), netMinor: first * 121 / 100, account: accounts.checking,
        span: Span(from: turns.newJob + 16), bonus: (3, 200_000), retirement: match),
      Job(
        employer: employers[2], descriptor: Descriptor.upper(employers[2]), worker: plan.holder.names[1],
        rhythm: .every(14, from: 18_271), netMinor: chance.minor(109_000...117_000), swingPercent: 3,
        account: accounts.checking, leave: (Span(from: turns.birth, until: turns.birth + 84), 65)),
    ]
    // The last pay of the old job comes with the unused holidays.
    plan.happenings.append(
      Happening(
        day: CalendarDate(days: turns.newJob + 4).onOrAfterBusinessDay.days,
        what: .credit(
          payer: employers[0], descriptor: Descriptor.cut(Descriptor.upper(employers[0]), to: 22) + " PTO PAYOUT",
          .incomeSalary, chance.minor(86_000...134_000))))
  }

  private func dwell(_ plan: inout Plan, _ accounts: Accounts, _ turns: Turns) {
    var chance = chance("home")
    let rent = chance.minor(194...212) * 1000
    let newRent = rent + chance.minor(24...33) * 1000
    let landlord = chance.pick(Names.landlords)
    plan.bills.append(
      Bill(
        payee: "Landlord", descriptor: "RENT", category: .rentAndUtilitiesRent, rhythm: .monthly(1),
        price: .fixed(rent),
        account: accounts.checking, rail: .check, span: Span(until: turns.move), shift: .none))
    plan.bills.append(
      Bill(
        payee: landlord, descriptor: Descriptor.cut(Descriptor.upper(landlord), to: 20) + " RENT WEB",
        category: .rentAndUtilitiesRent, rhythm: .monthly(1),
        price: .rising(newRent, perMille: 32, since: CalendarDate(days: turns.move).year + 1),
        account: accounts.checking, span: Span(from: turns.move), shift: .none))
    plan.bills += utilities(plan, account: accounts.checking)
    let deposit = Descriptor.cut(Descriptor.upper(landlord), to: 20) + " DEPOSIT"
    plan.happenings += [
      Happening(
        day: turns.move - 27, what: .transfer(from: accounts.reserve, to: accounts.checking, newRent + 180_000)),
      Happening(
        day: turns.move - 24, what: .ach(payee: landlord, descriptor: deposit, .rentAndUtilitiesRent, newRent)),
      Happening(
        day: turns.move - 3,
        what: .purchase(
          chance.pick(Array(Merchants.movers.dropFirst())), chance.minor(880...1290) * 100, account: accounts.card)),
      Happening(day: turns.move - 2, what: .purchase(Merchants.named("U-Haul"), 8940, account: accounts.card)),
      Happening(
        day: turns.move + 2,
        what: .purchase(Merchants.named("IKEA"), chance.minor(41_000...78_000), account: accounts.card)),
      Happening(
        day: turns.move + 6,
        what: .purchase(Merchants.named("The Home Depot"), chance.minor(9000...21_000), account: accounts.card)
      ),
      Happening(
        day: turns.move + 9,
        what: .purchase(Merchants.named("Wayfair"), chance.minor(32_000...61_000), account: accounts.card)),
      // The old landlord sends most of the first deposit back.
      Happening(
        day: turns.move + 31,
        what: .credit(
          payer: "Landlord", descriptor: "MOBILE CHECK DEPOSIT", .transferInDeposit,
          rent - chance.minor(12_000...34_000))),
      Happening(
        day: turns.move + 36, what: .transfer(from: accounts.checking, to: accounts.reserve, rent / 200_000 * 100_000)),
    ]
  }

  private func recur(_ plan: inout Plan, _ accounts: Accounts, _ turns: Turns) {
    let card = accounts.card
    let chance = chance("recurring")
    var days = chance
    plan.bills += [
      onCard(
        one(plan, Array(Merchants.telephone.prefix(3)), "phone"), .monthly(days.int(4...9)), .fixed(12_486),
        account: card),
      onCard(
        one(plan, Array(Merchants.insurance.prefix(3)), "car insurance"), .monthly(days.int(11...15)),
        .rising(14_218, perMille: 74, since: from.year), account: card),
      onCard(Merchants.named("Lemonade"), .monthly(days.int(2...6)), .fixed(1817), account: card),
      onCard(
        Merchants.named("YMCA"), .monthly(days.int(1...5)), .rising(7800, perMille: 40, since: from.year), account: card
      ),
      onCard(
        Merchants.named("Waste Management"), .quarterly(2, 14), .fixed(6870), account: card,
        span: Span(from: turns.move)),
    ]
    // The car was bought before the history begins and is paid off in its fifth year.
    plan.bills.append(
      Bill(
        payee: "Toyota Financial Services", descriptor: "TOYOTA FINANCIAL RETAIL PAY",
        category: .loanPaymentsCarPayment,
        rhythm: .monthly(days.int(22...27)), price: .fixed(days.minor(33_100...39_800)), account: accounts.checking,
        span: Span(until: from.days + 1420), site: "toyotafinancial.com"))
    let trial = from.days + 70
    plan.subscriptions = [
      subscription("Netflix", day: days.int(3...9), account: card, raise: 250),
      subscription("Spotify", day: days.int(10...15), account: card, raise: 100),
      subscription("Apple iCloud+", day: days.int(16...20), account: card),
      subscription("The Washington Post", day: days.int(20...24), account: card, raise: 800),
      subscription(
        "Disney+", day: days.int(24...28), account: card, raise: 200, span: Span(from: trial), trial: 7),
      subscription(
        "Headspace", day: days.int(6...12), account: card, span: Span(from: trial + 190, until: trial + 196), trial: 14),
      subscription(
        "Max", day: days.int(12...18), account: card, span: Span(from: from.days + 30, until: from.days + 340)),
    ].compactMap(\.self)
    if let prime = Merchants.leisure.first(where: { $0.name == "Amazon Prime" }) {
      plan.subscriptions.append(
        Subscription(
          merchant: prime, rhythm: .yearly(days.int(2...5), days.int(5...25)), price: .fixed(13_900), account: card))
    }
    plan.bills.append(
      onCard(Merchants.named("TurboTax"), .yearly(3, days.int(4...26)), .fixed(12_900), account: card))
    plan.loans = [
      LoanPayment(
        loan: accounts.student, payer: accounts.checking, day: 20, instalmentMinor: 29_654, rateBasisPoints: 525,
        servicer: "Dept of Education", descriptor: "DEPT EDUCATION STUDENT LN",
        category: .loanPaymentsStudentLoanPayment)
    ]
    refundTaxes(&plan)
    plan.cards = [
      CardPayment(
        card: card, payer: accounts.checking, statementDay: 18, payAfter: 22, minimumMinor: 3500, rateBasisPoints: 2124)
    ]
    plan.friends = [
      Friends(account: accounts.checking, app: "Venmo", sends: 38, receives: 26, low: 800, high: 6400),
      Friends(account: accounts.checking, app: "Zelle", sends: 16, receives: 8, low: 2000, high: 14_000),
    ]
    plan.cash = CashHabit(
      account: accounts.checking, perMille: 48, amounts: [4000, 6000, 6000, 8000, 10_000, 20_000], foreignMachine: 180)
  }

  /// In March or April of every year.
  private func refundTaxes(_ plan: inout Plan) {
    for year in 0..<12 {
      guard let march = CalendarDate(year: from.year + year, month: 3, day: 14) else { continue }
      var refund = self.chance("tax refund", year)
      plan.happenings.append(
        Happening(
          day: (march + refund.int(0...30)).onOrAfterBusinessDay.days,
          what: .credit(
            payer: "IRS", descriptor: "IRS TREAS 310 TAX REF", .incomeTaxRefund, refund.minor(92_000...218_000))))
    }
  }

  /// What a child costs: before, at birth, and ever after.
  private func raise(_ plan: inout Plan, _ accounts: Accounts, _ turns: Turns) {
    var chance = chance("child")
    let card = accounts.card
    let birth = turns.birth
    let obgyn = Merchants.named("Women's Care Associates")
    for visit in 0..<6 {
      plan.happenings.append(
        Happening(
          day: birth - 190 + visit * 30 + chance.int(0...6),
          what: .purchase(obgyn, chance.minor(30...60) * 100, account: card)))
    }
    plan.happenings += [
      Happening(
        day: birth - 74, what: .purchase(Merchants.named("Babylist"), chance.minor(34_000...52_000), account: card)),
      Happening(
        day: birth - 51, what: .purchase(Merchants.named("Buybuy Baby"), chance.minor(16_000...29_000), account: card)),
      Happening(
        day: birth - 40, what: .purchase(Merchants.named("IKEA"), chance.minor(24_000...46_000), account: card)),
      Happening(day: birth + 33, what: .transfer(from: accounts.reserve, to: accounts.checking, 250_000)),
      Happening(
        day: birth + 38,
        what: .purchase(Merchants.named("St. Brigid Medical Center"), chance.minor(168_000...236_000), account: card)),
      Happening(day: birth + 61, what: .purchase(Merchants.named("Shutterfly"), 6480, account: card)),
    ]
    plan.habits += [
      Habit(
        name: "diapers", merchants: Array(Merchants.superstores.prefix(3)) + [Merchants.named("Amazon")], favourites: 2,
        week: [70, 60, 60, 60, 70, 120, 110], account: card, hours: 8...21, scale: 36, span: Span(from: birth + 3)),
      Habit(
        name: "baby things", merchants: Merchants.baby + [Merchants.named("Carter's")], favourites: 3,
        week: [12, 12, 12, 12, 16, 40, 34], account: card, hours: 9...20, scale: 42, span: Span(from: birth - 90)),
      Habit(
        name: "pediatrician", merchants: [Merchants.named("Riverbend Pediatrics")], favourites: 1,
        week: [14, 14, 14, 14, 14, 0, 0],
        account: card, hours: 8...16, scale: 60, span: Span(from: birth + 5)),
    ]
    plan.larder?.mouths = (Span(from: birth + 150), 108)
    let nursery = one(plan, Array(Merchants.childcare.prefix(3)), "nursery")
    let fee = chance.minor(122...138) * 1000
    plan.bills.append(
      Bill(
        payee: nursery.name, descriptor: Descriptor.cut(Descriptor.upper(nursery.name), to: 20) + " TUITION",
        category: .generalServicesChildcare, rhythm: .monthly(3),
        price: .rising(fee, perMille: 35, since: CalendarDate(days: birth).year + 1), account: accounts.checking,
        span: Span(from: birth + 98), site: nursery.site))
  }

  private func setAside(_ plan: inout Plan, _ accounts: Accounts, _ turns: Turns) {
    plan.standing = [
      StandingTransfer(
        rhythm: .monthly(5), minor: 40_000, from: accounts.checking, to: accounts.savings,
        span: Span(until: turns.birth)),
      StandingTransfer(
        rhythm: .monthly(5), minor: 20_000, from: accounts.checking, to: accounts.savings,
        span: Span(from: turns.birth)),
    ]
    plan.cushions = [
      Cushion(
        account: accounts.checking, reserve: accounts.savings, lowMinor: 60_000, refillMinor: 60_000,
        highMinor: 520_000, keepMinor: 400_000, skimDay: 11)
    ]
    plan.investing = [
      Investing(
        account: accounts.brokerage, payer: accounts.checking, rhythm: .monthly(8), minor: 25_000,
        allocation: [("VTI", 60), ("VXUS", 25), ("BND", 15)], broker: "Vanguard", saleFeeMinor: 3),
      Investing(
        account: accounts.retirement, payer: nil, rhythm: .monthly(1), minor: 0, allocation: [], broker: "Retirement",
        feeBasisPoints: 8),
    ]
    // The deposit for the new flat: a part of the winner is sold.
    plan.happenings.append(
      Happening(
        day: CalendarDate(days: turns.move - 44).onOrAfterBusinessDay.days,
        what: .sale(investing: 0, security: "AAPL", perMille: 350)))
  }
}
