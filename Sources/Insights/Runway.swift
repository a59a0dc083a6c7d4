package import Finance

/// What a household spends in a month: the mean of the last full months, three at most.
package struct Burn: Sendable, Equatable {
  package static let monthsMax = 3

  /// Nil: unknown, because not one full month is known.
  package let perMonth: Money?
  /// The months it is the mean of, oldest first.
  package let months: [Month]

  /// - Parameters:
  ///   - knownSince: The day of the first known row; nil when there is none.
  ///   - monthsMax: Of so many full months at most.
  package init(
    _ cashFlow: CashFlow, in currency: Currency, today: CalendarDate, knownSince: CalendarDate?,
    monthsMax: Int = Burn.monthsMax
  ) {
    let flows = cashFlow.flows(in: currency)
    let full = cashFlow.months.indices.filter { index in
      knownSince.map { cashFlow.months[index].isFull(today: today, knownSince: $0) } ?? false
    }.suffix(monthsMax)
    months = full.map { cashFlow.months[$0] }
    guard !full.isEmpty else {
      perMonth = nil
      return
    }
    // The mean of some numbers lies between them, so it fits where they fit.
    let sum = full.reduce(Int128(0)) { $0 + Int128(flows[$1].expensesMinor) }
    perMonth = Money(minorUnits: Int64(Ratio.rounded(sum, by: Int128(full.count))), currency)
  }

  /// A sum over so many months, by month.
  package static func mean(_ sumMinor: Int64, of months: Int) -> Int64 {
    Int64(Ratio.rounded(Int128(sumMinor), by: Int128(max(1, months))))
  }
}

/// How long liquid savings last at the present burn.
package enum Runway: Sendable, Equatable {
  /// The burn is unknown.
  case unknown
  /// Nothing is burnt.
  case unlimited
  /// Savings by burn, both in minor units of one currency; the burn is positive.
  case months(savings: Int64, burn: Int64)

  package init(savings: Money, burn: Burn) {
    precondition(burn.perMonth.map { $0.currency == savings.currency } ?? true, "two currencies")
    switch burn.perMonth {
    case nil: self = .unknown
    case let burn? where burn.minorUnits <= 0: self = .unlimited
    case let burn?: self = .months(savings: savings.minorUnits, burn: burn.minorUnits)
    }
  }

  /// Months with so many decimals; nil when unknown or unlimited.
  package func months(digits: Int) -> String? {
    guard case .months(let savings, let burn) = self else { return nil }
    return Ratio.text(savings, by: burn, digits: digits)
  }
}
