import Basics
import Databases
import Finance
import Store

/// Brings what syncs changed into the search, in small steps between other work: what is asked meanwhile is answered
/// right all the same, only slower.
struct SearchKeeper: Service {
  let name = "search"
  private let database: any Database
  private let world: World
  private let log: Log
  /// Whoever the installation belongs to; the search itself knows no people.
  private let owner: ID<User>

  /// Rows that share one transaction: a tenth of a second of work for whoever waits to write.
  private static let rowsAtOnce = 500
  /// Between two steps, so that others get to write.
  private static let breath = Duration.milliseconds(5)
  /// Between two looks whether there is something to do.
  private static let pause = Duration.seconds(2)

  init(_ home: Home) {
    (database, world, log) = (home.database, home.world, home.log.with(("part", "search")))
    owner = home.scope.user
  }

  /// Runs until it is cancelled. A failure of the database is told and waited out.
  func run() async throws {
    while true {
      do {
        try await catchUp(rowsMax: .max)
      } catch is CancellationError {
        return
      } catch {
        log.warning("the search could not follow", ("error", .text("\(error)")))
      }
      try await world.sleep(Self.pause)
    }
  }

  /// Follows for up to so many rows.
  func catchUp(rowsMax: Int) async throws {
    var rowsLeft = rowsMax
    for household in try await database.read({ try Search.behind($0) }) {
      let scope = Scope(household: household, user: owner).wholeHousehold
      while rowsLeft > 0 {
        try Task.checkCancellation()
        let isMore = try await database.write { [world] session in
          try Search.catchUp(rowsMax: Self.rowsAtOnce, world: world, scope, session)
        }
        guard isMore else { break }
        rowsLeft -= Self.rowsAtOnce
        try await world.sleep(Self.breath)
      }
    }
  }

  /// What a command leaves to do when it is done: a moment of it. A server does the rest, and nothing waits for it.
  static func afterCommand(_ home: Home) async { try? await SearchKeeper(home).catchUp(rowsMax: commandRows) }

  private static let commandRows = 10_000
}
