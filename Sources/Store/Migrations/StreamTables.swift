/// What providers say comes again and again, in place of a table that nothing was ever written to.
extension Schema {
  static let bankStreams = [
    "DROP TABLE recurring_stream",
    """
    CREATE TABLE bank_stream (
      household_id {id} NOT NULL, connection_id {id} NOT NULL, provider_id TEXT NOT NULL, account_id {id} NOT NULL,
      name TEXT NOT NULL, is_incoming {bool} NOT NULL, rhythm TEXT, standing TEXT NOT NULL, is_active {bool} NOT NULL,
      first_on {int}, last_on {int}, next_on {int}, category TEXT, rows TEXT NOT NULL, raw TEXT NOT NULL,
      seen_at {int} NOT NULL, PRIMARY KEY (household_id, connection_id, provider_id),
      FOREIGN KEY (household_id, connection_id) REFERENCES connection(household_id, id),
      FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
    ) {strict}
    """,
  ]
}
