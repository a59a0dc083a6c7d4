// What recurs: bills, subscriptions with trials and price rises, loans.

import Finance

extension Life {
  mutating func payBills() {
    for (index, bill) in plan.bills.enumerated() where bill.span.contains(today.days) {
      guard let nominal = bill.rhythm.falls(on: today, bill.shift), bill.span.contains(nominal.days) else { continue }
      var chance = chance("bill", index)
      let amount = minor(bill.price, &chance)
      switch bill.rail {
      case .card:
        guard let merchant = bill.merchant else { continue }
        emit(purchase(merchant, amount, account: bill.account, hours: 2...7, &chance))
      case .check:
        var row = check(bill.account, amount, category: bill.category)
        row.postsOn = today.date.adding(businessDays: chance.int(1...2))
        row.isPendingFirst = true
        emit(row)
      case .ach:
        var row = clearing(
          bill.account, amount, party: bill.payee, descriptor: bill.descriptor, entryClass: "WEB",
          category: bill.category, site: bill.site)
        // The first of the month on a Sunday: ordered today, booked on the next working day.
        row.postsOn = today.date.onOrAfterBusinessDay
        emit(row)
      }
    }
  }

  mutating func renew() {
    for (index, subscription) in plan.subscriptions.enumerated() {
      if subscription.trialDays > 0, today.days == subscription.span.from { tryOut(subscription) }
      let free = subscription.span.from == .min ? Int.min : subscription.span.from + subscription.trialDays
      guard today.days >= free, today.days < subscription.span.until,
        subscription.rhythm.falls(on: today, .none) != nil
      else { continue }
      var chance = chance("renewal", index)
      let amount = minor(subscription.price, &chance)
      emit(purchase(subscription.merchant, amount, account: subscription.account, hours: 1...9, &chance))
    }
  }

  /// A trial begins with a hold of a dollar that proves the card and vanishes.
  private mutating func tryOut(_ subscription: Subscription) {
    var chance = chance("trial")
    emit(hold(purchase(subscription.merchant, 100, account: subscription.account, &chance), days: 3))
  }

  /// A reservation that never posts.
  func hold(_ entry: BankEntry, days: Int) -> BankEntry {
    var entry = entry
    entry.postsOn = nil
    entry.isPendingFirst = true
    entry.vanishesOn = today.date + days
    return entry
  }

  mutating func payLoans() {
    for (index, loan) in plan.loans.enumerated() {
      guard Rhythm.monthly(loan.day).falls(on: today, .after) != nil, funds[loan.loan] < 0 else { continue }
      let interest = accruals[loan.loan] / 3_650_000
      accruals[loan.loan] -= interest * 3_650_000
      let owed = -funds[loan.loan] + interest
      let instalment = min(loan.instalmentMinor, owed + loan.escrowMinor)
      let pair = "loan-\(index)-" + Chance.digits(of: plan.seed, today.days, 400 + index)
      var out = clearing(
        loan.payer, instalment, party: loan.servicer, descriptor: loan.descriptor, entryClass: "WEB",
        category: loan.category)
      out.pairKey = pair
      emit(out)
      if interest > 0 {
        var charged = row(loan.loan, interest, "INTEREST CHARGED", .bankFeesInterestCharge)
        charged.transactionCode = "interest"
        emit(charged)
      }
      if loan.escrowMinor > 0 {
        emit(row(loan.loan, loan.escrowMinor, "ESCROW DISBURSEMENT", .generalServicesInsurance))
      }
      var into = row(loan.loan, -instalment, "PAYMENT RECEIVED - THANK YOU", loan.category)
      into.originalDescription = "AUTO DEBIT PAYMENT RECEIVED - THANK YOU"
      into.transactionCode = "payment"
      into.pairKey = pair
      arrive(into, on: today.date.adding(businessDays: 1))
    }
  }
}
