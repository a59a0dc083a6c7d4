/// Tables of the door itself.
extension Schema {
  /// What was answered under an `Idempotency-Key`. It belongs to the person and not to a household: a key must not mean
  /// two things to one program. Keys are kept as digests, answers sealed: some hold a secret that is shown once.
  static let answers = [
    """
    CREATE TABLE kept_answer (
      person_id {id} NOT NULL, key_hash {blob} NOT NULL, request_hash {blob} NOT NULL, begun_at {int} NOT NULL,
      status {int}, location TEXT, sealed_body {blob}, PRIMARY KEY (person_id, key_hash)
    ) {strict}
    """,
    "CREATE INDEX kept_answer_age ON kept_answer (begun_at)",
  ]
}
