// House and home: hardware, furniture, trades, utilities that are the same everywhere, movers, storage.

extension Merchants {
  static let home = hardware + furniture + trades + garden + security + movers + storage + telephone + waste

  static let hardware = table(
    .homeImprovementHardware,
    [
      line("The Home Depot", "THE HOME DEPOT #{n4}", 890, 18_900, "homedepot.com", .returns),
      line("Lowe's", "LOWES #{n5}*", 990, 17_900, "lowes.com", .returns),
      line("Ace Hardware", "{n3} ACE HARDWARE", 499, 6890, "acehardware.com"),
      line("Harbor Freight", "HARBOR FREIGHT TOOLS {n4}", 990, 8900, "harborfreight.com"),
      line("Sherwin-Williams", "SHERWIN WILLIAMS {n6}", 2490, 16_900, "sherwin-williams.com"),
      line("Menards", "MENARDS {n4}", 990, 14_900, "menards.com", only: "MN IL OH"),
      line("Parkside Hardware", "PARKSIDE HARDWARE & PAINT", 399, 5290, nil, .local),
    ])

  static let furniture = table(
    .homeImprovementFurniture,
    [
      line("IKEA", "IKEA {n6}", 1999, 32_900, "ikea.com", .returns),
      line("Wayfair", "WAYFAIR*WAYFAIR|800-929-3247 MA", 3999, 28_900, "wayfair.com", [.online, .returns]),
      line("HomeGoods", "HOMEGOODS #{n4}", 1499, 11_900, "homegoods.com", .returns),
      line("West Elm", "WEST ELM #{n4}", 3900, 38_900, "westelm.com", .returns),
      line("Crate & Barrel", "CRATE & BARREL #{n3}", 2995, 27_900, "crateandbarrel.com", .returns),
      line("Article", "SP ARTICLE FURNITURE|VANCOUVER WA", 14_900, 64_900, "article.com", .online),
      line("The Container Store", "CONTAINERSTORE #{n3}", 1499, 13_900, "containerstore.com", .returns),
    ])

  static let trades = table(
    .homeImprovementRepairAndMaintenance,
    [
      line("Roto-Rooter", "ROTO-ROOTER PLUMBING", 18_900, 44_900, "rotorooter.com"),
      line("Thumbtack", "THUMBTACK.COM|SAN FRANCISCO CA", 8900, 26_900, "thumbtack.com", .online),
      line("Merry Maids", "MERRY MAIDS #{n4}", 14_500, 21_500, "merrymaids.com"),
      line("Keystone Heating & Air", "KEYSTONE HEATING AND AIR", 12_900, 38_900, nil, .local),
      line("Hernandez Plumbing", "SQ *HERNANDEZ PLUMBING", 14_500, 42_500, nil, [.local, .whole]),
      line("Bright Spark Electric", "BRIGHT SPARK ELECTRIC LLC", 15_500, 36_500, nil, [.local, .whole]),
      line("Tidy Nest Cleaning", "SQ *TIDY NEST CLEANING", 12_000, 18_000, nil, [.local, .whole]),
    ])

  static let garden = table(
    .homeImprovementOtherHomeImprovement,
    [
      line("Tractor Supply", "TRACTOR SUPPLY #{n4}", 1299, 9900, "tractorsupply.com"),
      line("Green Acre Nursery", "GREEN ACRE NURSERY", 1290, 11_900, nil, .local),
      line("TruGreen", "TRUGREEN *{n4}|800-464-0171 TN", 5900, 8900, "trugreen.com", .online),
    ])

  static let security = table(
    .homeImprovementSecurity,
    [
      line("Ring", "RING STANDARD PLAN|800-656-1918 CA", 499, 999, "ring.com", .online),
      line("SimpliSafe", "SIMPLISAFE|888-957-4675 MA", 2999, 3199, "simplisafe.com", .online),
      line("ADT", "ADT SECURITY*{#9}|800-238-2727 FL", 4999, 5999, "adt.com", .online),
    ])

  static let movers = table(
    .generalServicesOtherGeneralServices,
    [
      line("U-Haul", "UHAUL MOVING & STORAGE {n6}", 5900, 18_900, "uhaul.com"),
      line("Two Men and a Truck", "TWO MEN AND A TRUCK {n4}", 84_500, 138_000, "twomenandatruck.com"),
      line("Careful Hands Moving", "SQ *CAREFUL HANDS MOVING", 78_000, 126_000, nil, [.local, .whole]),
    ])

  static let storage = table(
    .generalServicesStorage,
    [
      line("Public Storage", "PUBLIC STORAGE {n5}|800-567-0759 CA", 9400, 14_900, "publicstorage.com", .whole),
      line("Extra Space Storage", "EXTRA SPACE {n4}", 8900, 13_900, "extraspace.com", .whole),
      line("CubeSmart", "CUBESMART {n4}", 8400, 13_200, "cubesmart.com", .whole),
    ])

  static let telephone = table(
    .rentAndUtilitiesTelephone,
    [
      line("Verizon Wireless", "VZWRLSS*APOCC VISB|800-922-0204 FL", 11_840, 14_260, "verizon.com", .online),
      line("T-Mobile", "TMOBILE*AUTO PAY|800-937-8997 WA", 9500, 14_000, "t-mobile.com", [.online, .whole]),
      line("AT&T", "ATT*BILL PAYMENT|800-288-2020 TX", 10_250, 14_890, "att.com", .online),
      line("Mint Mobile", "MINT MOBILE|800-683-7392 CA", 1500, 3000, "mintmobile.com", [.online, .whole]),
      line("Google Fi", "GOOGLE *FI {x6}|G.CO/HELPPAY# CA", 2890, 7480, "fi.google.com", .online),
    ])

  static let waste = table(
    .rentAndUtilitiesSewageAndWasteManagement,
    [
      line("Waste Management", "WM.COM*WASTE MGMT|866-834-2080 TX", 2490, 3890, "wm.com", .online),
      line("Republic Services", "REPUBLIC SERVICES TRASH|866-576-5548 AZ", 2290, 3690, "republicservices.com", .online),
    ])
}
