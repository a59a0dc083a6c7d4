/// Tables of what the provider told us and of what people are told.
extension Schema {
  static let notices = [
    // Until when a bank has said it will end the connection, besides the consent it gives a date for.
    "ALTER TABLE connection ADD COLUMN disconnects_at {int}",
    // The address that the provider was last told to send its webhooks to.
    "ALTER TABLE connection ADD COLUMN webhook_url TEXT",
    "ALTER TABLE connection ADD COLUMN last_webhook_at {int}",
    // Keyed by the signed token: two updates of one connection have equal bodies.
    """
    CREATE TABLE webhook_event (
      token_hash {blob} PRIMARY KEY, id {id} NOT NULL UNIQUE, received_at {int} NOT NULL, environment TEXT NOT NULL,
      item_id TEXT, household_id {id}, connection_id {id}, type TEXT NOT NULL, code TEXT NOT NULL, body {blob} NOT NULL,
      outcome TEXT NOT NULL
    ) {strict}
    """,
    "CREATE INDEX webhook_event_age ON webhook_event (received_at)",
    """
    CREATE TABLE webhook_count (
      type TEXT NOT NULL, code TEXT NOT NULL, outcome TEXT NOT NULL, count {int} NOT NULL,
      PRIMARY KEY (type, code, outcome)
    ) {strict}
    """,
    """
    CREATE TABLE notification (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, kind TEXT NOT NULL, cause TEXT NOT NULL,
      connection_id {id}, account_id {id}, person_id {id}, body TEXT NOT NULL, made_at {int} NOT NULL,
      settled_at {int}, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    // Once for each cause.
    "CREATE UNIQUE INDEX notification_cause ON notification (household_id, kind, cause)",
    """
    CREATE TABLE notification_reader (
      household_id {id} NOT NULL, notification_id {id} NOT NULL, person_id {id} NOT NULL, read_at {int},
      dismissed_at {int}, PRIMARY KEY (household_id, notification_id, person_id),
      FOREIGN KEY (household_id, notification_id) REFERENCES notification(household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE notification_mute (
      household_id {id} NOT NULL, person_id {id} NOT NULL, kind TEXT NOT NULL, muted_at {int} NOT NULL,
      PRIMARY KEY (household_id, person_id, kind)
    ) {strict}
    """,
  ]

  /// What happened and concerns one person alone.
  static let personal = [
    "ALTER TABLE event ADD COLUMN person_id {id}"
  ]

  /// What is told once, for as long as the log goes back.
  static let toldOnce = [
    "ALTER TABLE event ADD COLUMN cause TEXT",
    "CREATE UNIQUE INDEX event_cause ON event (household_id, kind, cause) WHERE cause IS NOT NULL",
  ]
}
