import Basics
import Databases
import Finance
import HTTP
import Jobs
import Store
import Testing

@testable import API

/// A household whose people can be written to, and what was written to them.
private struct MailHouse: Sendable {
  let bench: BankBench
  let banks: Banks
  let mailroom: Mailroom
  let sent = Locked<[MailMessage]>([])
  /// What the mail server says next; nil: it takes the mail.
  let refusal = Locked<MailError?>(nil)

  init(locale: String = "en") async throws {
    bench = try await BankBench()
    banks = bench.banks()
    mailroom = Mailroom(sealing: banks.sealing, world: bench.world)
    let (scope, now) = (bench.scope, bench.world.now())
    try await bench.database.write { session in
      _ = try Users.addCredential(scope.user, email: "olive@example.com", hash: "x", now: now, session)
      try Users.setLocale(scope.user, locale, session)
    }
  }

  var jobs: MailJobs {
    let transport = MailTransport { [sent, refusal] message throws(MailError) in
      if let refusal = refusal.withLock({ $0 }) { throw refusal }
      sent.withLock { $0.append(message) }
    }
    return MailJobs(
      bench.database, mailroom, by: transport, from: "magpie@example.org", publicURL: "https://money.example")
  }

  var worker: Worker {
    Worker(
      bench.database, world: bench.world, log: .silent, settings: .init(owner: "one"), handlers: jobs.handlers)
  }

  func tell(_ kind: NotificationKind, _ cause: String, person: ID<User>? = nil) async throws {
    let (scope, world, now) = (bench.scope, bench.world, bench.world.now())
    try await bench.database.write { session in
      try Notifications.add(
        NewNotification(kind, cause: cause, person: person), id: world.newID(), now: now, scope, session)
    }
  }

  /// What the timetable does each minute, and then a worker.
  func minute() async throws {
    let (mail, now) = (
      NotificationMail(mailroom: mailroom, publicURL: "https://money.example"), bench.world.now()
    )
    try await bench.database.write { try mail.sweep(now: now, $0) }
    await worker.drain()
    try await bench.world.sleep(.seconds(60))
  }

  var subjects: [String] { sent.withLock { $0.map(\.subject) } }
}

@Suite struct `Mails of notifications` {
  @Test func `tell once, with what to do and a link`() async throws {
    let house = try await MailHouse()
    try await house.tell(.signInNeeded, "one")
    for _ in 0..<3 { try await house.minute() }
    let mails = house.sent.withLock { $0 }
    let mail = try #require(mails.first)
    #expect(mails.count == 1)
    #expect(mail.to == "olive@example.com" && mail.from == "magpie@example.org")
    #expect(mail.subject == "A bank wants you to sign in again.")
    #expect(mail.text.contains("Sign in at the bank again"))
    #expect(mail.text.contains("https://money.example/notifications"))
  }

  @Test func `come at most once an hour for each kind`() async throws {
    let house = try await MailHouse()
    for minute in 0..<125 {
      try await house.tell(.signInNeeded, "\(minute)")
      if minute == 10 { try await house.tell(.stale, "other") }
      try await house.minute()
    }
    #expect(house.subjects.filter { $0.contains("sign in") }.count == 3)
    #expect(house.subjects.filter { $0.contains("Nothing new") }.count == 1)
    // What came meanwhile is told together.
    #expect(house.subjects.last?.hasPrefix("60 times: ") == true, "\(house.subjects)")
  }

  @Test func `do not come for what is muted, read, settled or meant for somebody else`() async throws {
    let house = try await MailHouse()
    let (scope, now) = (house.bench.scope, house.bench.world.now())
    try await house.bench.database.write { session in
      try Notifications.setMuted([.stale], now: now, scope, session)
    }
    try await house.tell(.stale, "muted")
    try await house.tell(.expiring, "for another", person: house.bench.world.newID())
    try await house.tell(.newAccounts, "read")
    try await house.bench.database.write { session in
      let row = try #require(try Notifications.list(before: nil, limit: 1, scope, session).first)
      _ = try Notifications.mark(row.id, isDismissed: false, now: now, scope, session)
    }
    try await house.minute()
    #expect(house.subjects == [])
  }

  @Test func `speak the person's language`() async throws {
    let house = try await MailHouse(locale: "de-AT")
    try await house.tell(.signInNeeded, "one")
    try await house.minute()
    let mail = try #require(house.sent.withLock { $0.first })
    #expect(mail.language == "de")
    #expect(mail.subject == "Eine Bank möchte, dass Sie sich neu anmelden.")
  }
}

@Suite struct `The mailroom` {
  private func letter(_ cause: String, expiresAt: Timestamp? = nil) -> Letter {
    Letter(
      to: "olive@example.com", subject: "Hello", text: "secret-link-1234", language: .english, cause: cause,
      expiresAt: expiresAt)
  }

