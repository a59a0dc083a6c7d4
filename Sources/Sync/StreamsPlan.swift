import Basics
import Databases
import Finance
import Store

/// What an answer about recurring streams changes in the store. Pure; ``apply(to:_:)`` then writes it.
///
/// The provider's last word is all that is kept: a stream that it no longer tells is gone, and says nothing of the rows.
struct StreamsPlan {
  private(set) var changed: [(stream: StoredBankStream, raw: String)] = []
  private(set) var gone: [String] = []
  private(set) var quarantine: [FeedUnreadable]
  private(set) var counts = ProductCounts()

  init(_ answer: FeedStreams, target: ProductTarget, kept: [StoredBankStream]) {
    quarantine = answer.unreadable
    let before = Dictionary(kept.map { ($0.providerID, $0) }) { $1 }
    var seen: Set<String> = []
    for feed in answer.streams where !target.muted.contains(feed.accountID) {
      guard let account = target.accounts[feed.accountID] else {
        reject(feed, "the bank never listed this stream's account")
        continue
      }
      guard seen.insert(feed.id).inserted else {
        reject(feed, "the bank listed this stream twice")
        continue
      }
      let stream = StoredBankStream(feed, account: account.id)
      guard before[feed.id] != stream else { continue }
      if before[feed.id] == nil { counts.added += 1 } else { counts.changed += 1 }
      changed.append((stream, feed.raw))
    }
    gone = before.keys.filter { !seen.contains($0) }.sorted()
    counts.removed = gone.count
  }

  private mutating func reject(_ feed: FeedStream, _ reason: String) {
    quarantine.append(FeedUnreadable(id: feed.id, reason: reason, raw: feed.raw, accountID: feed.accountID))
  }

  /// - Returns: What was done, with the rows that are new in quarantine.
  func apply(to target: ProductTarget, _ session: any Session) throws -> ProductCounts {
    for (stream, raw) in changed {
      try BankStreams.keep(stream, raw: raw, target.connection, now: target.now, target.scope, session)
    }
    try BankStreams.drop(gone, target.connection, target.scope, session)
    var counts = counts
    counts.quarantined = try Quarantine.replace(
      .recurring, with: quarantine, target.connection, newID: { target.world.newID() }, now: target.now,
      target.scope, session)
    return counts
  }

  /// Plans and applies an answer.
  static func apply(
    _ answer: FeedStreams, to target: ProductTarget, _ session: any Session
  ) throws -> ProductCounts {
    let kept = try BankStreams.kept(target.connection, target.scope, session)
    return try StreamsPlan(answer, target: target, kept: kept).apply(to: target, session)
  }
}
