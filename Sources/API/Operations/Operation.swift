import Basics
package import Finance
package import HTTP
package import JSON

/// One thing that can be asked of this server, said once: its route, its place in the description, the checks of what
/// comes in, and who may ask follow from it.
package struct Operation: Sendable {
  package enum Method: String, Sendable {
    case get = "GET"
    case post = "POST"
    case put = "PUT"
    case patch = "PATCH"
    case delete = "DELETE"
  }

  /// Who may ask.
  package enum Access: Sendable, Equatable {
    /// Anybody.
    case open
    /// Whoever signed what they send: the operation looks at the signature itself.
    case signed
    /// Whoever holds the token for measurements.
    case measuring
    /// Anybody who is known, in whatever household.
    case person(APIScope)
    /// Somebody in a household, with at least this role there.
    case household(APIScope, Role)
  }

  /// How often one may ask. The numbers are in ``RateLimiter``.
  package enum Pace: String, Sendable {
    case ordinary
    /// Guessing must not pay: signing in, and what else is tried by those who are not known yet.
    case signIn = "sign_in"
    /// Each call costs the operator money at the provider.
    case billed
    /// Never limited: verified webhooks, and probes of this machine.
    case free
  }

  /// `listAccounts`: clients name functions after it, so it never changes.
  package private(set) var id: String
  package let method: Method
  package private(set) var path: String
  package private(set) var tag: Tag
  /// A few words, without a full stop.
  package let summary: String
  /// What else there is to know, in sentences.
  package private(set) var words: String?
  package let access: Access
  package let parameters: [Parameter]
  package let body: RequestBody?
  package let answers: [Answer]
  package private(set) var ownProblems: [ProblemKind]
  package let handler: @Sendable (Call) async throws -> Response
  /// The path to use in place of this one, which goes away some day.
  package private(set) var successor: String?
  /// Sign-in, export, erase and the like: the proof of who one is must be younger than five minutes.
  package private(set) var needsFreshProof = false
  /// It makes something, and can be asked twice under one `Idempotency-Key` without making it twice.
  package private(set) var takesIdempotencyKey = false
  package private(set) var pace = Pace.ordinary
  /// Answers that hold a secret are neither compressed nor tagged.
  package private(set) var answersSecrets = false
  /// Asked often, and only another answer when something in the household has changed.
  package private(set) var keepsAnswers = false

  package init(
    _ id: String, _ method: Method, _ path: String, _ tag: Tag, _ summary: String, needs access: Access,
    parameters: [Parameter] = [], body: RequestBody? = nil, answers: [Answer], problems: [ProblemKind] = [],
    _ handler: @escaping @Sendable (Call) async throws -> Response
  ) {
    self.id = id
    self.method = method
    self.path = path
    self.tag = tag
    self.summary = summary
    self.access = access
    self.parameters = parameters
    self.body = body
    self.answers = answers
    ownProblems = problems
    self.handler = handler
  }
}

extension Operation {
  /// It only shows what a household has: a standby of the database may answer it.
  var mayFollow: Bool {
    guard method == .get, case .household(.read, _) = access else { return false }
    return !answersSecrets
  }
}

/// What only some operations are. Each gives the operation back, so that they can follow its declaration.
extension Operation {
  package func saying(_ words: String) -> Operation { with { $0.words = words } }
  package func replaced(by successor: String) -> Operation { with { $0.successor = successor } }
  package func freshly() -> Operation { with { $0.needsFreshProof = true } }
  package func repeatable() -> Operation { with { $0.takesIdempotencyKey = true } }
  package func paced(_ pace: Pace) -> Operation { with { $0.pace = pace } }
  package func kept() -> Operation { with { $0.keepsAnswers = true } }
  package func secretly() -> Operation { with { $0.answersSecrets = true } }

  /// The same at a path that programs used to ask: it goes on working, and says where to ask instead.
  package func former(_ path: String, _ id: String) -> Operation {
    with {
      ($0.successor, $0.path, $0.id, $0.tag) = ($0.path, path, id, .former)
      $0.words = nil
    }
  }

  private func with(_ change: (inout Operation) -> Void) -> Operation {
    var copy = self
    change(&copy)
    return copy
  }
}

extension Operation {
  /// Parameters that follow from what it is.
  var implied: [Parameter] {
    takesIdempotencyKey
      ? [
        .header(
          "Idempotency-Key", .token(1...200),
          "Repeating a request with the same key within a day gives the first answer again, and does nothing.")
      ] : []
  }

