// Who takes the money: what a merchant is called, what it costs, and what a statement makes of its name.

/// One line of the merchant tables.
///
/// `pattern` is what the terminal sends: capitals and noise. `{n}` stands for the digits of this store, the same on
/// every visit; `{#}` for random digits and `{x}` for random letters and digits of each sale; `{d}` for the date as
/// MMDDYY; each followed by how many, as in `{n4}`. What follows `|` takes the place of the city and state.
package struct Merchant: Sendable, Equatable {
  struct Style: OptionSet, Sendable {
    let rawValue: Int
    /// Sold over the wire: no street address.
    static let online = Style(rawValue: 1)
    /// The guest adds a tip after the card was read: the amount grows when it posts.
    static let tip = Style(rawValue: 2)
    /// Invented and known only here: the enrichment is less sure.
    static let local = Style(rawValue: 4)
    /// Whole dollars.
    static let whole = Style(rawValue: 8)
    /// Prices that end in 99.
    static let nines = Style(rawValue: 16)
    /// A pump: a hold first, then gallons times price.
    static let fuel = Style(rawValue: 32)
    /// Things that people bring back.
    static let returns = Style(rawValue: 64)
  }

  let name: String
  let pattern: String
  /// What one visit costs, in minor units.
  let low: Int64
  let high: Int64
  let site: String?
  let style: Style
  let category: BankCategory
  /// Regions where it has stores, separated by blanks; empty: everywhere.
  let regions: String

  /// Whether someone who lives there would meet it.
  func trades(in region: String) -> Bool { regions.isEmpty || regions.contains(region) }
}

/// A merchant before its table says what it sells.
struct MerchantLine {
  let name: String
  let pattern: String
  let low: Int64
  let high: Int64
  let site: String?
  let style: Merchant.Style
  let regions: String
}

/// Short on purpose: it stands on every line of the tables.
func line(
  _ name: String, _ pattern: String, _ low: Int64, _ high: Int64, _ site: String? = nil, _ style: Merchant.Style = [],
  only regions: String = ""
) -> MerchantLine {
  MerchantLine(name: name, pattern: pattern, low: low, high: high, site: site, style: style, regions: regions)
}

/// The merchant tables, split over files by what they sell.
package enum Merchants {
  static func table(_ category: BankCategory, _ lines: [MerchantLine]) -> [Merchant] {
    lines.map {
      Merchant(
        name: $0.name, pattern: $0.pattern, low: $0.low, high: $0.high, site: $0.site, style: $0.style,
        category: category, regions: $0.regions)
    }
  }

  /// Every merchant at home.
  static let everyday = food + shopping + home + transport + travel + health + leisure + services

  /// The first merchant of that name, for the plans of personas; a name that no table has is a mistake in a plan.
  static func named(_ name: String) -> Merchant {
    guard let merchant = everyday.first(where: { $0.name == name }) else {
      preconditionFailure("no merchant is called \(name)")
    }
    return merchant
  }

  /// Every merchant of every table.
  package static let all = everyday + abroad
}
