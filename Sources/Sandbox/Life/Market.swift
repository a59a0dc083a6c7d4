// Prices, exchange rates and the price of fuel: one market for every simulated customer, the same on every machine.
//
// A price is a closed formula of (security, day), made of a trend and several layers of noise, in integers. It is not a
// record of any real market.

package import Finance

package enum Market {
  /// What a security costs on a day: the last close on or before it, in ten-thousandths of its currency.
  package static func price(of security: String, on day: CalendarDate) -> FixedPoint {
    guard let listing = listing(security) else { return FixedPoint(1, digits: 0) }
    if listing.baseE4 == 10_000, listing.wobblePPM == 0 { return FixedPoint(1, digits: 0) }
    let session = session(of: security, on: day)
    return FixedPoint(listing.price(on: session, hash: Chance.hash(security)), digits: 4)
  }

  /// The day of that close: coins trade every day, the rest on working days.
  package static func session(of security: String, on day: CalendarDate) -> CalendarDate {
    listing(security)?.isCoin == true ? day : day.onOrBeforeBusinessDay
  }

  /// Millionths of a US dollar for one unit of the currency's minor unit times a hundred (a euro, a hundred yen).
  package static func dollars(per currency: String, on day: CalendarDate) -> Int64 {
    let base: Int64
    switch currency {
    case "EUR": base = 1_092_000
    case "GBP": base = 1_271_000
    case "CAD": base = 731_000
    case "MXN": base = 56_500
    case "JPY": base = 668_000
    case "CHF": base = 1_131_000
    default: return 1_000_000
    }
    let hash = Chance.hash(currency)
    let ppm = noise(hash, 256, day.days) * 40 + noise(hash &+ 1, 32, day.days) * 12 + noise(hash &+ 2, 3, day.days) * 4
    return base * (1_000_000 + ppm) / 1_000_000
  }

  /// Hundredths of a US cent for a gallon of regular.
  package static func fuelE4(on day: CalendarDate) -> Int64 {
    let hash = Chance.hash("fuel")
    let ppm = noise(hash, 180, day.days) * 110 + noise(hash &+ 1, 21, day.days) * 30
    let price = 32_990 * (1_000_000 + ppm) / 1_000_000
    return price / 100 * 100 + 90  // pumps end in nine tenths of a cent
  }

  /// A smooth wave through random heights every `period` days; -1000 … 1000.
  private static func noise(_ hash: UInt64, _ period: Int, _ day: Int) -> Int64 {
    let cell = day >= 0 ? day / period : (day - period + 1) / period
    let into = Int64(day - cell * period)
    func height(_ index: Int) -> Int64 {
      var value = hash ^ UInt64(bitPattern: Int64(index)) &* 0xD6E8_FEB8_6659_FD93
      value = (value ^ (value >> 30)) &* 0xBF58_476D_1CE4_E5B9
      value = (value ^ (value >> 27)) &* 0x94D0_49BB_1331_11EB
      return Int64((value ^ (value >> 31)) % 2001) - 1000
    }
    return (height(cell) * (Int64(period) - into) + height(cell + 1) * into) / Int64(period)
  }

  /// One line of the price list. Base: about what it cost on 2020-01-01.
  private struct Listing {
    var baseE4: Int64
    var growthPPM: Int64
    var wobblePPM: Int64
    var isCoin = false

    func price(on day: CalendarDate, hash: UInt64) -> Int64 {
      let sinceBase = day.days - 18_262
      var trend = baseE4
      for _ in 0..<max(0, sinceBase / 365) { trend += trend * growthPPM / 1_000_000 }
      let rest = Int64(sinceBase > 0 ? sinceBase % 365 : sinceBase)
      trend += trend * growthPPM / 1_000_000 * rest / 365
      let wave =
        Market.noise(hash, 400, day.days) * 8 + Market.noise(hash &+ 1, 90, day.days) * 5
        + Market.noise(hash &+ 2, 20, day.days) * 3 + Market.noise(hash &+ 3, 5, day.days) * 2
        + Market.noise(hash &+ 4, 1, day.days)
      return max(1, trend + trend * (wave * wobblePPM / 19_000) / 1_000_000)
    }
  }

  private static func listing(_ security: String) -> Listing? {
    switch security {
    case "VTI": Listing(baseE4: 1_630_000, growthPPM: 110_000, wobblePPM: 130_000)
    case "VOO": Listing(baseE4: 2_950_000, growthPPM: 112_000, wobblePPM: 130_000)
    case "VXUS": Listing(baseE4: 556_000, growthPPM: 45_000, wobblePPM: 120_000)
    case "BND": Listing(baseE4: 838_000, growthPPM: -22_000, wobblePPM: 35_000)
    case "SCHD": Listing(baseE4: 193_000, growthPPM: 60_000, wobblePPM: 110_000)
    case "AAPL": Listing(baseE4: 734_000, growthPPM: 200_000, wobblePPM: 200_000)
    case "MSFT": Listing(baseE4: 1_577_000, growthPPM: 175_000, wobblePPM: 180_000)
    case "NVDA": Listing(baseE4: 58_000, growthPPM: 580_000, wobblePPM: 330_000)
    case "VFFVX": Listing(baseE4: 427_000, growthPPM: 72_000, wobblePPM: 100_000)
    case "FXAIX": Listing(baseE4: 1_122_000, growthPPM: 112_000, wobblePPM: 130_000)
    case "VTINX": Listing(baseE4: 141_000, growthPPM: 8000, wobblePPM: 40_000)
    case "BTC": Listing(baseE4: 72_000_000, growthPPM: 450_000, wobblePPM: 420_000, isCoin: true)
    case "ETH": Listing(baseE4: 1_300_000, growthPPM: 600_000, wobblePPM: 480_000, isCoin: true)
    case "UST-2031": Listing(baseE4: 986_000, growthPPM: 1500, wobblePPM: 12_000)
    case "CUR:USD", "SPAXX": Listing(baseE4: 10_000, growthPPM: 0, wobblePPM: 0)
    default: nil
    }
  }
}
