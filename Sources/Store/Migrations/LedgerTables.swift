import Databases

/// The tables of what people do with their rows: who changed what, their own categories, tags, merchants and views, and
/// the index that finds words.
extension Schema {
  static let ledger = changes + ownWords + searching + telling

  /// Nothing was ever written to the first `change` table; this one undoes by group and by field.
  private static let changes = [
    "DROP TABLE change",
    """
    CREATE TABLE change_group (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, person_id {id}, through TEXT NOT NULL,
      at {int} NOT NULL, undoes {id}, undone_by {id}, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE change (
      household_id {id} NOT NULL, id {id} NOT NULL, group_id {id} NOT NULL, entity TEXT NOT NULL,
      entity_id TEXT NOT NULL, field TEXT NOT NULL, before TEXT, after TEXT, PRIMARY KEY (household_id, id),
      FOREIGN KEY (household_id, group_id) REFERENCES change_group(household_id, id)
    ) {strict} {by_household}
    """,
    "CREATE INDEX change_entity ON change (household_id, entity, entity_id, id)",
    "CREATE INDEX change_of_group ON change (household_id, group_id)",
  ]

  private static let ownWords = [
    """
    CREATE TABLE category (
      household_id {id} NOT NULL REFERENCES household(id), code TEXT NOT NULL, parent TEXT, name TEXT NOT NULL,
      flow TEXT NOT NULL CHECK (flow IN ('income', 'expense', 'transfer')), color TEXT, icon TEXT,
      position {int} NOT NULL DEFAULT 0, is_system {bool} NOT NULL, is_hidden {bool} NOT NULL DEFAULT 0,
      deleted_at {int}, PRIMARY KEY (household_id, code)
    ) {strict}
    """,
    """
    CREATE TABLE tag (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, name TEXT NOT NULL, color TEXT,
      deleted_at {int}, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE transaction_tag (
      household_id {id} NOT NULL, transaction_id {id} NOT NULL, tag_id {id} NOT NULL,
      PRIMARY KEY (household_id, transaction_id, tag_id),
      FOREIGN KEY (household_id, transaction_id) REFERENCES bank_transaction(household_id, id),
      FOREIGN KEY (household_id, tag_id) REFERENCES tag(household_id, id)
    ) {strict}
    """,
    "CREATE INDEX transaction_tag_tag ON transaction_tag (household_id, tag_id, transaction_id)",
    """
    CREATE TABLE transaction_field (
      household_id {id} NOT NULL, transaction_id {id} NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
      PRIMARY KEY (household_id, transaction_id, name),
      FOREIGN KEY (household_id, transaction_id) REFERENCES bank_transaction(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE merchant (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, bank_key TEXT NOT NULL,
      bank_name TEXT NOT NULL, name TEXT, category TEXT, website TEXT, is_hidden {bool} NOT NULL DEFAULT 0,
      PRIMARY KEY (household_id, id), UNIQUE (household_id, bank_key)
    ) {strict}
    """,
    """
    CREATE TABLE saved_view (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, person_id {id} NOT NULL,
      name TEXT NOT NULL, query TEXT NOT NULL, position {int} NOT NULL DEFAULT 0, is_shared {bool} NOT NULL DEFAULT 0,
      deleted_at {int}, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    "ALTER TABLE account ADD COLUMN position {int} NOT NULL DEFAULT 0",
    "ALTER TABLE account ADD COLUMN deleted_at {int}",
    "ALTER TABLE account ADD COLUMN notes TEXT",
  ]

  private static let telling = [
    """
    CREATE TABLE link_event (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, person_id {id} NOT NULL, at {int} NOT NULL,
      name TEXT NOT NULL, session TEXT, connection_id {id}, institution_id TEXT, institution_name TEXT, view_name TEXT,
      exit_status TEXT, error_type TEXT, error_code TEXT, request_id TEXT, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    "CREATE INDEX link_event_person ON link_event (household_id, person_id, id)",
  ]

  /// A document's number begins with its household's and its day, so that the newest matches are read first. Only SQLite
  /// has trigrams of them: elsewhere the documents themselves are read.
  private static let searching = [
    """
    CREATE TABLE search_state (
      household_id {id} PRIMARY KEY REFERENCES household(id), number {int} NOT NULL UNIQUE,
      next_document {int} NOT NULL DEFAULT 0, event_position {int} NOT NULL DEFAULT 0, walked_to {id},
      is_walked {bool} NOT NULL DEFAULT 0
    ) {strict}
    """,
    """
    CREATE TABLE search_document (
      document {int} PRIMARY KEY, household_id {id} NOT NULL, transaction_id {id} NOT NULL, merchant_id {id},
      row_changed_at {int} NOT NULL, folded TEXT NOT NULL
    ) {strict}
    """,
    "CREATE UNIQUE INDEX search_document_transaction ON search_document (household_id, transaction_id)",
    """
    CREATE INDEX search_document_merchant ON search_document (household_id, merchant_id, document)
    WHERE merchant_id IS NOT NULL
    """,
    """
    {sqlite}CREATE VIRTUAL TABLE search_trigram USING fts5(
      folded, content = 'search_document', content_rowid = 'document', tokenize = 'trigram', detail = none,
      columnsize = 0)
    """,
  ]
}
