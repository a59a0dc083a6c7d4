/// The table of what people wanted gone.
extension Schema {
  static let erasures = [
    // Ids and counts alone: it outlives what was erased, and says that it was. So it hangs on nothing.
    """
    CREATE TABLE erasure (
      id {id} PRIMARY KEY, household_id {id} NOT NULL, person_id {id} NOT NULL, what TEXT NOT NULL, subject TEXT,
      keeps_household {bool} NOT NULL DEFAULT 0, had_real {bool} NOT NULL DEFAULT 0, rows {int} NOT NULL DEFAULT 0,
      asked_at {int} NOT NULL, ended_at {int}, problem TEXT
    ) {strict}
    """,
    "CREATE INDEX erasure_person ON erasure (person_id, id)",
    "CREATE INDEX erasure_open ON erasure (household_id, what) WHERE ended_at IS NULL",
    // Whoever deletes a row looks here for what hangs on it.
    "CREATE INDEX rule_run_row_transaction ON rule_run_row (household_id, transaction_id)",
  ]
}
