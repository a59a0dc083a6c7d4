package import Basics
import Crypto
import Databases
package import Finance
import Store

/// Becoming known, and changing how one is known.
extension Identity {
  /// The first start: whoever holds the secret becomes the owner. Once, whoever else tries at the same moment.
  func setUp(
    _ secret: Secret<String>, name: String, email: String, _ password: Secret<String>, owner: Scope, _ trail: Trail
  ) async throws {
    try check(password, personal: [name, email])
    try checkEmail(email)
    let (key, now) = (Hash.sha256(secret.reveal), world.now())
    // Before the slow part, so that guesses cost us little.
    guard try await database.read({ try OneTimeSecrets.isGood(key, now: now, $0) }) else {
      throw ProblemKind.setupRefused.problem()
    }
    let hash = try await hash(password)
    try await database.write { session in
      guard try OneTimeSecrets.useSetup(key, now: now, session), try !Users.hasAny(session),
        try Users.addCredential(owner.user, email: email, hash: hash, now: now, session)
      else { throw ProblemKind.setupRefused.problem() }
      try Users.rename(owner.user, name, session)
      try note("setup.done", by: owner.user, in: owner.household, trail, session)
    }
  }

  /// Makes a person known, as the server's rule has it. With an invitation they belong to its household, without one to
  /// a new one of their own.
  func register(
    name: String, email: String, _ password: Secret<String>, invitation: Secret<String>?, _ trail: Trail
  ) async throws -> Tokens {
    guard try await database.read({ try Users.hasAny($0) }) else { throw ProblemKind.setupNeeded.problem() }
    guard registration != .closed else { throw ProblemKind.registrationClosed.problem() }
    guard registration == .open || invitation != nil else { throw ProblemKind.registrationClosed.problem() }
    try check(password, personal: [name, email])
    try checkEmail(email)
    let (now, key) = (world.now(), invitation.map { Hash.sha256($0.reveal) })
    if let key, try await database.read({ try Invitations.household(of: key, now: now, $0) }) == nil {
      throw ProblemKind.invitationRefused.problem()
    }
    let hash = try await hash(password)
    let user = world.newID(User.self)
    try await database.write { session in
      try Users.insert(user, name: name, now: now, session)
      guard try Users.addCredential(user, email: email, hash: hash, now: now, session) else {
        throw ProblemKind.emailTaken.problem()
      }
      if let key {
        try accept(key, user, trail, session)
      } else {
        try newHousehold(Self.householdName(name), "UTC", .usd, for: user, trail, session)
      }
    }
    return try await tokens(for: user, trail)
  }

  static func householdName(_ name: String) -> String { String("\(name)’s household".prefix(100)) }

  func accept(_ key: [UInt8], _ user: ID<User>, _ trail: Trail, _ session: any Session) throws {
    guard let joined = try Invitations.accept(key, by: user, now: world.now(), session) else {
      throw ProblemKind.invitationRefused.problem()
    }
    try Notifications.settle(.invitation, cause: "\(joined.id)", now: world.now(), session)
    try note(
      "member.joined", by: user, subject: "\(user)", detail: joined.role.rawValue, in: joined.household, trail,
      session)
  }

  @discardableResult
  func newHousehold(
    _ name: String, _ zone: String, _ currency: Currency, for user: ID<User>, _ trail: Trail, _ session: any Session
  ) throws -> ID<Household> {
    let (id, now) = (world.newID(Household.self), world.now())
    try Households.insert(id, name: name, timeZone: zone, currency: currency, now: now, session)
    try Memberships.add(user, to: id, .owner, now: now, session)
    try note("household.made", by: user, in: id, trail, session)
    return id
  }

  /// Adds a person who signs in with a password, for the operator.
  package func add(
    name: String, email: String, _ password: Secret<String>, to scope: Scope, _ role: Role
  ) async throws -> ID<User> {
    try check(password, personal: [name, email])
    try checkEmail(email)
    let hash = try await hash(password)
    let (user, now) = (world.newID(User.self), world.now())
    try await database.write { session in
      try Users.insert(user, name: name, now: now, session)
      guard try Users.addCredential(user, email: email, hash: hash, now: now, session) else {
        throw ProblemKind.emailTaken.problem()
      }
      try Memberships.add(user, to: scope.household, role, now: now, session)
      try Audit.add(
        AuditRecord(
          id: world.newID(), at: now, user: nil, through: "command", action: "member.added", subject: "\(user)",
          detail: role.rawValue), to: scope.household, session)
    }
    return user
  }

  func checkEmail(_ email: String) throws(Problem) {
    if Users.folded(email: email) == nil { throw Problem.invalid(["/email": "must be an address such as a@b.example"]) }
  }

  /// A new password. Everybody else who is signed in as this person is signed out.
  func changePassword(
    _ caller: Caller, from old: Secret<String>, to new: Secret<String>, _ trail: Trail
  ) async throws {
    let id = try session(of: caller)
    guard let own = try await database.read({ try Users.credential(of: caller.user, $0) }) else {
      throw ProblemKind.signInNeeded.problem()
    }
    try check(new, personal: [own.name, own.email], field: "/new_password")
    let email = Users.folded(email: own.email) ?? ""
    try refuseIfTooSoon(email, trail.peer)
    guard try await verify(old, against: own.passwordHash) else { throw try await failed(own.user, email, trail) }
    let (hash, now) = (try await hash(new), world.now())
    try await database.write { session in
      try Users.setPassword(caller.user, hash: hash, now: now, session)
      try Sessions.endAll(of: caller.user, but: id, now: now, session)
      try Sessions.prove(id, now: now, session)
      try note("password.changed", about: caller.user, trail, session)
    }
  }

  /// A secret with which a person who forgot their password sets a new one; nil when there is no such person.
  package func makeReset(email: String) async throws -> Secret<String>? {
    let (secret, now) = (Secret("mgp_" + RandomBytes.token()), world.now())
    let hash = Hash.sha256(secret.reveal)
    return try await database.write { session in
      guard let known = try Users.credential(email: email, session) else { return nil }
      try OneTimeSecrets.makeReset(hash, for: known.user, now: now, session)
      return secret
    }
  }

  /// The secret of the first start; nil when that was. An earlier secret is void.
  package func makeSetup() async throws -> Secret<String>? {
    let (secret, now) = (Secret("mgs_" + RandomBytes.token(bytes: 16)), world.now())
    let hash = Hash.sha256(secret.reveal)
    return try await database.write { session in
      guard try !Users.hasAny(session) else { return nil }
      try OneTimeSecrets.makeSetup(hash, now: now, session)
      return secret
    }
  }

  /// Sets a password with a reset secret; whoever was signed in is signed out. The second factor stays.
  package func reset(_ secret: Secret<String>, to password: Secret<String>) async throws {
    try check(password, personal: [])
    let (key, now) = (Hash.sha256(secret.reveal), world.now())
    guard try await database.read({ try OneTimeSecrets.isGood(key, now: now, $0) }) else {
      throw ProblemKind.resetRefused.problem()
    }
    let hash = try await hash(password)
    try await database.write { session in
      guard let user = try OneTimeSecrets.useReset(key, now: now, session) else {
        throw ProblemKind.resetRefused.problem()
      }
      try Users.setPassword(user, hash: hash, now: now, session)
      try Sessions.endAll(of: user, now: now, session)
      let households = try Memberships.households(of: user, session)
      if let first = households.first { try tell("password.changed", user, in: first.id, session) }
      for household in households {
        try Audit.add(
          AuditRecord(id: world.newID(), at: now, user: user, through: "reset", action: "password.changed"),
          to: household.id, session)
      }
    }
  }
}
