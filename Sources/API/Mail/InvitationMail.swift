import Basics
import Databases
import Finance
import JSON
import Store

/// How somebody hears of their invitation: by mail, and those who sign in here already where they sign in.
extension Interface {
  /// Tells whoever signs in with an address, in each of their households; nobody else learns that they do.
  func tellInvited(
    _ id: ID<Invitation>, _ email: String, by scope: Scope, now: Timestamp, _ session: any Session
  ) throws {
    guard let invited = try Users.credential(email: email, session)?.user,
      try Memberships.role(of: invited, scope, session) == nil
    else { return }
    let name = try Memberships.households(of: scope.user, session).first { $0.id == scope.household }?.name ?? ""
    let notice = NewNotification(
      .invitation, cause: "\(id)", person: invited, body: JSONValue.object([.init("household", .string(name))]).text())
    for household in try Memberships.households(of: invited, session) {
      let own = Scope(household: household.id, user: invited)
      try Notifications.add(notice, id: banks.world.newID(), now: now, own, session)
    }
  }

  /// Hands it in, where mails are sent and this server has an address.
  func mailInvitation(
    _ id: ID<Invitation>, to email: String, _ secret: Secret<String>, by scope: Scope, now: Timestamp,
    _ session: any Session
  ) throws {
    guard let mailroom = identity.mailroom, let publicURL else { return }
    let (name, locale, _) = try Users.profile(scope.user, session) ?? ("", "en", now)
    let household =
      try Memberships.households(of: scope.user, session).first { $0.id == scope.household }?.name ?? ""
    // Whoever invites is likely to share a language with whom they invite.
    let language = Language(locale: locale)
    let (subject, text) = (
      language("\(name) invites you to \(household)", "\(name) lädt Sie in \(household) ein"),
      language(
        """
        \(name) invites you to share the household \(household) on a Magpie server.

        To join: \(publicURL)/invitation#\(secret.reveal)

        The link opens once, within a week. If you expected nothing of the kind, pass over this mail.

        """,
        """
        \(name) lädt Sie ein, den Haushalt \(household) auf einem Magpie-Server zu teilen.

        Beitreten: \(publicURL)/invitation#\(secret.reveal)

        Der Link öffnet einmal, innerhalb einer Woche. Wenn Sie nichts dergleichen erwartet haben, übergehen Sie diese Mail.

        """)
    )
    try mailroom.post(
      Letter(
        to: email, subject: subject, text: text, language: language, cause: "invitation \(id)",
        expiresAt: now + Invitations.lifetime, household: scope.household), isAwaited: true, now: now, session)
  }
}
