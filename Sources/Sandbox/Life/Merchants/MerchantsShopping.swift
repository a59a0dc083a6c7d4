// Shops for things.

extension Merchants {
  static let shopping =
    marketplaces + clothing + departmentStores + discount + electronics + books + gifts + office + pets + sports
    + baby + crafts + tobacco

  static let marketplaces = table(
    .generalMerchandiseOnlineMarketplaces,
    [
      line("Amazon", "AMZN MKTP US*{x9}|AMZN.COM/BILL WA", 899, 9680, "amazon.com", [.online, .returns]),
      line("Amazon", "AMAZON.COM*{x9}|AMZN.COM/BILL WA", 1099, 12_450, "amazon.com", [.online, .returns]),
      line("eBay", "PAYPAL *EBAY US|4029357733 CA", 990, 8900, "ebay.com", .online),
      line("Etsy", "ETSY.COM - {x9}|718-8557955 NY", 1490, 6890, "etsy.com", .online),
      line("Temu", "TEMU.COM|BOSTON MA", 1290, 5890, "temu.com", .online),
      line("Walmart.com", "WALMART.COM {#10}|800-966-6546 AR", 1890, 12_800, "walmart.com", [.online, .returns]),
    ])

  static let clothing = table(
    .generalMerchandiseClothingAndAccessories,
    [
      line("Old Navy", "OLD NAVY US {n4}", 1999, 9890, "oldnavy.gap.com", .returns),
      line("Gap", "GAP US {n4}", 2499, 10_900, "gap.com", .returns),
      line("H&M", "H&M{n4}", 1799, 8990, "hm.com", .returns),
      line("Zara", "ZARA USA {n4}", 2990, 13_900, "zara.com", .returns),
      line("Nike", "NIKE.COM|800-806-6453 OR", 5497, 16_500, "nike.com", [.online, .returns]),
      line("Uniqlo", "UNIQLO USA LLC {n2}", 1990, 10_900, "uniqlo.com", .returns),
      line("Lululemon", "LULULEMON {n3}", 4800, 17_600, "lululemon.com", .returns),
      line("J.Crew", "J CREW #{n3}", 3950, 16_900, "jcrew.com", .returns),
      line("Carter's", "CARTERS #{n4}", 1400, 7900, "carters.com", .returns),
      line("DSW", "DSW {n5}", 3999, 13_900, "dsw.com", .returns),
      line("Madewell", "MADEWELL {n3}", 4950, 15_900, "madewell.com", .returns),
      line("Everlane", "SP EVERLANE|EVERLANE.COM CA", 4800, 15_800, "everlane.com", [.online, .returns]),
      line("Allbirds", "SP ALLBIRDS|ALLBIRDS.COM CA", 9800, 14_500, "allbirds.com", [.online, .returns, .whole]),
      line("Second Story Vintage", "SQ *SECOND STORY VINTAGE", 1200, 6400, nil, [.local, .whole]),
    ])

  static let departmentStores = table(
    .generalMerchandiseDepartmentStores,
    [
      line("Macy's", "MACYS {n4} #{n4}", 2499, 14_900, "macys.com", .returns),
      line("Nordstrom", "NORDSTROM #{n4}", 4500, 22_900, "nordstrom.com", .returns),
      line("Nordstrom Rack", "NORDSTROM-RACK #{n4}", 2497, 11_900, "nordstromrack.com", .returns),
      line("Kohl's", "KOHL'S #{n4}", 2199, 11_800, "kohls.com", .returns),
      line("JCPenney", "JCPENNEY {n4}", 1999, 9800, "jcpenney.com", .returns),
      line("Dillard's", "DILLARDS {n3}", 3900, 15_900, "dillards.com", .returns),
    ])

  static let discount = table(
    .generalMerchandiseDiscountStores,
    [
      line("Dollar Tree", "DOLLAR TREE {n5}", 375, 2890, "dollartree.com"),
      line("Dollar General", "DOLLAR GENERAL #{n5}", 495, 3490, "dollargeneral.com"),
      line("TJ Maxx", "T J MAXX #{n4}", 1499, 9490, "tjmaxx.com", .returns),
      line("Marshalls", "MARSHALLS #{n4}", 1499, 8990, "marshalls.com", .returns),
      line("Ross", "ROSS STORES #{n4}", 1299, 7490, "rossstores.com", .returns),
      line("Five Below", "FIVE BELOW {n4}", 590, 3290, "fivebelow.com"),
      line("Big Lots", "BIG LOTS #{n4}", 1290, 8490, "biglots.com"),
      line("Goodwill", "GOODWILL {n3}", 499, 3890, "goodwill.org"),
    ])

  static let electronics = table(
    .generalMerchandiseElectronics,
    [
      line("Best Buy", "BEST BUY      {n8}", 1999, 38_900, "bestbuy.com", [.returns, .nines]),
      line("Apple Store", "APPLE STORE  #R{n3}", 2900, 42_900, "apple.com", .whole),
      line("Micro Center", "MICRO CENTER #{n3}", 1999, 27_900, "microcenter.com", [.nines, .returns]),
      line("B&H Photo", "B&H PHOTO 800-606-6969|212-4445000 NY", 3900, 34_900, "bhphotovideo.com", .online),
      line("Newegg", "NEWEGG INC.|800-390-1119 CA", 2999, 24_900, "newegg.com", [.online, .nines]),
      line("SparkFun", "SPARKFUN ELECTRONICS|303-284-0979 CO", 1850, 8940, "sparkfun.com", .online),
    ])

