import Basics

/// One connection on one thread of its own.
actor SQLiteConnection {
  private let executor: ThreadExecutor
  private let session: SQLiteSession

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  init(path: String, isReader: Bool, cacheMegabytes: Int) throws(DatabaseError) {
    session = try SQLiteSession(path: path, isReader: isReader, cacheMegabytes: cacheMegabytes)
    executor = try ThreadExecutor()
  }

  deinit { executor.stop() }

  /// Runs one transaction and hands its value back.
  func transaction<Value: Sendable>(
    _ begin: SQL, _ body: @Sendable (any Session) throws -> Value
  ) throws -> Value {
    try session.execute(begin)
    do {
      let value = try body(session)
      try session.execute("COMMIT")
      return value
    } catch {
      if session.isInTransaction { _ = try? session.execute("ROLLBACK") }
      throw error
    }
  }

  /// Runs every write that is waiting in one transaction, so that they share one flush to the disk.
  ///
  /// Each has its own savepoint: one that fails takes nothing of the others with it. Nobody is told of success before
  /// the common commit is on the disk.
  func commitTogether(_ queue: Locked<[PendingWrite]>) {
    let writes = queue.withLock { waiting in
      defer { waiting = [] }
      return waiting
    }
    guard !writes.isEmpty else { return }
    var outcomes: [@Sendable (Result<Void, any Error>) -> Void] = []
    do {
      try session.execute("BEGIN IMMEDIATE")
      for write in writes { outcomes.append(try inSavepoint(write, isAlone: writes.count == 1)) }
      try session.execute("COMMIT")
      for finish in outcomes { finish(.success(())) }
    } catch {
      if session.isInTransaction { _ = try? session.execute("ROLLBACK") }
      for finish in outcomes { finish(.failure(error)) }
      for write in writes.dropFirst(outcomes.count) { write.fail(error) }
    }
  }

  private func inSavepoint(
    _ write: PendingWrite, isAlone: Bool
  ) throws -> @Sendable (Result<Void, any Error>) -> Void {
    if isAlone { return try write.run(session) }
    try session.execute("SAVEPOINT one")
    do {
      let finish = try write.run(session)
      try session.execute("RELEASE one")
      return finish
    } catch {
      // Without a transaction the failure took everything with it, and all must hear of it.
      guard session.isInTransaction else { throw error }
      try session.execute("ROLLBACK TO one")
      try session.execute("RELEASE one")
      return { _ in write.fail(error) }
    }
  }
}

/// A write that waits for its turn.
struct PendingWrite: Sendable {
  /// Runs the body, and returns what tells its caller once the commit is known.
  let run: @Sendable (any Session) throws -> @Sendable (Result<Void, any Error>) -> Void
  let fail: @Sendable (any Error) -> Void
}
