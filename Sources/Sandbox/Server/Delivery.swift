import Basics
import HTTP
import JSON

/// Sending webhooks, and moving the clock past them.
extension SandboxServer {
  /// How long a receiver has to answer.
  static let webhookDeadline = Duration.seconds(10)

  /// Lets happen what is due, and sends every webhook that is: to one receiver in order, to several side by side.
  package func deliverDue() async {
    while true {
      let letters = dueLetters()
      guard !letters.isEmpty else { return }
      var receivers: [(url: String, letters: [WebhookOffice.Letter])] = []
      for letter in letters {
        if let known = receivers.firstIndex(where: { $0.url == letter.url }) {
          receivers[known].letters.append(letter)
        } else {
          receivers.append((letter.url, [letter]))
        }
      }
      await withTaskGroup { group in
        for receiver in receivers {
          group.addTask(name: "webhooks to a receiver") { [self] in
            for letter in receiver.letters { await send(letter) }
          }
        }
      }
    }
  }

  private func dueLetters() -> [WebhookOffice.Letter] {
    do throws(JournalTrouble) {
      return try state.withLock { state throws(JournalTrouble) in
        try state.alone { state in
          let now = time(state)
          state.bank.advance(to: now)
          return state.bank.webhooks.take(at: now)
        }
      }
    } catch {
      log.error("the journal failed", ("reason", .text("\(error)")))
      return []
    }
  }

  private func send(_ letter: WebhookOffice.Letter) async {
    let signature = state.withLock { $0.bank.webhooks.signature(of: letter, at: signingTime($0)) }
    let call = HTTPCall(
      method: "POST", url: letter.url,
      headers: ["Content-Type": "application/json", "Plaid-Verification": signature], body: letter.body,
      deadline: Self.webhookDeadline, connectDeadline: .seconds(5), answerBytesMax: 64 << 10)
    var status: Int?
    var retryAfter: Duration?
    do {
      let answer = try await http.send(call)
      status = answer.status
      let now = state.withLock { signingTime($0) }
      retryAfter = answer.headers["Retry-After"].flatMap { RetryAfter.wait($0, now: now) }
    } catch {
      log.debug("webhook not delivered", ("code", .text(letter.code)), ("reason", .text("\(error)")))
    }
    state.withLock { state in
      state.bank.webhooks.settle(letter.number, status: status, retryAfter: retryAfter, at: time(state))
    }
  }

  /// Moves the clock on, stopping at everything that happens on the way so that it happens at its own time.
  package func advance(by duration: Duration) async {
    await deliverDue()
    let end = state.withLock { time($0) } + duration
    while true {
      let isThere = state.withLock { state in
        let now = time(state)
        let next = min(end, max(state.bank.nextDue ?? end, now))
        if state.virtualNow != nil {
          state.virtualNow = next
        } else {
          state.offset += next - now
        }
        return next >= end
      }
      await deliverDue()
      if isThere { return }
    }
  }

  /// The two control calls that need the clock and the post; nil for all others.
  func handleTime(_ request: Request) async -> Response? {
    switch request.path {
    case Control.prefix + "clock/advance":
      guard let seconds = (try? JSONValue.parse(request.body))?["seconds"]?.int, (0...3_155_760_000).contains(seconds)
      else {
        let id = state.withLock { $0.bank.nextRequestID() }
        return Reply(.invalidField("seconds must be an integer, not negative"), requestID: id).response()
      }
      await advance(by: .seconds(seconds))
    case Control.prefix + "webhooks/deliver": await deliverDue()
    default: return nil
    }
    let (id, now) = state.withLock { ($0.bank.nextRequestID(), time($0)) }
    return Reply(.object(["now": Wire.instant(now)]), requestID: id).response()
  }
}
