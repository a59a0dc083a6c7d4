// A couple close to retirement: pensions, a mortgage nearly paid, certificates, retirement accounts, doctors, a garden.

import Finance

extension Builder {
  func saver() -> Plan {
    var plan = blank(people: 2)
    var chance = chance("openings")
    let checking = plan.add(
      account(
        "checking", "Interest Checking", "Advantage Interest Checking", mask: "4410", "checking",
        opening: chance.minor(720_000...980_000), yield: 5))
    let market = plan.add(
      account(
        "money_market", "Money Market", "Platinum Standard Money Market", mask: "4444", "money market",
        opening: chance.minor(4_120_000...4_980_000), yield: 415))
    _ = plan.add(
      account(
        "cd", "12 Month CD", "Bronze Standard 12 Month Certificate", mask: "2222", "cd", opening: 2_500_000, yield: 465)
    )
    let hsa = plan.add(
      account(
        "hsa", "Health Savings", "Health Savings Account", mask: "9001", "hsa",
        opening: chance.minor(540_000...690_000), yield: 25))
    let card = plan.add(
      self.card(
        "credit_card", "Cash Back Card", "Cash Back Visa Signature", mask: "4433", limit: 1_800_000,
        opening: chance.minor(108_000...162_000), rate: 1874, statementDay: 24))
    let mortgage = plan.add(houseLoan(plan, chance: &chance))
    let brokerage = plan.add(
      investment(
        "brokerage", "Joint Brokerage", "brokerage", mask: "4455", cash: 214_300,
        [
          position("VTI", worth: 9_840_000, gainPercent: 74), position("BND", worth: 5_120_000, gainPercent: -6),
          position("SCHD", worth: 3_860_000, gainPercent: 33), position("UST-2031", worth: 2_500_000, gainPercent: 1),
        ]))
    let ira = plan.add(
      investment("ira", "Rollover IRA", "ira", mask: "5555", [position("VTINX", worth: 28_400_000, gainPercent: 21)]))
    plan.checking = checking
    plan.daily = card
    pensions(&plan, checking, hsa: hsa)
    plan.loans = [
      LoanPayment(
        loan: mortgage, payer: checking, day: 1, instalmentMinor: 168_420, escrowMinor: 52_300, rateBasisPoints: 325,
        servicer: "Home Mortgage Servicing", descriptor: "HOME MORTGAGE SVC PYMT",
        category: .loanPaymentsMortgagePayment)
    ]
    recur(&plan, checking, card)
    plan.standing = [StandingTransfer(rhythm: .monthly(6), minor: 30_000, from: checking, to: market)]
    plan.cushions = [
      Cushion(
        account: checking, reserve: market, lowMinor: 200_000, refillMinor: 200_000, highMinor: 1_200_000,
        keepMinor: 800_000, skimDay: 15, attention: 900)
    ]
    plan.cards = [
      CardPayment(
        card: card, payer: checking, statementDay: 24, payAfter: 18, minimumMinor: 3500, rateBasisPoints: 1874)
    ]
    invest(&plan, brokerage: brokerage, ira: ira)
    let measure = Measure(
      groceries: 74, eatingOut: 52, coffee: 30, driving: 84, rides: 8, shopping: 62, body: 190, fun: 60, basket: 96)
    everyday(&plan, card: card, debit: checking, measure)
    plan.habits.append(
      Habit(
        name: "health account", merchants: Merchants.doctors + Merchants.otherMedical.prefix(2), favourites: 3,
        week: [20, 20, 20, 20, 16, 0, 0], account: hsa, hours: 8...16, scale: 60))
    plan.travel = Travel(
      card: card, foreign: nil, destinations: [Merchants.montreal, Merchants.rome, Merchants.london],
      firstYear: from.year,
      weekends: 3, nights: 7...12, people: 2)
    plan.cash = CashHabit(account: checking, perMille: 50, amounts: [10_000, 20_000, 20_000], foreignMachine: 40)
    plan.appetite = usedTo(plan, [checking, market, card], perMonth: 60_000, step: 20_000)
    return plan
  }

