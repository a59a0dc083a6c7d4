package import Basics
package import Databases
import Finance

/// How the syncs of all households went in the last day.
package struct RunReport: Sendable {
  package var connections: [(state: String, count: Int)]
  package var outcomes: [(outcome: String, count: Int)]
  /// Runs that failed, by bank.
  package var failures: [(institution: String, count: Int)]
  /// Of runs that were applied; 0 when there was none.
  package var meanMilliseconds: Int

  package static func read(now: Timestamp, _ session: any Session) throws -> RunReport {
    let since = now - .seconds(86_400)
    let connections = try session.query("SELECT state, COUNT(*) FROM connection GROUP BY state ORDER BY state") {
      (try $0(0, as: String.self), try $0(1, as: Int.self))
    }
    let outcomes = try session.query(
      """
      SELECT outcome, COUNT(*) FROM sync_run WHERE started_at >= \(since) AND outcome IS NOT NULL
      GROUP BY outcome ORDER BY outcome
      """
    ) { (try $0(0, as: String.self), try $0(1, as: Int.self)) }
    let failures = try session.query(
      """
      SELECT COALESCE(c.institution_id, 'unknown'), COUNT(*) FROM sync_run r
      JOIN connection c ON c.household_id = r.household_id AND c.id = r.connection_id
      WHERE r.started_at >= \(since) AND r.outcome = 'failed'
      GROUP BY COALESCE(c.institution_id, 'unknown') ORDER BY COUNT(*) DESC, 1 LIMIT 50
      """
    ) { (try $0(0, as: String.self), try $0(1, as: Int.self)) }
    let spans = try session.first(
      """
      SELECT COUNT(*), COALESCE(SUM(ended_at - started_at), 0) FROM sync_run
      WHERE started_at >= \(since) AND outcome = 'applied' AND ended_at IS NOT NULL
      """
    ) { row in
      let (count, sum): (Int, Int) = (try row(0), try row(1))
      return count == 0 ? 0 : sum / count
    }
    return RunReport(
      connections: connections, outcomes: outcomes, failures: failures, meanMilliseconds: spans ?? 0)
  }
}
