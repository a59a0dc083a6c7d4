import Databases

/// Tables of what a household plans and of what its currencies are worth.
extension Schema {
  static let plans = [
    """
    CREATE TABLE exchange_rate (
      household_id {id} NOT NULL REFERENCES household(id), currency TEXT NOT NULL, day {int} NOT NULL,
      quote TEXT NOT NULL, rate TEXT NOT NULL, source TEXT NOT NULL,
      PRIMARY KEY (household_id, currency, quote, day)
    ) {strict}
    """,
    """
    CREATE TABLE budget (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, category TEXT NOT NULL,
      amount_minor {int} NOT NULL, currency TEXT NOT NULL, rollover TEXT NOT NULL, starts_on {int} NOT NULL,
      created_at {int} NOT NULL, PRIMARY KEY (household_id, id), UNIQUE (household_id, category)
    ) {strict}
    """,
    """
    CREATE TABLE goal (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, name TEXT NOT NULL,
      target_minor {int} NOT NULL, currency TEXT NOT NULL, account_id {id}, due_on {int}, created_at {int} NOT NULL,
      PRIMARY KEY (household_id, id),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE calendar_address (
      household_id {id} NOT NULL REFERENCES household(id), person_id {id} NOT NULL, secret_hash {blob} NOT NULL,
      made_at {int} NOT NULL, PRIMARY KEY (household_id, person_id), UNIQUE (secret_hash)
    ) {strict}
    """,
  ]
}
