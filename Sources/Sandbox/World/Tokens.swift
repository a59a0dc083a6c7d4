import Basics
import JSON

/// A finished sign-in that waits to be exchanged, for half an hour.
struct PublicToken: Sendable {
  static let life = Duration.seconds(30 * 60)

  var item: String
  var expiresAt: Timestamp
}

/// Leave to open Link, and what came of it.
struct LinkToken: Sendable {
  static let life = Duration.seconds(4 * 3600)
  static let updateLife = Duration.seconds(30 * 60)
  static let hostedLifeMax = Duration.seconds(21 * 86_400)

  var text: String
  var createdAt: Timestamp
  var expiresAt: Timestamp
  var clientName: String
  var language: String
  var countries: [String]
  var products: [String]
  /// Wished for where the bank has them.
  var optional: [String]
  var consented: [String]
  var webhook: String?
  var redirectURI: String?
  var institutionID: String?
  var daysRequested: Int
  /// Update mode: the Item to repair.
  var item: String?
  /// Update mode: whether the person may change which accounts are shared.
  var selectsAccounts = false
  var isHosted: Bool
  var completionURI: String?
  var userID: String?
  /// As sent, to be told back.
  var accountFilters: JSONValue?
  var institutionData: JSONValue?
  var sessions: [LinkSession] = []
}

/// One time somebody opened Link.
struct LinkSession: Sendable {
  enum Outcome: Sendable {
    case open
    case finished(publicToken: String, item: String)
    /// Update mode makes no new token.
    case repaired
    case exited(Refusal?)
  }

  struct Event: Sendable {
    var name: String
    var at: Timestamp
    var metadata: [JSONValue.Member]
  }

  var id: String
  var startedAt: Timestamp
  var finishedAt: Timestamp?
  var institution: String?
  var username: String?
  var password: String?
  /// Rounds of the second factor that were answered.
  var roundsDone = 0
  /// Update mode: whether the app is to hear LOGIN_REPAIRED, as after a repair in another app.
  var tellsRepair = false
  /// Institution and accounts, as a finished session tells them.
  var metadata: JSONValue?
  var outcome = Outcome.open
  var events: [Event] = []
}
