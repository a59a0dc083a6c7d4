import JSON

/// One way in which an answer can go wrong, asked for by a tester.
///
/// Written as a word, or as a word and a value: `500`, `slow=2000`, `null=amount`.
enum Fault: Sendable, Equatable {
  /// 500 with Plaid's error object.
  case internalError
  /// 503, planned maintenance.
  case maintenance
  /// 429 with the endpoint's own code.
  case rateLimit
  /// The answer comes this many milliseconds late.
  case slow(milliseconds: Int)
  /// The connection closes after so many bytes of the body.
  case cut(bytes: Int)
  /// A web page where JSON was expected, with status 200: what some proxies do.
  case page
  /// Words that no version of the specification has, where one of a few was expected.
  case unknownWords
  /// Keys that no version of the specification has.
  case extraKeys
  /// Null where the specification promises a value.
  case null(field: String)
  /// A value of another type.
  case wrongType(field: String)
  /// A key that is always there is missing.
  case missing(field: String)
  /// A row that is no row at all.
  case garbageRow
  /// The bank changes a row in the middle of a loop.
  case mutation
  /// Any error of Plaid's, by its code.
  case refusal(code: String)

  init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "=", maxSplits: 1)
    guard let word = parts.first else { return nil }
    let value = parts.count > 1 ? String(parts[1]) : nil
    switch word {
    case "500": self = .internalError
    case "503": self = .maintenance
    case "429": self = .rateLimit
    case "slow": self = .slow(milliseconds: value.flatMap { Int($0) }.map { max(0, min(600_000, $0)) } ?? 2_000)
    case "cut": self = .cut(bytes: value.flatMap { Int($0) }.map { max(0, $0) } ?? 100)
    case "html": self = .page
    case "unknown-enum": self = .unknownWords
    case "extra-key": self = .extraKeys
    case "null": self = .null(field: value ?? "name")
    case "wrong-type": self = .wrongType(field: value ?? "amount")
    case "missing-key": self = .missing(field: value ?? "name")
    case "garbage-row": self = .garbageRow
    case "mutation": self = .mutation
    case "error":
      guard let value, Refusal.named(value) != nil else { return nil }
      self = .refusal(code: value)
    default: return nil
    }
  }

  /// A list such as `slow=500, cut=20`; nil when a word in it is unknown.
  static func list(_ text: String) -> [Fault]? {
    var faults: [Fault] = []
    for part in text.split(whereSeparator: { $0 == "," || $0 == ";" }) {
      guard let fault = Fault(part.drop { $0 == " " }.prefix { $0 != " " }) else { return nil }
      faults.append(fault)
    }
    return faults
  }

  /// What is answered instead of asking the endpoint at all.
  func refusal(limitCode: String) -> Refusal? {
    switch self {
    case .internalError: .internalError
    case .maintenance: .maintenance
    case .rateLimit: .rateLimit(limitCode)
    case .refusal(let code): Refusal.named(code)
    default: nil
    }
  }
}
