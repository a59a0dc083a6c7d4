package import Basics
import Categories
import Databases
import Finance
import Jobs
package import Store
import Sync

/// Erasing what people want gone: banks are told first, and then rows go, a few at a time.
///
/// What was asked for is kept before anything is done, with a job for it, so that it comes to its end whatever happens.
extension Banks {
  /// So long after it was asked for, a worker looks whether it is done.
  private static let workerPause = Duration.seconds(60)
  /// Between two transactions, so that others get to write.
  private static let breath = Duration.milliseconds(2)

  /// A new erasure in the household of whoever asks.
  func erasure(_ what: StoredErasure.What, _ subject: String?, keepsHousehold: Bool = false) -> StoredErasure {
    StoredErasure(
      id: world.newID(), household: scope.household, person: scope.user, what: what, subject: subject,
      keepsHousehold: keepsHousehold, askedAt: world.now())
  }

  /// Keeps what is to be erased, and the job that sees to it. To be called in the transaction that hides it.
  func begin(_ new: StoredErasure, _ session: any Session) throws -> StoredErasure {
    let (kept, isNew) = try Erasures.add(new, session)
    let now = world.now()
    if isNew { try Erasures.hide(kept, now: now, session) }
    let job = NewJob(.erasure, kept.id.description, priority: .event, runAt: now + Self.workerPause)
    try JobQueue.add(job, id: world.newID(), now: now, session)
    return kept
  }

  /// What speaks against erasing these connections: a link that nobody could end any more would go on being billed.
  func checkEnding(_ connections: [StoredConnection]) throws(BanksError) {
    for connection in connections where connection.sealedToken != nil && !isInvented(connection) {
      _ = try token(of: connection)
    }
  }

  /// A simulated bank whose process is gone bills nobody.
  private func isInvented(_ connection: StoredConnection) -> Bool {
    connection.origin == Origin.simulated.rawValue
  }

  /// Brings an erasure to its end, or so far as it gets in a while.
  ///
  /// - Returns: How it stands; nil when there is none.
  /// - Throws: Why a bank could not be told: nothing is deleted then, and its token stays.
  package func erase(_ id: ID<Erasure>, within patience: Duration? = nil) async throws(BanksError) -> StoredErasure? {
    try await unbreakably { () async throws(BanksError) in
      guard let erasure = try await reading({ try Erasures.find(id, $0) }), erasure.endedAt == nil else {
        return try await reading { try Erasures.find(id, $0) }
      }
      let whole = acting(as: erasure.scope)
      do throws(BanksError) {
        try await whole.endBanks(of: erasure)
      } catch {
        let words = error.problem.title
        try await writing { try Erasures.note(id, problem: words, $0) }
        throw error
      }
      var isMore = true
      let end = patience.map { world.now() + $0 }
      while isMore, end.map({ world.now() < $0 }) ?? true {
        isMore = try await writing { [world] session in
          try ErasedRows.step(id, judging: HouseholdJudge.judging, world, session)
        }
        if isMore { try? await world.sleep(Self.breath) }
      }
      let (now, isLeft) = (world.now(), isMore)
      try await writing { [world] session in
        let subject = id.description
        // What is left a worker does at once.
        if isLeft {
          try JobQueue.add(
            NewJob(.erasure, subject, priority: .event), id: world.newID(), now: now, session)
        } else {
          try JobQueue.cancel(JobKind.erasure.lane, subject, session)
        }
      }
      if isLeft {
        bell.ring()
      } else {
        log.notice("erased", ("erasure", .id(id)), ("what", .text(erasure.what.rawValue)))
      }
      return try await reading { try Erasures.find(id, $0) }
    }
  }

  /// Ends every link that goes with it, at the provider and then here.
  private func endBanks(of erasure: StoredErasure) async throws(BanksError) {
    let connections = try await reading { session in
      try Erasures.connections(of: erasure, session).compactMap {
        try Connections.find($0, erasure.scope, session)
      }
    }
    for connection in connections where connection.state != .removed {
      guard isInvented(connection) else {
        try await remove(connection.id)
        continue
      }
      do throws(BanksError) {
        try await remove(connection.id)
      } catch .storage(let kind) {
        throw .storage(kind)
      } catch {
        let (world, now) = (world, world.now())
        try await writing { [scope] session in
          try ConnectionKeeping.note(.removed, connection.id, now: now, world, scope, session)
          try Connections.end(connection.id, scope, session)
          try JobQueue.cancel(JobKind.removal.lane, connection.id.description, session)
        }
      }
    }
  }
}
