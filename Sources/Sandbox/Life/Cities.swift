// Where simulated people live: who sells them power and water, and what streets they shop in.

/// A metropolitan area. Names of utilities and transit are those of the place; streets are ordinary.
struct City: Sendable {
  let name: String
  let region: String
  let postalPrefix: String
  let latitudeE4: Int
  let longitudeE4: Int
  let utcOffsetMinutes: Int
  let electric: String
  let gas: String
  let water: String
  let internet: String
  let transit: Merchant
  let streets: [String]

  static let all: [City] = [
    City(
      name: "Austin", region: "TX", postalPrefix: "787", latitudeE4: 302_672, longitudeE4: -977_431,
      utcOffsetMinutes: -360, electric: "Austin Energy", gas: "Texas Gas Service", water: "Austin Water",
      internet: "Google Fiber", transit: transit("CapMetro", "CAPMETRO APP", 125, 1250),
      streets: ["S Lamar Blvd", "E Cesar Chavez St", "Burnet Rd", "W Anderson Ln", "S Congress Ave"]),
    City(
      name: "Portland", region: "OR", postalPrefix: "972", latitudeE4: 455_152, longitudeE4: -1_226_784,
      utcOffsetMinutes: -480, electric: "Portland General Electric", gas: "NW Natural", water: "Portland Water Bureau",
      internet: "Xfinity", transit: transit("TriMet", "TRIMET HOP FASTPASS", 280, 2000),
      streets: ["SE Hawthorne Blvd", "NE Alberta St", "NW 23rd Ave", "SE Division St", "N Mississippi Ave"]),
    City(
      name: "Denver", region: "CO", postalPrefix: "802", latitudeE4: 397_392, longitudeE4: -1_049_903,
      utcOffsetMinutes: -420, electric: "Xcel Energy", gas: "Xcel Energy Gas", water: "Denver Water",
      internet: "CenturyLink", transit: transit("RTD Denver", "RTD MYRIDE", 275, 2000),
      streets: ["S Broadway", "E Colfax Ave", "Tennyson St", "E Evans Ave", "Federal Blvd"]),
    City(
      name: "Chicago", region: "IL", postalPrefix: "606", latitudeE4: 418_781, longitudeE4: -876_298,
      utcOffsetMinutes: -360, electric: "ComEd", gas: "Peoples Gas", water: "Chicago Water", internet: "Xfinity",
      transit: transit("Ventra", "VENTRA VENDING CTA", 500, 2500),
      streets: ["N Clark St", "N Milwaukee Ave", "W Belmont Ave", "N Lincoln Ave", "W Division St"]),
    City(
      name: "Seattle", region: "WA", postalPrefix: "981", latitudeE4: 476_062, longitudeE4: -1_223_321,
      utcOffsetMinutes: -480, electric: "Seattle City Light", gas: "Puget Sound Energy",
      water: "Seattle Public Utilities", internet: "CenturyLink",
      transit: transit("ORCA", "ORCA CARD RELOAD", 1000, 4000),
      streets: ["NW Market St", "E Pike St", "Rainier Ave S", "N 45th St", "Queen Anne Ave N"]),
    City(
      name: "Minneapolis", region: "MN", postalPrefix: "554", latitudeE4: 449_778, longitudeE4: -932_650,
      utcOffsetMinutes: -360, electric: "Xcel Energy", gas: "CenterPoint Energy", water: "Minneapolis Utility Billing",
      internet: "USI Fiber", transit: transit("Metro Transit", "METRO TRANSIT GO-TO", 200, 2000),
      streets: ["Hennepin Ave", "E Lake St", "Nicollet Ave", "Lyndale Ave S", "Central Ave NE"]),
    City(
      name: "Columbus", region: "OH", postalPrefix: "432", latitudeE4: 399_612, longitudeE4: -829_988,
      utcOffsetMinutes: -300, electric: "AEP Ohio", gas: "Columbia Gas of Ohio", water: "Columbus Water",
      internet: "Spectrum", transit: transit("COTA", "COTA TRANSIT APP", 200, 1500),
      streets: ["N High St", "W Lane Ave", "E Main St", "Grandview Ave", "Parsons Ave"]),
    City(
      name: "Raleigh", region: "NC", postalPrefix: "276", latitudeE4: 357_796, longitudeE4: -786_382,
      utcOffsetMinutes: -300, electric: "Duke Energy", gas: "Enbridge Gas NC", water: "Raleigh Water",
      internet: "Spectrum", transit: transit("GoRaleigh", "GORALEIGH UMO", 125, 1000),
      streets: ["Hillsborough St", "Glenwood Ave", "Six Forks Rd", "Falls of Neuse Rd", "New Bern Ave"]),
    City(
      name: "Philadelphia", region: "PA", postalPrefix: "191", latitudeE4: 399_526, longitudeE4: -751_652,
      utcOffsetMinutes: -300, electric: "PECO Energy", gas: "PGW", water: "Philadelphia Water", internet: "Xfinity",
      transit: transit("SEPTA", "SEPTA KEY RELOAD", 1000, 2500),
      streets: ["E Passyunk Ave", "Girard Ave", "Germantown Ave", "South St", "Baltimore Ave"]),
  ]

  private static func transit(_ name: String, _ pattern: String, _ low: Int64, _ high: Int64) -> Merchant {
    Merchant(
      name: name, pattern: pattern, low: low, high: high, site: nil, style: [.online, .whole],
      category: .transportationPublicTransit, regions: "")
  }
}

/// Names of simulated people, employers and landlords.
enum Names {
  static let first = [
    "Maya", "Jordan", "Elena", "Samuel", "Priya", "Daniel", "Grace", "Marcus", "Hannah", "Luis", "Nora", "Theo",
    "Amara", "Wesley", "Ingrid", "Caleb", "Rosa", "Julian",
  ]
  static let last = [
    "Okafor", "Rivera", "Lindqvist", "Park", "Hollis", "Moreno", "Whitaker", "Nakamura", "Brandt", "Castellano",
    "Desai", "Kowalski", "Sutton", "Abara", "Fontaine",
  ]
  static let employers = [
    "Brightleaf Software", "Summit Health System", "Tri County Schools", "Halcyon Analytics", "Redwood Logistics",
    "Meridian Insurance Group", "Northgate Engineering", "Civic Design Partners", "Fairlane Medical Group",
    "Arbor Creative LLC", "Keystone Manufacturing", "Blue Mesa Energy", "Cobalt Systems", "State University",
  ]
  static let landlords = [
    "Parkview Residential", "Elm & Third Apartments", "Stonebridge Property Mgmt", "Riverwalk Lofts",
    "Greenway Homes", "Hawthorn Court", "Copper Ridge Living",
  ]
  static let friends = [
    "Alex M", "Bianca T", "Chris Vaughn", "Dana K", "Emeka O", "Farah S", "Gabe Ortiz", "Holly B", "Ian W", "Jess Tran",
  ]
  /// Short words that fill `{w}` in a merchant's pattern.
  static let words = ["MON 8AM", "FRI 10PM", "SAT 1PM", "WED 6PM", "SUN 7PM", "THU 9PM", "TUE 7AM"]
}
