package import Basics
package import Crypto
package import Databases
import Finance
import HTTP
import Store

/// Who people are: signing in and out, and what proves it. Each way ends in a ``Caller`` that is made anew for every
/// request from what the database says at that moment.
package struct Identity: Sendable {
  /// Who may make themselves known.
  package enum Registration: String, Sendable, CaseIterable {
    case open
    /// Whoever holds an invitation.
    case invite
    /// Nobody but whom the operator adds.
    case closed
  }

  let database: any Database
  let world: World
  let sealing: Banks.Sealing
  let passwords: PasswordWorkers
  let registration: Registration
  /// The origin that browsers see, such as `https://money.example`; nil when nobody outside can reach this server.
  let publicOrigin: String?
  let throttle = Locked(SignInThrottle())
  /// Guessing is made slow.
  let slowsGuesses: Bool
  let signing: TokenSigning
  let standings: KnownStandings
  /// Where mails are handed in; nil where none are sent.
  package let mailroom: Mailroom?

  package init(
    database: any Database, world: World, sealing: Banks.Sealing, passwords: PasswordWorkers = PasswordWorkers(),
    registration: Registration = .closed, publicURL: String? = nil, slowsGuesses: Bool = true,
    mailroom: Mailroom? = nil
  ) {
    self.database = database
    self.world = world
    self.sealing = sealing
    self.passwords = passwords
    self.registration = registration
    self.slowsGuesses = slowsGuesses
    self.mailroom = mailroom
    publicOrigin = publicURL.flatMap { url in
      url.firstRange(of: "://").map { scheme in
        url[..<scheme.upperBound] + url[scheme.upperBound...].prefix { $0 != "/" }
      }
    }.map { $0.lowercased() }
    signing = TokenSigning(database: database, world: world, sealing: sealing)
    standings = KnownStandings(database)
  }
}

/// What of a request goes into sign-ins and the audit log.
struct Trail: Sendable {
  var requestID: String
  var peer: String
  /// What the caller's program calls itself, cut short.
  var client: String?

  init(_ call: Call) {
    requestID = call.info.requestID
    peer = call.request.peer
    client = call.request.headers["User-Agent"].map { text in
      String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 0x20 && $0.value != 0x7F }.prefix(120)))
    }
  }
}

extension Identity {
  /// Adds to the audit log of a household.
  func note(
    _ action: String, by user: ID<User>?, through: String = "session", subject: String? = nil, detail: String? = nil,
    in household: ID<Household>, _ trail: Trail, _ session: any Session
  ) throws {
    try Audit.add(
      AuditRecord(
        id: world.newID(), at: world.now(), user: user, through: through, action: action, subject: subject,
        detail: detail, requestID: trail.requestID, peer: trail.peer), to: household, session)
  }

  /// Adds to the audit log of every household of a person.
  func note(_ action: String, about user: ID<User>, _ trail: Trail, _ session: any Session) throws {
    let households = try Memberships.households(of: user, session)
    for household in households { try note(action, by: user, in: household.id, trail, session) }
    if Self.told.contains(action), let first = households.first { try tell(action, user, in: first.id, session) }
  }

  /// What people hear of besides, because somebody else may have done it.
  private static let told: Set = [
    "password.changed", "recovery_codes.renewed", "second_factor.added", "second_factor.removed",
    "sign_in.token_reused",
  ]

  /// Tells a person, and nobody else, what was done with how they sign in or what they may do.
  func tell(_ action: String, _ user: ID<User>, in household: ID<Household>, _ session: any Session) throws {
    let id = world.newID(Notice.self)
    try Notifications.add(
      NewNotification(.security, cause: "\(id)", person: user, body: "{\"action\":\"\(action)\"}"), id: id,
      now: world.now(), Scope(household: household, user: user), session)
  }

  /// Refuses a password that is easily guessed, by the pointer of its field.
  func check(_ password: Secret<String>, personal: [String], field: String = "/password") throws(Problem) {
    let words: String
    switch PasswordRule.weakness(of: password, personal: personal) {
    case nil: return
    case .tooShort: words = "must have at least \(PasswordRule.charactersMin) characters"
    case .tooLong: words = "must have at most \(PasswordRule.charactersMax) characters"
    case .common: words = "is made of what everybody tries first: use something less usual, such as a few odd words"
    }
    throw Problem.invalid([field: words])
  }

  func hash(_ password: Secret<String>) async throws(Problem) -> String {
    do {
      return try await passwords.hash(password)
    } catch {
      throw ProblemKind.signInBusy.problem()
    }
  }

  func verify(_ password: Secret<String>, against hash: String?) async throws(Problem) -> Bool {
    do {
      return try await passwords.verify(password, against: hash)
    } catch {
      throw ProblemKind.signInBusy.problem()
    }
  }
}

/// How signing in and the like can fail.
extension ProblemKind {
  static let setupNeeded = ProblemKind(
    503, "setup.needed", "This server waits for its first start.",
    "Open the link that magpie setup-link prints, and choose an address and a password.")
  static let setupRefused = ProblemKind(
    403, "setup.refused", "This set-up secret is not valid.", "Run magpie setup-link for a new one.")
  static let signInRefused = ProblemKind(
    401, "auth.refused", "That is not right.", "Check the address, the password and the code, and try again.")
  static let secondFactorNeeded = ProblemKind(
    401, "auth.second_factor_needed", "This needs the code of your second factor.",
    "Send it along as totp: six digits from the app, or one of the recovery codes.")
  static let signInBusy = ProblemKind(
    503, "auth.busy", "Too many people are signing in.", "Try again in a few seconds.")
  static let registrationClosed = ProblemKind(
    403, "auth.registration_closed", "This server takes nobody new by itself.", "Ask its operator or for an invitation."
  )
  static let emailTaken = ProblemKind(
    409, "auth.email_taken", "This address is in use.", "Sign in with it, or use another one.")
  static let resetRefused = ProblemKind(
    403, "auth.reset_refused", "This reset secret is not valid.",
    "Ask for a new one: each works once, and not for long.")
  static let mailMissing = ProblemKind(
    409, "mail.none", "This server sends no mail.", "Ask its operator: magpie user reset prints a secret.")
  static let signInNeeded = ProblemKind(
    403, "auth.sign_in_needed", "Only a person who signed in can do that.", "Sign in with your password.")
  static let secondFactorThere = ProblemKind(
    409, "totp.exists", "There is a second factor already.", "Take it away first.")
  static let secondFactorMissing = ProblemKind(
    409, "totp.missing", "There is no second factor to confirm or take away.", "Set one up first.")
  static let invitationRefused = ProblemKind(
    403, "invitation.refused", "This invitation is not valid.", "Ask for a new one: each works once, for a week.")
  static let lastOwner = ProblemKind(
    409, "household.last_owner", "A household needs an owner.", "Make somebody else an owner first.")
  static let alreadyMember = ProblemKind(
    409, "household.member_already", "You belong to this household already.", "Nothing more is needed.")
}
