import Basics
import Databases
import Jobs
import Store

/// How the work of an installation stands: for measurements, and for the people who run it.
struct WorkReport: Sendable {
  var queue: [QueueDepth]
  var circuits: [String: Circuit]
  var webhooks: [(type: String, code: String, outcome: String, count: Int)]
  var runs: RunReport
  var service: ServiceReport
  var callsToday: Int
  /// Of the household that made most.
  var callsMost: Int
  /// Nil: as many as it takes.
  var callsMax: Int?
  var streams: Int
  var now: Timestamp

  static func read(
    now: Timestamp, streams: Int, callsMax: Int?, _ session: any Session
  ) throws -> WorkReport {
    WorkReport(
      queue: try QueueDepth.all(now: now, session), circuits: try Circuits.all(session),
      webhooks: try WebhookEvents.counts(session), runs: try RunReport.read(now: now, session),
      service: try ServiceReport.read(now: now, session), callsToday: try CallBudget.usedByAll(now: now, session),
      callsMost: try CallBudget.mostOfOne(now: now, session),
      callsMax: callsMax, streams: streams, now: now)
  }

  /// Prometheus' text format, to stand behind what the process itself counts.
  var text: String {
    var lines: [String] = []
    func gauge(_ name: String, _ help: String, _ values: [(label: String, value: String)]) {
      lines.append("# HELP \(name) \(help)")
      lines.append("# TYPE \(name) gauge")
      lines += values.map { "\(name)\($0.label.isEmpty ? "" : "{\($0.label)}") \($0.value)" }
    }
    func label(_ name: String, _ text: String) -> String {
      "\(name)=\"\(text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n"))\""
    }
    gauge(
      "magpie_jobs", "Jobs in the queue.",
      queue.flatMap { depth in
        [("waiting", depth.waiting), ("running", depth.running), ("dead", depth.dead)].map { state, count in
          ("\(label("kind", depth.kind)),\(label("state", state))", "\(count)")
        }
      })
    gauge(
      "magpie_job_age_seconds", "How long the oldest job that is due has been waiting.",
      queue.map { depth in
        (label("kind", depth.kind), "\(depth.dueSince.map { max(0, (now - $0).components.seconds) } ?? 0)")
      })
    gauge(
      "magpie_circuit_open", "Whether a provider or bank is left alone after failures.",
      circuits.sorted { $0.key < $1.key }.map { name, circuit in
        (label("name", name), circuit.state(now: now) == .closed ? "0" : "1")
      })
    gauge(
      "magpie_webhooks", "Webhooks that came in, by what became of them.",
      webhooks.map { row in
        (
          "\(label("type", row.type)),\(label("code", row.code)),\(label("outcome", row.outcome))", "\(row.count)"
        )
      })
    gauge(
      "magpie_connections", "Connections by state.",
      runs.connections.map { (label("state", $0.state), "\($0.count)") })
    gauge(
      "magpie_sync_runs_day", "Runs of the last day, by outcome.",
      runs.outcomes.map { (label("outcome", $0.outcome), "\($0.count)") })
    gauge(
      "magpie_sync_failures_day", "Failed runs of the last day, by bank.",
      runs.failures.map { (label("institution", $0.institution), "\($0.count)") })
    gauge(
      "magpie_sync_seconds", "Mean time of the last day's runs that were applied.",
      [("", "\(runs.meanMilliseconds / 1000).\(String(1000 + runs.meanMilliseconds % 1000).dropFirst())")])
    gauge(
      "magpie_link_sessions_day", "Links of the last day by how they ended, by Link's own events.",
      [
        (label("result", "linked"), "\(service.linksDone)"),
        (label("result", "left"), "\(service.linksBegun - service.linksDone)"),
      ])
    gauge(
      "magpie_webhook_to_rows_seconds", "From a webhook to its rows, of the last day.",
      [50, 95, 99].compactMap { percent in
        service.latency(percent: percent).map {
          (label("quantile", "0.\(percent)"), "\($0 / 1000).\(String(1000 + $0 % 1000).dropFirst())")
        }
      })
    gauge(
      "magpie_sync_bank_runs_day", "Runs of the last day by bank, those that failed apart.",
      service.runs.flatMap { run in
        [("applied", run.all - run.failed), ("failed", run.failed)].map { outcome, count in
          ("\(label("institution", run.institution)),\(label("outcome", outcome))", "\(count)")
        }
      })
    gauge(
      "magpie_categories_judged", "Rows whose category was concluded, of those that are looked at.",
      [("", "\(service.judged)")])
    gauge(
      "magpie_categories_corrected", "How many of them a person put elsewhere.", [("", "\(service.corrected)")])
    if let callsMax {
      gauge("magpie_provider_calls_day_max", "How many of them a household may make in a day.", [("", "\(callsMax)")])
    }
    gauge(
      "magpie_provider_calls_day_most", "Calls of the household that made most: the budget is each household's.",
      [("", "\(callsMost)")])
    gauge("magpie_provider_calls_day", "Calls counted against the day's budget.", [("", "\(callsToday)")])
    gauge("magpie_event_streams", "Clients that follow events from this process.", [("", "\(streams)")])
    return lines.joined(separator: "\n") + "\n"
  }
}
