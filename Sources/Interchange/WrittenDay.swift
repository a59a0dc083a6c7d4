import Finance

/// The order of day, month and year in a column of days.
package enum DayOrder: String, Sendable, CaseIterable {
  case ymd, dmy, mdy
}

/// Days as people and banks write them: `31.12.2025`, `12/31/25`, `2025-12-31 08:00`, `5 Mar 2026`.
enum WrittenDay {
  private enum Part: Equatable {
    case number(Int, digits: Int)
    case month(Int)
  }

  /// - Returns: Nil when the text is no day in that order.
  static func read(_ text: String, _ order: DayOrder) -> CalendarDate? {
    let parts = parts(text)
    guard parts.count == 3 else { return nil }
    if case .number(let year, digits: 4) = parts[0] { return day(year, month(parts[1]), number(parts[2])) }
    guard let year = year(parts[2]) else { return nil }
    if case .month(let month) = parts[1] { return day(year, month, number(parts[0])) }
    if case .month(let month) = parts[0] { return day(year, month, number(parts[1])) }
    switch order {
    case .ymd: return day(self.year(parts[0]), month(parts[1]), number(parts[2]))
    case .dmy: return day(year, month(parts[1]), number(parts[0]))
    case .mdy: return day(year, month(parts[0]), number(parts[1]))
    }
  }

  /// The order that fits a column best.
  ///
  /// - Parameter standard: Where all fit as well.
  static func order(of texts: [String], standard: DayOrder) -> (order: DayOrder, isSure: Bool) {
    var best: (order: DayOrder, days: [CalendarDate], steps: Int)?
    var readings: [[CalendarDate]] = []
    for order in [standard] + DayOrder.allCases.filter({ $0 != standard }) {
      let days = texts.compactMap { Self.read($0, order) }
      // Statements run in one direction, and from day to day: the true order makes the shortest way.
      let steps = zip(days, days.dropFirst()).reduce(0) { $0 + min(abs($1.1 - $1.0), 4_000) }
      readings.append(days)
      if let now = best, (now.days.count, -now.steps) >= (days.count, -steps) { continue }
      best = (order, days, steps)
    }
    guard let best, !best.days.isEmpty else { return (standard, false) }
    // Another order that reads as many days, and others: then it is a guess.
    return (best.order, !readings.contains { $0.count == best.days.count && $0 != best.days })
  }

  static func looksLikeDay(_ text: String) -> Bool { DayOrder.allCases.contains { read(text, $0) != nil } }

  private static func day(_ year: Int?, _ month: Int?, _ day: Int?) -> CalendarDate? {
    guard let year, let month, let day, (1900...2199).contains(year) else { return nil }
    return CalendarDate(year: year, month: month, day: day)
  }

  private static func number(_ part: Part) -> Int? { if case .number(let number, _) = part { number } else { nil } }

  private static func month(_ part: Part) -> Int? {
    switch part {
    case .number(let number, _): number
    case .month(let month): month
    }
  }

  private static func year(_ part: Part) -> Int? {
    guard case .number(let number, let digits) = part else { return nil }
    return digits == 4 ? number : digits == 2 ? number + (number < 80 ? 2000 : 1900) : nil
  }

  /// The first three numbers or months; a time of day may follow.
  private static func parts(_ text: String) -> [Part] {
    guard text.utf8.count <= 40 else { return [] }
    let words = text.split { !$0.isLetter && !$0.isNumber }
    if let first = words.first, first.utf8.count == 8 || first.utf8.count == 14, words.count <= 2,
      let all = Int(first.prefix(8)), first.utf8.allSatisfy({ (0x30...0x39).contains($0) })
    {
      return [
        .number(all / 10_000, digits: 4), .number(all / 100 % 100, digits: 2), .number(all % 100, digits: 2),
      ]
    }
    var parts: [Part] = []
    for word in words {
      // `2025-12-31T08:00`: the day ends where the time begins.
      let word = word.split(whereSeparator: { $0 == "T" }).first ?? word
      if word.utf8.count <= 4, let number = Int(word), number >= 0 {
        parts.append(.number(number, digits: word.utf8.count))
      } else if let month = month(named: String(word)) {
        parts.append(.month(month))
      } else if parts.isEmpty {
        // The name of a weekday.
        continue
      } else {
        return []
      }
      if parts.count == 3 { return parts }
    }
    return parts
  }

  private static func month(named word: String) -> Int? {
    let folded = Words.folded(word)
    guard folded.utf8.count >= 3 else { return nil }
    return months.firstIndex { names in names.contains { folded.hasPrefix($0) } }.map { $0 + 1 }
  }

  /// How names of months begin: English, German, French, Spanish, Italian, Dutch.
  private static let months = [
    ["jan", "ene", "gen"], ["feb", "fev"], ["mar", "mae", "mrt", "mrz"], ["apr", "avr", "abr"],
    ["may", "mai", "mei", "mag"], ["jun", "juin", "giu"], ["jul", "juil", "lug"], ["aug", "aou", "ago"],
    ["sep", "set"], ["oct", "okt", "ott"], ["nov"], ["dec", "dez", "dic"],
  ]
}
