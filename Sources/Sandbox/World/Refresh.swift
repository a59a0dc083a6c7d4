import Basics
import Finance
import JSON

/// What `/transactions/refresh` does: the bank is asked now, and the dynamic user's rules apply.
extension SandboxWorld {
  mutating func refresh(_ id: String) {
    guard let item = items[id] else { return }
    guard item.customer.isDynamic else { return poll(id) }
    items[id]?.refreshes += 1
    items[id]?.lastUpdate = now
    let place = item.ledger.log.end
    let moment = item.moment(at: now)
    items[id]?.ledger.advance(to: moment)
    postPending(id, on: moment.day)
    raiseOneAmount(id)
    addPending(id, at: moment)
    announceChanges(id, since: place)
  }

  /// All earlier pending rows post.
  private mutating func postPending(_ id: String, on day: CalendarDate) {
    guard let shown = items[id]?.ledger.shown else { return }
    for (index, row) in shown.enumerated() where row?.isPending == true {
      items[id]?.ledger.revise(index) { entry in
        entry.postsOn = day
        entry.vanishesOn = nil
      }
    }
  }

  /// One old amount rises by 1.00.
  private mutating func raiseOneAmount(_ id: String) {
    guard let item = items[id] else { return }
    let old = item.ledger.shown.enumerated().filter { $0.element.map { !$0.isPending && $0.amountMinor > 0 } == true }
    guard !old.isEmpty else { return }
    let pick = old[(item.refreshes - 1) % old.count]
    guard let row = pick.element else { return }
    items[id]?.ledger.edit(pick.offset) { edit in
      edit.amountMinor = (edit.amountMinor ?? row.amountMinor) + 100
    }
  }

  /// New pending rows, like ones the customer had before.
  private mutating func addPending(_ id: String, at moment: Moment) {
    guard let item = items[id] else { return }
    let models = item.ledger.entries.map(\.entry).filter { entry in
      entry.amountMinor > 0 && entry.merchantName != nil && item.ledger.covered.contains(entry.account)
    }
    guard !models.isEmpty else { return }
    for number in 1...3 {
      var random = SeededRandom(seed: naming.number("dynamic", id, String(item.refreshes), String(number)))
      var entry = random.pick(models)
      entry.key = "refresh-\(item.refreshes)-\(number)"
      entry.occurredOn = moment.day
      entry.secondOfDay = Int(moment.seconds - Moment(moment.day, second: 0).seconds)
      (entry.postsOn, entry.vanishesOn, entry.correctedOn, entry.removedOn, entry.resentOn) = (nil, nil, nil, nil, nil)
      entry.isPendingFirst = true
      entry.pendingAmountMinor = nil
      entry.pairKey = nil
      entry.amountMinor = Int64(random.int(in: 250...9_999))
      items[id]?.ledger.add(entry)
    }
  }
}