  static let books = table(
    .generalMerchandiseBookstoresAndNewsstands,
    [
      line("Barnes & Noble", "BARNES & NOBLE #{n4}", 995, 5890, "barnesandnoble.com"),
      line("Half Price Books", "HALF PRICE BOOKS #{n3}", 499, 3890, "hpb.com"),
      line("Powell's Books", "POWELLS BURNSIDE", 995, 6490, "powells.com", only: "OR"),
      line("Kindle", "KINDLE SVCS*{x9}|888-802-3080 WA", 299, 1699, "amazon.com", [.online, .nines]),
      line("Audible", "AUDIBLE*{x9}|AMZN.COM/BILL NJ", 1495, 1495, "audible.com", .online),
      line("Hudson News", "HUDSON ST{n4}", 389, 2190, "hudsongroup.com"),
      line("The Tattered Page", "SQ *THE TATTERED PAGE", 899, 4690, nil, .local),
    ])

  static let gifts = table(
    .generalMerchandiseGiftsAndNovelties,
    [
      line("Hallmark", "HALLMARK GOLD CROWN {n3}", 599, 3490, "hallmark.com"),
      line(
        "1-800-Flowers", "1-800-FLOWERS.COM,INC.|800-468-1141 NY", 4999, 10_990, "1800flowers.com", [.online, .nines]),
      line("Spencer's", "SPENCER GIFTS {n4}", 999, 4490, "spencersonline.com"),
      line("Petal & Stem Florist", "SQ *PETAL & STEM FLORIST", 2800, 9200, nil, [.local, .whole]),
      line("Party City", "PARTY CITY {n4}", 990, 6490, "partycity.com"),
      line("Uncommon Goods", "UNCOMMON GOODS|888-365-0056 NY", 2400, 8900, "uncommongoods.com", .online),
    ])

  static let office = table(
    .generalMerchandiseOfficeSupplies,
    [
      line("Staples", "STAPLES       {n8}", 799, 12_900, "staples.com"),
      line("Office Depot", "OFFICE DEPOT #{n4}", 699, 11_800, "officedepot.com"),
      line("Uline", "ULINE  *SHIP SUPPLIES|800-295-5510 WI", 4200, 32_500, "uline.com", .online),
      line("VistaPrint", "VISTAPRINT|866-207-4955 MA", 2199, 14_900, "vistaprint.com", .online),
    ])

  static let pets = table(
    .generalMerchandisePetSupplies,
    [
      line("PetSmart", "PETSMART # {n4}", 1299, 9490, "petsmart.com"),
      line("Petco", "PETCO {n4}    {n6}", 1199, 8990, "petco.com"),
      line("Chewy", "CHEWY.COM|800-672-4399 FL", 2890, 9890, "chewy.com", .online),
      line("Mud Bay", "MUD BAY {n2}", 1490, 7890, "mudbay.com", only: "WA OR"),
      line("Wagging Tail Pet Supply", "SQ *WAGGING TAIL PET SUP", 990, 5490, nil, .local),
    ])

  static let sports = table(
    .generalMerchandiseSportingGoods,
    [
      line("REI", "REI #{n3}", 1995, 18_900, "rei.com", .returns),
      line("Dick's Sporting Goods", "DICK'S SPORTING GOODS{n4}", 1999, 15_900, "dickssportinggoods.com", .returns),
      line("Academy Sports", "ACADEMY SPORTS #{n3}", 1499, 12_900, "academy.com", .returns, only: "TX NC"),
      line("Decathlon", "DECATHLON USA {n3}", 1290, 8990, "decathlon.com"),
      line("Backcountry", "BACKCOUNTRY.COM|800-409-4502 UT", 4995, 22_900, "backcountry.com", [.online, .returns]),
      line("Spoke & Chain Cycles", "SQ *SPOKE AND CHAIN CYCLES", 1200, 14_900, nil, .local),
    ])

  static let baby = table(
    .generalMerchandiseOtherGeneralMerchandise,
    [
      line("Buybuy Baby", "BUYBUYBABY.COM|877-328-9222 NJ", 1999, 18_900, "buybuybaby.com", [.online, .returns]),
      line("Babylist", "BABYLIST INC|BABYLIST.COM CA", 2490, 21_900, "babylist.com", .online),
      line("Hello Bello", "SP HELLO BELLO|HELLOBELLO.COM CA", 6500, 8900, "hellobello.com", .online),
      line("Little Acorn Kids", "SQ *LITTLE ACORN KIDS", 1290, 6990, nil, .local),
      line("Once Upon A Child", "ONCE UPON A CHILD #{n3}", 990, 5890, "onceuponachild.com"),
    ])

  static let crafts = table(
    .generalMerchandiseOtherGeneralMerchandise,
    [
      line("Michaels", "MICHAELS STORES {n4}", 890, 6490, "michaels.com"),
      line("Joann", "JOANN STORES #{n4}", 690, 5890, "joann.com"),
      line("Hobby Lobby", "HOBBYLOBBY {n3}", 790, 5990, "hobbylobby.com"),
      line("Blick Art Materials", "BLICK ART {n3}", 990, 6890, "dickblick.com"),
    ])

  static let tobacco = table(
    .generalMerchandiseTobaccoAndVape,
    [
      line("Smoker Friendly", "SMOKER FRIENDLY {n3}", 890, 4290, "smokerfriendly.com"),
      line("Cloud Nine Vapor", "SQ *CLOUD NINE VAPOR", 1490, 4990, nil, .local),
    ])
}
