package import Basics
package import Finance

/// What a credential may be used for. An API key holds some of these; a person who signed in holds them all. The words
/// are stored and shown: they never change.
package enum APIScope: String, Sendable, CaseIterable {
  /// Looking at what the person may see.
  case read
  /// Changing what the person may change.
  case write
  /// Asking banks: linking, syncing, calls that are billed.
  case sync
  /// People, roles, keys, and what cannot be undone.
  case admin
}

/// Who asks: made anew for each request, so that removing somebody works at once.
package struct Caller: Sendable {
  /// How the caller showed who they are.
  package enum Via: Sendable, Equatable {
    /// The token file of the installation: its owner, on this machine.
    case installation
    case session(id: String)
    case apiKey(id: String)
  }

  /// The household that the request acts in.
  package struct Membership: Sendable {
    package var scope: Scope
    package var role: Role

    package init(scope: Scope, role: Role) {
      self.scope = scope
      self.role = role
    }
  }

  package var user: ID<User>
  /// The household of the credential, or the one that `Magpie-Household` names. A failure, such as
  /// `household.ambiguous`, is told only by operations that need a household.
  package var membership: Result<Membership, Problem>
  package var scopes: Set<APIScope>
  package var via: Via
  /// When the person last proved who they are. Nil for keys: they may do what needs a fresh proof only with the scope
  /// `admin`.
  package var provedAt: Timestamp?

  package init(
    user: ID<User>, membership: Result<Membership, Problem>, scopes: Set<APIScope> = Set(APIScope.allCases), via: Via,
    provedAt: Timestamp? = nil
  ) {
    self.user = user
    self.membership = membership
    self.scopes = scopes
    self.via = via
    self.provedAt = provedAt
  }
}

extension Caller {
  /// The owner of the installation, who holds its token.
  package static func installation(_ scope: Scope) -> Caller {
    Caller(
      user: scope.user, membership: .success(Membership(scope: scope, role: .owner)), via: .installation)
  }
}
