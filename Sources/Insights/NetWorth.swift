package import Basics
package import Finance
package import Store

/// What is owned and owed, each currency by itself: nothing is converted, and nothing of two currencies is added.
package struct NetWorth: Sendable, Equatable {
  package struct Worth: Sendable, Equatable {
    package let currency: Currency
    /// Balances above zero.
    package fileprivate(set) var assetsMinor: Int64 = 0
    /// Balances below zero, as a negative number: debts, and accounts that are overdrawn.
    package fileprivate(set) var debtsMinor: Int64 = 0
    package fileprivate(set) var totalMinor: Int64 = 0
    /// Positive balances that could be spent tomorrow: see ``AccountKind/isLiquid``.
    package fileprivate(set) var liquidMinor: Int64 = 0
    package fileprivate(set) var investedMinor: Int64 = 0

    init(_ currency: Currency) { self.currency = currency }

    package var liquid: Money { Money(minorUnits: liquidMinor, currency) }
    package var owed: Money { Money(minorUnits: debtsMinor, currency) }
    package var total: Money { Money(minorUnits: totalMinor, currency) }
  }

  /// The base currency first, others by code.
  package let worths: [Worth]
  /// Accounts whose balance nobody knows: in no sum, and not zero.
  package let unknown: [ID<Account>]
  /// Accounts the bank has stopped listing: their last balance is in the sums, and may be old.
  package let old: [ID<Account>]
  /// Accounts that another connection shows too: that one counts, these do not.
  package let muted: [ID<Account>]

  package init(
    _ accounts: [StoredAccount], muted: Set<ID<Account>> = [], base: Currency
  ) throws(MoneyError) {
    var worths = [base: Worth(base)]
    for account in accounts where !muted.contains(account.id) {
      guard let balance = account.currentMinor else { continue }
      var worth = worths[account.currency] ?? Worth(account.currency)
      try Self.add(balance, to: &worth.totalMinor)
      try Self.add(max(0, balance), to: &worth.assetsMinor)
      try Self.add(min(0, balance), to: &worth.debtsMinor)
      if account.kind.isLiquid { try Self.add(max(0, balance), to: &worth.liquidMinor) }
      if account.kind.isInvestment { try Self.add(balance, to: &worth.investedMinor) }
      worths[account.currency] = worth
    }
    let others = worths.values.filter { $0.currency != base }.sorted { $0.currency.code < $1.currency.code }
    self.worths = [worths[base] ?? Worth(base)] + others
    unknown = accounts.filter { $0.currentMinor == nil && !muted.contains($0.id) }.map(\.id)
    old = accounts.filter { $0.noLongerSentAt != nil && !muted.contains($0.id) }.map(\.id)
    self.muted = accounts.filter { muted.contains($0.id) }.map(\.id)
  }

  /// The headline: the base currency's. Zero when no account is kept in it.
  package var base: Worth { worths[0] }
  /// What the headline leaves out.
  package var others: ArraySlice<Worth> { worths.dropFirst() }

  private static func add(_ amount: Int64, to sum: inout Int64) throws(MoneyError) {
    let (result, overflowed) = sum.addingReportingOverflow(amount)
    guard !overflowed else { throw .overflow }
    sum = result
  }
}
