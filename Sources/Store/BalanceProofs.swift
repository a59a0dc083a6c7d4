package import Basics
package import Databases
package import Finance

/// Whether an account's rows explain how its balance moved since it was first known.
package struct BalanceProof: Sendable, Equatable {
  package enum Verdict: Sendable, Equatable {
    case addsUp
    /// The last balance is so much more than the first one and the rows since then.
    case differs(Money)
    case unknown(Reason)
  }

  /// Why nothing can be said.
  package enum Reason: Sendable, Equatable {
    /// The value also moves without rows: investments, loans with their interest.
    case movesByItself
    case noBalance
    /// Known for one day only: there is nothing to compare with yet.
    case oneDay
    /// Rows or balances in more than one currency.
    case currencies
    /// So many rows may count on either side of the first or the last balance.
    case unclearRows(Int)
    /// The bank no longer sends the account.
    case noLongerSent
  }

  package var account: ID<Account>
  package var name: String
  package var mask: String?
  package var verdict: Verdict
  /// First and last day a balance is known of.
  package var from: CalendarDate?
  package var through: CalendarDate?
  /// How the balance moved between the two, and what the rows booked since come to; nil where nothing was compared.
  package var moved: Money?
  package var booked: Money?

  /// Its rows would explain the balance if each stood for the opposite.
  package var isTurned: Bool {
    guard case .differs = verdict, let moved, let booked, booked.minorUnits != 0 else { return false }
    return moved.minorUnits == 0 &- booked.minorUnits
  }
}

