package import Basics
package import Databases
import Finance

/// What tells whether the installation serves its people well, over the last day: for those who run it, across households
/// and without naming anybody.
package struct ServiceReport: Sendable {
  /// Links that were begun, and those of them that ended with a bank, by Link's own events.
  package var linksBegun: Int
  package var linksDone: Int
  /// Milliseconds from a webhook to the end of the first run that began after it, the shortest first.
  package var latencies: [Int]
  /// Runs that ended, by bank.
  package var runs: [(institution: String, all: Int, failed: Int)]
  /// Of the latest rows whose category was concluded, and how many of them a person put elsewhere.
  package var judged: Int
  package var corrected: Int

  /// Webhooks, and rows, that are looked at: the latest.
  private static let webhooksMax = 500
  package static let rowsMax = 10_000
  private static let householdsMax = 100

  /// - Parameter rowsMax: Rows whose category is looked at.
  package static func read(
    now: Timestamp, rowsMax: Int = rowsMax, _ session: any Session
  ) throws -> ServiceReport {
    let since = now - .seconds(86_400)
    let links = try session.query(
      """
      SELECT MAX(CASE WHEN name = 'HANDOFF' THEN 1 ELSE 0 END) FROM link_event
      WHERE at >= \(since) AND session IS NOT NULL GROUP BY household_id, session
      """
    ) { try $0(0, as: Int.self) }
    let latencies = try session.query(
      """
      SELECT (SELECT MIN(r.ended_at) FROM sync_run r
          WHERE r.household_id = w.household_id AND r.connection_id = w.connection_id
            AND r.started_at >= w.received_at AND r.outcome = 'applied') - w.received_at
      FROM (SELECT household_id, connection_id, received_at FROM webhook_event
        WHERE received_at >= \(since) AND type = 'TRANSACTIONS' AND outcome = 'taken'
          AND connection_id IS NOT NULL
        ORDER BY received_at DESC LIMIT \(webhooksMax)) AS w
      """
    ) { try $0(0, as: Int?.self) }
    let runs = try session.query(
      """
      SELECT COALESCE(c.institution_id, 'unknown'), COUNT(*),
        CAST(SUM(CASE WHEN r.outcome = 'failed' THEN 1 ELSE 0 END) AS bigint)
      FROM sync_run r JOIN connection c ON c.household_id = r.household_id AND c.id = r.connection_id
      WHERE r.started_at >= \(since) AND r.outcome IN ('applied', 'failed')
      GROUP BY COALESCE(c.institution_id, 'unknown') ORDER BY COUNT(*) DESC, 1 LIMIT 50
      """
    ) { (try $0(0, as: String.self), try $0(1, as: Int.self), try $0(2, as: Int.self)) }
    let corrections = try corrections(rowsMax, session)
    return ServiceReport(
      linksBegun: links.count, linksDone: links.reduce(0, +), latencies: latencies.compactMap { $0 }.sorted(),
      runs: runs.map { (institution: $0.0, all: $0.1, failed: $0.2) }, judged: corrections.count,
      corrected: corrections.reduce(0, +))
  }

  /// For the latest rows whose category was concluded, in the households where most happens: whether a person put it
  /// elsewhere, 1 or 0.
  private static func corrections(_ rowsMax: Int, _ session: any Session) throws -> [Int] {
    let households = try session.query(
      "SELECT id FROM household ORDER BY event_position DESC, id LIMIT \(min(householdsMax, rowsMax))"
    ) { try $0(0, as: ID<Household>.self) }
    return try households.flatMap { household in
      try session.query(
        """
        SELECT CASE WHEN o.category IS NOT NULL AND o.category <> j.value THEN 1 ELSE 0 END
        FROM (SELECT household_id, transaction_id, value FROM judgement
          WHERE household_id = \(household) AND field = 'category'
          ORDER BY transaction_id DESC LIMIT \(rowsMax / households.count)) AS j
        LEFT JOIN transaction_overlay o ON o.household_id = j.household_id AND o.transaction_id = j.transaction_id
        """
      ) { try $0(0, as: Int.self) }
    }
  }

  /// The latency that so many percent of webhooks stayed below; nil when none came.
  package func latency(percent: Int) -> Int? {
    latencies.isEmpty ? nil : latencies[min(latencies.count - 1, latencies.count * percent / 100)]
  }
}
