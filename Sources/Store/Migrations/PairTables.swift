/// Rows that belong together: both halves of a transfer, a purchase and its refund, a row that is perhaps there twice.
extension Schema {
  static let pairs = [
    // Nothing was ever written to it.
    "DROP TABLE transfer_pair",
    """
    CREATE TABLE pair (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, kind TEXT NOT NULL,
      first_id {id} NOT NULL, second_id {id} NOT NULL, first_minor {int} NOT NULL, second_minor {int} NOT NULL,
      first_category TEXT, second_category TEXT, implied_rate TEXT, fee_minor {int}, state TEXT NOT NULL,
      is_own {bool} NOT NULL, last_on {int} NOT NULL, made_at {int} NOT NULL, decided_by {id},
      PRIMARY KEY (household_id, id),
      FOREIGN KEY (household_id, first_id) REFERENCES bank_transaction(household_id, id),
      FOREIGN KEY (household_id, second_id) REFERENCES bank_transaction(household_id, id)
    ) {strict}
    """,
    "CREATE UNIQUE INDEX pair_rows ON pair (household_id, first_id, second_id, kind)",
    "CREATE INDEX pair_second ON pair (household_id, second_id)",
    "CREATE INDEX pair_day ON pair (household_id, last_on)",
    // A category that a person meant for one row alone teaches nothing.
    "ALTER TABLE transaction_overlay ADD COLUMN is_single {bool}",
    // A rule is applied to the past bit by bit: as it was when that began, and how far it has come.
    "ALTER TABLE rule_run ADD COLUMN definition TEXT",
    "ALTER TABLE rule_run ADD COLUMN done_to {id}",
    "ALTER TABLE rule_run ADD COLUMN finished_at {int}",
    "UPDATE rule_run SET finished_at = at",
  ]
}
