import Basics

/// Reads `Retry-After` as Plaid honours it: seconds, an HTTP date (RFC 9110 §5.6.7) or an ISO time.
enum RetryAfter {
  /// How long to wait; nil when the text says nothing readable.
  static func wait(_ text: String, now: Timestamp) -> Duration? {
    if let seconds = Int(text) { return seconds >= 0 ? .seconds(min(seconds, 1_000_000)) : nil }
    guard let instant = Timestamp(rfc3339: text) ?? httpDate(text) else { return nil }
    return max(.zero, instant - now)
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Sun, 06 Nov 1994 08:49:37 GMT`, the one form that is still written.
  private static func httpDate(_ text: String) -> Timestamp? {
    let parts = text.split(separator: " ")
    guard parts.count == 6, parts[5] == "GMT", parts[1].count == 2, parts[3].count == 4,
      let month = months.firstIndex(of: String(parts[2]))
    else { return nil }
    let number = month + 1 < 10 ? "0\(month + 1)" : "\(month + 1)"
    return Timestamp(rfc3339: "\(parts[3])-\(number)-\(parts[1])T\(parts[4])Z")
  }
}
