import JSON

/// What the name and password typed at a bank ask for: whose accounts, which second factor, which failure.
struct SignIn: Sendable, Equatable {
  enum Who: Sendable, Equatable {
    case persona(Persona)
    /// Changes only when it is asked to.
    case dynamic
    /// The customer is described by this JSON text.
    case custom(String)
    /// So many rows over four accounts, for load.
    case bulk(Int)
  }

  enum SecondFactor: Sendable, Equatable {
    /// A code sent to a device.
    case code
    case questions(rounds: Int, each: Int)
    case selections(rounds: Int, each: Int)
  }

  var username: String
  var who: Who
  var secondFactor: SecondFactor?

  static let code = "1234"
  /// The most rows a bulk customer may have: ten times what a load test asks for.
  static let bulkRowsMax = 10_000_000

  /// - Throws: What the bank, or Plaid, would answer to such a sign-in.
  init(username: String, password: String) throws(Refusal) {
    self.username = username
    who = try Self.who(username, password)
    if case .custom = who { return }
    if password.hasPrefix("error_") {
      throw Refusal.named(String(password.dropFirst("error_".count))) ?? Self.wrongCredentials
    }
    if password.hasPrefix("mfa_") {
      guard let factor = Self.secondFactor(password) else { throw Self.wrongCredentials }
      secondFactor = factor
      return
    }
    if let object = try? JSONValue.parse(password), object["recaptcha"]?.string == "bad" {
      throw Refusal.named("RECAPTCHA_BAD") ?? Self.wrongCredentials
    }
    // Only the first user has a password; the others take any.
    guard username != "user_good" || ["pass_good", "microdeposits_good"].contains(password) else {
      throw Self.wrongCredentials
    }
  }

  static let wrongCredentials = Refusal(
    "ITEM_ERROR", "INVALID_CREDENTIALS", "the provided credentials were not correct. please try again",
    display: "The name or password was not right. Please try again.")

  private static func who(_ username: String, _ password: String) throws(Refusal) -> Who {
    switch username {
    case "user_good": return .persona(.household)
    case "user_transactions_dynamic": return .dynamic
    case "user_yuppie": return .persona(.yuppie)
    case "user_small_business": return .persona(.smallBusiness)
    case "user_ewa_user": return .persona(.ewaUser)
    case "user_saver": return .persona(.saver)
    case "user_custom": return .custom(password)
    default: break
    }
    let bulk = "user_bulk_"
    if username.hasPrefix(bulk), let rows = Int(username.dropFirst(bulk.count)), (1...bulkRowsMax).contains(rows) {
      return .bulk(rows)
    }
    throw wrongCredentials
  }

  private static func secondFactor(_ password: String) -> SecondFactor? {
    switch password {
    case "mfa_device": return .code
    case "mfa_selections": return .selections(rounds: 1, each: 1)
    default: break
    }
    let parts = password.split(separator: "_")
    let numbers = parts.dropFirst(2).compactMap { Int($0) }
    guard parts.count == numbers.count + 2, numbers.allSatisfy({ (1...9).contains($0) }) else { return nil }
    switch (parts[1], numbers.count) {
    case ("questions", 2): return .questions(rounds: numbers[0], each: numbers[1])
    case ("selections", 3): return .selections(rounds: numbers[0], each: numbers[1])
    default: return nil
    }
  }

  /// The right answer to question `question` of round `round`, both from 0.
  func answer(round: Int, question: Int) -> String {
    switch secondFactor {
    case .code: Self.code
    case .questions: "answer_\(round)_\(question)"
    case .selections(let rounds, let each): rounds == 1 && each == 1 ? "Yes" : "answer_\(round)_\(question)_0"
    case nil: ""
    }
  }
}

extension SignIn {
  /// How many times the second factor is asked for, and for how many answers each time.
  var rounds: (rounds: Int, each: Int) {
    switch secondFactor {
    case .code: (1, 1)
    case .questions(let rounds, let each), .selections(let rounds, let each): (rounds, each)
    case nil: (0, 0)
    }
  }
}
