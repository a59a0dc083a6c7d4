import Basics

/// One bank in several processes: each answers alone, with everything the others did before it.
extension SandboxServer.State {
  /// Does something to the bank while no other process can, and writes down what came of it before anybody hears.
  ///
  /// When it cannot be written down the bank is as the journal has it, and the caller must not answer.
  mutating func alone<Result>(_ body: (inout Self) -> Result) throws(JournalTrouble) -> Result {
    guard journal != nil else { return body(&self) }
    try journal?.lock()
    defer { journal?.unlock() }
    try catchUp()
    let result = body(&self)
    let facts = bank.takeFacts()
    do throws(JournalTrouble) {
      try journal?.append(facts)
    } catch {
      try restart()
      throw error
    }
    return result
  }

  /// Goes through everything from the beginning, silently.
  mutating func restore(_ settings: Settings) throws(JournalTrouble) {
    try journal?.lock()
    defer { journal?.unlock() }
    try restart(settings)
  }

  private mutating func restart(_ settings: Settings? = nil) throws(JournalTrouble) {
    guard let start = journal?.header.startedAt else { return }
    journal?.rewind()
    bank = SandboxWorld(settings ?? bank.settings, at: start)
    bank.webhooks.isMuted = true
    try catchUp()
    bank.webhooks.isMuted = false
    bank.keepsFacts = true
  }

  private mutating func catchUp() throws(JournalTrouble) {
    guard let news = try journal?.news(), let journal else { return }
    for (index, entry) in news.enumerated() where !bank.redo(entry) {
      throw .unreadable(path: journal.path, line: journal.lines - news.count + index + 1)
    }
  }
}
