package import Basics

/// A way to be refused, as programs see it: the code never changes, and always comes with the same status and title.
package struct ProblemKind: Sendable, Hashable {
  package let status: Int
  package let code: String
  package let title: String
  /// What the caller can do.
  package let advice: String

  package init(_ status: Int, _ code: String, _ title: String, _ advice: String) {
    self.status = status
    self.code = code
    self.title = title
    self.advice = advice
  }

  /// - Parameter detail: What happened this time; nil for the usual advice.
  package func problem(detail: String? = nil, fields: [String: String] = [:]) -> Problem {
    Problem(status, code, title, detail: detail ?? (fields.isEmpty ? advice : nil), fields: fields)
  }
}

/// What any operation may answer, by what it is.
extension ProblemKind {
  package static let bodyMalformed = ProblemKind(
    400, "body.malformed", "The body is not valid JSON.", "Send valid JSON.")
  package static let unauthorized = ProblemKind(
    401, "unauthorized", "This needs a sign-in or a key.",
    "Send Authorization: Bearer with a token or an API key.")
  package static let scopeMissing = ProblemKind(
    403, "scope.missing", "This key may not be used for that.", "Use a key that has the scope.")
  package static let roleTooLow = ProblemKind(
    403, "role.too_low", "Your role in this household does not allow that.", "Ask an admin or the owner.")
  package static let proofTooOld = ProblemKind(
    403, "auth.proof_too_old", "This needs a fresh sign-in.",
    "Confirm your password again, and repeat the request within five minutes.")
  package static let forgeryRefused = ProblemKind(
    403, "auth.csrf", "This did not come from our own page.",
    "Send the csrf value of the sign-in as Magpie-CSRF, from the same origin.")
  package static let notFound = ProblemKind(404, "not_found", "There is nothing here.", "Look at the path.")
  package static let householdUnclear = ProblemKind(
    400, "household.ambiguous", "It is not clear which household is meant.",
    "Name it in the header Magpie-Household.")
  package static let keyBusy = ProblemKind(
    409, "idempotency.in_progress", "The first request with this key is still at work.", "Try again in a moment.")
  package static let answerLost = ProblemKind(
    409, "idempotency.answer_lost", "This was done before, and what was answered cannot be read any more.",
    "Look whether what you wanted to make is there.")
  package static let changedMeanwhile = ProblemKind(
    412, "precondition.failed", "Somebody has changed this meanwhile.", "Read it again, and repeat the change.")
  package static let tooLarge = ProblemKind(413, "too_large", "The request is too large.", "Send less.")
  package static let bodyType = ProblemKind(
    415, "body.not_json", "The body has to be JSON.", "Send it with Content-Type: application/json.")
  package static let hostUnknown = ProblemKind(
    421, "host.unknown", "This server does not answer for that host.",
    "Use localhost, a loopback address or the host of MAGPIE_PUBLIC_URL.")
  package static let inputInvalid = ProblemKind(
    422, "input.invalid", "Something in the request is not right.", "Correct what errors lists.")
  package static let keyReused = ProblemKind(
    422, "idempotency.key_reused", "This Idempotency-Key was used for another request.",
    "Use a new key for a new request.")
  package static let rateLimited = ProblemKind(
    429, "rate.limited", "Too many requests.", "Try again, not before Retry-After.")
  package static let internalError = ProblemKind(
    500, "internal", "Something went wrong on our side.", "Look at the log.")
  package static let serverBusy = ProblemKind(
    503, "too_many_connections", "The server has too many connections.", "Try again, not before Retry-After.")
  package static let stopping = ProblemKind(
    503, "stopping", "The server is stopping.", "Try again when the server is well.")
  package static let cancelled = ProblemKind(
    503, "cancelled", "The request was given up before it was done.", "Try again when the server is well.")
}

/// What the database may do to any operation that uses it.
extension ProblemKind {
  package static let database: [ProblemKind] = [
    ProblemKind(500, "database.damaged", "The database file is damaged.", "Bring back the last backup."),
    ProblemKind(503, "database.busy", "The database is busy.", "Try again in a moment."),
    ProblemKind(503, "database.unreachable", "The database cannot be read.", "Try again when the server is well."),
    ProblemKind(507, "database.full", "The disk is full.", "Make room on the disk."),
  ]
}

/// What can go wrong with banks.
extension ProblemKind {
  package static let connectionUnknown = ProblemKind(
    404, "connection.not_found", "There is no such connection.", "Look at the list of connections.")
  package static let connectionDuplicate = ProblemKind(
    409, "connection.duplicate", "These accounts are linked already.",
    "Use the connection that it names, or ask for adoption.")
  package static let otherHousehold = ProblemKind(
    409, "connection.other_household", "This link belongs to another household.",
    "Link the bank anew for this household.")
  package static let linkOrphaned = ProblemKind(
    500, "link.orphaned", "The bank was linked but could not be saved.",
    "Remove the Item it names in Plaid's dashboard.")
  package static let publicTokenInvalid = ProblemKind(
    422, "link.public_token_invalid", "The public token is not valid.", "Go through Link again.")
  package static let sandboxOnly = ProblemKind(
    422, "link.sandbox_only", "Invented banks exist in the sandbox only.", "Use a link token.")

  /// What a connection's token may be unfit for.
  package static let token: [ProblemKind] = [
    ProblemKind(
      409, "connection.removed", "This connection was removed.", "Link the bank again."),
    ProblemKind(
      409, "connection.elsewhere", "This connection was made at another server.",
      "Use the settings it was linked with: its token is not sent to another server."),
    ProblemKind(
      500, "keys.cannot_open", "The bank's token cannot be opened.", "Bring back the key that it was sealed with."),
  ]

  /// What the bank or its provider may answer.
  package static let bank: [ProblemKind] = [
    ProblemKind(
      409, "bank.sign_in_needed", "The bank wants you to sign in again.", "Sign in again through the connection."),
    ProblemKind(
      409, "bank.not_ready", "The bank is still gathering its data.", "Try again in a few minutes."),
    ProblemKind(
      410, "bank.access_ended", "The bank no longer gives access.", "Link the bank again; the rows stay."),
    ProblemKind(422, "bank.unsupported", "The bank does not offer this.", "Leave it out."),
    ProblemKind(502, "bank.unreachable", "The bank cannot be reached.", "Try again later."),
    ProblemKind(502, "bank.refused", "The bank's provider refused.", "Report it: it may be a mistake in Magpie."),
    ProblemKind(
      502, "plaid.configuration", "Plaid refuses these settings.", "Check the keys and products at Plaid."),
    ProblemKind(
      503, "bank.wait", "The bank's provider asks for a pause.", "Try again, not before Retry-After."),
    ProblemKind(503, "bank.changed", "The bank's data changed while it was read.", "Try again in a moment."),
  ]
}
