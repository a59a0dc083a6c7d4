/// Tables of work that outlives a crash. They belong to the installation: a queue is looked at across households.
extension Schema {
  static let jobs = [
    """
    CREATE TABLE job (
      id {id} PRIMARY KEY, household_id {id}, kind TEXT NOT NULL, lane TEXT NOT NULL, subject TEXT NOT NULL,
      arguments TEXT NOT NULL DEFAULT '', state TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'dead')),
      priority {int} NOT NULL, run_at {int} NOT NULL, attempt {int} NOT NULL DEFAULT 0, claim {int} NOT NULL DEFAULT 0,
      made_at {int} NOT NULL, started_at {int}, ended_at {int}, owner TEXT, lease_until {int} NOT NULL DEFAULT 0,
      provider TEXT, institution TEXT, code TEXT, message TEXT
    ) {strict}
    """,
    // Of each lane and subject at most one waits, and at most one runs.
    "CREATE UNIQUE INDEX job_waiting ON job (lane, subject) WHERE state = 'waiting'",
    "CREATE UNIQUE INDEX job_running ON job (lane, subject) WHERE state = 'running'",
    "CREATE INDEX job_due ON job (priority, run_at, id) WHERE state = 'waiting'",
    "CREATE INDEX job_next ON job (run_at) WHERE state = 'waiting'",
    "CREATE INDEX job_leased ON job (lease_until) WHERE state = 'running'",
    "CREATE INDEX job_dead ON job (lane, subject) WHERE state = 'dead'",
    """
    CREATE TABLE circuit (
      name TEXT PRIMARY KEY, failures {int} NOT NULL, open_until {int}, trips {int} NOT NULL
    ) {strict}
    """,
    """
    CREATE TABLE call_count (
      household_id {id} NOT NULL, day {int} NOT NULL, calls {int} NOT NULL, PRIMARY KEY (household_id, day)
    ) {strict}
    """,
    """
    CREATE TABLE leader (
      name TEXT PRIMARY KEY, owner TEXT NOT NULL, term {int} NOT NULL, lease_until {int} NOT NULL
    ) {strict}
    """,
    """
    CREATE TABLE schedule (
      name TEXT PRIMARY KEY, expression TEXT NOT NULL, last_at {int} NOT NULL, next_at {int}
    ) {strict}
    """,
  ]
}
