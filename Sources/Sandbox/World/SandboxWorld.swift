package import Basics
import Finance
import JSON

/// Everything the sandbox knows, and how it changes: no I/O, no clock, no chance but its seed.
///
/// Every call brings the time along. Same seed, same calls, same times: same bytes, on every machine.
package struct SandboxWorld: Sendable {
  var settings: Settings
  let naming: Naming
  /// Items by id, also those that were removed.
  var items: [String: Item] = [:]
  /// Ids in the order of their making: a dictionary has no order of its own.
  var itemOrder: [String] = []
  /// Access tokens that are, or once were, good.
  var itemIDs: [String: String] = [:]
  var publicTokens: [String: PublicToken] = [:]
  var linkTokens: [String: LinkToken] = [:]
  var linkTokenCount = 0
  var agenda = Agenda()
  var webhooks: WebhookOffice
  var faults = FaultBook()
  var rates = RateBook()
  var requestCount = 0
  /// How long the bank kept the present call waiting.
  var lag = Duration.zero
  /// Whether what leaves a mark is noted, for a journal.
  var keepsFacts = false
  /// Noted and not yet taken.
  var facts: [Journal.Entry] = []
  /// The latest time anybody told.
  private(set) var now: Timestamp

  package init(_ settings: Settings, at now: Timestamp) {
    self.settings = settings
    naming = Naming(seed: settings.seed)
    webhooks = WebhookOffice(naming: naming, startedAt: now)
    self.now = now
    rates.mode = settings.rateLimits
    agenda.add(.rotateKey, at: now + WebhookOffice.keyLife)
  }

  /// The day before which no history begins: fixed for the life of this world, two years and a month before its start.
  var since: CalendarDate { (settings.startedOn - 760).firstOfMonth }

  mutating func nextRequestID() -> String {
    requestCount += 1
    return Naming.letters(15, from: naming.number("request", String(requestCount)))
  }

  /// When something will happen by itself, a delivery included.
  package var nextDue: Timestamp? {
    [agenda.next, webhooks.nextDue].compactMap { $0 }.min()
  }

  /// Lets everything happen that is due by then, each at its own time.
  package mutating func advance(to instant: Timestamp) {
    while let note = agenda.take(until: instant) {
      now = max(now, note.at)
      happen(note.event)
    }
    now = max(now, instant)
  }

  private mutating func happen(_ event: Agenda.Event) {
    switch event {
    case .initialUpdate(let id): becomeInitial(id)
    case .historicalUpdate(let id): becomeHistorical(id)
    case .poll(let id):
      poll(id)
      agenda.add(.poll(item: id), at: now + Self.pollInterval)
    case .loginExpires(let id): breakLogin(id, .loginRequired)
    case .consentWarning(let id): warnOfConsent(id)
    case .consentEnds(let id):
      var refusal = Refusal.loginRequired
      refusal.reason = "OAUTH_CONSENT_EXPIRED"
      breakLogin(id, refusal)
    case .rotateKey:
      webhooks.rotateKey(at: now)
      agenda.add(.rotateKey, at: now + WebhookOffice.keyLife)
    }
  }

  /// Banks are asked four times a day.
  static let pollInterval = Duration.seconds(6 * 3600)
}
