package import Basics
package import Databases
package import Finance

/// A transaction with everything that hangs on it.
package struct TransactionEntry: Sendable, Equatable {
  package var row: ListedTransaction
  package var extras: TransactionExtras
}

extension Transactions {
  /// A page as ``list(_:order:after:limit:_:_:)`` gives it, with what hangs on its rows.
  package static func entries(
    _ filter: TransactionFilter, order: TransactionOrder = .newest, after: TransactionPosition?, limit: Int,
    _ scope: Scope, _ session: any Session
  ) throws -> [TransactionEntry] {
    let rows = try list(filter, order: order, after: after, limit: limit, scope, session)
    var extras: [ID<Transaction>: TransactionExtras] = [:]
    for start in stride(from: 0, to: rows.count, by: Limits.listMax) {
      let ids = rows[start..<min(start + Limits.listMax, rows.count)].map(\.id)
      extras.merge(try self.extras(of: ids, scope, session)) { $1 }
    }
    return rows.map { TransactionEntry(row: $0, extras: extras[$0.id] ?? TransactionExtras()) }
  }

  /// One row, whoever deleted it; nil when there is none, or its bank took it back.
  package static func entry(
    _ id: ID<Transaction>, _ scope: Scope, _ session: any Session
  ) throws -> TransactionEntry? {
    try find(id, scope, session).map { row in
      TransactionEntry(row: row, extras: try extras(of: [id], scope, session)[id] ?? TransactionExtras())
    }
  }
}
