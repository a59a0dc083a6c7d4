// What happens once: the signs of a move, a birth, a new job, a broken boiler.

import Finance

extension Life {
  mutating func happen() {
    for (index, happening) in plan.happenings.enumerated() where happening.day == today.days {
      var chance = chance("happening", index)
      switch happening.what {
      case .purchase(let merchant, let minor, let account): spend(merchant, minor, account: account, &chance)
      case .check(_, let category, let minor):
        var row = check(plan.checking, minor, category: category)
        row.postsOn = today.date.adding(businessDays: chance.int(1...3))
        row.isPendingFirst = true
        emit(row)
      case .ach(let payee, let descriptor, let category, let minor):
        emit(
          booked(
            clearing(plan.checking, minor, party: payee, descriptor: descriptor, entryClass: "WEB", category: category))
        )
      case .credit(let payer, let descriptor, let category, let minor):
        emit(
          booked(
            clearing(plan.checking, -minor, party: payer, descriptor: descriptor, entryClass: "PPD", category: category)
          ))
      case .transfer(let from, let to, let minor): transfer(from: from, to: to, minor)
      case .sale(let investing, let security, let perMille):
        sell(plan.investing[investing], security, perMille: perMille, to: plan.checking)
      case .wire(let payee, let minor): wire(to: payee, minor, &chance)
      }
    }
  }

  /// The clearing house does not work on free days.
  func booked(_ entry: BankEntry) -> BankEntry {
    var entry = entry
    entry.postsOn = today.date.onOrAfterBusinessDay
    return entry
  }

  private mutating func wire(to payee: String, _ minor: Int64, _ chance: inout Chance) {
    let number = chance.digits(12)
    var entry = booked(row(plan.checking, minor, "DOMESTIC WIRE TRANSFER", .transferOutWire))
    entry.originalDescription = "WIRE TYPE:WIRE OUT TRN:\(number) BNF:" + Descriptor.upper(payee)
    entry.paymentMeta = BankPaymentMeta(referenceNumber: number, payee: payee, paymentMethod: "Wire")
    entry.transactionCode = "transfer"
    emit(entry)
    var fee = booked(row(plan.checking, 3000, "WIRE TRANSFER FEE", .bankFeesOtherBankFees))
    fee.transactionCode = "bank charge"
    emit(fee)
  }
}
