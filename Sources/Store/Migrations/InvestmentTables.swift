import Databases

/// The tables of what is held, traded and owed. Days are the household's; decimals are exact texts, as the bank wrote
/// them.
extension Schema {
  static let investments = [
    """
    CREATE TABLE connection_product (
      household_id {id} NOT NULL, connection_id {id} NOT NULL, product TEXT NOT NULL, last_attempt_at {int} NOT NULL,
      last_success_at {int}, through_on {int}, not_before {int}, code TEXT, message TEXT,
      PRIMARY KEY (household_id, connection_id, product),
      FOREIGN KEY (household_id, connection_id) REFERENCES connection(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE security (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, connection_id {id} NOT NULL,
      provider_id TEXT NOT NULL, name TEXT, ticker TEXT, isin TEXT, cusip TEXT, type TEXT, is_cash {bool},
      currency TEXT, rest TEXT, PRIMARY KEY (household_id, id), UNIQUE (household_id, connection_id, provider_id),
      FOREIGN KEY (household_id, connection_id) REFERENCES connection(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE security_price (
      household_id {id} NOT NULL, security_id {id} NOT NULL, day {int} NOT NULL, source TEXT NOT NULL,
      price TEXT NOT NULL, currency TEXT, PRIMARY KEY (household_id, security_id, day, source),
      FOREIGN KEY (household_id, security_id) REFERENCES security(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE holding (
      household_id {id} NOT NULL, account_id {id} NOT NULL, security_id {id} NOT NULL, day {int} NOT NULL,
      quantity TEXT NOT NULL, price TEXT, price_on {int}, value TEXT, cost_basis TEXT, currency TEXT, rest TEXT,
      PRIMARY KEY (household_id, account_id, security_id, day),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id),
      FOREIGN KEY (household_id, security_id) REFERENCES security(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE investment_transaction (
      household_id {id} NOT NULL, id {id} NOT NULL, connection_id {id} NOT NULL, provider_id TEXT NOT NULL,
      account_id {id} NOT NULL, security_id {id}, booked_on {int} NOT NULL, name TEXT NOT NULL,
      quantity TEXT NOT NULL, amount_minor {int} NOT NULL, currency TEXT NOT NULL, exact TEXT, price TEXT, fees TEXT,
      type TEXT NOT NULL, subtype TEXT, rest TEXT, removed_at {int}, PRIMARY KEY (household_id, id),
      UNIQUE (household_id, connection_id, provider_id),
      FOREIGN KEY (household_id, connection_id) REFERENCES connection(household_id, id),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id),
      FOREIGN KEY (household_id, security_id) REFERENCES security(household_id, id)
    ) {strict}
    """,
    "CREATE INDEX investment_transaction_day ON investment_transaction (household_id, account_id, booked_on)",
    """
    CREATE TABLE liability (
      household_id {id} NOT NULL, account_id {id} NOT NULL, kind TEXT NOT NULL, day {int} NOT NULL,
      rate_percent TEXT, minimum_payment TEXT, next_due_on {int}, last_payment TEXT, last_payment_on {int},
      last_statement TEXT, last_statement_on {int}, is_overdue {bool}, raw TEXT NOT NULL,
      PRIMARY KEY (household_id, account_id, kind, day),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE recurring_stream (
      household_id {id} NOT NULL, connection_id {id} NOT NULL, provider_id TEXT NOT NULL, account_id {id} NOT NULL,
      raw TEXT NOT NULL, seen_at {int} NOT NULL, PRIMARY KEY (household_id, connection_id, provider_id),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
    ) {strict}
    """,
  ]
}
