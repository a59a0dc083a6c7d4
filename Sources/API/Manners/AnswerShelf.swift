import Basics
import Databases
import Finance
import HTTP

/// Answers that were worked out and written already, kept for as long as nothing in their household has changed.
///
/// SQLite says whether anybody wrote. Elsewhere two numbers tell: the writes of this program, and the position of the
/// household's events, which other programs move when they change what lists show. The position is looked up a few times a
/// second at most, so that a write of another program may show that much later; one of this program shows at once.
final class AnswerShelf: Sendable {
  struct Key: Hashable, Sendable {
    var scope: Scope
    /// The path and the query in its order, as the operation reads them.
    var question: String
  }

  /// What a kept answer is an answer to.
  struct Version: Equatable, Sendable {
    fileprivate var writes: Int
    fileprivate var position: Int
  }

  private struct Kept {
    var version: Version
    var response: Response
    var at: Timestamp
  }

  private struct Position {
    var value: Int
    var at: Timestamp
  }

  private struct State {
    var kept: [Key: Kept] = [:]
    var bytes = 0
    var positions: [ID<Household>: Position] = [:]
  }

  /// A position that was looked up is taken for true so long.
  private static let trust = Duration.milliseconds(100)
  /// Kept no longer than this, in case somebody changes something elsewhere and says so nowhere.
  private static let age = Duration.seconds(5)
  /// Longer answers are rare and would push out many others.
  private static let answerBytesMax = 512 << 10
  private static let householdsMax = 1_000

  private let database: CountedDatabase
  private let world: World
  private let bytesMax: Int
  private let state = Locked(State())

  init(_ database: CountedDatabase, world: World, bytesMax: Int) {
    (self.database, self.world, self.bytesMax) = (database, world, bytesMax)
  }

  /// To be asked before anything is read that may be kept under it.
  func version(of household: ID<Household>) async throws -> Version {
    if let edition = database.edition() { return Version(writes: edition, position: 0) }
    let writes = database.writes
    let now = world.now()
    let known = state.withLock { state in
      state.positions[household].flatMap { now - $0.at < Self.trust ? $0.value : nil }
    }
    if let known { return Version(writes: writes, position: known) }
    let position = try await database.read { try Self.position(of: household, $0) }
    state.withLock { state in
      if state.positions.count >= Self.householdsMax { state.positions.removeAll() }
      state.positions[household] = Position(value: position, at: now)
    }
    return Version(writes: writes, position: position)
  }

  func answer(to key: Key, _ version: Version) -> Response? {
    let now = world.now()
    return state.withLock { state in
      guard let kept = state.kept[key] else { return nil }
      if kept.version == version, now - kept.at < Self.age { return kept.response }
      state.kept[key] = nil
      state.bytes -= kept.response.body.count
      return nil
    }
  }

  /// - Parameter version: What ``version(of:)`` said before the answer was worked out.
  func keep(_ response: Response, _ key: Key, _ version: Version) {
    let size = response.body.count
    guard response.status == 200, response.stream == nil, size <= min(bytesMax, Self.answerBytesMax) else { return }
    let now = world.now()
    state.withLock { state in
      if state.bytes + size > bytesMax {
        state.kept.removeAll()
        state.bytes = 0
      }
      if let old = state.kept.updateValue(Kept(version: version, response: response, at: now), forKey: key) {
        state.bytes -= old.response.body.count
      }
      state.bytes += size
    }
  }

  private static func position(of household: ID<Household>, _ session: any Session) throws -> Int {
    try session.first("SELECT event_position FROM household WHERE id = \(household)") { try $0(0) } ?? 0
  }
}
