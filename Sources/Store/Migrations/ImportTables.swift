/// The table of what came with banks' files.
extension Schema {
  static let imports = [
    // The group says whether the import that brought the row still stands.
    """
    CREATE TABLE transaction_import (
      household_id {id} NOT NULL, transaction_id {id} NOT NULL, bank_id TEXT, group_id {id} NOT NULL,
      PRIMARY KEY (household_id, transaction_id),
      FOREIGN KEY (household_id, transaction_id) REFERENCES bank_transaction(household_id, id)
    ) {strict}
    """
  ]
}
