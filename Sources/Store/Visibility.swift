package import Databases
package import Finance

/// What of a household a person sees, as conditions for the questions themselves: a row that is withheld never leaves
/// the database, and is in no sum.
///
/// Each gives ` AND …` to be put behind a condition on the household, or nothing for a whole household. The list of what
/// is withheld is put together once for each statement, from a table that is empty where everything is shared.
package enum Visibility {
  /// For rows, sums and holdings of an account: what is shared in full.
  ///
  /// - Parameter column: The account's id, which is never NULL.
  package static func rows(_ scope: Scope, _ column: SQL) -> SQL {
    scope.isWhole ? "" : " AND \(column) NOT IN (\(withheld(scope, "")))"
  }

  /// For accounts and their balances: what is not hidden.
  package static func accounts(_ scope: Scope, _ column: SQL) -> SQL {
    scope.isWhole ? "" : " AND \(column) NOT IN (\(hidden(scope)))"
  }

  /// For connections: those that are the person's own or show an account that is not hidden, or none yet.
  package static func connections(_ scope: Scope, _ column: SQL) -> SQL {
    if scope.isWhole { return "" }
    return """
       AND \(column) NOT IN (
        SELECT vs.connection_id FROM account_source vs
        JOIN connection vc ON vc.household_id = vs.household_id AND vc.id = vs.connection_id
        WHERE vs.household_id = \(scope.household) AND vc.person_id <> \(scope.user)
          AND vs.connection_id IN (\(connectionsOf(hidden(scope), scope)))
        GROUP BY vs.connection_id
        HAVING SUM(CASE WHEN vs.account_id IN (\(hidden(scope))) THEN 0 ELSE 1 END) = 0)
      """
  }

  /// For what is known of a connection as a whole, such as its counts: those of which nothing is withheld.
  package static func wholeConnections(_ scope: Scope, _ column: SQL) -> SQL {
    scope.isWhole ? "" : " AND \(column) NOT IN (\(connectionsOf(withheld(scope, ""), scope)))"
  }

  /// For securities: those of connections of which nothing is withheld, and those that an account shared in full holds
  /// or trades.
  static func securities(_ scope: Scope, id: SQL, connection: SQL) -> SQL {
    if scope.isWhole { return "" }
    return """
       AND (\(connection) NOT IN (\(connectionsOf(withheld(scope, ""), scope)))
        OR \(id) IN (SELECT vh.security_id FROM holding vh
          WHERE vh.household_id = \(scope.household)\(rows(scope, "vh.account_id")))
        OR \(id) IN (SELECT vi.security_id FROM investment_transaction vi
          WHERE vi.household_id = \(scope.household) AND vi.security_id IS NOT NULL\(rows(scope, "vi.account_id"))))
      """
  }

  private static func hidden(_ scope: Scope) -> SQL { withheld(scope, " AND w.level = 'hidden'") }

  /// Whoever has the account through a connection of their own sees it whole, whatever another one said.
  private static func withheld(_ scope: Scope, _ which: SQL) -> SQL {
    """
    SELECT w.account_id FROM account_share w
    WHERE w.household_id = \(scope.household)\(which) AND w.account_id NOT IN (\(Sharing.owned(scope)))
    """
  }

  private static func connectionsOf(_ accounts: SQL, _ scope: Scope) -> SQL {
    """
    SELECT va.connection_id FROM account_source va
    WHERE va.household_id = \(scope.household) AND va.account_id IN (\(accounts))
    """
  }
}