/// Compares balances with rows: the first known balance, and every row booked since, should come to the last one.
package enum BalanceProofs {
  /// A row that is booked so late may still have been unknown to the bank when it first told the balance. What appears
  /// later with an older date is history that came in.
  private static let lateDays = 14

  /// - Parameter only: Nil: every account.
  package static func all(
    _ scope: Scope, _ session: any Session, only: ID<Account>? = nil
  ) throws -> [BalanceProof] {
    let which: SQL = only.map { "AND id = \($0)" } ?? ""
    return try session.query(
      """
      SELECT id, kind, name, mask, currency, no_longer_sent_at FROM account
      WHERE household_id = \(scope.household) AND deleted_at IS NULL\(Visibility.rows(scope, "id")) \(which)
      ORDER BY id
      """
    ) { row in
      Subject(
        id: try row(0), kind: AccountKind(rawValue: try row(1)) ?? .otherAsset, name: try row(2), mask: try row(3),
        currency: try row(4), noLongerSentAt: try row(5))
    }.map { try proof(of: $0, scope, session) }
  }

  private struct Subject: Sendable {
    var id: ID<Account>
    var kind: AccountKind
    var name: String
    var mask: String?
    var currency: Currency
    var noLongerSentAt: Timestamp?
  }

  private struct Balance: Sendable {
    var day: CalendarDate
    var minor: Int64
    var currency: Currency
    var asOf: Timestamp
  }

  /// Sums of rows, and how many they are.
  private struct Rows: Sendable {
    /// Booked after the first balance's day and not after the last one's.
    var since: Int64
    /// Booked about the first balance's day, but changed or taken back after it was told.
    var late: Int64
    var lateCount: Int
    /// Booked after the last balance's day.
    var ahead: Int64
    var aheadCount: Int
    var pending: Int64
    var pendingCount: Int
    var foreignCount: Int
  }

  private static func proof(of account: Subject, _ scope: Scope, _ session: any Session) throws -> BalanceProof {
    var proof = BalanceProof(
      account: account.id, name: account.name, mask: account.mask, verdict: .unknown(.noBalance))
    guard movesByRows(account.kind) else { return proof.with(.unknown(.movesByItself)) }
    guard account.noLongerSentAt == nil else { return proof.with(.unknown(.noLongerSent)) }
    let balances = try session.query(
      """
      SELECT day, current_minor, currency, as_of FROM balance_snapshot
      WHERE household_id = \(scope.household) AND account_id = \(account.id) AND current_minor IS NOT NULL ORDER BY day
      """
    ) { Balance(day: try $0(0), minor: try $0(1), currency: try $0(2), asOf: try $0(3)) }
    guard let first = balances.first, let last = balances.last else { return proof }
    (proof.from, proof.through) = (first.day, last.day)
    guard first.day < last.day else { return proof.with(.unknown(.oneDay)) }
    guard balances.allSatisfy({ $0.currency == account.currency }) else { return proof.with(.unknown(.currencies)) }
    let rows = try rows(of: account, first, last, scope, session)
    guard rows.foreignCount == 0 else { return proof.with(.unknown(.currencies)) }
    proof.moved = Money(minorUnits: last.minor - first.minor, account.currency)
    proof.booked = Money(minorUnits: rows.since, account.currency)
    return proof.with(verdict(last.minor - first.minor, rows, account.currency))
  }

  /// Whether a balance differed from its rows by just as much two days before the last one: what differs only since then
  /// may be a row that is yet to come.
  package static func isLasting(_ proof: BalanceProof, _ scope: Scope, _ session: any Session) throws -> Bool {
    guard case .differs(let off) = proof.verdict, let from = proof.from, let through = proof.through else {
      return false
    }
    let known = try session.query(
      """
      SELECT day, current_minor FROM balance_snapshot
      WHERE household_id = \(scope.household) AND account_id = \(proof.account) AND current_minor IS NOT NULL
        AND (day = \(from) OR day <= \(through - 2)) ORDER BY day
      """
    ) { (day: try $0(0, as: CalendarDate.self), minor: try $0(1, as: Int64.self)) }
    guard let first = known.first, let last = known.last, first.day < last.day else { return false }
    let booked =
      try session.first(
        """
        SELECT CAST(COALESCE(SUM(t.amount_minor), 0) AS bigint) FROM bank_transaction t
        WHERE t.household_id = \(scope.household) AND t.account_id = \(proof.account) AND \(BalanceHistory.isTold)
          AND t.is_pending = 0 AND t.booked_on > \(first.day) AND t.booked_on <= \(last.day)
        """
      ) { try $0(0, as: Int64.self) } ?? 0
    return last.minor - first.minor - booked == off.minorUnits
  }

  /// A bank may count pending rows, or rows it booked late, on either side: any reading that fits is taken.
  private static func verdict(_ moved: Int64, _ rows: Rows, _ currency: Currency) -> BalanceProof.Verdict {
    for late in [0, rows.late] {
      for ahead in [0, rows.ahead] {
        for pending in [0, rows.pending] where moved == rows.since + late + ahead + pending { return .addsUp }
      }
    }
    let unclear = rows.lateCount + rows.aheadCount + rows.pendingCount
    guard unclear == 0 else { return .unknown(.unclearRows(unclear)) }
    return .differs(Money(minorUnits: moved - rows.since, currency))
  }

  private static func movesByRows(_ kind: AccountKind) -> Bool {
    switch kind {
    case .checking, .savings, .moneyMarket, .cashManagement, .prepaid, .cash, .deposit, .creditCard: true
    case .healthSavings, .loan, .mortgage, .studentLoan, .investment, .retirement, .otherAsset: false
    }
  }

  private static func rows(
    of account: Subject, _ first: Balance, _ last: Balance, _ scope: Scope, _ session: any Session
  ) throws -> Rows {
    let from = first.day - lateDays
    let told = BalanceHistory.isTold
    let since: SQL = "\(told) AND is_pending = 0 AND booked_on > \(first.day) AND booked_on <= \(last.day)"
    let late: SQL =
      "is_pending = 0 AND booked_on <= \(first.day) AND booked_on > \(from) AND changed_at > \(first.asOf)"
    let ahead: SQL = "\(told) AND is_pending = 0 AND booked_on > \(last.day)"
    let pending: SQL = "\(told) AND is_pending = 1"
    func sum(_ which: SQL) -> SQL { "COALESCE(SUM(CASE WHEN \(which) THEN amount_minor ELSE 0 END), 0)" }
    func count(_ which: SQL) -> SQL { "COALESCE(SUM(CASE WHEN \(which) THEN 1 ELSE 0 END), 0)" }
    let found = try session.first(
      """
      SELECT \(sum(since)), \(sum("\(told) AND \(late)")), \(count(late)), \(sum(ahead)), \(count(ahead)),
        \(sum(pending)), \(count(pending)), \(count("\(told) AND currency <> \(account.currency)"))
      FROM bank_transaction t
      WHERE household_id = \(scope.household) AND account_id = \(account.id) AND booked_on > \(from)
      """
    ) { row in
      Rows(
        since: try row(0), late: try row(1), lateCount: try row(2), ahead: try row(3), aheadCount: try row(4),
        pending: try row(5), pendingCount: try row(6), foreignCount: try row(7))
    }
    return found
      ?? Rows(
        since: 0, late: 0, lateCount: 0, ahead: 0, aheadCount: 0, pending: 0, pendingCount: 0, foreignCount: 0)
  }
}

extension BalanceProof {
  fileprivate func with(_ verdict: Verdict) -> BalanceProof {
    var copy = self
    copy.verdict = verdict
    return copy
  }
}
