import Basics
import Finance
import Store

/// What an update needs to know about the account a row belongs to.
struct LedgerAccount {
  let id: ID<Account>
  let kind: AccountKind
  let currency: Currency
  /// Another connection leads it; what this one says about its rows does not count.
  let isMuted: Bool
  /// What the bank says of an amount is turned before anything else looks at it.
  let isTurned: Bool
  /// Up to this day rows may already be here under the names of an earlier connection; nil when there was none.
  let knownThrough: CalendarDate?

  var place: AccountPlace { AccountPlace(id, kind) }

  /// How far behind its last success an earlier connection may have been: rows post late.
  private static let overlapDays = 14

  /// The accounts that a connection names, by the connection's names.
  static func named(by connection: StoredConnection, among sources: [AccountSource]) -> [String: LedgerAccount] {
    var accounts: [String: LedgerAccount] = [:]
    for source in sources where source.connection == connection.id {
      let earlier = sources.filter {
        $0.account == source.account && ($0.connection, $0.providerID) != (source.connection, source.providerID)
      }
      let last = earlier.compactMap(\.lastSuccessAt).max()
      accounts[source.providerID] = LedgerAccount(
        id: source.account, kind: source.kind, currency: source.currency, isMuted: source.isMuted,
        isTurned: source.isTurned,
        knownThrough: last.map { CalendarDate(days: CalendarDate(utc: $0).days + overlapDays) })
    }
    return accounts
  }
}
