// Wages, bonuses, leave, retirement contributions, and early access to wages.

import Finance

extension Life {
  mutating func earn() {
    for (index, job) in plan.jobs.enumerated() where job.span.contains(today.days) {
      guard let nominal = job.rhythm.falls(on: today, .before) else { continue }
      pay(job, index, nominal)
    }
    for job in plan.jobs where job.span.contains(today.days) {
      guard let bonus = job.bonus, Rhythm.monthly(15).falls(on: today, .before)?.month == bonus.month else { continue }
      emit(wage(job, bonus.minor, suffix: " BONUS"))
    }
    borrowWages()
  }

  private mutating func pay(_ job: Job, _ index: Int, _ nominal: Civil) {
    var chance = chance("pay", index)
    var net = raised(job)
    if job.swingPercent > 0 { net += net * chance.minor(-job.swingPercent...job.swingPercent) / 100 }
    if let leave = job.leave, leave.span.contains(nominal.days) { net = net * leave.percent / 100 }
    guard net > 0 else { return }
    emit(wage(job, net, suffix: job.category == .incomeSalary ? " PAYROLL" : ""))
    if let owed = advanceOwed { repay(owed) }
    if let retirement = job.retirement { contribute(retirement) }
  }

  /// The net pay after a rise every New Year.
  private func raised(_ job: Job) -> Int64 {
    let start = CalendarDate(days: max(job.span.from, plan.from.days)).year
    var net = job.netMinor
    for _ in 0..<max(0, today.civil.year - start) { net += net * job.raisePerMille / 1000 }
    return net
  }

  private func wage(_ job: Job, _ net: Int64, suffix: String) -> BankEntry {
    let name = Descriptor.cut(job.descriptor, to: 22) + suffix
    return clearing(
      job.account, -net, party: job.employer, descriptor: name, entryClass: "PPD", category: job.category,
      person: job.worker)
  }

  /// The contribution never passes through the bank account: it buys on the next working day.
  private mutating func contribute(_ retirement: Job.Retirement) {
    let account = plan.accounts[retirement.account]
    for (minor, label) in [(retirement.ownMinor, "Employee pre-tax"), (retirement.matchMinor, "Company match")]
    where minor > 0 {
      record(
        movement(account, -minor, "Contribution - \(label)", type: "cash", subtype: "contribution"))
      purchaseShares(
        retirement.security, minor, account: retirement.account, name: "Buy \(retirement.security) - \(label)",
        subtype: "contribution", on: today.date.adding(businessDays: 1))
    }
  }

  // MARK: Advances

  private mutating func repay(_ owed: (minor: Int64, merchant: Int)) {
    guard let advances = plan.advances else { return }
    let lender = advances.merchants[owed.merchant]
    emit(
      clearing(
        advances.account, owed.minor, party: lender.name, descriptor: lender.descriptor + " REPAYMENT",
        entryClass: "WEB",
        category: .loanPaymentsEwa))
    advanceOwed = nil
  }

  private mutating func borrowWages() {
    guard let advances = plan.advances, advanceOwed == nil, today.isBusinessDay,
      available(advances.account) < advances.belowMinor
    else { return }
    var chance = chance("advance")
    guard chance.perMille(620) else { return }
    let merchant = chance.int(0...advances.merchants.count - 1)
    let minor = chance.pick(advances.amounts)
    let lender = advances.merchants[merchant]
    emit(
      clearing(
        advances.account, -minor, party: lender.name, descriptor: lender.descriptor + " ADVANCE", entryClass: "WEB",
        category: .loanDisbursementsEwa))
    advanceOwed = (minor + advances.feeMinor, merchant)
  }
}
