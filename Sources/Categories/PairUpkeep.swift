package import Basics
package import Databases
package import Finance
import Recognition
package import Store

/// Keeps the pairs of a household level with its rows, in the transaction that changes them.
///
/// The rows of the days in question are read once, a stretch at a time, and matched in memory: what it costs follows from
/// the days that changed, not from how much history there is.
package enum PairUpkeep {
  /// So many rows are looked through at a time.
  private static let rowsMax = 100_000
  /// So many rows before those that changed are looked through for purchases that are paid back, or two weeks' rows.
  private static let rowsBackMax = 30_000
  private static let stretchMax = 400
  /// Days beyond those that changed whose rows could be meant as well.
  private static let margin = 2 * (Pairing.daysAfter + Pairing.daysBefore)
  /// So many questions about rows that may be there twice are asked at a time.
  private static let doublesMax = 50

  /// - Returns: Rows that count for something else now.
  package static func run(
    _ days: ClosedRange<CalendarDate>, _ rows: inout JudgedRows, _ totals: inout TotalUpkeep, _ world: World,
    _ scope: Scope, _ session: any Session
  ) throws -> [PairedRow] {
    var moved: [PairedRow] = []
    var from = days.lowerBound
    let counted = try PairableRows.askForCount(days, scope, session)
    var hasPairs: Later<Bool>? = try Pairs.askWhetherAny(scope, session)
    let count = try counted.get()
    let length = days.upperBound - days.lowerBound + 1
    let daily = max(1, count / length)
    let stretch = max(1, min(stretchMax, rowsMax / daily))
    while from <= days.upperBound {
      let through = min(days.upperBound, from + (stretch - 1))
      let lookBack = min(Repetition.refundDaysMax, max(margin, rowsBackMax / daily))
      var pass = Pass(from...through, lookBack: lookBack, world, scope)
      // A stretch may leave some where there were none.
      try pass.read(hasPairs: try hasPairs ?? Pairs.askWhetherAny(scope, session), session)
      hasPairs = nil
      try pass.settle(session)
      // What was parted says again what it is by itself, before it is put together with something else.
      moved += try rows.rejudge(pass.touched, &totals, now: world.now(), scope, session)
      try pass.link(session)
      moved += try rows.rejudge(pass.touched, &totals, now: world.now(), scope, session)
      // What the household says of such rows by now may speak against it.
      try pass.refresh(session)
      try pass.settle(session)
      moved += try rows.rejudge(pass.touched, &totals, now: world.now(), scope, session)
      from = through + 1
    }
    return moved
  }

  /// A stretch of days.
  private struct Pass {
    let days: ClosedRange<CalendarDate>
    let lookBack: Int
    let world: World
    let scope: Scope
    let now: Timestamp
    var rows: [PairableRow] = []
    var known: [Pair] = []
    /// Rows whose judgement is to be looked at again.
    var touched: [ID<Transaction>] = []

    init(_ days: ClosedRange<CalendarDate>, lookBack: Int, _ world: World, _ scope: Scope) {
      (self.days, self.lookBack, self.world, self.scope, now) = (days, lookBack, world, scope, world.now())
    }

    mutating func read(hasPairs: Later<Bool>, _ session: any Session) throws {
      let all = try PairableRows.sketches(
        (days.lowerBound - lookBack)...(days.upperBound + margin), scope, session)
      rows = try PairableRows.named(Sieve.candidates(all), scope, session).sorted {
        ($0.day, $0.id) < ($1.day, $1.id)
      }
      if try hasPairs.get() {
        let reach = (days.lowerBound - margin)...(days.upperBound + Repetition.refundDaysMax)
        known = try Pairs.around(reach, scope, session)
      }
    }

    /// Reads those rows again that were judged anew.
    mutating func refresh(_ session: any Session) throws {
      guard !touched.isEmpty else { return }
      let anew = Dictionary(
        try PairableRows.named(touched, scope, session).map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      for index in rows.indices { rows[index] = anew[rows[index].id] ?? rows[index] }
      touched = []
    }

    mutating func link(_ session: any Session) throws {
      try refresh(session)
      try linkTransfers(session)
      try linkRefunds(session)
      try askForDoubles(session)
    }

    // MARK: - What is there

    /// Parts what no longer fits, and puts together again what a person once did.
    mutating func settle(_ session: any Session) throws {
      var byID = Dictionary(rows.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
      let far = known.flatMap { [$0.first, $0.second] }.filter { byID[$0] == nil }
      for row in try PairableRows.named(far, scope, session) { byID[row.id] = row }
      for index in known.indices {
        var pair = known[index]
        let (first, second) = (byID[pair.first], byID[pair.second])
        let fits = Pairing.fits(pair, first, second)
        switch (pair.state, fits) {
        case (.linked, true):
          if let first, pair.kind == .refund, pair.secondCategory != first.category {
            pair.secondCategory = first.category
            try keep(pair, at: index, session)
          }
          for row in [first, second].compactMap(\.self) where Self.wants(pair, row) { touched.append(row.id) }
        case (.linked, false):
          pair.state = .waiting
          if pair.isOwn { try keep(pair, at: index, session) } else { try Pairs.forget(pair.id, scope, session) }
          known[index].state = .waiting
          touched += [pair.first, pair.second]
        case (.waiting, true) where pair.isOwn:
          pair.state = .linked
          try keep(pair, at: index, session)
          touched += [pair.first, pair.second]
        case (.suggested, false):
          try Pairs.forget(pair.id, scope, session)
          known[index].state = .waiting
        default: break
        }
      }
    }

    private mutating func keep(_ pair: Pair, at index: Int, _ session: any Session) throws {
      try Pairs.keep(pair, now: now, scope, session)
      known[index] = pair
    }

    /// A linked row whose judgement does not say so, and nobody stronger spoke.
    private static func wants(_ pair: Pair, _ row: PairableRow) -> Bool {
      let category = row.id == pair.first ? pair.firstCategory : pair.secondCategory
      guard let category, row.source != "person" else { return false }
      if !pair.isOwn, row.source == "rule" || row.source == "memory" { return false }
      return row.source != "pair" || row.category != category
    }

    private func linked(_ kind: Pair.Kind) -> Set<ID<Transaction>> {
      Set(known.filter { $0.kind == kind && $0.state == .linked }.flatMap { [$0.first, $0.second] })
    }

    private func refused(_ kind: Pair.Kind) -> Set<Pairing.Rows> {
      Set(known.filter { $0.kind == kind && $0.state == .refused }.map { Pairing.Rows($0.first, $0.second) })
    }

    private func isNear(_ row: PairableRow) -> Bool {
      row.day >= days.lowerBound - Pairing.daysAfter && row.day <= days.upperBound + Pairing.daysAfter
    }

    // MARK: - What is new

    private mutating func linkTransfers(_ session: any Session) throws {
      let taken = linked(.transfer)
      let free = rows.filter {
        !taken.contains($0.id) && $0.day >= days.lowerBound - margin && $0.standing >= .unknown
      }
      guard Set(free.map(\.account)).count > 1 else { return try retract(.transfer, besides: [], session) }
      let matches = Pairing.transfers(free, refused: refused(.transfer), rates: rates()).filter {
        isNear($0.first) && isNear($0.second)
      }
      let parts = try inParts(matches.flatMap { [$0.first.id, $0.second.id] }, session)
      var suggested: Set<Pairing.Rows> = []
      for match in matches where !parts.contains(match.first.id) && !parts.contains(match.second.id) {
        var pair = Pair(
          id: world.newID(), kind: .transfer, first: match.first, second: match.second,
          state: match.isSure ? .linked : .suggested, fee: match.fee, rate: match.rate)
        let categories = Pairing.categories(match.first, match.second)
        pair.firstCategory = kept(match.first, categories.first)
        pair.secondCategory = kept(match.second, categories.second)
        try add(pair, &suggested, session)
      }
      try retract(.transfer, besides: suggested, session)
    }

    /// What the bank says of a transfer is finer than what the kinds of both accounts say.
    private func kept(_ row: PairableRow, _ category: String) -> String {
      guard row.standing == .transfer, row.source == nil, let own = row.category, !own.contains("_OTHER_") else {
        return category
      }
      return own
    }

    private mutating func add(
      _ pair: Pair, _ suggested: inout Set<Pairing.Rows>, _ session: any Session
    ) throws {
      let rows = Pairing.Rows(pair.first, pair.second)
      if pair.state == .suggested { suggested.insert(rows) }
      var pair = pair
      if let old = known.first(where: { $0.kind == pair.kind && Pairing.Rows($0.first, $0.second) == rows }) {
        if old.state == pair.state || old.state == .refused { return }
        pair.isOwn = old.isOwn
        if old.isOwn { pair.state = .linked }
      }
      try Pairs.keep(pair, now: now, scope, session)
      known.append(pair)
      if pair.state == .linked { touched += [pair.first, pair.second] }
    }

    /// Questions about these days that nobody would ask any more.
    private mutating func retract(
      _ kind: Pair.Kind, besides asked: Set<Pairing.Rows>, _ session: any Session
    ) throws {
      for pair in known where pair.kind == kind && pair.state == .suggested && days.contains(pair.lastOn) {
        if !asked.contains(Pairing.Rows(pair.first, pair.second)) { try Pairs.forget(pair.id, scope, session) }
      }
    }

    private func rates() -> [CurrencyPair: DecimalText] {
      let byID = Dictionary(rows.map { ($0.id, $0.currency) }, uniquingKeysWith: { first, _ in first })
      var rates: [CurrencyPair: DecimalText] = [:]
      for pair in known.sorted(by: { $0.lastOn < $1.lastOn }) where pair.state == .linked {
        guard let rate = pair.impliedRate, let from = byID[pair.first], let to = byID[pair.second] else { continue }
        rates[CurrencyPair(from, to)] = rate
      }
      return rates
    }

    private func inParts(_ ids: [ID<Transaction>], _ session: any Session) throws -> Set<ID<Transaction>> {
      var parts: Set<ID<Transaction>> = []
      for start in stride(from: 0, to: ids.count, by: Limits.listMax) {
        let part = Array(ids[start..<min(start + Limits.listMax, ids.count)])
        parts.formUnion(try PairableRows.inParts(part, scope, session))
      }
      return parts
    }

    private mutating func linkRefunds(_ session: any Session) throws {
      let (taken, refused) = (linked(.refund), refused(.refund))
      let transfers = linked(.transfer)
      let free = rows.filter { !taken.contains($0.id) && !transfers.contains($0.id) }
      let found = Repetition.refunds(free).filter { days.contains($0.refund.day) }
      guard !found.isEmpty else { return }
      let ids = Set(found.flatMap { [$0.refund.id] + $0.purchases.map(\.id) })
      let judged = try Judgements.rows(ids.sorted(), scope, session)
      let names = Dictionary(
        judged.map { ($0.row.id, Repetition.merchant($0.row)) }, uniquingKeysWith: { first, _ in first })
      let parts = try inParts(Array(ids), session)
      var claims: [ID<Transaction>: Int] = [:]
      let certain = found.compactMap { refund, purchases -> (PairableRow, PairableRow)? in
        let same = purchases.filter {
          names[$0.id] == names[refund.id] && names[refund.id]?.isEmpty == false && !parts.contains($0.id)
            && !refused.contains(Pairing.Rows($0.id, refund.id))
        }
        for purchase in same { claims[purchase.id, default: 0] += 1 }
        return same.count == 1 && !parts.contains(refund.id) ? (same[0], refund) : nil
      }
      var none: Set<Pairing.Rows> = []
      for (purchase, refund) in certain where claims[purchase.id] == 1 {
        var pair = Pair(id: world.newID(), kind: .refund, first: purchase, second: refund, state: .linked)
        pair.secondCategory = purchase.category
        try add(pair, &none, session)
      }
    }

    private mutating func askForDoubles(_ session: any Session) throws {
      let asked = Set(known.filter { $0.kind == .duplicate }.map { Pairing.Rows($0.first, $0.second) })
      let transfers = linked(.transfer)
      let (from, through) = (days.lowerBound - Repetition.handDaysMax, days.upperBound + Repetition.handDaysMax)
      let doubles = Repetition.doubles(rows.filter { (from...through).contains($0.day) }).filter {
        !transfers.contains($0.again.id) && (days.contains($0.again.day) || days.contains($0.kept.day))
          && !asked.contains(Pairing.Rows($0.kept.id, $0.again.id))
      }.suffix(doublesMax)
      guard !doubles.isEmpty else { return }
      let judged = try Judgements.rows(doubles.flatMap { [$0.kept.id, $0.again.id] }, scope, session)
      let names = Dictionary(judged.map { ($0.row.id, $0.row.name) }, uniquingKeysWith: { first, _ in first })
      var suggested: Set<Pairing.Rows> = []
      for (kept, again) in doubles where !again.isFromBank || names[kept.id] == names[again.id] {
        let pair = Pair(id: world.newID(), kind: .duplicate, first: kept, second: again, state: .suggested)
        try add(pair, &suggested, session)
      }
    }
  }
}
