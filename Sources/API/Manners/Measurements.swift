import Basics

/// Counts of what was asked and how long it took, as Prometheus reads them. Labels are route patterns, never paths.
final class Measurements: Sendable {
  private struct Series: Hashable {
    let method: String
    let route: String
    let status: Int
  }

  private struct Durations {
    /// Requests that took at most the bound of the same place, and of none before.
    var counts = [Int](repeating: 0, count: Measurements.bounds.count + 1)
    var total = Duration.zero
  }

  private struct State {
    var requests: [Series: Int] = [:]
    var durations: [String: Durations] = [:]
    var underWay = 0
  }

  /// Milliseconds.
  private static let bounds = [1, 5, 10, 25, 50, 100, 250, 500, 1_000, 2_500, 10_000, 60_000]

  private let state = Locked(State())
  private let startedAt: Timestamp

  init(startedAt: Timestamp) { self.startedAt = startedAt }

  func began() { state.withLock { $0.underWay += 1 } }

  func ended(method: String, route: String, status: Int, after duration: Duration) {
    let known = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"].contains(method) ? method : "other"
    let place = Self.bounds.firstIndex { duration <= .milliseconds($0) } ?? Self.bounds.count
    state.withLock { state in
      state.underWay -= 1
      state.requests[Series(method: known, route: route, status: status), default: 0] += 1
      state.durations[route, default: Durations()].counts[place] += 1
      state.durations[route, default: Durations()].total += duration
    }
  }

  func text(version: String, isSimulated: Bool) -> String {
    let state = state.withLock { $0 }
    var lines = [
      "# HELP magpie_info What runs here.", "# TYPE magpie_info gauge",
      "magpie_info{version=\"\(Self.escaped(version))\",simulated=\"\(isSimulated)\"} 1",
      "# HELP process_start_time_seconds When it started, in seconds since 1970.",
      "# TYPE process_start_time_seconds gauge", "process_start_time_seconds \(startedAt.seconds)",
      "# HELP magpie_http_requests_under_way Requests begun and not answered.",
      "# TYPE magpie_http_requests_under_way gauge", "magpie_http_requests_under_way \(state.underWay)",
      "# HELP magpie_http_requests_total Requests answered.", "# TYPE magpie_http_requests_total counter",
    ]
    for (series, count) in state.requests.sorted(by: { Self.key($0.key) < Self.key($1.key) }) {
      lines.append(
        "magpie_http_requests_total{method=\"\(series.method)\",route=\"\(Self.escaped(series.route))\","
          + "status=\"\(series.status)\"} \(count)")
    }
    lines.append("# HELP magpie_http_request_seconds How long answers took.")
    lines.append("# TYPE magpie_http_request_seconds histogram")
    for (route, durations) in state.durations.sorted(by: { $0.key < $1.key }) {
      lines += Self.histogram(durations, label: "route=\"\(Self.escaped(route))\"")
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private static func histogram(_ durations: Durations, label: String) -> [String] {
    var lines: [String] = []
    var sum = 0
    for (bound, count) in zip(bounds, durations.counts) {
      sum += count
      lines.append("magpie_http_request_seconds_bucket{\(label),le=\"\(seconds(bound))\"} \(sum)")
    }
    sum += durations.counts.last ?? 0
    lines.append("magpie_http_request_seconds_bucket{\(label),le=\"+Inf\"} \(sum)")
    lines.append("magpie_http_request_seconds_sum{\(label)} \(seconds(Int(durations.total.milliseconds)))")
    lines.append("magpie_http_request_seconds_count{\(label)} \(sum)")
    return lines
  }

  private static func seconds(_ milliseconds: Int) -> String {
    let rest = String(1_000 + milliseconds % 1_000).dropFirst()
    return "\(milliseconds / 1_000).\(rest)"
  }

  private static func key(_ series: Series) -> String { "\(series.route) \(series.method) \(series.status)" }

  private static func escaped(_ text: String) -> String {
    text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
  }
}
