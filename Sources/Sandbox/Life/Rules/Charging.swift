// Interest paid and charged, and the bank's fees.

import Finance

extension Life {
  /// Runs last: it looks at the balance the day ends with.
  mutating func charge() {
    for index in plan.accounts.indices {
      let account = plan.accounts[index]
      switch account.type {
      case "depository":
        if account.yieldBasisPoints > 0 { credit(account, index) }
        if account.subtype == "checking" { overdraw(index) }
      case "loan":
        guard let terms = account.terms else { continue }
        accruals[index] += max(0, -funds[index]) * terms.rateBasisPoints
      default: continue
      }
    }
  }

  /// Daily balances times the yield, paid on the last day of the month.
  private mutating func credit(_ account: BankAccount, _ index: Int) {
    accruals[index] += max(0, funds[index]) * account.yieldBasisPoints
    guard today.civil.isLastOfMonth else { return }
    let interest = accruals[index] / 3_650_000
    accruals[index] -= interest * 3_650_000
    guard interest > 0 else { return }
    var entry = row(index, -interest, "INTEREST PAYMENT", .incomeInterestEarned)
    entry.originalDescription = "INTEREST PAYMENT PAID THIS PERIOD"
    entry.transactionCode = "interest"
    emit(entry)
  }

  /// The bank pays the item and asks for a fee, at most once in eight days.
  private mutating func overdraw(_ index: Int) {
    guard funds[index] < -5000, today.isBusinessDay, today.days - lastOverdraftFee >= 8 else { return }
    lastOverdraftFee = today.days
    var fee = row(index, 3400, "OVERDRAFT FEE", .bankFeesOverdraftFees)
    fee.originalDescription =
      "OVERDRAFT ITEM FEE FOR ACTIVITY OF " + Descriptor.two(today.civil.month) + "-"
      + Descriptor.two(today.civil.day)
    fee.transactionCode = "bank charge"
    arrive(fee, on: today.date.adding(businessDays: 1))
  }
}
