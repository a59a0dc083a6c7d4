package import Basics
package import Databases

/// One line of the timetable.
package struct Scheduled: Sendable {
  /// Stored: it never changes once shipped.
  package var name: String
  package var cron: Cron
  package var zone: TimeZone
  /// What is to be put into the queue when the time has come. Called in the transaction that notes that it was.
  package var jobs: @Sendable (_ now: Timestamp, any Session) throws -> [NewJob]

  package init(
    _ name: String, _ cron: Cron, in zone: TimeZone,
    jobs: @escaping @Sendable (_ now: Timestamp, any Session) throws -> [NewJob]
  ) {
    self.name = name
    self.cron = cron
    self.zone = zone
    self.jobs = jobs
  }

  /// Known again by this: a changed one begins anew.
  var key: String { "\(cron.expression) \(zone.name)" }
}

/// Puts jobs into the queue when their time has come: one process among all does, and each time counts once.
///
/// What fell due while nothing ran is done once, however often it fell due.
package final class Timetable: Service {
  package let name = "timetable"
  private let database: any Database
  private let world: World
  private let log: Log
  private let lines: [Scheduled]
  private let leadership: Leadership
  private let added: @Sendable () -> Void
  private static let pause = Duration.seconds(10)

  /// - Parameter added: Called when jobs were put into the queue.
  package init(
    _ database: any Database, world: World, log: Log, owner: String, _ lines: [Scheduled],
    added: @escaping @Sendable () -> Void = {}
  ) {
    self.database = database
    self.world = world
    self.log = log.with(("part", "timetable"))
    self.lines = lines
    leadership = Leadership("timetable", owner: owner)
    self.added = added
  }

  package func run() async throws {
    while !Task.isCancelled {
      await look()
      do { try await world.sleep(Self.pause) } catch { break }
    }
    let leadership = leadership
    // In a task of its own: ours is cancelled.
    _ = await Task { [database] in try? await database.write { try leadership.release($0) } }.value
  }

  /// Does what is due now, if we lead.
  ///
  /// - Returns: How many jobs were put into the queue; nil when another leads.
  @discardableResult
  package func look() async -> Int? {
    do {
      let count = try await look(at: lines)
      if let count, count > 0 { added() }
      return count
    } catch is CancellationError {
      return nil
    } catch {
      if let error = error as? DatabaseError, error.isPassing {
        log.error("cannot look at the timetable", ("error", .text("\(error)")))
        return nil
      }
      return await lookAtEach()
    }
  }

  /// One line that fails takes none of the others with it.
  private func lookAtEach() async -> Int? {
    var sum: Int?
    for line in lines {
      do {
        guard let count = try await look(at: [line]) else { continue }
        sum = (sum ?? 0) + count
      } catch {
        log.error("cannot do what the timetable says", ("line", .text(line.name)), ("error", .text("\(error)")))
      }
    }
    if let sum, sum > 0 { added() }
    return sum
  }

  private func look(at lines: [Scheduled]) async throws -> Int? {
    let (leadership, world, now) = (leadership, world, world.now())
    return try await database.write { session -> Int? in
      guard try leadership.hold(now: now, session) != nil else { return nil }
      var count = 0
      for line in lines { count += try Self.look(at: line, now: now, world, session) }
      return count
    }
  }

  private static func look(
    at line: Scheduled, now: Timestamp, _ world: World, _ session: any Session
  ) throws -> Int {
    let known = try session.first("SELECT expression, last_at, next_at FROM schedule WHERE name = \(line.name)") {
      (try $0(0, as: String.self), try $0(1, as: Timestamp.self), try $0(2, as: Timestamp?.self))
    }
    // A clock that was set back must not silence a line for as long as it was wrong.
    let isKnown = known.map { $0.0 == line.key && $0.1 <= now } ?? false
    var jobs: [NewJob] = []
    if isKnown {
      guard let next = known?.2, next <= now else { return 0 }
      jobs = try line.jobs(now, session)
      for job in jobs { try JobQueue.add(job, id: world.newID(), now: now, session) }
    }
    try session.execute(
      """
      INSERT INTO schedule (name, expression, last_at, next_at)
      VALUES (\(line.name), \(line.key), \(now), \(line.cron.next(after: now, in: line.zone)))
      ON CONFLICT (name) DO UPDATE SET expression = excluded.expression, last_at = excluded.last_at,
        next_at = excluded.next_at
      """)
    return jobs.count
  }
}
