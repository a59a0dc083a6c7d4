import Basics
import Crypto
package import Databases
import Finance
package import HTTP
import Store

/// A request that may come twice and shall act once: its `Idempotency-Key`, and what was answered to it.
extension Call {
  /// Acts in one transaction, which also keeps the answer. A repeated request gets that answer again.
  ///
  /// - Parameter effect: Without a key it simply runs.
  /// - Throws: 422 when the key was used for another request; what `effect` throws, and then nothing is kept.
  package func once(
    _ banks: Banks, _ effect: @escaping @Sendable (any Session) throws -> Response
  ) async throws -> Response {
    guard let key = try key(banks) else { return try await banks.database.write(effect) }
    return try await banks.database.write { session in
      if let answer = try key.answer(session) { return answer }
      try key.begin(session)
      let response = try effect(session)
      try key.keep(response, session)
      return response
    }
  }

  /// Acts by way of the network. `effect` is handed a function that keeps the answer, to be called in the transaction
  /// that makes it true; what it gives back is answered.
  package func once(
    _ banks: Banks,
    asking effect:
      @escaping @Sendable (_ keep: @escaping @Sendable (Response, any Session) throws -> Void)
      async throws -> Response
  ) async throws -> Response {
    guard let key = try key(banks) else { return try await effect { _, _ in } }
    let known = try await banks.database.write { session -> Response? in
      if let answer = try key.answer(session) { return answer }
      try key.begin(session)
      return nil
    }
    if let known { return known }
    do {
      return try await effect { response, session in try key.keep(response, session) }
    } catch {
      // If the answer was kept already, the effect is done; it stays.
      try? await banks.database.write { session in
        if try key.isAnswered(session) { return }
        try key.forget(session)
      }
      throw error
    }
  }

  private func key(_ banks: Banks) throws(Problem) -> IdempotencyKey? {
    guard operation.takesIdempotencyKey, let text = request.headers["Idempotency-Key"] else { return nil }
    var digest = SHA256()
    let household = try? scope.household.bytes
    for part in [
      Array(operation.method.rawValue.utf8), Array(request.path.utf8),
      Array(request.query.map { "\($0.name)=\($0.value)" }.joined(separator: "&").utf8), household ?? [], request.body,
    ] {
      digest.update(Array("\(part.count) ".utf8) + part)
    }
    return IdempotencyKey(
      person: try caller.user, keyHash: Hash.sha256(text), requestHash: digest.finish(), now: banks.world.now(),
      sealing: banks.sealing)
  }
}

private struct IdempotencyKey: Sendable {
  /// How long a request may be at work. After that it is taken for dead, and may be repeated.
  static let patience = Duration.seconds(120)

  let person: ID<User>
  let keyHash: [UInt8]
  let requestHash: [UInt8]
  let now: Timestamp
  let sealing: Banks.Sealing

  /// What to answer in place of acting; nil: act.
  func answer(_ session: any Session) throws -> Response? {
    guard let kept = try KeptAnswers.find(keyHash, of: person, now: now, session) else { return nil }
    guard kept.requestHash == requestHash else { throw ProblemKind.keyReused.problem() }
    guard let status = kept.status, let box = kept.sealedBody else {
      guard now - kept.begunAt > Self.patience else {
        throw PostponedProblem(problem: ProblemKind.keyBusy.problem(), retryAfter: .seconds(2))
      }
      return nil
    }
    guard let body = try? sealing.open(box, associatedData) else { throw ProblemKind.answerLost.problem() }
    var response = body.reveal.isEmpty ? Response(status) : .json(status, Array(body.reveal.utf8))
    response.headers["Location"] = kept.location
    response.headers["Idempotent-Replayed"] = "true"
    return response
  }

  func begin(_ session: any Session) throws {
    try KeptAnswers.begin(keyHash, of: person, requestHash: requestHash, now: now, session)
  }

  func keep(_ response: Response, _ session: any Session) throws {
    let body = Secret(String(decoding: response.body, as: UTF8.self))
    try KeptAnswers.keep(
      keyHash, of: person, status: response.status, location: response.headers["Location"],
      sealedBody: try sealing.seal(body, associatedData), session)
  }

  func isAnswered(_ session: any Session) throws -> Bool {
    try KeptAnswers.find(keyHash, of: person, now: now, session)?.status != nil
  }

  func forget(_ session: any Session) throws { try KeptAnswers.forget(keyHash, of: person, session) }

  private var associatedData: AssociatedData { AssociatedData(purpose: "kept-answer", household: person.bytes) }
}
