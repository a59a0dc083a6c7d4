import API
import Basics
import Databases
import Finance
import HTTP
import Jobs
import Store

/// What keeps banks up to date in a process: a worker and a timetable. Any number of processes may have one.
struct Workforce: Sendable {
  let worker: Worker
  let timetable: Timetable
  private let watch: DeliveryWatch
  private let relay: EventRelay?
  private let bank: Bank
  /// On starting, so many connections are looked at at once; of more, those that are due.
  private static let greetedMax = 20

  /// - Parameter tell: Called from any task.
  init(
    _ bank: Bank, _ home: Home, slots: Int, tell: @escaping @Sendable (BankJobs.Event) -> Void = { _ in }
  ) throws {
    let (banks, settings) = (bank.banks, home.configuration.work)
    let jobs = BankJobs(banks, tell: tell)
    let owner = banks.settings.owner
    let mail = home.mailJobs
    let outgoing = Outgoing(
      home.database, home.world, banks.sealing, http: .live(log: home.log, rules: settings.outgoingRules))
    var handlers = jobs.handlers.merging(mail?.handlers ?? [:]) { first, _ in first }
    let insights = InsightWatch(home.database, home.world)
    handlers.merge(insights.handlers) { first, _ in first }
    handlers.merge(DeliveryJobs(outgoing, log: home.log).handlers) { first, _ in first }
    worker = Worker(
      home.database, world: home.world, log: home.log,
      settings: .init(owner: owner, slots: max(1, slots), limits: settings.limits),
      handlers: handlers, buried: jobs.buried)
    let zone = (try? TimeZone.named(home.configuration.timeZone)) ?? .utc
    let lines = try settings.schedule(zone).lines(banks) + (mail?.lines(in: zone) ?? []) + insights.lines()
    timetable = Timetable(
      home.database, world: home.world, log: home.log, owner: owner, lines,
      added: { [bell = banks.bell] in bell.ring() })
    relay = home.eventRelay(owner: owner)
    watch = DeliveryWatch(home.database, home.world) { [bell = banks.bell] in bell.ring() }
    banks.bell.listen { [worker] in worker.wake() }
    self.bank = bank
  }

  var services: [any Service] { [worker, timetable, watch] + (relay.map { [$0] } ?? []) }

  /// Whoever starts the server wants to see how things are now, and not when they are due.
  func greet() async throws {
    let banks = bank.banks
    let (settings, world, now) = (banks.settings, banks.world, banks.world.now())
    try await banks.database.write { session in
      var jobs = try KeepUp.everywhere(nil, over: .zero, settings, now: now, session)
      if jobs.count > Self.greetedMax { jobs = try KeepUp.jobs(settings, now: now, session) }
      for job in jobs { try JobQueue.add(job, id: world.newID(), now: now, session) }
    }
    banks.bell.ring()
  }
}
