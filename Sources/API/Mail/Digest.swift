import Basics
import Databases
import Finance
import Insights
import Store

/// A person's week in one mail: what they have, what came and went, and what waits for them. Each currency by itself.
struct Digest: Sendable {
  struct Flow: Sendable, Equatable {
    var incomeMinor: Int64 = 0
    /// Positive: spent.
    var expensesMinor: Int64 = 0
  }

  var scope: Scope
  var householdName: String
  /// The seven days before today.
  var days: Range<CalendarDate>
  var worths: [NetWorth.Worth]
  var flows: [Currency: Flow]
  /// The newest first.
  var open: [ListedNotification]

  private static let openMax = 10

  /// - Returns: Nil when there is nothing to tell of.
  /// - Throws: ``MoneyError`` when a sum is beyond counting.
  static func read(now: Timestamp, _ scope: Scope, _ session: any Session) throws -> Digest? {
    let ground = try Ground.read(now: now, scope, session)
    guard !ground.counted.isEmpty else { return nil }
    let days = (ground.today - 7)..<ground.today
    var flows: [Currency: Flow] = [:]
    for total in try Totals.sums(over: [days], ground.counting, scope, session) where !total.isPending {
      var flow = flows[total.currency] ?? Flow()
      switch total.flow {
      case .transfer, .excluded: continue
      case .income: flow.incomeMinor = try sum(flow.incomeMinor, total.sum.amountMinor)
      case .expense: flow.expensesMinor = try sum(flow.expensesMinor, -total.sum.amountMinor)
      }
      flows[total.currency] = flow
    }
    let open = try Notifications.list(before: nil, limit: openMax * 4, isUnreadOnly: true, scope, session)
    return Digest(
      scope: scope,
      householdName: try Memberships.households(of: scope.user, session).first { $0.id == scope.household }?.name ?? "",
      days: days,
      worths: try NetWorth(ground.accounts, muted: ground.muted, base: ground.base).worths, flows: flows,
      open: Array(open.filter { NotificationWords($0).advice != nil }.prefix(openMax)))
  }

  private static func sum(_ left: Int64, _ right: Int64) throws(MoneyError) -> Int64 {
    let (sum, overflowed) = left.addingReportingOverflow(right)
    guard !overflowed else { throw .overflow }
    return sum
  }

  func letter(to addressee: Addressee, publicURL: String?) -> Letter {
    let language = Language(locale: addressee.locale)
    let (first, last) = (days.lowerBound.description, (days.upperBound - 1).description)
    var text = language("Hello \(addressee.name),", "Guten Tag, \(addressee.name),") + "\n\n"
    text +=
      language("this was the week of \(householdName)", "das war die Woche von \(householdName)")
      + ", \(first) – \(last).\n\n"
    text += language("Net worth", "Vermögen") + "\n"
    for worth in worths { text += "  \(amount(worth.totalMinor, worth.currency, language))\n" }
    text += "\n" + language("The week's income and spending", "Einnahmen und Ausgaben der Woche") + "\n"
    if flows.isEmpty { text += "  " + language("nothing", "nichts") + "\n" }
    for (currency, flow) in flows.sorted(by: { $0.key.code < $1.key.code }) {
      text += "  " + language("in ", "ein ") + amount(flow.incomeMinor, currency, language)
      text += ", " + language("out ", "aus ") + amount(flow.expensesMinor, currency, language) + "\n"
    }
    text += "\n" + language("What needs you", "Was Sie braucht") + "\n"
    if open.isEmpty { text += "  " + language("Nothing.", "Nichts.") + "\n" }
    for row in open {
      let words = NotificationWords(row, in: language)
      text += "  - \(words.title)\n" + (words.advice.map { "    \($0)\n" } ?? "")
    }
    if let publicURL { text += "\n\(publicURL)/\n" }
    text +=
      "\n"
      + language(
        "This mail comes once a week. To end it, mute digest.weekly in the settings.",
        "Diese Mail kommt einmal in der Woche. Um sie zu beenden, schalten Sie digest.weekly in den Einstellungen stumm."
      )
    return Letter(
      to: addressee.email, subject: language("Your week: ", "Ihre Woche: ") + "\(first) – \(last)", text: text + "\n",
      language: language, cause: "digest \(scope.household) \(scope.user) \(days.upperBound)",
      household: scope.household)
  }

  /// `1,234.56 USD`, or `1.234,56 EUR` in German.
  private func amount(_ minor: Int64, _ currency: Currency, _ language: Language) -> String {
    let parts = Money(minorUnits: minor, currency).decimal.split(separator: ".", omittingEmptySubsequences: false)
    let isNegative = parts[0].first == "-"
    let digits = Array(isNegative ? parts[0].dropFirst() : parts[0])
    var whole = isNegative ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { whole += language(",", ".") }
      whole.append(digit)
    }
    let fraction = parts.count > 1 ? language(".", ",") + parts[1] : ""
    return "\(whole)\(fraction) \(currency.code)"
  }
}