  private func recur(_ plan: inout Plan, _ checking: Int, _ card: Int) {
    plan.bills = utilities(plan, account: checking, size: 118)
    plan.bills += [
      onCard(Merchants.named("T-Mobile"), .monthly(8), .fixed(9500), account: card),
      onCard(
        Merchants.named("State Farm"), .monthly(16), .rising(13_260, perMille: 60, since: from.year), account: card),
      onCard(Merchants.named("Waste Management"), .quarterly(1, 12), .fixed(7140), account: card),
      onCard(Merchants.named("YMCA"), .monthly(3), .fixed(8900), account: card),
      onCard(Merchants.named("TruGreen"), .every(42, from: 18_300), .fixed(7100), account: card),
      onCard(Merchants.named("AAA"), .yearly(5, 14), .fixed(11_900), account: card),
      Bill(
        payee: "Grace Community Church", descriptor: "TITHE", category: .governmentAndNonProfitDonations,
        rhythm: .monthly(7), price: .fixed(20_000), account: checking, rail: .check, shift: .none),
    ]
    plan.subscriptions = [
      subscription("Netflix", day: 12, account: card, raise: 250),
      subscription("The Wall Street Journal", day: 5, account: card, raise: 3499),
      subscription("SiriusXM", day: 18, account: card, raise: 300),
    ].compactMap(\.self)
  }

  /// Nothing is put in any more; dividends are reinvested and an adviser takes a fee.
  private func invest(_ plan: inout Plan, brokerage: Int, ira: Int) {
    plan.investing = [
      Investing(
        account: brokerage, payer: nil, rhythm: .monthly(1), minor: 0, allocation: [], broker: "Fidelity",
        reinvests: true,
        feeBasisPoints: 30, saleFeeMinor: 495),
      Investing(account: ira, payer: nil, rhythm: .monthly(1), minor: 0, allocation: [], broker: "Vanguard"),
    ]
    distributions(&plan)
  }

  private func houseLoan(_ plan: Plan, chance: inout Chance) -> BankAccount {
    BankAccount(
      key: "mortgage", name: "Home Loan", officialName: nil, mask: "8888", type: "loan", subtype: "mortgage",
      currency: "USD", openingMinor: chance.minor(8_640_000...11_200_000), reportsAvailable: false,
      terms: BankTerms(
        rateBasisPoints: 325, statementDay: 16, dueDay: 1, minimumMinor: 168_420,
        originatedOn: CalendarDate(days: from.days - chance.int(7300...7900)).firstOfMonth, principalMinor: 26_400_000,
        termMonths: 360, loanName: nil, loanType: "conventional", accountNumber: chance.digits(10), escrowMinor: 52_300,
        property: plan.holder))
  }

  /// Two state pensions on their Wednesdays, an employer's pension, and a health account that is topped up.
  private func pensions(_ plan: inout Plan, _ checking: Int, hsa: Int) {
    var chance = chance("pensions")
    for (index, day) in [12, 19].enumerated() {
      plan.jobs.append(
        Job(
          employer: "Social Security Administration", descriptor: "SSA TREAS 310 XXSOC",
          worker: plan.holder.names[index],
          rhythm: .monthly(day), netMinor: chance.minor(136_000...168_000), raisePerMille: 28, account: checking,
          category: .incomeRetirementPension))
    }
    plan.jobs.append(
      Job(
        employer: "State Teachers Retirement", descriptor: "STATE TCHRS RETIREMENT", worker: plan.holder.names[0],
        rhythm: .monthly(1), netMinor: chance.minor(132_000...150_000), raisePerMille: 20, account: checking,
        category: .incomeRetirementPension))
    plan.standing.append(StandingTransfer(rhythm: .quarterly(1, 18), minor: 60_000, from: checking, to: hsa))
  }

  /// Once a year a part of the retirement account is drawn, as the rules ask.
  private func distributions(_ plan: inout Plan) {
    for year in 0..<12 {
      guard let day = CalendarDate(year: from.year + year, month: 11, day: 18) else { continue }
      plan.happenings.append(
        Happening(day: day.onOrAfterBusinessDay.days, what: .sale(investing: 1, security: "VTINX", perMille: 38)))
    }
  }
}
