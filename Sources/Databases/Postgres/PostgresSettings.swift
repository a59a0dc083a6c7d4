package import Basics

/// How to reach a PostgreSQL server, and how long it may keep us waiting.
package struct PostgresSettings: Sendable {
  /// `postgres://…` as libpq reads it, with one host or several; it may hold a password.
  package var address: Secret<String>
  /// Connections at most. Those who find none free wait for one.
  package var connectionsMax: Int
  /// For one statement. The longest of ours counts a million rows anew in a few seconds.
  package var statementTimeout: Duration
  /// For one lock. Writers hold theirs for as long as they apply a run, seconds at most.
  package var lockTimeout: Duration
  /// A standby is meant, which only shows.
  var isStandby = false

  package init(
    address: Secret<String>, connectionsMax: Int = 8, statementTimeout: Duration = .seconds(60),
    lockTimeout: Duration = .seconds(20)
  ) {
    self.address = address
    self.connectionsMax = connectionsMax
    self.statementTimeout = statementTimeout
    self.lockTimeout = lockTimeout
  }

  /// What libpq is told. The address comes late: what it says itself holds, except that we speak UTF-8, and which of its
  /// hosts is meant.
  ///
  /// - Parameter host: One of several; of those each is given less time.
  func parameters(at host: [(String, String)] = []) -> [(String, String)] {
    [
      ("fallback_application_name", "magpie"), ("connect_timeout", host.isEmpty && !isStandby ? "10" : "3"),
      ("target_session_attrs", isStandby ? "standby" : "read-write"),
      ("keepalives_idle", "30"), ("keepalives_interval", "5"), ("keepalives_count", "3"),
      ("tcp_user_timeout", isStandby ? "3000" : "20000"),
      ("dbname", address.reveal), ("client_encoding", "UTF8"),
    ] + host
  }

  /// In milliseconds. A transaction that idles has lost its program, or never will commit.
  var bounds: [(String, String)] {
    [
      ("statement_timeout", String(statementTimeout.milliseconds)), ("lock_timeout", String(lockTimeout.milliseconds)),
      ("idle_in_transaction_session_timeout", "60000"),
    ]
  }
}
