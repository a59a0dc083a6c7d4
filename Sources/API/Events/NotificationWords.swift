import Basics
import JSON
package import Store

/// A notification in English. Pure: what the words need is in its row.
package struct NotificationWords: Sendable, Equatable {
  package var title: String
  /// What to do; nil when there is nothing to be done.
  package var advice: String?

  package init(_ row: ListedNotification) {
    let bank = row.institutionName ?? "A bank"
    let body = try? JSONValue.parse(Array(row.body.utf8))
    func day(_ name: String) -> String? { body?[name]?.string.map { String($0.prefix(10)) } }
    switch NotificationKind(rawValue: row.kind) {
    case .firstDays:
      (title, advice) = ("The first days of \(bank) are here.", nil)
    case .historyComplete:
      (title, advice) = ("All that \(bank) has of its history is here.", nil)
    case .signInNeeded:
      (title, advice) = ("\(bank) wants you to sign in again.", "Sign in at the bank again through this connection.")
    case .expiring:
      title = "The connection to \(bank) ends\(day("ends_at").map { " on \($0)" } ?? " soon")."
      advice = "Sign in at the bank again before that, and nothing is interrupted."
    case .revoked:
      title = "The connection to \(bank) was ended there."
      advice = "What is here stays. Link the bank again if you want its data."
    case .accountRevoked:
      title = "\(bank) no longer shows one of your accounts."
      advice = "What is here stays. Sign in at the bank again to show it."
    case .newAccounts:
      (title, advice) = ("\(bank) has accounts that are not linked.", "Sign in again to choose which to show.")
    case .stale:
      title = "Nothing new has come from \(bank)\(day("since").map { " since \($0)" } ?? " for a long time")."
      advice = "Look at the bank whether that is right; if not, sign in again through this connection."
    case .deadLetter:
      title = "\(row.institutionName.map { "Work for \($0)" } ?? "Some work") was given up after several tries."
      advice = "It is tried again on schedule; to try at once, look at the list of jobs that were given up."
    case .budgetPassed:
      title = "The calls to banks of this day are used up."
      advice = "It goes on tomorrow. MAGPIE_CALLS_PER_DAY says how many a day has."
    case .unusualCharge: (title, advice) = ("A charge is larger than usual.", "Look whether it is right.")
    case .invitation: (title, advice) = ("You are invited to a household.", "Accept or decline the invitation.")
    case nil: (title, advice) = ("Something happened: \(row.kind).", nil)
    }
  }
}
