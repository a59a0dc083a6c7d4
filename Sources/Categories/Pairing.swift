package import Basics
package import Finance
package import Store

/// Finds both halves of transfers among rows: pure, and nothing is linked that could as well be something else.
///
/// Two rows are linked by themselves when their amounts are opposite, they stand on different accounts at most some days
/// apart, one of them says that it is a transfer and the other does not say that it is something else, and neither could
/// belong to a third. Whatever is less certain is suggested.
package enum Pairing {
  package struct Match: Sendable, Equatable {
    package var first: PairableRow
    package var second: PairableRow
    /// In the smallest units; nil: both amounts are the same.
    package var fee: Int64?
    package var rate: DecimalText?
    package var isSure: Bool
  }

  /// Two rows, whatever they are to each other.
  package struct Rows: Hashable, Sendable {
    package var first: ID<Transaction>
    package var second: ID<Transaction>
    package init(_ first: ID<Transaction>, _ second: ID<Transaction>) { (self.first, self.second) = (first, second) }
  }

  /// How many days later than it left money may arrive: a long weekend and a clearing.
  package static let daysAfter = 5
  /// How many days earlier it may seem to: banks date rows each in its own way.
  package static let daysBefore = 2
  /// At most three in a hundred are lost on the way, and no more than so many whole units.
  private static let feePercentMax: Int64 = 3
  private static let feeUnitsMax: Int64 = 50
  /// Rates of a few weeks differ by less than this many in a hundred.
  private static let ratePercentMax: Int128 = 3

  /// - Parameters:
  ///   - rows: Those that stand alone.
  ///   - refused: Of which a person said no.
  ///   - rates: What came for one unit before, by currencies, the latest.
  package static func transfers(
    _ rows: [PairableRow], refused: Set<Rows> = [], rates: [CurrencyPair: DecimalText] = [:]
  ) -> [Match] {
    let all = rows.filter { $0.standing >= .unknown && $0.minor != 0 }
    let (outgoing, incoming) = (all.filter { $0.minor < 0 }, all.filter { $0.minor > 0 })
    guard !outgoing.isEmpty, !incoming.isEmpty else { return [] }
    let equal = Candidates(outgoing, equalTo: incoming, refused)
    var matches = equal.matches { out, arrived in Match(first: out, second: arrived, isSure: isPlain(out, arrived)) }
    let taken = Set(matches.flatMap { [$0.first.id, $0.second.id] })
    // What has its like is not looked at again, even where it was not sure.
    let left = outgoing.indices.filter { equal.forward[$0] == nil }.map { outgoing[$0] }.filter(isSaid)
    let right = incoming.indices.filter { equal.backward[$0] == nil }.map { incoming[$0] }.filter(isSaid)
    guard !left.isEmpty, !right.isEmpty else { return matches }
    let lessened = Candidates(left, right, refused) { fee($0, $1) != nil }
    matches += lessened.matches { out, arrived in
      Match(first: out, second: arrived, fee: fee(out, arrived), isSure: true)
    }.filter { !taken.contains($0.first.id) && !taken.contains($0.second.id) }
    let exchanged = Candidates(left, right, refused) { $0.currency != $1.currency }
    matches += exchanged.matches { out, arrived in
      let rate = rate(out, arrived)
      let known = rates[CurrencyPair(out.currency, arrived.currency)]
      return Match(first: out, second: arrived, rate: rate, isSure: rate.map { isNear($0, known) } ?? false)
    }
    return matches
  }

  private static func isSaid(_ row: PairableRow) -> Bool { row.standing == .transfer }

  private static func isPlain(_ out: PairableRow, _ arrived: PairableRow) -> Bool {
    max(out.standing, arrived.standing) == .transfer
  }

  static func daysFit(_ out: PairableRow, _ arrived: PairableRow) -> Bool {
    (-daysBefore...daysAfter).contains(arrived.day - out.day)
  }

  static func fee(_ out: PairableRow, _ arrived: PairableRow) -> Int64? {
    guard out.currency == arrived.currency else { return nil }
    let lost = -(out.minor + arrived.minor)
    var unit: Int64 = 1
    for _ in 0..<out.currency.digits { unit *= 10 }
    let most = min(-out.minor / 100 * feePercentMax, unit * feeUnitsMax)
    return lost > 0 && lost <= most ? lost : nil
  }

  /// In eight decimals: more than any rate that is quoted.
  static func rate(_ out: PairableRow, _ arrived: PairableRow) -> DecimalText? {
    var (above, below) = (Int128(arrived.minor), Int128(-out.minor))
    for _ in 0..<out.currency.digits { above *= 10 }
    for _ in 0..<arrived.currency.digits { below *= 10 }
    let scaled = (above * 100_000_000 + below / 2) / below
    guard scaled > 0 else { return nil }
    let decimals = String(scaled % 100_000_000)
    return DecimalText("\(scaled / 100_000_000).\(String(repeating: "0", count: 8 - decimals.count))\(decimals)")
  }

  private static func isNear(_ rate: DecimalText, _ known: DecimalText?) -> Bool {
    guard let known, let one = scaled(rate), let other = scaled(known) else { return false }
    return (one > other ? one - other : other - one) * 100 <= other * ratePercentMax
  }

  private static func scaled(_ rate: DecimalText) -> Int128? {
    let parts = rate.text.split(separator: ".")
    guard let whole = parts.first.flatMap({ Int128($0) }) else { return nil }
    let decimals = parts.count > 1 ? String(parts[1].prefix(8)) : ""
    guard let rest = Int128(decimals + String(repeating: "0", count: 8 - decimals.count)) else { return nil }
    return whole * 100_000_000 + rest
  }

  /// What two linked rows are filed under. Nil for what the bank or a person says well enough.
  package static func categories(_ first: PairableRow, _ second: PairableRow) -> (first: String, second: String) {
    if second.kind == .creditCard {
      return ("LOAN_PAYMENTS_CREDIT_CARD_PAYMENT", "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT")
    }
    let kinds = [first.kind, second.kind]
    if kinds.contains(.investment) || kinds.contains(.retirement) {
      return ("TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS", "TRANSFER_IN_INVESTMENT_AND_RETIREMENT_FUNDS")
    }
    let savings: Set<AccountKind> = [.savings, .moneyMarket, .deposit]
    if kinds.contains(where: savings.contains) { return ("TRANSFER_OUT_SAVINGS", "TRANSFER_IN_SAVINGS") }
    return ("TRANSFER_OUT_ACCOUNT_TRANSFER", "TRANSFER_IN_ACCOUNT_TRANSFER")
  }

  /// Whether two rows that were put together still may be.
  package static func fits(_ pair: Pair, _ first: PairableRow?, _ second: PairableRow?) -> Bool {
    guard let first, let second, first.minor == pair.firstMinor, second.minor == pair.secondMinor else { return false }
    guard first.standing != .own || pair.kind != .transfer, second.standing != .own else { return false }
    switch pair.kind {
    case .transfer:
      // What a person said is not questioned by what we think of the rows' words.
      if pair.isOwn { return first.account != second.account }
      guard first.account != second.account, daysFit(first, second), first.standing >= .unknown,
        second.standing >= .unknown
      else { return false }
      return pair.impliedRate != nil || first.minor + second.minor == -(pair.feeMinor ?? 0)
    case .refund: return first.account == second.account && first.minor + second.minor == 0
    case .duplicate: return first.account == second.account && first.minor == second.minor
    }
  }
}

