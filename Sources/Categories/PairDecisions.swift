package import Basics
package import Databases
package import Finance
package import Store

/// What a person says of rows that belong together, or do not.
package enum PairDecisions {
  package enum Failure: Error, Equatable, Sendable {
    /// There is no such pair, or the person does not see both of its rows.
    case unknown
    /// A row changed since, went, or is filed as something else by a person.
    case unfit
  }

  /// Puts them together and remembers it, in place of what either was linked with. Of a row that is there twice the
  /// second is deleted, which can be undone.
  package static func confirm(
    _ id: ID<PairName>, world: World, _ edits: inout Edits, _ scope: Scope, _ session: any Session
  ) throws -> Pair {
    guard var pair = try Pairs.find(id, scope, session) else { throw Failure.unknown }
    let whole = scope.wholeHousehold
    let rows = try PairableRows.named([pair.first, pair.second], whole, session)
    guard let first = rows.first(where: { $0.id == pair.first }),
      let second = rows.first(where: { $0.id == pair.second }), second.standing != .own || pair.kind == .duplicate,
      first.standing != .own || pair.kind != .transfer, first.minor == pair.firstMinor, second.minor == pair.secondMinor
    else { throw Failure.unfit }
    (pair.state, pair.isOwn) = (.linked, true)
    if pair.kind == .duplicate {
      try Pairs.keep(pair, by: scope.user, now: world.now(), whole, session)
      try edits.write([.isDeleted(true)], on: pair.second, session)
      return pair
    }
    var touched = [pair.first, pair.second]
    for other in try Pairs.of(touched, whole, session)
    where other.id != pair.id && other.kind == pair.kind && [.linked, .suggested].contains(other.state) {
      try Pairs.forget(other.id, whole, session)
      if other.state == .linked { touched += [other.first, other.second] }
    }
    try Pairs.keep(pair, by: scope.user, now: world.now(), whole, session)
    try follow(touched, world, whole, session)
    return pair
  }

  /// Parts them, and they are not put together again.
  package static func refuse(
    _ id: ID<PairName>, world: World, _ scope: Scope, _ session: any Session
  ) throws {
    guard var pair = try Pairs.find(id, scope, session) else { throw Failure.unknown }
    (pair.state, pair.isOwn) = (.refused, true)
    try Pairs.keep(pair, by: scope.user, now: world.now(), scope, session)
    if pair.kind != .duplicate { try follow([pair.first, pair.second], world, scope.wholeHousehold, session) }
  }

  /// Judges the rows anew and tells readers of those that count for something else.
  private static func follow(
    _ ids: [ID<Transaction>], _ world: World, _ scope: Scope, _ session: any Session
  ) throws {
    var totals = TotalUpkeep()
    var rows = JudgedRows(HouseholdJudge.judging)
    let moved = try rows.rejudge(Set(ids).sorted(), &totals, now: world.now(), scope, session)
    try totals.write(scope, session)
    let events = Dictionary(grouping: moved, by: \.account).sorted { $0.key < $1.key }.map {
      Recategorizing.sorted($0.key, $0.value.count)
    }
    if !events.isEmpty { try Events.append(events, now: world.now(), scope, session) }
  }
}
