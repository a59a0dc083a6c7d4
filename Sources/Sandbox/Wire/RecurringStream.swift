import Finance
import JSON

/// Rows that come again and again, found by merchant and rhythm.
struct RecurringStream: Sendable {
  enum Frequency: String, CaseIterable, Sendable {
    case weekly = "WEEKLY", biweekly = "BIWEEKLY", semiMonthly = "SEMI_MONTHLY", monthly = "MONTHLY"
    case annually = "ANNUALLY"

    /// Days between two rows, the shortest and the longest that still count.
    var days: ClosedRange<Int> {
      switch self {
      case .weekly: 6...8
      case .biweekly: 13...14
      case .semiMonthly: 15...17
      case .monthly: 26...35
      case .annually: 355...375
      }
    }

    var usual: Int {
      switch self {
      case .weekly: 7
      case .biweekly: 14
      case .semiMonthly: 15
      case .monthly: 30
      case .annually: 365
      }
    }
  }

  /// Oldest first.
  var rows: [Row]
  var frequency: Frequency
  var today: CalendarDate
  var first: Row
  var last: Row

  var isInflow: Bool { last.amountMinor < 0 }

  /// Plaid calls a stream mature from three rows on, yearly ones from two.
  var isMature: Bool { rows.count >= (frequency == .annually ? 2 : 3) }

  /// Late by half a period and a week: it has stopped.
  var isActive: Bool { last.date + frequency.usual * 3 / 2 + 7 >= today }

  /// - Parameter rows: Posted ones, in any order.
  static func find(in rows: [Row], today: CalendarDate) -> [RecurringStream] {
    var groups: [String: [Row]] = [:]
    var order: [String] = []
    for row in rows.sorted(by: { ($0.date, $0.id) < ($1.date, $1.id) }) {
      let entry = row.source.entry
      let name = entry.merchantEntityKey ?? entry.merchantName ?? entry.name
      let key = "\(row.accountID)|\(name)|\(row.amountMinor < 0)"
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(row)
    }
    return order.compactMap { groups[$0].flatMap { stream(of: $0, today: today) } }
  }

  /// Nil unless nearly all gaps between the rows fit one rhythm.
  private static func stream(of rows: [Row], today: CalendarDate) -> RecurringStream? {
    guard rows.count >= 2, let first = rows.first, let last = rows.last else { return nil }
    let gaps = zip(rows.dropFirst(), rows).map { $0.date - $1.date }
    for frequency in Frequency.allCases {
      let fitting = gaps.count { frequency.days.contains($0) }
      if fitting * 10 >= gaps.count * 8 {
        return RecurringStream(rows: rows, frequency: frequency, today: today, first: first, last: last)
      }
    }
    return nil
  }

  func json(naming: Naming, usesCategoriesV1: Bool) -> JSONValue {
    let entry = last.source.entry
    let sum = rows.reduce(Int64(0)) { $0 + $1.amountMinor }
    let status = isMature ? "MATURE" : isActive ? "EARLY_DETECTION" : "TOMBSTONED"
    let next = isActive ? last.date + frequency.usual : nil
    let money = { (minor: Int64) in
      JSONValue.object([.init("amount", Wire.amount(minor, entry.currency))] + Wire.currencies(entry.currency))
    }
    return [
      "account_id": .string(last.accountID), "average_amount": money(sum / Int64(rows.count)), "category": [],
      "category_id": "", "description": .string(last.name), "first_date": Wire.date(first.date),
      "frequency": .string(frequency.rawValue), "is_active": .bool(isActive), "is_user_modified": false,
      "last_amount": money(last.amountMinor), "last_date": Wire.date(last.date),
      "merchant_name": JSONValue(entry.merchantName),
      "personal_finance_category": [
        "confidence_level": .string(entry.confidence.rawValue),
        "detailed": .string(usesCategoriesV1 ? entry.categoryV1 : entry.detailedCategory),
        "primary": .string(usesCategoriesV1 ? entry.primaryCategoryV1 : entry.primaryCategory),
        "version": usesCategoriesV1 ? "v1" : "v2",
      ],
      "predicted_next_date": Wire.date(next), "status": .string(status),
      "stream_id": .string(naming.id("stream", first.accountID, first.source.entry.key)),
      "transaction_ids": JSONValue(rows.map(\.id)),
    ]
  }
}
