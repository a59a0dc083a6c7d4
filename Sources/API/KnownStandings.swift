import Basics
import Databases
import Finance
import Store

/// What a credential stands for, remembered while nobody writes anything to the database: removing somebody, revoking a
/// key and changing a role work with the next request, as if each asked anew.
///
/// Only where the database tells at no cost whether anybody wrote; elsewhere each request asks.
final class KnownStandings: Sendable {
  /// What a request shows, as far as the database knows it.
  enum Shown: Hashable {
    case session(ID<SignIn>)
    case cookie(hash: [UInt8])
    case apiKey(ID<APIKey>)
    case keyHash([UInt8])
  }

  enum Credential {
    case session(ID<SignIn>)
    case apiKey(ID<APIKey>)
  }

  struct Found {
    var standing: Standing
    var credential: Credential
  }

  private struct Known {
    var found: Found
    var at: Timestamp
  }

  private struct State {
    /// The edition of the database that all of it was read in.
    var edition: Int?
    var known: [Shown: Known] = [:]
  }

  /// What runs out by itself is noticed this much later at most.
  private static let age = Duration.seconds(1)
  private static let knownMax = 4_096

  private let database: any Database
  private let state = Locked(State())

  init(_ database: any Database) { self.database = database }

  /// - Returns: Nil when it is none, ended, was revoked or ran out.
  func found(_ shown: Shown, now: Timestamp) async throws -> Found? {
    let edition = database.edition()
    if let edition, let known = known(shown, edition, now) { return known }
    let found = try await database.read { try Self.read(shown, now: now, $0) }
    if let edition, let found { keep(found, shown, edition, now) }
    return found
  }

  private func known(_ shown: Shown, _ edition: Int, _ now: Timestamp) -> Found? {
    state.withLock { state in
      guard state.edition == edition, let known = state.known[shown], known.at <= now, now - known.at < Self.age
      else { return nil }
      return known.found
    }
  }

  private func keep(_ found: Found, _ shown: Shown, _ edition: Int, _ now: Timestamp) {
    state.withLock { state in
      if state.edition != edition || state.known.count >= Self.knownMax {
        state.known.removeAll(keepingCapacity: true)
        state.edition = edition
      }
      state.known[shown] = Known(found: found, at: now)
    }
  }

  private static func read(_ shown: Shown, now: Timestamp, _ session: any Session) throws -> Found? {
    switch shown {
    case .session(let id):
      try Sessions.standing(id, now: now, session).map { Found(standing: $0, credential: .session(id)) }
    case .cookie(let hash):
      try Sessions.standing(cookieHash: hash, now: now, session)
        .map { Found(standing: $0.standing, credential: .session($0.id)) }
    case .apiKey(let id):
      try APIKeys.standing(id, now: now, session).map { Found(standing: $0.standing, credential: .apiKey($0.id)) }
    case .keyHash(let hash):
      try APIKeys.standing(hash: hash, now: now, session)
        .map { Found(standing: $0.standing, credential: .apiKey($0.id)) }
    }
  }
}
