package import Basics
import Crypto
package import Databases
package import Finance
import JSON
import Jobs
import Store

/// A mail to be sent to one person.
package struct Letter: Sendable, Equatable {
  package var to: String
  package var subject: String
  /// Plain text. Never a password, a token of a bank, or a whole account number.
  package var text: String
  package var language: Language
  /// What it is about and when: it is sent once for each.
  package var cause: String
  /// It would be of no use later: a link that opens nothing any more.
  package var expiresAt: Timestamp?
  /// Whose dead letter it is when nobody takes it; nil: the installation's.
  package var household: ID<Household>?

  package init(
    to: String, subject: String, text: String, language: Language, cause: String, expiresAt: Timestamp? = nil,
    household: ID<Household>? = nil
  ) {
    self.to = to
    self.subject = subject
    self.text = text
    self.language = language
    self.cause = cause
    self.expiresAt = expiresAt
    self.household = household
  }
}

/// Where mails are handed in: they are kept in the transaction of their cause, sealed, and sent by a job. There is none
/// where no mail server was named.
package struct Mailroom: Sendable {
  let sealing: Banks.Sealing
  let world: World

  package init(sealing: Banks.Sealing, world: World) {
    self.sealing = sealing
    self.world = world
  }

  /// Keeps a mail, and the job that sends it.
  ///
  /// - Parameter isAwaited: A person is waiting for it.
  /// - Returns: False when a mail of this cause was handed in before.
  @discardableResult
  package func post(
    _ letter: Letter, isAwaited: Bool = false, now: Timestamp, _ session: any Session
  ) throws -> Bool {
    let id = world.newID(OutgoingMail.self)
    let content: JSONValue = [
      "to": .string(letter.to), "subject": .string(letter.subject), "text": .string(letter.text),
      "language": .string(letter.language.rawValue),
    ]
    let box = try sealing.seal(Secret(content.text()), SealedTokens.associatedData(mail: id))
    guard
      try Mails.add(id, box: box, cause: letter.cause, expiresAt: letter.expiresAt, now: now, session)
    else { return false }
    let job = NewJob(
      .mail, id.description, household: letter.household.map { ID(bits: $0.bits) },
      priority: isAwaited ? .person : .event)
    try JobQueue.add(job, id: world.newID(), now: now, session)
    return true
  }

  /// A mail as it was handed in; nil when it was sent, or is of no use any more.
  func letter(
    _ id: ID<OutgoingMail>, now: Timestamp, _ session: any Session
  ) throws -> Letter? {
    guard let box = try Mails.box(id, now: now, session) else { return nil }
    let text = try sealing.open(box, SealedTokens.associatedData(mail: id)).reveal
    let content = try JSONValue.parse(Array(text.utf8))
    guard let to = content["to"]?.string, let subject = content["subject"]?.string,
      let words = content["text"]?.string
    else { return nil }
    return Letter(
      to: to, subject: subject, text: words, language: Language(locale: content["language"]?.string ?? ""), cause: "")
  }
}
