package import Finance

/// Amounts and days as people read them; programs get ``Money/decimal`` and ISO days.
package enum AmountText {
  /// `-1,234.56`, without the currency.
  package static func grouped(_ money: Money) -> String {
    let parts = money.decimal.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    let isNegative = parts[0].first == "-"
    let digits = Array(isNegative ? parts[0].dropFirst() : parts[0])
    var whole = isNegative ? "-" : ""
    for (index, digit) in digits.enumerated() {
      if index > 0, (digits.count - index) % 3 == 0 { whole += "," }
      whole.append(digit)
    }
    return parts.count > 1 ? whole + "." + parts[1] : whole
  }

  package static func grouped(_ minor: Int64, _ currency: Currency) -> String {
    grouped(Money(minorUnits: minor, currency))
  }

  /// `2,268`.
  package static func count(_ number: Int) -> String {
    var text = ""
    for (index, digit) in String(number).enumerated() {
      if index > 0, (String(number).count - index) % 3 == 0, digit != "-", text != "-" { text += "," }
      text.append(digit)
    }
    return text
  }

  /// `-1,234.50 USD`.
  package static func full(_ money: Money) -> String { grouped(money) + " " + money.currency.code }

  /// `1 row`, `2,268 rows`.
  package static func count(_ number: Int, _ one: String) -> String {
    count(number) + " " + one + (number == 1 ? "" : "s")
  }

  private static let months = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
  ]

  /// `Oct 2026`: the month the day is in.
  package static func month(_ day: CalendarDate) -> String { "\(months[day.month - 1]) \(day.year)" }

  /// `5 Oct 2026`.
  package static func day(_ day: CalendarDate) -> String { "\(day.day) \(month(day))" }
}
