package import Basics
package import Databases
import Finance
package import HTTP
package import Jobs
import Store

/// What workers do with mails, and when.
package struct MailJobs: Sendable {
  private let database: any Database
  private let world: World
  private let mailroom: Mailroom
  private let transport: MailTransport
  /// The address that mails come from.
  private let sender: String
  /// How people reach this server; nil: mails hold no links.
  private let publicURL: String?

  package init(
    _ database: any Database, _ mailroom: Mailroom, by transport: MailTransport, from sender: String,
    publicURL: String?
  ) {
    self.database = database
    self.mailroom = mailroom
    world = mailroom.world
    self.transport = transport
    self.sender = sender
    self.publicURL = publicURL
  }

  package var handlers: [JobKind: JobHandler] {
    [
      .mail: { [self] in await send($0) },
      .digest: { [self] in await digest($0) },
    ]
  }

  /// - Parameter zone: Whose Monday morning it is.
  package func lines(in zone: TimeZone) throws(CronError) -> [Scheduled] {
    let (mailroom, publicURL) = (mailroom, publicURL)
    return [
      Scheduled("mail", try Cron("* * * * *"), in: .utc) { now, session in
        try NotificationMail(mailroom: mailroom, publicURL: publicURL).sweep(now: now, session)
        try Mails.forget(now: now, session)
        return []
      },
      Scheduled("digest", try Cron("0 7 * * 1"), in: zone) { _, session in
        try Mails.addressees(session).map { addressee in
          NewJob(
            .digest, "\(addressee.scope.household) \(addressee.scope.user)",
            household: ID(bits: addressee.scope.household.bits), priority: .upkeep)
        }
      },
    ]
  }

  private func send(_ job: Job) async -> JobOutcome {
    guard let id = ID<OutgoingMail>(job.subject) else { return .done }
    let (mailroom, now) = (mailroom, world.now())
    let letter: Letter?
    do {
      letter = try await database.read { try mailroom.letter(id, now: now, $0) }
    } catch {
      return .failed(JobFailure("mail.unreadable", "The mail could not be read."))
    }
    guard let letter else { return .done }
    do throws(MailError) {
      try await transport.send(
        MailMessage(
          id: "\(id)", from: sender, to: letter.to, subject: letter.subject, text: letter.text, date: now,
          language: letter.language.rawValue))
    } catch {
      switch error {
      case .later(let words): return .failed(JobFailure("mail.not_taken", "The mail was not taken: \(words)."))
      case .refused(let words): return .hopeless(JobFailure("mail.refused", "The mail was refused: \(words)."))
      }
    }
    do {
      let sent = world.now()
      try await database.write { try Mails.noteSent(id, now: sent, $0) }
      return .done
    } catch {
      // It is sent again, under the same name.
      return .failed(JobFailure("database", "That the mail was sent could not be noted."))
    }
  }

  private func digest(_ job: Job) async -> JobOutcome {
    let names = job.subject.split(separator: " ")
    guard names.count == 2, let household = ID<Household>(names[0]), let user = ID<User>(names[1]) else { return .done }
    let (mailroom, publicURL, now) = (mailroom, publicURL, world.now())
    let scope = Scope(household: household, user: user)
    do {
      try await database.write { session in
        guard let addressee = try Mails.addressee(scope, session),
          try !Notifications.muted(scope, session).contains(NotificationKind.digest.rawValue),
          let digest = try Digest.read(now: now, scope, session)
        else { return }
        try mailroom.post(digest.letter(to: addressee, publicURL: publicURL), now: now, session)
      }
      return .done
    } catch {
      return .failed(JobFailure("mail.digest", "The weekly mail could not be put together."))
    }
  }
}
