package import Basics
import Finance
import JSON

/// What a text has to look like.
struct TextForm: Sendable {
  /// In Unicode scalars, as JSON Schema counts.
  var length: ClosedRange<Int>
  /// A format that JSON Schema or OpenAPI knows.
  var format: String?
  /// What ``isRight`` accepts, as an ECMA 262 expression, as far as one can say it.
  var pattern: String?
  /// The words that there are; nil for free text.
  var words: [String]?
  /// What to tell who sent something else: `must be …`.
  var wanted: String
  var example: String?
  /// Written outside: by a bank, or by whoever sent money.
  var isForeign = false
  var isRight: @Sendable (String) -> Bool = { _ in true }
}

extension Shape {
  /// One line of text, without control characters.
  package static func text(_ length: ClosedRange<Int> = 1...200) -> Shape {
    text(
      TextForm(
        length: length, pattern: #"^[^\u0000-\u001f\u007f-\u009f]*$"#, wanted: "must not have control characters",
        isRight: { text in !text.unicodeScalars.contains { $0.properties.generalCategory == .control } }))
  }

  /// Text of several lines: tabs and line feeds are the only control characters.
  package static func lines(_ length: ClosedRange<Int> = 0...4_000) -> Shape {
    text(
      TextForm(
        length: length, pattern: #"^[^\u0000-\u0008\u000b-\u001f\u007f-\u009f]*$"#,
        wanted: "must not have control characters besides line feeds and tabs",
        isRight: { text in
          !text.unicodeScalars.contains {
            $0.properties.generalCategory == .control && $0 != "\n" && $0 != "\t"
          }
        }))
  }

  /// Whatever a bank or another program wrote: bounded by where it came from, and not by us.
  package static let foreign = text(TextForm(length: 0...100_000, wanted: "must be a text", isForeign: true))

  /// Whether it is whatever somebody outside wrote.
  var isForeign: Bool { if case .text(let form) = form { form.isForeign } else { false } }

  /// A password or another secret that a person types: any text.
  package static func secret(_ length: ClosedRange<Int>) -> Shape {
    text(TextForm(length: length, format: "password", wanted: "must be a text"))
  }

  /// One of some words. More may be added to what we answer; what comes in has to be one of these.
  package static func word(_ words: [String]) -> Shape {
    text(
      TextForm(
        length: 1...100, words: words, wanted: "must be one of \(words.joined(separator: ", "))", example: words.first,
        isRight: { words.contains($0) }))
  }

  package static func word<Word: RawRepresentable & CaseIterable>(_: Word.Type) -> Shape
  where Word.RawValue == String { word(Word.allCases.map(\.rawValue)) }

