import Basics
import Databases
import Finance
import Store

/// The names of one connection under which rows wait in quarantine, kept at hand while a run applies: nearly every row
/// asks whether its name is among them, and nearly always there is none.
struct WaitingRows {
  private(set) var names: Set<String>
  /// The last row that waited when the run was applied.
  let newest: ID<QuarantinedRow>?
  private let connection: ID<Connection>
  private let now: Timestamp
  private let world: World
  private let scope: Scope

  init(
    _ waiting: Quarantine.Waiting, of connection: ID<Connection>, now: Timestamp, world: World, _ scope: Scope
  ) {
    (names, newest) = (waiting.names, waiting.newest)
    self.connection = connection
    self.now = now
    self.world = world
    self.scope = scope
  }

  /// - Returns: False when the same row waits already.
  mutating func keep(_ row: FeedUnreadable, _ session: any Session) throws -> Bool {
    if let name = row.id { names.insert(name) }
    return try Quarantine.keep(row, as: world.newID(), .transactions, connection, now: now, scope, session)
  }

  /// Tells that the bank said something under this name, or took it away: a row that waits under it is void.
  mutating func heard(of name: String, _ session: any Session) throws {
    guard !names.isEmpty, names.remove(name) != nil else { return }
    try Quarantine.settle(named: name, .transactions, connection, now: now, scope, session)
  }
}

/// Rows that waited in quarantine and can be applied now: this version reads them, or their account is known since.
enum Replay {
  struct Row {
    var quarantine: ID<QuarantinedRow>
    var transaction: FeedTransaction
    /// As the bank sent it.
    var raw: String
  }

  /// Those that would not go back into quarantine at once. Pure.
  ///
  /// - Parameters:
  ///   - accounts: The currency of every account that rows may go to, by the provider's id.
  ///   - read: Reads one row as the bank sent it.
  static func readable(
    _ waiting: [StoredQuarantine], accounts: [String: Currency], read: ([UInt8]) -> FeedRow
  ) -> [Row] {
    waiting.compactMap { waiting in
      guard case .transaction(let transaction) = read(Array(waiting.raw.utf8)),
        let currency = accounts[transaction.accountID],
        let amount = try? Money.rounding(transaction.amount, transaction.currency ?? currency).money,
        amount.minorUnits.magnitude <= Limits.rowMinorUnitsMax
      else { return nil }
      return Row(quarantine: waiting.id, transaction: transaction, raw: waiting.raw)
    }
  }

  /// Hands each row that can be applied to `apply`, oldest first, and settles it. To be called in the transaction that
  /// applies a run, before the run's own pages: they are later words.
  ///
  /// What waits is the bank's last word under its name, because ``WaitingRows/heard(of:_:)`` settles the others.
  ///
  /// - Parameters:
  ///   - newest: The last that waited before: a row that goes back into quarantine gets a new id, and without an end
  ///     this would never end.
  ///   - apply: Writes one row to the ledger.
  /// - Returns: How many were applied.
  static func run(
    _ connection: ID<Connection>, to newest: ID<QuarantinedRow>, accounts: [String: Currency], feed: BankFeed,
    now: Timestamp, _ scope: Scope, _ session: any Session, apply: (Row) throws -> Void
  ) throws -> Int {
    var count = 0
    var last: ID<QuarantinedRow>?
    while true {
      let waiting = try Quarantine.unsettled(.transactions, connection, after: last, scope, session)
        .filter { $0.id <= newest }
      guard let end = waiting.last else { return count }
      for row in readable(waiting, accounts: accounts, read: feed.row) {
        try Quarantine.settle(row.quarantine, now: now, scope, session)
        try apply(row)
        count += 1
      }
      last = end.id
    }
  }
}
