// A coffee roaster with a shop: card sales settle every working day, wages and suppliers and taxes go out.

import Finance

extension Builder {
  func smallBusiness() -> Plan {
    var plan = blank(people: 1)
    var chance = chance("openings")
    plan.holder.names = ["Copper Kettle Coffee LLC", plan.holder.names[0]]
    let checking = plan.add(
      business(
        account(
          "checking", "Business Checking", "Business Advantage Checking", mask: "8801", "checking",
          opening: chance.minor(1_820_000...2_460_000))))
    let reserve = plan.add(
      business(
        account(
          "savings", "Tax Reserve", "Business Savings", mask: "8802", "savings",
          opening: chance.minor(1_240_000...1_680_000), yield: 180)))
    let card = plan.add(
      business(
        self.card(
          "credit_card", "Business Card", "Business Cash Rewards Visa", mask: "9999", limit: 2_500_000,
          opening: chance.minor(210_000...320_000), rate: 1999, statementDay: 14)))
    plan.checking = checking
    plan.daily = card
    takeIn(&plan, checking)
    payOut(&plan, checking, card)
    supply(&plan, card)
    plan.cash = CashHabit(account: checking, perMille: 34, amounts: [10_000, 20_000, 20_000], foreignMachine: 0)
    plan.standing = [StandingTransfer(rhythm: .weekly(1), minor: 90_000, from: checking, to: reserve)]
    plan.cushions = [
      Cushion(
        account: checking, reserve: reserve, lowMinor: 600_000, refillMinor: 500_000, highMinor: 3_600_000,
        keepMinor: 2_400_000, skimDay: 12)
    ]
    plan.cards = [
      CardPayment(
        card: card, payer: checking, statementDay: 14, payAfter: 20, minimumMinor: 5000, rateBasisPoints: 1999)
    ]
    plan.appetite = usedTo(plan, [checking, reserve, card], perMonth: 60_000, step: 24_000)
    return plan
  }

  private func business(_ account: BankAccount) -> BankAccount {
    var account = account
    account.holderCategory = "business"
    return account
  }

  /// Card sales arrive on working days, Monday's with the weekend in it; web orders once a week; some wholesale.
  private func takeIn(_ plan: inout Plan, _ checking: Int) {
    var chance = chance("takings")
    let day = chance.minor(132_000...138_000)
    for (weekday, percent) in [(1, 228), (2, 84), (3, 88), (4, 96), (5, 104)] as [(Int, Int64)] {
      plan.jobs.append(
        Job(
          employer: "Square", descriptor: "SQUARE INC SDV", worker: plan.holder.names[0], rhythm: .weekly(weekday),
          netMinor: day * percent / 100, swingPercent: 16, raisePerMille: 35, account: checking, category: .incomeOther)
      )
    }
    plan.jobs += [
      Job(
        employer: "Shopify", descriptor: "SHOPIFY TRANSFER", worker: plan.holder.names[0], rhythm: .weekly(3),
        netMinor: 62_400, swingPercent: 30, raisePerMille: 60, account: checking, category: .incomeOther),
      Job(
        employer: "Half Moon Tavern", descriptor: "HALF MOON TAVERN BILL.COM", worker: plan.holder.names[0],
        rhythm: .monthly(24), netMinor: 118_000, swingPercent: 12, raisePerMille: 20, account: checking,
        category: .incomeContractor),
    ]
  }