  /// How whoever asks can fail to be known.
  private static let known: [ProblemKind] = [.unauthorized, .scopeMissing, .forgeryRefused]

  /// Every problem it can answer with: its own, and those that follow from what it is.
  package var problems: [ProblemKind] {
    var all = ownProblems + [.hostUnknown, .rateLimited, .serverBusy, .stopping, .cancelled, .internalError]
    switch access {
    case .open, .signed: break
    case .measuring: all += [.unauthorized]
    case .person: all += Self.known + ProblemKind.database
    case .household: all += Self.known + [.roleTooLow, .householdUnclear] + ProblemKind.database
    }
    if needsFreshProof { all.append(.proofTooOld) }
    if takesIdempotencyKey { all += [.keyReused, .keyBusy, .answerLost, .inputInvalid] }
    if body != nil { all += [.bodyMalformed, .bodyType, .tooLarge, .inputInvalid] }
    if parameters.contains(where: { $0.place != .path }) || body != nil { all.append(.inputInvalid) }
    if parameters.contains(where: { $0.place == .path }) { all.append(.notFound) }
    if parameters.contains(where: { $0.name == "If-Match" }) { all.append(.changedMeanwhile) }
    var seen: Set<String> = []
    return all.filter { seen.insert($0.code).inserted }.sorted { ($0.status, $0.code) < ($1.status, $1.code) }
  }
}

/// A chapter of the description.
package struct Tag: Sendable, Hashable {
  package let name: String
  package let words: String

  package init(_ name: String, _ words: String) {
    self.name = name
    self.words = words
  }

  package static let server = Tag("Server", "Whether the server is well, and what it can do.")
  package static let connections = Tag("Connections", "Banks: linking, syncing and removing them.")
  package static let accounts = Tag("Accounts", "What is where, and how much.")
  package static let transactions = Tag("Transactions", "What came in and what went out.")
  package static let insights = Tag("Insights", "What it all comes to.")
  package static let signIn = Tag("Sign-in", "Signing in, tokens, and what proves who one is.")
  package static let people = Tag("People", "Oneself, one's sign-ins and keys, households and who belongs to them.")
  package static let former = Tag("Former paths", "Paths of other programs, answered for those who still ask for them.")
}

/// What a request brings along.
package struct RequestBody: Sendable {
  package enum Kind: Sendable {
    case json
    /// `application/x-www-form-urlencoded`, and JSON too: how OAuth token endpoints are asked.
    case form
    /// Any bytes, read by the handler.
    case raw
  }

  let kind: Kind
  let shape: Shape
  /// No body at all reads as an empty object.
  let isOptional: Bool
  let bytesMax: Int
  let example: JSONValue?

  package static func json(
    _ shape: Shape, isOptional: Bool = false, bytesMax: Int = Limits.requestBytesMax, example: JSONValue? = nil
  ) -> RequestBody {
    RequestBody(kind: .json, shape: shape, isOptional: isOptional, bytesMax: bytesMax, example: example)
  }

  package static func form(_ shape: Shape, example: JSONValue? = nil) -> RequestBody {
    RequestBody(kind: .form, shape: shape, isOptional: false, bytesMax: Limits.requestBytesMax, example: example)
  }

  package static func raw(bytesMax: Int) -> RequestBody {
    RequestBody(kind: .raw, shape: .any, isOptional: false, bytesMax: bytesMax, example: nil)
  }
}

/// One way in which an operation that worked answers.
package struct Answer: Sendable {
  let status: Int
  let words: String
  /// Nil for an answer without a body, or one that is not JSON.
  let shape: Shape?
  let mediaType: String?
  let headers: [(name: String, words: String)]
  let example: JSONValue?

  package static func json(
    _ status: Int, _ shape: Shape, _ words: String, headers: [(name: String, words: String)] = [],
    example: JSONValue? = nil
  ) -> Answer {
    Answer(
      status: status, words: words, shape: shape, mediaType: "application/json", headers: headers, example: example)
  }

  package static func page(of row: Shape, _ words: String, example: JSONValue? = nil) -> Answer {
    json(200, .page(of: row), words, example: example.map { ["data": [$0], "next": .null] })
  }

  package static func empty(_ words: String, status: Int = 204) -> Answer {
    Answer(status: status, words: words, shape: nil, mediaType: nil, headers: [], example: nil)
  }

  /// - Parameter mediaType: Such as `text/csv`.
  package static func other(_ status: Int, _ mediaType: String, _ words: String, example: String) -> Answer {
    Answer(
      status: status, words: words, shape: nil, mediaType: mediaType, headers: [], example: .string(example))
  }
}
