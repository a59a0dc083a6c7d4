/// Tables of what is told to other programs.
extension Schema {
  static let outgoing = [
    // It sees what the person sees who made it. `position` is the last event that was delivered or passed over.
    """
    CREATE TABLE webhook_endpoint (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, person_id {id} NOT NULL,
      url TEXT NOT NULL, words TEXT NOT NULL DEFAULT '', kinds TEXT NOT NULL DEFAULT '', secret_box {blob} NOT NULL,
      former_box {blob}, former_until {int}, position {int} NOT NULL, state TEXT NOT NULL, reason TEXT,
      failing_since {int}, made_at {int} NOT NULL, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    """
    CREATE TABLE webhook_delivery (
      household_id {id} NOT NULL, endpoint_id {id} NOT NULL, position {int} NOT NULL, kind TEXT NOT NULL,
      tries {int} NOT NULL, first_at {int} NOT NULL, last_at {int} NOT NULL, delivered_at {int}, status {int},
      failure TEXT, milliseconds {int} NOT NULL, PRIMARY KEY (household_id, endpoint_id, position),
      FOREIGN KEY (household_id, endpoint_id) REFERENCES webhook_endpoint(household_id, id)
    ) {strict}
    """,
    "CREATE INDEX webhook_delivery_age ON webhook_delivery (last_at)",
    // How far something that follows all households has come in each.
    """
    CREATE TABLE event_follower (
      name TEXT NOT NULL, household_id {id} NOT NULL, position {int} NOT NULL, PRIMARY KEY (name, household_id)
    ) {strict}
    """,
  ]
}
