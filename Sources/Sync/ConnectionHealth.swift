package import Finance

/// What a failure at the bank makes of a connection. Any success heals it again.
package enum ConnectionHealth {
  package static func state(after error: FeedError) -> ConnectionState {
    switch error {
    case .reauthenticate: .needsReauthentication
    case .gone: .revoked
    case .configuration: .misconfigured
    case .notReady: .pending
    case .wait, .retry, .unsupported, .mutated, .cursorRefused, .accountsChanged, .bug: .degraded
    }
  }
}
