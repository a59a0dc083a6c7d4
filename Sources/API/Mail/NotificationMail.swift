import Basics
import Databases
import Finance
import Store

/// Writes to people of what they are told, at most one mail an hour for each kind.
struct NotificationMail: Sendable {
  let mailroom: Mailroom
  let publicURL: String?

  /// The least time between two mails of one kind to one person.
  static let pause = Duration.seconds(3600)
  /// What is older was told in the application, and is no news any more.
  private static let freshness = Duration.seconds(86_400)
  /// So many are told one by one in a mail.
  private static let shownMax = 20

  /// Hands in what is due. Called again and again, by one process among all.
  func sweep(now: Timestamp, _ session: any Session) throws {
    let start = now - Self.freshness
    for addressee in try Mails.waiting(since: start, session) {
      let scope = addressee.scope
      let rows = try Notifications.list(
        before: nil, limit: 200, isUnreadOnly: true, unmailedSince: start, scope, session)
      guard !rows.isEmpty else { continue }
      let last = try Mails.lastMailed(to: scope.user, since: now - Self.pause, session)
      for (kind, rows) in Dictionary(grouping: rows, by: \.kind).sorted(by: { $0.key < $1.key }) {
        if let mailed = last[kind], now - mailed < Self.pause { continue }
        // An invitation has a mail of its own, with its link.
        if kind == NotificationKind.invitation.rawValue, publicURL != nil { continue }
        try Mails.noteMailed(rows.map(\.id), now: now, scope, session)
        try mailroom.post(letter(rows, to: addressee), now: now, session)
      }
    }
  }

  /// - Parameter rows: Of one kind, the newest first; not empty.
  func letter(_ rows: [ListedNotification], to addressee: Addressee) -> Letter {
    let language = Language(locale: addressee.locale)
    let all = rows.map { NotificationWords($0, in: language) }
    let count = "\(rows.count)"
    let subject =
      all.count == 1 ? all[0].title : language("\(count) times: \(all[0].title)", "\(count)-mal: \(all[0].title)")
    var text = language("Hello \(addressee.name),", "Guten Tag, \(addressee.name),") + "\n\n"
    for words in all.prefix(Self.shownMax) {
      text += words.title + "\n" + (words.advice.map { $0 + "\n" } ?? "") + "\n"
    }
    let rest = all.count - min(all.count, Self.shownMax)
    if rest > 0 { text += language("And \(rest) more.", "Und \(rest) weitere.") + "\n\n" }
    if let publicURL { text += language("To see it: ", "Ansehen: ") + publicURL + "/notifications\n\n" }
    text += language(
      "You are told because you belong to a household on this Magpie server. What you do not want to hear of you say "
        + "in the settings.",
      "Sie hören davon, weil Sie zu einem Haushalt auf diesem Magpie-Server gehören. Wovon Sie nichts hören wollen, "
        + "sagen Sie in den Einstellungen.")
    return Letter(
      to: addressee.email, subject: subject, text: text + "\n", language: language,
      cause: "notification \(rows[0].id) \(addressee.scope.user)", household: addressee.scope.household)
  }
}
