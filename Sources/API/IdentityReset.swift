import Basics
import Crypto
import Databases
import Finance
import Store

/// A link by mail for whoever forgot their password. What is answered, and how soon, does not tell whether anybody signs
/// in with an address.
extension Identity {
  /// The answer takes at least so long, whatever there was to do.
  static let mailedResetAnswer = Duration.milliseconds(400)
  /// At most one mail to a person in each stretch of this length.
  private static let mailedResetPause = Duration.seconds(900)

  /// - Throws: 409 where no mail is sent.
  func mailReset(to email: String, _ trail: Trail) async throws {
    guard let mailroom else { throw ProblemKind.mailMissing.problem() }
    let now = world.now()
    let secret = Secret("mgp_" + RandomBytes.token())
    let hash = Hash.sha256(secret.reveal)
    try await database.write { session in
      guard let known = try Users.credential(email: email, session) else { return }
      let locale = try Users.profile(known.user, session)?.locale ?? "en"
      let stretch = now.milliseconds / Self.mailedResetPause.milliseconds
      let letter = resetLetter(
        to: known, secret, Language(locale: locale), cause: "reset \(known.user) \(stretch)", now: now)
      guard try mailroom.post(letter, isAwaited: true, now: now, session) else { return }
      try OneTimeSecrets.makeReset(
        hash, for: known.user, lasting: OneTimeSecrets.mailedResetTime, now: now, session)
      try note("password.reset_mailed", about: known.user, trail, session)
    }
    let rest = Self.mailedResetAnswer - (world.now() - now)
    if rest > .zero { try await world.sleep(rest) }
  }

  private func resetLetter(
    to known: StoredCredential, _ secret: Secret<String>, _ language: Language, cause: String, now: Timestamp
  ) -> Letter {
    // Behind the sign that browsers keep to themselves: no server or proxy writes it into a log.
    let place =
      publicOrigin.map { "\($0)/reset#\(secret.reveal)" }
      ?? language(
        "Open /reset on your Magpie server, and type this secret: \(secret.reveal)",
        "Öffnen Sie /reset auf Ihrem Magpie-Server und tippen Sie dieses Geheimnis ein: \(secret.reveal)")
    let text =
      language("Hello \(known.name),", "Guten Tag, \(known.name),") + "\n\n"
      + language(
        "somebody, most likely you, asked for a new password. With this you set one, once, within half an hour:",
        "jemand, vermutlich Sie, hat um ein neues Passwort gebeten. Damit setzen Sie eines, einmal, in der nächsten "
          + "halben Stunde:")
      + "\n\n\(place)\n\n"
      + language(
        "Every sign-in ends with that. Your second factor, if you have one, stays. If it was not you, there is nothing "
          + "to do: your password is what it was.",
        "Damit enden alle Anmeldungen. Ihr zweiter Faktor, wenn Sie einen haben, bleibt. Wenn Sie es nicht waren, ist "
          + "nichts zu tun: Ihr Passwort ist, was es war.") + "\n"
    return Letter(
      to: known.email, subject: language("A new password for Magpie", "Ein neues Passwort für Magpie"), text: text,
      language: language, cause: cause, expiresAt: now + OneTimeSecrets.mailedResetTime)
  }
}
