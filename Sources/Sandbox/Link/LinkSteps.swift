import Finance
import JSON

/// The stations of the stand-in for Link as JSON, for an app that shows them in its own clothes.
struct LinkSteps: Sendable {
  var token: LinkToken
  var session: LinkSession
  var institution: Institution?

  private func step(_ name: String, _ refusal: Refusal? = nil, _ more: [JSONValue.Member] = []) -> JSONValue {
    let common: JSONValue = [
      "step": .string(name), "session": .string(session.id), "repair": .bool(token.item != nil),
      "institution": institution.map(Self.named) ?? .null,
      "error": refusal.map { refusal in
        [
          "type": .string(refusal.type), "code": .string(refusal.code), "message": .string(refusal.message),
          "display": JSONValue(refusal.display),
        ]
      } ?? .null,
    ]
    return common.adding(more)
  }

  private static func named(_ institution: Institution) -> JSONValue {
    ["id": .string(institution.id), "name": .string(institution.name), "oauth": .bool(institution.usesOAuth)]
  }

  func institutions() -> JSONValue {
    let banks = Institution.all.filter { !Set(token.countries).isDisjoint(with: $0.countries) }
    return step("institutions", nil, [.init("institutions", .array(banks.map(Self.named)))])
  }

  func credentials(_ refusal: Refusal?) -> JSONValue { step("credentials", refusal) }
  func consent() -> JSONValue { step("consent") }
  func dead(_ refusal: Refusal) -> JSONValue { step("dead", refusal) }

  func secondFactor(_ signIn: SignIn, round: Int, _ refusal: Refusal?) -> JSONValue {
    let kind =
      switch signIn.secondFactor {
      case .code: "code"
      case .selections: "selection"
      default: "question"
      }
    let questions = (0..<signIn.rounds.each).map { question -> JSONValue in
      // Nobody else knows the answers of an invented bank.
      ["kind": .string(kind), "answer": .string(signIn.answer(round: round, question: question))]
    }
    return step(
      "mfa", refusal,
      [.init("questions", .array(questions)), .init("round", .int(round)), .init("rounds", .int(signIn.rounds.rounds))])
  }

  func accounts(_ choices: [LinkPages.Choice], _ refusal: Refusal?) -> JSONValue {
    let rows = choices.map { choice -> JSONValue in
      [
        "key": .string(choice.account.key), "name": .string(choice.account.name),
        "mask": .string(choice.account.mask), "type": .string(choice.account.type),
        "subtype": .string(choice.account.subtype), "chosen": .bool(choice.isChosen),
      ]
    }
    return step("accounts", refusal, [.init("accounts", .array(rows))])
  }

  func done() -> JSONValue {
    switch session.outcome {
    case .finished(let publicToken, _):
      step(
        "done", nil,
        [
          .init("outcome", "linked"), .init("public_token", .string(publicToken)),
          .init("metadata", session.metadata ?? .null),
        ])
    case .repaired: step("done", nil, [.init("outcome", "repaired")])
    case .exited, .open: step("done", nil, [.init("outcome", "exit")])
    }
  }
}

extension SandboxWorld {
  /// The same as ``page(_:_:_:)`` as JSON.
  func told(_ next: FakeLink.Next, _ token: String, _ session: Int) -> Reply {
    guard let place = linkTokens[token] else { return Self.over("This link has ended.") }
    let visit = place.sessions[session]
    let steps = LinkSteps(
      token: place, session: visit, institution: visit.institution.flatMap(Institution.named))
    let json: JSONValue
    switch next {
    case .institutions: json = steps.institutions()
    case .credentials(let refusal): json = steps.credentials(refusal)
    case .consent: json = steps.consent()
    case .secondFactor(let refusal):
      if let (signIn, _) = signIn(token, session) {
        json = steps.secondFactor(signIn, round: visit.roundsDone, refusal)
      } else {
        json = steps.credentials(nil)
      }
    case .accounts(let refusal): json = steps.accounts(accountsToOffer(token, session), refusal)
    case .dead(let refusal): json = steps.dead(refusal)
    case .done: json = steps.done()
    }
    return Reply(json: json)
  }

  static func over(_ words: String) -> Reply { Reply(json: ["step": "over", "message": .string(words)]) }
}
