package import Basics

extension Database {
  /// Writes down what was done, also when the database is away at the moment: it is not to be done again, or waited for,
  /// because nobody could write it down. About two minutes.
  ///
  /// - Throws: What ``write(_:)`` threw last; at once when that would not pass, or when the task is cancelled.
  @discardableResult
  package func writeThroughOutage<Value: Sendable>(
    _ world: World, _ body: @Sendable @escaping (any Session) throws -> Value
  ) async throws -> Value {
    var tries = 0
    while true {
      do {
        return try await write(body)
      } catch let error as DatabaseError where error.isPassing && tries < Outage.triesMax {
        tries += 1
        let pause = Outage.pauses.delay(attempt: tries, random: world.random())
        guard (try? await world.sleep(pause)) != nil else { throw error }
      }
    }
  }
}

private enum Outage {
  static let pauses = Backoff(first: .milliseconds(250), longest: .seconds(5))
  static let triesMax = 30
}
