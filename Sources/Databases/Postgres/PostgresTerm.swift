import Basics

/// Which of several servers is the primary, when more than one says so.
///
/// Promoting a standby begins a new timeline, whose number is greater than that of every server before it. A former
/// primary that comes back keeps the old number, and takes writes as if nothing had happened: they would be lost. So a
/// process uses only servers of the greatest number it knows of, and asks all the hosts of its address now and then.
final class PostgresTerm: Sendable {
  /// Where a server stands.
  struct Mark: Sendable, Equatable {
    /// One for a primary and all its standbys.
    var cluster: String
    var timeline: Int
  }

  private struct State: Sendable {
    var newest: [String: Int] = [:]
    var nextLook = ContinuousClock.now
    var isLooking = false
  }

  private let state = Locked(State())
  private static let lookPause = Duration.seconds(2)
  /// The share of the time that looking may take, as a divisor: a host may be slow to refuse.
  private static let lookShare = 10

  /// Whether nobody has taken over from this server, as far as is known. A server that does not say where it stands is
  /// believed.
  func isCurrent(_ mark: Mark?) -> Bool {
    #if MUTANTS
      if Mutant.isOn(.believeFormerPrimary) { return true }
    #endif
    guard let mark else { return true }
    return state.withLock { $0.newest[mark.cluster, default: 0] <= mark.timeline }
  }

  func note(_ mark: Mark?) {
    guard let mark else { return }
    state.withLock { $0.newest[mark.cluster] = max($0.newest[mark.cluster] ?? 0, mark.timeline) }
  }

  /// Runs `look` when it is time to and nobody else is at it.
  func lookAround(_ look: () -> [Mark]) {
    let isOurs = state.withLock { state in
      guard !state.isLooking, state.nextLook <= .now else { return false }
      state.isLooking = true
      return true
    }
    guard isOurs else { return }
    let began = ContinuousClock.now
    for mark in look() { note(mark) }
    let took = began.duration(to: .now)
    state.withLock { state in
      state.nextLook = .now + max(Self.lookPause, took * Self.lookShare)
      state.isLooking = false
    }
  }
}