  private func payOut(_ plan: inout Plan, _ checking: Int, _ card: Int) {
    func debit(_ payee: String, _ text: String, _ category: BankCategory, _ rhythm: Rhythm, _ price: Price) -> Bill {
      Bill(payee: payee, descriptor: text, category: category, rhythm: rhythm, price: price, account: checking)
    }
    plan.bills = [
      Bill(
        payee: "Harmon Properties", descriptor: "RENT", category: .rentAndUtilitiesRent, rhythm: .monthly(1),
        price: .rising(385_000, perMille: 30, since: from.year), account: checking, rail: .check, shift: .none),
      debit(
        "Gusto", "GUSTO NET", .generalServicesOtherGeneralServices, .every(14, from: 18_270), .between(748_000, 836_000)
      ),
      debit(
        "Gusto", "GUSTO TAX", .governmentAndNonProfitTaxPayment, .every(14, from: 18_270), .between(206_000, 238_000)),
      debit("Gusto", "GUSTO FEE", .generalServicesAccountingAndFinancialPlanning, .monthly(5), .fixed(6400)),
      debit("IRS", "IRS USATAXPYMT", .governmentAndNonProfitTaxPayment, .quarterly(1, 15), .between(280_000, 340_000)),
      debit(
        "State Department of Revenue", "STATE REVENUE SALES TAX", .governmentAndNonProfitTaxPayment, .monthly(20),
        .between(142_000, 176_000)),
      debit("The Hartford", "THE HARTFORD NTCLSTA", .generalServicesInsurance, .monthly(9), .fixed(21_870)),
      debit("Owner Draw", "ACH TRANSFER OWNER DRAW", .transferOutAccountTransfer, .monthly(28), .fixed(420_000)),
      debit(
        "Larkin Bookkeeping", "LARKIN BOOKKEEPING LLC", .generalServicesAccountingAndFinancialPlanning, .monthly(10),
        .fixed(29_500)),
      onCard(Merchants.named("Shopify"), .monthly(4), .fixed(10_500), account: card),
      onCard(Merchants.named("Google Workspace"), .monthly(2), .fixed(4320), account: card),
      onCard(
        Merchants.named("QuickBooks"), .monthly(13), .rising(6500, perMille: 120, since: from.year), account: card),
      onCard(Merchants.named("Mailchimp"), .monthly(18), .fixed(2650), account: card),
      onCard(Merchants.named("Republic Services"), .monthly(25), .fixed(14_270), account: card),
      onCard(Merchants.named("SimpliSafe"), .monthly(21), .fixed(3199), account: card),
    ]
    plan.bills += utilities(plan, account: checking, size: 310)
  }

  private func supply(_ plan: inout Plan, _ card: Int) {
    plan.car = Car(perDayE3: 1100)
    plan.habits = [
      Habit(
        name: "beans", merchants: [Merchants.named("Cedar Valley Roasting Supply")], favourites: 1,
        week: [0, 420, 0, 0, 60, 0, 0],
        account: card,
        hours: 8...15, scale: 130),
      Habit(
        name: "dairy", merchants: [Merchants.named("Meadowbrook Dairy")], favourites: 1,
        week: [900, 0, 0, 900, 0, 0, 0],
        account: card,
        hours: 5...8),
      Habit(
        name: "supplies",
        merchants: [
          Merchants.named("Restaurant Depot"), Merchants.named("WebstaurantStore"), Merchants.named("Faire"),
        ],
        favourites: 2,
        week: [120, 140, 120, 100, 120, 20, 0], account: card, hours: 8...17, scale: 58),
      Habit(
        name: "ads", merchants: Array(Merchants.advertising.prefix(2)), favourites: 2,
        week: [90, 60, 60, 60, 60, 60, 60],
        account: card, hours: 1...5, scale: 60),
      Habit(
        name: "office", merchants: Merchants.office, favourites: 2, week: [40, 40, 40, 40, 50, 20, 0], account: card),
      Habit(
        name: "shipping", merchants: Merchants.postage, favourites: 2, week: [220, 160, 180, 160, 240, 60, 0],
        account: card,
        hours: 9...17, december: 180),
      Habit(
        name: "repairs", merchants: Array(Merchants.trades.dropFirst(3).prefix(3)), favourites: 2,
        week: [12, 12, 12, 12, 12, 0, 0], account: card, hours: 8...17),
      Habit(
        name: "groceries", merchants: local(plan, Merchants.superstores + Merchants.groceries.prefix(2)), favourites: 2,
        week: [90, 70, 90, 70, 110, 90, 40], account: card, hours: 7...19),
      Habit(
        name: "fuel", merchants: local(plan, Merchants.fuel.dropLast()), favourites: 2,
        week: [160, 90, 110, 90, 140, 60, 10], need: .tank, account: card, hours: 6...18),
      Habit(
        name: "parking", merchants: Merchants.parking, favourites: 2, week: [80, 60, 60, 60, 80, 40, 0], account: card),
      Habit(
        name: "meals", merchants: local(plan, Merchants.fastFood + Merchants.restaurants), favourites: 4,
        week: [60, 60, 80, 80, 100, 60, 20], account: card, hours: 11...19),
    ]
  }
}
