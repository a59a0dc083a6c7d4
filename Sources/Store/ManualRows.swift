package import Basics
package import Databases
package import Finance

/// A row that a person writes down: cash, or what no bank tells.
package struct NewTransaction: Sendable, Equatable {
  package var account: ID<Account>
  package var amount: Money
  package var bookedOn: CalendarDate
  package var name: String
  package var merchantName: String?
  package var category: String?
  package var notes: String?
  package var tags: [ID<Tag>] = []

  package init(account: ID<Account>, amount: Money, bookedOn: CalendarDate, name: String) {
    (self.account, self.amount, self.bookedOn, self.name) = (account, amount, bookedOn, name)
  }
}

/// An account that a person keeps by hand.
package struct NewAccount: Sendable, Equatable {
  package var name: String
  package var kind: AccountKind
  package var currency: Currency
  package var notes: String?

  package init(name: String, kind: AccountKind, currency: Currency, notes: String? = nil) {
    (self.name, self.kind, self.currency, self.notes) = (name, kind, currency, notes)
  }
}

package enum AccountEdit: Sendable, Equatable {
  case name(String)
  case notes(String?)
  case position(Int)
  case isHidden(Bool)
  /// Closed: it stays with its rows, and no new ones are expected.
  case isClosed(Bool)
  /// Of an account kept by hand that has no rows yet.
  case kind(AccountKind)
  /// What it held at the end of a day, from the owner's side. Nil takes a typed balance back. By hand only.
  case balance(CalendarDate, Money?)
}

package enum ManualError: Error, Equatable, Sendable {
  case unknownAccount
  /// A bank keeps it: its balances and its kind are the bank's words.
  case keptByBank
  case hasRows
  case currency(Currency)
  case tooLarge
}

/// Accounts and rows made by hand. Changes go through ``Edits``.
package enum Manual {
  package static func create(
    _ account: NewAccount, _ edits: inout Edits, _ session: any Session
  ) throws -> ID<Account> {
    let id: ID<Account> = edits.world.newID()
    try session.execute(
      """
      INSERT INTO account (household_id, id, kind, name, type, currency, origin, created_at, notes,
        person_id)
      VALUES (\(edits.scope.household), \(id), \(account.kind.rawValue), \(account.name), \(account.kind.type),
        \(account.currency), \(Origin.manual.rawValue), \(edits.now), \(account.notes),
        \(edits.scope.user))
      """)
    try edits.made(.account, id.description, session)
    return id
  }

  package static func edit(
    _ id: ID<Account>, _ changes: [AccountEdit], _ edits: inout Edits, _ session: any Session
  ) throws {
    guard let place = try place(id, edits.scope, session) else { throw ManualError.unknownAccount }
    for change in changes {
      let (field, value): (String, String?)
      switch change {
      case .name(let name): (field, value) = ("name", name)
      case .notes(let notes): (field, value) = ("notes", notes)
      case .position(let position): (field, value) = ("position", String(position))
      case .isHidden(let isHidden): (field, value) = ("hidden", isHidden ? "true" : nil)
      case .isClosed(let isClosed):
        // Closing what is closed already is no change.
        let closedAt = try Records.value(of: "closed_at", .account, id.description, edits.scope, session)
        (field, value) = ("closed_at", isClosed ? closedAt ?? String(edits.now.milliseconds) : nil)
      case .kind(let kind):
        guard place.isManual else { throw ManualError.keptByBank }
        // Its rows were told apart by it when they were written down.
        if try Records.isInUse(.account, id.description, edits.scope, session) { throw ManualError.hasRows }
        (field, value) = ("kind", kind.rawValue)
      case .balance(let day, let money):
        guard place.isManual else { throw ManualError.keptByBank }
        if let money {
          guard money.currency == place.currency else { throw ManualError.currency(place.currency) }
          guard money.minorUnits.magnitude <= Limits.rowMinorUnitsMax else { throw ManualError.tooLarge }
        }
        (field, value) = ("\(TypedBalances.fieldPrefix)\(day)", money.map { String($0.minorUnits) })
      }
      try edits.set(.account, id.description, field, to: value, session)
    }
  }

  /// Puts accounts in an order; those that are not named follow.
  package static func reorder(
    _ ids: [ID<Account>], _ edits: inout Edits, _ session: any Session
  ) throws {
    let scope = edits.scope
    let all = try session.query(
      """
      SELECT id FROM account WHERE household_id = \(scope.household) AND deleted_at IS NULL
        \(Visibility.accounts(scope, "id")) ORDER BY position, id
      """
    ) { try $0(0, as: ID<Account>.self) }
    guard Set(ids).isSubset(of: all) else { throw ManualError.unknownAccount }
    let named = Set(ids)
    for (position, id) in (ids + all.filter { !named.contains($0) }).enumerated() {
      try edits.set(.account, id.description, "position", to: String(position + 1), session)
    }
  }

  /// Writes a row down, in any account that is not closed.
  package static func create(
    _ row: NewTransaction, _ edits: inout Edits, _ session: any Session
  ) throws -> ID<Transaction> {
    let scope = edits.scope
    guard let place = try place(row.account, scope, session), try seesRows(of: row.account, scope, session) else {
      throw ManualError.unknownAccount
    }
    guard row.amount.minorUnits.magnitude <= Limits.rowMinorUnitsMax else { throw ManualError.tooLarge }
    let id: ID<Transaction> = edits.world.newID()
    let flow = ProviderCategory.flow(
      primary: nil, detailed: nil, amountIsIncoming: row.amount.minorUnits > 0, on: place.kind)
    try session.execute(
      """
      INSERT INTO bank_transaction (household_id, id, account_id, is_pending, amount_minor, currency, booked_on,
        occurred_on, name, merchant_name, flow, origin, created_at, changed_at)
      VALUES (\(scope.household), \(id), \(row.account), 0, \(row.amount.minorUnits), \(row.amount.currency),
        \(row.bookedOn), \(row.bookedOn), \(row.name), \(row.merchantName), \(flow.rawValue),
        \(Origin.manual.rawValue), \(edits.now), \(edits.now))
      """)
    try edits.made(id, account: row.account, session)
    try edits.write([.category(row.category), .notes(row.notes), .tags(row.tags)], on: id, session)
    return id
  }

  private static func seesRows(of id: ID<Account>, _ scope: Scope, _ session: any Session) throws -> Bool {
    try session.first(
      """
      SELECT 1 FROM account WHERE household_id = \(scope.household) AND id = \(id)\(Visibility.rows(scope, "id"))
      """
    ) { _ in true } ?? false
  }

  private static func place(
    _ id: ID<Account>, _ scope: Scope, _ session: any Session
  ) throws -> (isManual: Bool, currency: Currency, kind: AccountKind)? {
    try session.first(
      """
      SELECT origin, currency, kind FROM account
      WHERE household_id = \(scope.household) AND id = \(id) AND deleted_at IS NULL
        \(Visibility.accounts(scope, "id"))
      """
    ) { row in
      (
        try row(0, as: String.self) == Origin.manual.rawValue, try row(1),
        AccountKind(rawValue: try row(2)) ?? .otherAsset
      )
    }
  }
}

extension AccountKind {
  /// In the words that banks use for accounts.
  var type: String {
    switch self {
    case .checking, .savings, .moneyMarket, .cashManagement, .prepaid, .cash, .deposit, .healthSavings: "depository"
    case .creditCard: "credit"
    case .loan, .mortgage, .studentLoan: "loan"
    case .investment, .retirement: "investment"
    case .otherAsset: "other"
    }
  }
}
