import Basics
import Databases
import Finance
import JSON
import Jobs
import Store
import Testing

@testable import App

/// Work that was given up, as whoever runs the server sees it.
@Suite struct `Work that was given up` {
  private let dwelling = Dwelling()

  /// Two letters: one of a household, and one of the whole installation.
  private func giveUp() async throws -> [ID<QueuedJob>] {
    let home = try await dwelling.home()
    let connection = try await home.keepToken()
    let (world, now) = (home.world, home.world.now())
    let ids = [world.newID(QueuedJob.self), world.newID(QueuedJob.self)]
    try await home.database.write { session in
      let household = ID<Tenant>(bits: home.scope.household.bits)
      try JobQueue.add(NewJob(.update, "\(connection)", household: household), id: ids[0], now: now, session)
      try JobQueue.add(NewJob(.retention, "all"), id: ids[1], now: now, session)
      for job in try JobClaims.take(
        9, of: JobKind.allCases, owner: "test", limits: JobLimits(), now: now, session)
      {
        try JobClaims.end(
          job, .hopeless(JobFailure("bank.odd", "The bank\u{1B}[31m said no.")), now: now, random: 0, session)
      }
    }
    return ids
  }

  @Test func `is listed with its reason`() async throws {
    #expect(await dwelling.run("jobs").output == "Waiting: 0, going on: 0.\nNothing was given up.\n")
    let ids = try await giveUp()
    let shown = await dwelling.run("jobs")
    #expect(shown.code == 0 && shown.lines.allSatisfy { PlainText.width($0) <= 80 }, "\(shown)")
    for id in ids { #expect(shown.output.contains("\(id)")) }
    #expect(shown.output.contains("sync.update") && shown.output.contains("said no."))
    #expect(!shown.output.contains("\u{1B}"), "what a bank says moves no cursor")
    let json = try JSONValue.parse(await dwelling.run("jobs --json").output)
    #expect(json["dead"] == 2 && json["waiting"] == 0)
    #expect(json["data"]?.elements.map { $0["code"] } == ["bank.odd", "bank.odd"])
  }

  @Test func `is tried again or dropped, one or all`() async throws {
    let ids = try await giveUp()
    let again = await dwelling.run("jobs retry \(ids[0])")
    #expect(again.output == "1 job in the queue again; magpie serve or magpie worker does it.\n", "\(again)")
    #expect(await dwelling.run("jobs retry \(ids[0])").complaints.contains("magpie jobs lists it"))
    #expect(await dwelling.run("jobs drop all").output == "1 job dropped.\n")
    #expect(await dwelling.run("jobs drop all").output == "Nothing was given up.\n")
    #expect(await dwelling.run("jobs").output == "Waiting: 1, going on: 0.\nNothing was given up.\n")
    for words in ["jobs retry", "jobs again", "jobs drop con_x"] {
      #expect(await dwelling.run(words).code == 2, "\(words)")
    }
  }
}
