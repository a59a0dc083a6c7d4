import Basics

/// Names connections: one sign-in at one bank (Plaid calls it an Item).
package enum Connection: Identified {
  package static let idPrefix = "con"
}

/// Names runs of the sync.
package enum SyncRun: Identified {
  package static let idPrefix = "run"
}

/// How a connection is doing. Stored as text.
package enum ConnectionState: String, Sendable, CaseIterable {
  /// Linked; the bank's first data is not in yet.
  case pending
  case healthy
  /// The bank or the provider had a passing failure; the next run tries again.
  case degraded
  /// The person must sign in at the bank again.
  case needsReauthentication = "needs_reauthentication"
  /// Consent ends soon; signing in again prevents an interruption.
  case expiring
  /// The installation's keys or permissions are wrong.
  case misconfigured
  /// The person or the bank took access away. Calls stop; rows stay.
  case revoked
  /// Being removed at the provider.
  case removing
  case removed
}

/// Which part of a connection's life a run belongs to. Stored as text.
package enum RunKind: String, Sendable {
  case initial, historical, update, manual
}
