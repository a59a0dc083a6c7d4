package import Basics
package import Finance
package import Store

/// How asking for one product went.
package enum ProductOutcome: Sendable, Equatable {
  case applied(ProductCounts)
  /// This bank has none of it.
  case absent
  /// Asked not long ago with an answer that lasts.
  case notDue
  /// Somebody else has taken over the connection; nothing was written.
  case superseded
  case failed(FeedError)
}

/// What an outcome means for the next time. Pure.
package enum ProductHealth {
  /// A bank without investments rarely gets some; a new account or the bank's own word ends the pause.
  static let absentPause = Duration.seconds(7 * 86_400)
  static let streamsPause = Duration.seconds(20 * 3_600)
  /// Keys and permissions are changed by people.
  static let configurationPause = Duration.seconds(86_400)

  /// Whether to ask now.
  ///
  /// - Parameter newestAccount: When the youngest account was first seen.
  package static func isDue(_ last: StoredProduct?, newestAccount: Timestamp?, now: Timestamp) -> Bool {
    guard let last, let notBefore = last.notBefore, notBefore > now else { return true }
    return newestAccount.map { $0 > last.lastAttemptAt } ?? false
  }

  /// The state after an attempt.
  ///
  /// - Parameter through: The last day that was read whole; nil leaves what was.
  package static func next(
    _ last: StoredProduct?, _ product: Product, after outcome: ProductOutcome, through: CalendarDate? = nil,
    now: Timestamp
  ) -> StoredProduct {
    var state = StoredProduct(product: product, lastAttemptAt: now)
    state.lastSuccessAt = last?.lastSuccessAt
    state.throughOn = last?.throughOn
    switch outcome {
    case .applied(let counts) where !counts.isWhole:
      state.code = "LIST_KEPT_MOVING"
      state.message = "the bank's list changed each time while it was read"
    case .applied:
      state.lastSuccessAt = now
      state.throughOn = through ?? last?.throughOn
      // The provider looks through the rows a few times a day, and tells when it found something.
      if product == .recurring { state.notBefore = now + streamsPause }
    case .absent:
      state.notBefore = now + absentPause
      state.code = "NONE"
    case .notDue, .superseded:
      return last ?? state
    case .failed(let error):
      state.code = error.fault.code
      state.message = error.fault.message
      state.notBefore = pause(after: error).map { now + $0 }
    }
    return state
  }

  private static func pause(after error: FeedError) -> Duration? {
    switch error {
    case .unsupported: absentPause
    case .configuration, .bug: configurationPause
    case .wait(let pause, _): pause
    case .reauthenticate, .retry, .notReady, .gone, .mutated, .cursorRefused, .accountsChanged: nil
    }
  }

  /// An error that says something about the whole connection: the person must act, or there is no connection left.
  package static func concernsConnection(_ outcome: ProductOutcome) -> FeedError? {
    guard case .failed(let error) = outcome else { return nil }
    switch error {
    case .reauthenticate, .gone: return error
    default: return nil
    }
  }
}
