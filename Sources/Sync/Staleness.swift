package import Basics

/// Whether a connection has been silent for longer than is its habit. Pure.
package enum Staleness {
  /// However busy it was before: weekends and holidays are no silence.
  static let silenceMin = Duration.seconds(6 * 86_400)
  /// How much longer than usual.
  private static let factor: Int64 = 4
  /// Without a habit yet.
  private static let silenceOfTheUnknown = Duration.seconds(30 * 86_400)
  /// A connection that is read every day and was not read for so long, or never since it was linked.
  static let unreadMax = Duration.seconds(2 * 86_400)
  /// So many gaps make a habit.
  private static let gapsMin = 3

  /// - Parameters:
  ///   - news: When something came, the latest first.
  ///   - lastSuccess: When it was last read at all.
  /// - Returns: Since when it has been silent; nil when it is as it should be.
  package static func silentSince(
    news: [Timestamp], lastSuccess: Timestamp?, linked: Timestamp, now: Timestamp
  ) -> Timestamp? {
    let lastRead = lastSuccess ?? linked
    if now - lastRead > unreadMax { return lastRead }
    guard let last = news.first else {
      return now - linked > silenceOfTheUnknown ? linked : nil
    }
    let gaps = zip(news, news.dropFirst()).map { ($0 - $1).milliseconds }.sorted()
    let habit: Duration
    if gaps.count >= gapsMin {
      // The middle one: a holiday does not make a habit.
      habit = max(silenceMin, .milliseconds(gaps[gaps.count / 2] * factor))
    } else {
      habit = silenceOfTheUnknown
    }
    return now - last > habit ? last : nil
  }
}
