package import Basics
package import Databases
package import Finance

/// Why something with a bank could not be done, by what the caller can do about it.
///
/// Codes are shown to programs and never change once shipped. No text holds a token.
package enum BanksError: Error, Equatable, Sendable {
  /// The same accounts are linked already through this connection. Adopting them is the caller's choice.
  case alreadyLinked(ID<Connection>, bank: String?)
  /// There is no such connection in this household.
  case unknownConnection
  /// It was linked at another environment or server: its token is not sent elsewhere.
  case linkedElsewhere(environment: String, host: String)
  /// It was removed: only its rows are left.
  case removed
  /// The Item of this public token belongs to another household.
  case otherHousehold
  /// No key opens the token, or it was tampered with. The text is for the operator.
  case locked(String)
  /// A public token that the bank does not know: used, too old, or of another environment.
  case badPublicToken
  /// Invented banks and users exist only in the sandbox environment.
  case sandboxOnly
  /// The bank or its provider refused or failed.
  case bank(FeedError)
  /// The database failed; nothing was written. Nil when the failure has no kind.
  case storage(DatabaseError.Kind?)
  /// The link could not be kept, and ending it at the provider failed too: it goes on being billed under this id.
  case orphaned(itemID: String)
  /// The caller gave up.
  case cancelled
}

extension BanksError: UserFacingError, CustomStringConvertible {
  package var problem: Problem {
    switch self {
    case .alreadyLinked(let id, let bank):
      Problem(
        409, "connection.duplicate", "These accounts are linked already.",
        detail: "\(bank ?? "This bank") is connected as \(id). If that connection needs attention, sign in again "
          + "through it; to link anew and carry its accounts on, ask for adoption.")
    case .unknownConnection:
      Problem(
        404, "connection.not_found", "There is no such connection.", detail: "The list of connections has the ids.")
    case .linkedElsewhere(let environment, let host):
      Problem(
        409, "connection.elsewhere", "This connection was made at another server.",
        detail: "It was linked in the \(environment) environment at \(host). Start Magpie with the settings it was "
          + "linked with, or link the bank again.")
    case .removed:
      Problem(
        409, "connection.removed", "This connection was removed.", detail: "Link the bank again to get new data.")
    case .otherHousehold:
      Problem(
        409, "connection.other_household", "This link belongs to another household.",
        detail: "Link the bank anew for this household.")
    case .locked(let reason):
      Problem(
        500, "keys.cannot_open", "The bank's token cannot be opened.",
        detail: "\(reason). Bring back the key file or MAGPIE_ENCRYPTION_KEY that the token was sealed with.")
    case .badPublicToken:
      Problem(
        422, "link.public_token_invalid", "The public token is not valid.",
        detail: "It is used up, older than 30 minutes or of another environment. Go through Link again for a new one.",
        fields: ["/public_token": "is not known to the bank's provider"])
    case .sandboxOnly:
      Problem(
        422, "link.sandbox_only", "Invented banks exist in the sandbox only.",
        detail: "Use PLAID_ENV=sandbox or the simulated bank, or link a real bank with a link token.")
    case .bank(let error): error.problem
    case .storage(let kind): Self.storageProblem(kind)
    case .orphaned(let itemID):
      Problem(
        500, "link.orphaned", "The bank was linked but could not be saved.",
        detail:
          "Ending the link failed as well. Remove Item \(itemID) in Plaid's dashboard, or it goes on being billed.")
    case .cancelled: Problem(503, "cancelled", "The request was given up before it was done.")
    }
  }

  package var description: String {
    let problem = problem
    return problem.detail.map { "\(problem.title) \($0)" } ?? problem.title
  }

  /// When to try again, if waiting is what helps.
  package var retryAfter: Duration? {
    guard case .bank(.wait(let pause, _)) = self else { return nil }
    return pause
  }

  private static func storageProblem(_ kind: DatabaseError.Kind?) -> Problem {
    switch kind {
    case .full:
      Problem(
        507, "database.full", "The disk is full.",
        detail: "Nothing was written. Make room in the data folder and try again.")
    case .tryAgain:
      Problem(503, "database.busy", "The database is busy.", detail: "Another program holds it. Try again in a moment.")
    case .damaged:
      Problem(
        500, "database.damaged", "The database file is damaged.",
        detail: "Stop Magpie and bring back the last backup; magpie doctor says more.")
    case .disconnected:
      Problem(
        503, "database.unreachable", "The database cannot be read.",
        detail: "Check that its file exists and belongs to the user Magpie runs as.")
    case .conflict, .programmer, nil: Problem(500, "internal", "Something went wrong on our side.")
    }
  }
}

extension FeedError: UserFacingError {
  /// The bank's own words for the person come first; the provider's code always follows, so that it can be looked up.
  package var problem: Problem {
    func told(_ status: Int, _ code: String, _ title: String, _ advice: String) -> Problem {
      let words = fault.displayMessage.map { "The bank says: \($0) " } ?? ""
      let mark = fault.requestID.map { ", request \($0)" } ?? ""
      return Problem(status, code, title, detail: "\(words)\(advice) (\(fault.code)\(mark))")
    }
    return switch self {
    case .reauthenticate:
      told(409, "bank.sign_in_needed", "The bank wants you to sign in again.", "Sign in again through this connection.")
    case .wait(let pause, _):
      told(
        503, "bank.wait", "The bank's provider asks for a pause.",
        "Try again in \(max(1, pause.components.seconds)) seconds.")
    case .retry:
      told(502, "bank.unreachable", "The bank cannot be reached.", "Nothing was lost. Try again in a few minutes.")
    case .notReady:
      told(409, "bank.not_ready", "The bank is still gathering its data.", "Try again in a few minutes.")
    case .gone:
      told(410, "bank.access_ended", "The bank ended this connection.", "Link the bank again; your rows stay.")
    case .configuration:
      told(
        502, "plaid.configuration", "Plaid does not accept this installation's settings.",
        "Check PLAID_CLIENT_ID, PLAID_SECRET, PLAID_ENV and the products switched on in Plaid's dashboard.")
    case .unsupported:
      told(422, "bank.unsupported", "This bank does not offer that.", "Choose another bank or other products.")
    case .mutated, .cursorRefused, .accountsChanged:
      told(503, "bank.changed", "The bank's data changed while it was read.", "Try again in a moment.")
    case .bug:
      told(502, "bank.refused", "The bank's provider refused a request.", "This may be a mistake in Magpie; report it.")
    }
  }
}
