import Finance

/// JSON written straight into bytes: a page of five hundred rows is made without a tree in between, so that the
/// sandbox is never what a speed test measures.
extension [UInt8] {
  /// JSON text known when the program was compiled.
  mutating func fixed(_ text: StaticString) {
    text.withUTF8Buffer { append(contentsOf: $0) }
  }

  /// A string with quotes and escapes.
  mutating func quoted(_ text: String) {
    append(UInt8(ascii: "\""))
    var text = text
    text.withUTF8 { source in
      if source.allSatisfy({ $0 >= 0x20 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }) {
        append(contentsOf: source)
      } else {
        for byte in source { escaped(byte) }
      }
    }
    append(UInt8(ascii: "\""))
  }

  private mutating func escaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"):
      append(UInt8(ascii: "\\"))
      append(byte)
    case 0..<0x20:
      fixed("\\u00")
      append(byte < 0x10 ? UInt8(ascii: "0") : UInt8(ascii: "1"))
      let low = byte & 15
      append(low < 10 ? UInt8(ascii: "0") + low : UInt8(ascii: "a") + low - 10)
    default: append(byte)
    }
  }

  mutating func quotedOrNull(_ text: String?) {
    if let text { quoted(text) } else { fixed("null") }
  }

  mutating func bool(_ value: Bool) {
    if value { fixed("true") } else { fixed("false") }
  }

  /// `-12.5` for -1250 hundredths: a plain decimal without needless zeros.
  mutating func decimal(_ minor: Int64, digits: Int) {
    if minor < 0 { append(UInt8(ascii: "-")) }
    var rest = minor.magnitude
    var places = digits
    while places > 0, rest % 10 == 0 {
      rest /= 10
      places -= 1
    }
    var scale: UInt64 = 1
    for _ in 0..<places { scale *= 10 }
    whole(rest / scale)
    guard places > 0 else { return }
    append(UInt8(ascii: "."))
    var fraction = rest % scale
    while scale > 1 {
      scale /= 10
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: fraction / scale))
      fraction %= scale
    }
  }

  mutating func whole(_ value: UInt64) {
    let start = count
    var rest = value
    repeat {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: rest % 10))
      rest /= 10
    } while rest > 0
    self[start...].reverse()
  }

  /// `YYYY-MM-DD` without quotes.
  mutating func day(_ date: CalendarDate) {
    let (year, month, day) = date.civil
    for (value, scale) in [(year, 1000), (year, 100), (year, 10), (year, 1)] {
      append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / scale % 10))
    }
    append(UInt8(ascii: "-"))
    pair(month)
    append(UInt8(ascii: "-"))
    pair(day)
  }

  mutating func quotedDay(_ date: CalendarDate?) {
    guard let date else { return fixed("null") }
    append(UInt8(ascii: "\""))
    day(date)
    append(UInt8(ascii: "\""))
  }

  /// `"YYYY-MM-DDThh:mm:ssZ"`, or null.
  mutating func quotedInstant(_ date: CalendarDate, secondOfDay: Int?, utcOffsetMinutes: Int) {
    guard let secondOfDay else { return fixed("null") }
    let utc = secondOfDay - utcOffsetMinutes * 60
    let shift = utc >= 0 ? utc / 86_400 : (utc - 86_399) / 86_400
    let second = utc - shift * 86_400
    append(UInt8(ascii: "\""))
    day(date + shift)
    append(UInt8(ascii: "T"))
    pair(second / 3600)
    append(UInt8(ascii: ":"))
    pair(second / 60 % 60)
    append(UInt8(ascii: ":"))
    pair(second % 60)
    fixed("Z\"")
  }

  private mutating func pair(_ value: Int) {
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / 10))
    append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value % 10))
  }
}
