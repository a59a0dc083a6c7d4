/// The tables of rules: what people want done with rows of a kind, and what a rule did to rows that were there before it.
extension Schema {
  static let sorting = [
    """
    CREATE TABLE rule (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, name TEXT NOT NULL,
      position {int} NOT NULL, is_on {bool} NOT NULL, definition TEXT NOT NULL, made_at {int} NOT NULL, made_by {id},
      PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE rule_run (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, rule_id {id} NOT NULL,
      rule_name TEXT NOT NULL, at {int} NOT NULL, person_id {id}, matched {int} NOT NULL, changed {int} NOT NULL,
      group_id {id}, undone_at {int}, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE rule_run_row (
      household_id {id} NOT NULL, run_id {id} NOT NULL, transaction_id {id} NOT NULL, value TEXT, source TEXT,
      confidence {int}, reason TEXT, version TEXT, PRIMARY KEY (household_id, run_id, transaction_id),
      FOREIGN KEY (household_id, run_id) REFERENCES rule_run(household_id, id),
      FOREIGN KEY (household_id, transaction_id) REFERENCES bank_transaction(household_id, id)
    ) {strict}
    """,
  ]
}
