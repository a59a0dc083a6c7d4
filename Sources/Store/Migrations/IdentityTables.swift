import Databases

/// Tables of people's sign-ins, of what they may do, and of what they show each other.
///
/// What proves a person is kept as a hash, or sealed where it has to be read back (second factors, signing keys).
/// Credentials, sessions, keys to the interface and signing keys belong to people, not to households, and stand alone.
extension Schema {
  static let identity =
    credentials + entries + household + [
      // Whose an account is that no connection shows; nil for all others.
      "ALTER TABLE account ADD COLUMN person_id {id}",
      // What an event is about, so that it reaches only those who may see that.
      "ALTER TABLE event ADD COLUMN account_id {id}",
      "ALTER TABLE event ADD COLUMN connection_id {id}",
      // Only what is not shown in full has a row: with everything shared, the table is empty.
      """
      CREATE TABLE account_share (
        household_id {id} NOT NULL, account_id {id} NOT NULL, level TEXT NOT NULL CHECK (level IN ('balances', 'hidden')),
        set_by {id} NOT NULL REFERENCES person(id), set_at {int} NOT NULL, PRIMARY KEY (household_id, account_id),
        FOREIGN KEY (household_id, account_id) REFERENCES account(household_id, id)
      ) {strict}
      """,
    ]

  private static let credentials = [
    """
    CREATE TABLE credential (
      person_id {id} PRIMARY KEY REFERENCES person(id), email TEXT NOT NULL UNIQUE, email_shown TEXT NOT NULL,
      password_hash TEXT NOT NULL, password_at {int} NOT NULL, totp_box {blob}, totp_confirmed_at {int},
      totp_step {int} NOT NULL DEFAULT 0
    ) {strict}
    """,
    """
    CREATE TABLE recovery_code (
      person_id {id} NOT NULL REFERENCES person(id), hash {blob} NOT NULL, used_at {int}, PRIMARY KEY (person_id, hash)
    ) {strict}
    """,
    // One living secret a person at most; the one of the first start has no person.
    """
    CREATE TABLE one_time_secret (
      hash {blob} PRIMARY KEY, purpose TEXT NOT NULL CHECK (purpose IN ('setup', 'reset')),
      person_id {id} REFERENCES person(id), made_at {int} NOT NULL, expires_at {int} NOT NULL, used_at {int}
    ) {strict}
    """,
    """
    CREATE TABLE signing_key (
      id TEXT PRIMARY KEY, box {blob} NOT NULL, made_at {int} NOT NULL
    ) {strict}
    """,
  ]

  private static let entries = [
    """
    CREATE TABLE session (
      id {id} PRIMARY KEY, person_id {id} NOT NULL REFERENCES person(id),
      household_id {id} REFERENCES household(id), kind TEXT NOT NULL CHECK (kind IN ('token', 'cookie')),
      cookie_hash {blob} UNIQUE, made_at {int} NOT NULL, proved_at {int} NOT NULL, seen_at {int} NOT NULL,
      expires_at {int} NOT NULL, ended_at {int}, client TEXT, peer TEXT
    ) {strict}
    """,
    "CREATE INDEX session_person ON session (person_id) WHERE ended_at IS NULL",
    """
    CREATE TABLE refresh_token (
      hash {blob} PRIMARY KEY, session_id {id} NOT NULL REFERENCES session(id), made_at {int} NOT NULL, used_at {int}
    ) {strict}
    """,
    "CREATE INDEX refresh_token_session ON refresh_token (session_id)",
    """
    CREATE TABLE api_key (
      id {id} PRIMARY KEY, person_id {id} NOT NULL REFERENCES person(id),
      household_id {id} NOT NULL REFERENCES household(id), name TEXT NOT NULL, hash {blob} NOT NULL UNIQUE,
      hint TEXT NOT NULL, scopes TEXT NOT NULL, made_at {int} NOT NULL, expires_at {int}, used_at {int},
      revoked_at {int}
    ) {strict}
    """,
    "CREATE INDEX api_key_person ON api_key (person_id)",
  ]

  private static let household = [
    """
    CREATE TABLE invitation (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, hash {blob} NOT NULL,
      role TEXT NOT NULL CHECK (role IN ('admin', 'member', 'viewer')), email TEXT,
      invited_by {id} NOT NULL REFERENCES person(id), made_at {int} NOT NULL, expires_at {int} NOT NULL,
      accepted_by {id} REFERENCES person(id), accepted_at {int}, revoked_at {int}, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    "CREATE UNIQUE INDEX invitation_hash ON invitation (hash)",
    """
    CREATE TABLE audit (
      household_id {id} NOT NULL REFERENCES household(id), id {id} NOT NULL, at {int} NOT NULL,
      person_id {id} REFERENCES person(id), through TEXT NOT NULL, action TEXT NOT NULL, subject TEXT, detail TEXT,
      account_id {id}, request_id TEXT, peer TEXT, PRIMARY KEY (household_id, id)
    ) {strict}
    """,
    "CREATE INDEX membership_person ON membership (person_id)",
  ]
}