/// Of one currency to another.
package struct CurrencyPair: Hashable, Sendable {
  package var from: Currency
  package var to: Currency
  package init(_ from: Currency, _ to: Currency) { (self.from, self.to) = (from, to) }
}

/// Which rows could belong to which, both ways.
struct Candidates {
  private let outgoing: [PairableRow]
  private let incoming: [PairableRow]
  private(set) var forward: [Int: [Int]] = [:]
  private(set) var backward: [Int: [Int]] = [:]

  private struct Amount: Hashable {
    var minor: Int64
    var currency: Currency
  }

  /// Of opposite amounts.
  init(_ outgoing: [PairableRow], equalTo incoming: [PairableRow], _ refused: Set<Pairing.Rows>) {
    (self.outgoing, self.incoming) = (outgoing, incoming)
    let places = Dictionary(grouping: incoming.indices) {
      Amount(minor: incoming[$0].minor, currency: incoming[$0].currency)
    }
    for out in outgoing.indices {
      let amount = Amount(minor: -outgoing[out].minor, currency: outgoing[out].currency)
      for arrived in places[amount] ?? [] { join(out, arrived, refused) }
    }
  }

  /// Of all that are near in time.
  init(
    _ outgoing: [PairableRow], _ incoming: [PairableRow], _ refused: Set<Pairing.Rows>,
    where fits: (PairableRow, PairableRow) -> Bool
  ) {
    (self.outgoing, self.incoming) = (outgoing, incoming)
    let places = Dictionary(grouping: incoming.indices) { incoming[$0].day }
    for out in outgoing.indices {
      for shift in -Pairing.daysBefore...Pairing.daysAfter {
        for arrived in places[outgoing[out].day + shift] ?? [] where fits(outgoing[out], incoming[arrived]) {
          join(out, arrived, refused)
        }
      }
    }
  }

  private mutating func join(_ out: Int, _ arrived: Int, _ refused: Set<Pairing.Rows>) {
    let (first, second) = (outgoing[out], incoming[arrived])
    guard first.account != second.account, Pairing.daysFit(first, second),
      max(first.standing, second.standing) >= .suggested,
      !refused.contains(Pairing.Rows(first.id, second.id))
    else { return }
    forward[out, default: []].append(arrived)
    backward[arrived, default: []].append(out)
  }

  /// Those that have only each other, as `make` says; of the others the nearest, as suggestions, each row once.
  func matches(_ make: (PairableRow, PairableRow) -> Pairing.Match) -> [Pairing.Match] {
    var matches: [Pairing.Match] = []
    var taken: Set<Int> = []
    for out in outgoing.indices {
      guard let arrivals = forward[out] else { continue }
      if arrivals.count == 1, backward[arrivals[0]]?.count == 1 {
        matches.append(make(outgoing[out], incoming[arrivals[0]]))
        continue
      }
      let nearest = arrivals.filter { !taken.contains($0) }.min { distance(out, $0) < distance(out, $1) }
      guard let nearest else { continue }
      var match = make(outgoing[out], incoming[nearest])
      // Where many could be meant, only what says that it is a transfer is worth a question.
      guard match.isSure else { continue }
      taken.insert(nearest)
      match.isSure = false
      matches.append(match)
    }
    return matches
  }

  private func distance(_ out: Int, _ arrived: Int) -> Int {
    abs((incoming[arrived].day - outgoing[out].day) * 2 - 1)
  }
}