  /// Some of these words, with commas between.
  package static func words<Word: RawRepresentable & CaseIterable>(_: Word.Type, countMax: Int) -> Shape
  where Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    let one = "(\(words.joined(separator: "|")))"
    return text(
      TextForm(
        length: 1...2_000, pattern: "^\(one)(,\(one)){0,\(countMax - 1)}$",
        wanted: "must be of the words \(words.joined(separator: ", ")) with commas between, at most \(countMax)",
        example: words.first
      ) { text in
        let given = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        return given.count <= countMax && given.allSatisfy { words.contains($0) }
      })
  }

  /// A word of ours that is not worth listing, such as a bank's category.
  package static let token = token(1...100)

  /// Letters, digits and `_.:-`.
  package static func token(_ length: ClosedRange<Int>) -> Shape {
    text(
      TextForm(length: length, pattern: "^[A-Za-z0-9_.:-]+$", wanted: "must be of letters, digits and _.:-") { text in
        text.utf8.allSatisfy(Self.isTokenByte)
      })
  }

  package static func id<Owner: Identified & SendableMetatype>(_: Owner.Type) -> Shape {
    let prefix = Owner.idPrefix
    return text(
      TextForm(
        length: (prefix.utf8.count + 27)...(prefix.utf8.count + 27),
        pattern: "^\(prefix)_[0-7][0-9a-hjkmnp-tv-z]{25}$", wanted: "must be an id that begins with \(prefix)_",
        example: "\(prefix)_01kj3v5d8ve2r9q0w4y7h6t1cz", isRight: { ID<Owner>($0) != nil }))
  }

  /// A day of the calendar, `2026-01-31`.
  package static let day = text(
    TextForm(
      length: 10...10, format: "date", wanted: "must be a day such as 2026-01-31", example: "2026-01-31",
      isRight: { $0.utf8.count == 10 && CalendarDate($0) != nil }))

  /// A month, `2026-01`.
  package static let month = text(
    TextForm(
      length: 7...7, pattern: "^[0-9]{4}-(0[1-9]|1[0-2])$", wanted: "must be a month such as 2026-01",
      example: "2026-01", isRight: { $0.utf8.count == 7 && CalendarDate($0 + "-01") != nil }))

  /// RFC 3339 with its zone.
  package static let instant = text(
    TextForm(
      length: 20...40, format: "date-time", wanted: "must be an instant such as 2026-01-31T08:30:00Z",
      example: "2026-01-31T08:30:00Z", isRight: { Timestamp(rfc3339: $0) != nil && isZoned($0) }))

  /// Banks leave the zone out; whoever speaks to us does not.
  private static func isZoned(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    guard bytes.count > 19, bytes[10] | 0x20 == UInt8(ascii: "t"), let last = bytes.last else { return false }
    return last | 0x20 == UInt8(ascii: "z") || "+-".utf8.contains(bytes[bytes.count - 6])
  }

  /// An exact decimal number: never a JSON number, which programs read as binary floating point.
  package static let decimal = text(
    TextForm(
      length: 1...60, pattern: "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$", wanted: "must be a decimal number such as -12.34",
      example: "-12.34", isRight: Self.isDecimal))

  /// Three capital letters of ISO 4217, or the code of an unofficial currency such as BTC.
  package static let currency = text(
    TextForm(
      length: 2...12, pattern: "^[A-Z0-9]{2,12}$", wanted: "must be a currency such as USD", example: "USD",
      isRight: { code in
        (2...12).contains(code.utf8.count) && code.utf8.allSatisfy { $0 < 0x80 && !Self.isLower($0) && $0 != 0x2D }
          && code.utf8.allSatisfy(Self.isTokenByte)
      }))

  /// An amount of money. Positive is into the owner's pocket.
  package static let money = object(
    "Money", [.required("amount", decimal), .required("currency", currency)]
  )
  .holding { value in
    guard let amount = value["amount"]?.string, let currency = value["currency"]?.string.flatMap(Currency.init(stored:))
    else { return ["/currency": "is not a currency"] }
    do throws(MoneyError) {
      _ = try Money(decimal: amount, currency)
      return [:]
    } catch {
      if case .tooPrecise(_, let digits) = error {
        return ["/amount": "must have at most \(digits) digits after the point"]
      }
      return ["/amount": "is too large"]
    }
  }

  /// `#rrggbb`.
  package static let colour = text(
    TextForm(
      length: 7...7, pattern: "^#[0-9a-f]{6}$", wanted: "must be a colour such as #1a7f5a", example: "#1a7f5a",
      isRight: { text in
        text.utf8.count == 7 && text.hasPrefix("#") && text.utf8.dropFirst().allSatisfy { isHex($0) }
      }))

  private static func isLower(_ byte: UInt8) -> Bool { (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) }

  private static func isHex(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte)
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isTokenByte(_ byte: UInt8) -> Bool {
    isDigit(byte) || isLower(byte | 0x20) && byte < 0x80 || "_.:-".utf8.contains(byte)
  }

  private static func isDecimal(_ text: String) -> Bool {
    let digits = text.hasPrefix("-") ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
    guard let whole = parts.first, parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }) else {
      return false
    }
    return whole == "0" || whole.first != "0"
  }
}
