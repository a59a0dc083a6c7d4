import Basics
import JSON

/// The webhooks that wait to be sent, and the rules by which they are: pure decisions, no sending.
///
/// Plaid's documented rules: 200 within ten seconds is success; anything else is tried again for a day, first after 30
/// seconds, then each time four times later; a 429 with Retry-After is honoured up to four hours; a receiver that
/// refused more than nine tenths of a day's webhooks gets no second try. Nothing carries a delivery id, and duplicates
/// and disorder must be expected: both can be asked for.
struct WebhookOffice: Sendable {
  static let firstRetry = Duration.seconds(30)
  static let retryFactor = 4
  static let retryFor = Duration.seconds(86_400)
  static let longestRetryAfter = Duration.seconds(4 * 3600)
  static let keyLife = Duration.seconds(30 * 86_400)
  /// Attempts within a day below which a receiver is not judged yet.
  static let fewAttempts = 10
  static let recordsMax = 1_000

  struct Letter: Sendable {
    var number: Int
    var url: String
    var code: String
    var item: String?
    var body: [UInt8]
    var createdAt: Timestamp
    var dueAt: Timestamp
    var attempts = 0
  }

  /// What became of an attempt, for whoever watches.
  struct Record: Sendable {
    var letter: Int
    var code: String
    var item: String?
    var url: String
    var at: Timestamp
    var attempt: Int
    /// Nil: no answer.
    var status: Int?
    var nextAt: Timestamp?
  }

  private let naming: Naming
  private(set) var keys: [WebhookKey]
  private(set) var letters: [Letter] = []
  private(set) var records: [Record] = []
  private var count = 0
  private var onTheWay: Set<Int> = []
  /// So many of the next webhooks are sent twice.
  var duplicatesLeft = 0
  /// So many of the next webhooks never leave.
  var lossesLeft = 0
  /// While true nothing is written: the past is only being gone through again.
  var isMuted = false
  /// While true nothing is sent; what piles up leaves in reverse order afterwards, if so wished.
  private(set) var isHeld = false

  init(naming: Naming, startedAt: Timestamp) {
    self.naming = naming
    keys = [WebhookKey(number: 1, naming: naming, createdAt: startedAt)]
  }

  // MARK: - Keys

  mutating func rotateKey(at now: Timestamp) {
    keys[keys.count - 1].expiredAt = now
    keys.append(WebhookKey(number: keys.count + 1, naming: naming, createdAt: now))
  }

  func key(_ id: String) -> WebhookKey? { keys.first { $0.id == id } }

  // MARK: - Letters

  /// Plaid's bodies are indented by two spaces; their hash is over exactly these bytes.
  mutating func queue(_ body: JSONValue, about item: String?, code: String, to url: String, at now: Timestamp) {
    if isMuted { return }
    if lossesLeft > 0 {
      lossesLeft -= 1
      return
    }
    let copies = duplicatesLeft > 0 ? 2 : 1
    if duplicatesLeft > 0 { duplicatesLeft -= 1 }
    for _ in 0..<copies {
      count += 1
      letters.append(
        Letter(
          number: count, url: url, code: code, item: item, body: body.serialized(indent: 2), createdAt: now, dueAt: now)
      )
    }
  }

  var nextDue: Timestamp? {
    isHeld ? nil : letters.lazy.filter { !onTheWay.contains($0.number) }.map(\.dueAt).min()
  }

  /// Letters to be sent now, in order. They count as on their way until ``settle(_:status:retryAfter:at:)``.
  mutating func take(at now: Timestamp) -> [Letter] {
    guard !isHeld else { return [] }
    let due = letters.filter { $0.dueAt <= now && !onTheWay.contains($0.number) }
    onTheWay.formUnion(due.map(\.number))
    return due
  }

  func signature(of letter: Letter, at now: Timestamp) -> String {
    keys[keys.count - 1].signature(of: letter.body, at: now)
  }

  /// Notes what became of an attempt and decides about the next one.
  /// - Parameters:
  ///   - status: Nil when there was no answer in time.
  ///   - retryAfter: What the receiver asked for with a 429.
  mutating func settle(_ number: Int, status: Int?, retryAfter: Duration? = nil, at now: Timestamp) {
    onTheWay.remove(number)
    guard let index = letters.firstIndex(where: { $0.number == number }) else { return }
    letters[index].attempts += 1
    let letter = letters[index]
    records.append(
      Record(
        letter: number, code: letter.code, item: letter.item, url: letter.url, at: now, attempt: letter.attempts,
        status: status))
    var next: Timestamp?
    if status != 200 {
      var delay = Self.firstRetry
      for _ in 1..<letter.attempts { delay *= Self.retryFactor }
      if status == 429, let retryAfter { delay = min(retryAfter, Self.longestRetryAfter) }
      if now + delay <= letter.createdAt + Self.retryFor { next = now + delay }
      if isRefusedMostly(letter.url, at: now) { next = nil }
    }
    if let next { letters[index].dueAt = next } else { letters.remove(at: index) }
    records[records.count - 1].nextAt = next
    if records.count > Self.recordsMax { records.removeFirst(records.count - Self.recordsMax) }
  }

  /// Whether a receiver refused more than nine tenths of what it got in a day.
  private func isRefusedMostly(_ url: String, at now: Timestamp) -> Bool {
    let day = records.filter { $0.url == url && $0.at > now - .seconds(86_400) }
    return day.count >= Self.fewAttempts && day.count { $0.status != 200 } * 10 > day.count * 9
  }

  // MARK: - Disorder on demand

  mutating func hold() { isHeld = true }

  mutating func release(reversed: Bool) {
    isHeld = false
    if reversed { letters.reverse() }
  }

  mutating func forget(item: String) { letters.removeAll { $0.item == item } }
}
