import Basics
import Crypto
import Databases
import Finance
import JSON
import Store

/// Setting up a second factor, and taking it away.
extension Identity {
  func beginSecondFactor(_ caller: Caller) async throws -> JSONValue {
    let secret = TOTP.newSecret()
    let (sealing, user) = (sealing, caller.user)
    let own = try await database.write { session -> StoredCredential in
      guard let own = try Users.credential(of: user, session) else { throw ProblemKind.signInNeeded.problem() }
      let plain = Secret(Base64URL.encode(secret.reveal))
      let box = try sealing.seal(plain, SealedTokens.associatedData(secondFactorOf: user))
      guard try SecondFactors.begin(user, box: box, session) else { throw ProblemKind.secondFactorThere.problem() }
      return own
    }
    return [
      "secret": .string(TOTP.text(secret).reveal),
      "address": .string(TOTP.address(secret, account: own.email, issuer: "Magpie").reveal),
    ]
  }

  /// - Returns: The recovery codes, to be shown once.
  func confirmSecondFactor(
    _ caller: Caller, _ code: Secret<String>, _ trail: Trail
  ) async throws -> [Secret<String>] {
    guard let own = try await database.read({ try Users.credential(of: caller.user, $0) }), let box = own.totpBox,
      own.totpConfirmedAt == nil
    else { throw ProblemKind.secondFactorMissing.problem() }
    let email = Users.folded(email: own.email) ?? ""
    try refuseIfTooSoon(email, trail.peer)
    let now = world.now()
    guard let step = TOTP.accept(code, try open(box, of: caller.user), at: now, after: own.totpStep) else {
      throw try await failed(caller.user, email, trail)
    }
    let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.make() }
    let hashes = Self.hashes(codes)
    try await database.write { session in
      guard try SecondFactors.confirm(caller.user, step: step, hashes: hashes, now: now, session) else {
        throw ProblemKind.secondFactorMissing.problem()
      }
      try note("second_factor.added", about: caller.user, trail, session)
    }
    return codes
  }

  func renewRecoveryCodes(_ caller: Caller, _ trail: Trail) async throws -> [Secret<String>] {
    let codes = (0..<RecoveryCode.count).map { _ in RecoveryCode.make() }
    let hashes = Self.hashes(codes)
    try await database.write { session in
      guard try Users.credential(of: caller.user, session)?.hasSecondFactor == true else {
        throw ProblemKind.secondFactorMissing.problem()
      }
      try SecondFactors.replaceCodes(caller.user, hashes, session)
      try note("recovery_codes.renewed", about: caller.user, trail, session)
    }
    return codes
  }

  func removeSecondFactor(_ caller: Caller, _ trail: Trail) async throws {
    try await database.write { session in
      guard try Users.credential(of: caller.user, session)?.totpBox != nil else {
        throw ProblemKind.secondFactorMissing.problem()
      }
      try SecondFactors.remove(caller.user, session)
      try note("second_factor.removed", about: caller.user, trail, session)
    }
  }

  private static func hashes(_ codes: [Secret<String>]) -> [[UInt8]] {
    codes.map { Hash.sha256(RecoveryCode.folded($0).reveal) }
  }
}
