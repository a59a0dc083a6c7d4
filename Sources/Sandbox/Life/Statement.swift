// A month of an account as text, for people who want to see what the bank invented.

package import Finance

package enum Statement {
  /// The statement of a month, with a running balance. Rows stand on the day they post, in order.
  ///
  /// - Parameter month: any day of it.
  package static func render(_ history: BankHistory, account key: String, month: CalendarDate) -> String {
    guard let account = history.account(key) else { return "" }
    let (first, last) = (month.firstOfMonth, month.lastOfMonth)
    let before = history.balance(of: key, on: first - 1) ?? 0
    var balance = first < history.from ? account.openingMinor : before
    var lines = [
      "\(account.officialName ?? account.name)  ...\(account.mask)  \(account.currency)",
      "\(history.holder.names.joined(separator: " & ")), \(history.holder.city) \(history.holder.region)",
      "\(first) to \(last)", "",
      row("", "opening balance", "", Descriptor.decimal(balance)),
    ]
    for change in changes(in: history, account, first...last) {
      balance += account.isOwed ? change.minor : -change.minor
      let shown = account.isOwed ? change.minor : -change.minor
      lines.append(row("\(change.on)", change.text, Descriptor.decimal(shown), Descriptor.decimal(balance)))
    }
    lines.append(row("", "closing balance", "", Descriptor.decimal(balance)))
    let pending = history.entries.filter {
      $0.account == key && $0.occurredOn <= min(last, history.through)
        && $0.pendingMinor(on: min(last, history.through)) != 0
    }
    for entry in pending {
      let minor = entry.pendingMinor(on: min(last, history.through))
      lines.append(
        row(
          "\(entry.occurredOn)", "(pending) " + (entry.pendingName ?? entry.name),
          Descriptor.decimal(account.isOwed ? minor : -minor), ""))
    }
    return lines.joined(separator: "\n") + "\n"
  }

  private struct Change {
    var on: CalendarDate
    var text: String
    var minor: Int64
  }

  /// Everything that moves the posted balance in the days, in order of day and key.
  private static func changes(
    in history: BankHistory, _ account: BankAccount, _ days: ClosedRange<CalendarDate>
  ) -> [Change] {
    var changes: [Change] = []
    for entry in history.entries where entry.account == account.key {
      guard let postsOn = entry.postsOn else { continue }
      let text = entry.originalDescription
      changes.append(Change(on: postsOn, text: text, minor: entry.amountMinor))
      if let on = entry.correctedOn, let corrected = entry.correctedAmountMinor {
        changes.append(Change(on: on, text: "(corrected) " + entry.name, minor: corrected - entry.amountMinor))
      }
      let last = entry.correctedAmountMinor ?? entry.amountMinor
      if let on = entry.removedOn, entry.resentOn != on {
        changes.append(Change(on: on, text: "(removed) " + entry.name, minor: -last))
        if let resentOn = entry.resentOn { changes.append(Change(on: resentOn, text: text, minor: last)) }
      }
    }
    let numbered = changes.filter { days.contains($0.on) && $0.on <= history.through }.enumerated()
    return numbered.sorted { ($0.element.on, $0.offset) < ($1.element.on, $1.offset) }.map(\.element)
  }

  private static func row(_ day: String, _ text: String, _ amount: String, _ balance: String) -> String {
    let padding = { (count: Int, text: String) in String(repeating: " ", count: max(0, count - text.utf8.count)) + text
    }
    return Descriptor.pad(day, to: 12) + Descriptor.pad(text, to: 76) + padding(12, amount) + padding(14, balance)
  }
}
