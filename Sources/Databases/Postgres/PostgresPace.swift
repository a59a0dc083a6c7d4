/// How many transactions write at once.
///
/// SERIALIZABLE refuses one of two that may disturb each other, and the more run side by side the more of the server's
/// and our own time goes into what is refused and run again. So room shrinks when one was refused, and grows again as
/// long as none is: much as TCP finds out how much a network takes. Pure.
struct PostgresPace: Sendable, Equatable {
  private let most: Int
  /// So many may write at once now. Between one and `most`.
  private(set) var room: Int
  /// When each that writes has begun, by its ticket.
  private var writing: [Int: ContinuousClock.Instant] = [:]
  /// Transactions that went through since the last was refused, or since there was more room.
  private var good = 0

  /// With so many going through for each place, one more is tried: about one in so many is refused in the long run.
  private static let patience = 16
  /// A writer that takes longer has its place for itself: a bank's whole history keeps nobody from writing a note.
  static let longest = Duration.milliseconds(250)

  init(most: Int) {
    self.most = max(1, most)
    room = self.most
  }

  func hasRoom(_ now: ContinuousClock.Instant) -> Bool {
    writing.values.count { now - $0 < Self.longest } < room
  }

  mutating func begin(_ ticket: Int, _ now: ContinuousClock.Instant) { writing[ticket] = now }

  mutating func end(_ ticket: Int, wasRefused: Bool) {
    guard writing.removeValue(forKey: ticket) != nil else { return }
    if wasRefused {
      room = max(1, room - 1)
      good = 0
      return
    }
    good += 1
    guard good >= room * Self.patience else { return }
    room = min(most, room + 1)
    good = 0
  }
}