  @Test func `keeps a mail sealed until it is sent, and sends it once for each cause`() async throws {
    let house = try await MailHouse()
    let (mailroom, now, letter) = (house.mailroom, house.bench.world.now(), letter("reset 1"))
    let isNew = try await house.bench.database.write { session in
      [try mailroom.post(letter, now: now, session), try mailroom.post(letter, now: now, session)]
    }
    #expect(isNew == [true, false])
    let boxes = try await house.bench.database.read { try SealedTokens.all($0).map(\.box) }
    #expect(boxes.count == 1)
    #expect(boxes.allSatisfy { $0.firstRange(of: Array("secret-link".utf8)) == nil })
    await house.worker.drain()
    #expect(house.sent.withLock { $0.map(\.text) } == ["secret-link-1234"])
    #expect(try await house.bench.database.read { try SealedTokens.all($0).isEmpty })
    let again = try await house.bench.database.write { try mailroom.post(letter, now: now, $0) }
    #expect(!again)
  }

  @Test func `tries again what was not taken, and sends nothing that is of no use any more`() async throws {
    let house = try await MailHouse()
    let (mailroom, world) = (house.mailroom, house.bench.world)
    let (now, lasting, passing) = (
      world.now(), letter("lasting"), letter("passing", expiresAt: world.now() + .seconds(30))
    )
    house.refusal.withLock { $0 = .later("busy") }
    try await house.bench.database.write { session in
      try mailroom.post(lasting, now: now, session)
      try mailroom.post(passing, now: now, session)
    }
    await house.worker.drain()
    #expect(house.subjects == [])
    house.refusal.withLock { $0 = nil }
    try await world.sleep(.seconds(70))
    await house.worker.drain()
    #expect(house.subjects == ["Hello"])
    #expect(try await house.bench.database.read { try DeadLetters.list(of: nil, limit: 9, $0) }.isEmpty)
  }

  @Test func `sets a mail aside that nobody will ever take`() async throws {
    let house = try await MailHouse()
    let (mailroom, now, letter) = (house.mailroom, house.bench.world.now(), letter("one"))
    house.refusal.withLock { $0 = .refused("the mail server answered 550") }
    try await house.bench.database.write { _ = try mailroom.post(letter, now: now, $0) }
    await house.worker.drain()
    let letters = try await house.bench.database.read { try DeadLetters.list(of: nil, limit: 9, $0) }
    #expect(letters.map(\.code) == ["mail.refused"])
    #expect(letters.allSatisfy { $0.message?.contains("olive") == false })
  }
}

@Suite struct `The weekly mail` {
  @Test func `shows what there is, what came and went, and what waits`() async throws {
    let house = try await MailHouse()
    let (bench, banks) = (house.bench, house.banks)
    _ = try await banks.sync(try await banks.linkSandbox(institution: "ins_109508").id)
    try await house.tell(.expiring, "one")
    let (scope, now) = (bench.scope, bench.world.now())
    let digest = try #require(try await bench.database.read { try Digest.read(now: now, scope, $0) })
    #expect(!digest.worths.isEmpty)
    #expect(digest.flows[.usd].map { $0.expensesMinor > 0 } == true)
    let addressee = try #require(try await bench.database.read { try Mails.addressee(scope, $0) })
    let text = digest.letter(to: addressee, publicURL: "https://money.example").text
    #expect(text.contains("Net worth\n  "))
    #expect(text.contains("The connection to A bank ends soon."))
    // No account is named by its number.
    let masks = try await bench.database.read { try Accounts.all(scope, $0).compactMap(\.mask) }
    #expect(!masks.isEmpty && masks.allSatisfy { !text.contains($0) })
  }

  @Test func `comes once for each week and person, and not to those who muted it`() async throws {
    let house = try await MailHouse()
    _ = try await house.banks.sync(try await house.banks.linkSandbox(institution: "ins_109508").id)
    let lines = try house.jobs.lines(in: .utc)
    let line = try #require(lines.first { $0.name == "digest" })
    func monday() async throws {
      let (world, now) = (house.bench.world, house.bench.world.now())
      try await house.bench.database.write { session in
        for job in try line.jobs(now, session) { try JobQueue.add(job, id: world.newID(), now: now, session) }
      }
      await house.worker.drain()
    }
    try await monday()
    try await monday()
    #expect(house.subjects.count == 1)
    let (scope, now) = (house.bench.scope, house.bench.world.now())
    try await house.bench.world.sleep(.seconds(7 * 86_400))
    try await house.bench.database.write { try Notifications.setMuted([.digest], now: now, scope, $0) }
    try await monday()
    #expect(house.subjects.count == 1)
  }
}
