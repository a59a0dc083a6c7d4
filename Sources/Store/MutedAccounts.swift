package import Basics
package import Databases
package import Finance

extension Accounts {
  /// Accounts that every connection showing them leaves to another one: counting them too would count money twice.
  package static func muted(_ scope: Scope, _ session: any Session) throws -> Set<ID<Account>> {
    Set(
      try session.query(
        """
        SELECT account_id FROM account_source WHERE household_id = \(scope.household)
          \(Visibility.accounts(scope, "account_id"))
        GROUP BY account_id HAVING MIN(is_muted) = 1
        """
      ) { try $0(0, as: ID<Account>.self) })
  }
}
