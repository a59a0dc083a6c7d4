// Services, giving, government, schools, and what a small business buys.

extension Merchants {
  static let services =
    childcare + education + postage + legal + accounting + donations + government + insurance + otherServices
    + advertising + cloud + wholesale + instalments

  static let childcare = table(
    .generalServicesChildcare,
    [
      line("Bright Horizons", "BRIGHT HORIZONS {n4}", 128_000, 156_000, "brighthorizons.com", .whole),
      line("KinderCare", "KINDERCARE #{n6}", 118_000, 148_000, "kindercare.com", .whole),
      line("Sunflower Montessori", "SUNFLOWER MONTESSORI TUI", 124_000, 152_000, nil, [.local, .whole]),
      line("Care.com", "CARE.COM MEMBERSHIP|877-227-3115 TX", 3899, 3899, "care.com", .online),
      line("Sittercity", "SITTERCITY.COM|888-748-2489 IL", 3500, 3500, "sittercity.com", [.online, .whole]),
    ])

  static let education = table(
    .generalServicesEducation,
    [
      line("Coursera", "COURSERA.ORG|COURSERA.ORG CA", 4900, 5900, "coursera.org", [.online, .whole]),
      line("Udemy", "UDEMY: ONLINE COURSES|UDEMY.COM CA", 1299, 2499, "udemy.com", [.online, .nines]),
      line("Community College", "CMTY COLLEGE TUITION WEB", 18_000, 54_000, nil, .local),
      line("Swim Academy", "SQ *LITTLE FINS SWIM ACAD", 7200, 11_800, nil, [.local, .whole]),
    ])

  static let postage = table(
    .generalServicesPostageAndShipping,
    [
      line("USPS", "USPS PO {n10}", 510, 3890, "usps.com"),
      line("The UPS Store", "THE UPS STORE {n4}", 890, 5490, "theupsstore.com"),
      line("FedEx Office", "FEDEX OFFICE {n5}", 690, 4890, "fedex.com"),
      line("Pirate Ship", "PIRATE SHIP* POSTAGE|PIRATESHIP.CO WY", 2500, 12_000, "pirateship.com", .online),
      line("Stamps.com", "STAMPS.COM USPS POSTAGE|310-482-5800 CA", 1999, 1999, "stamps.com", .online),
    ])

  static let legal = table(
    .generalServicesConsultingAndLegal,
    [
      line("LegalZoom", "LEGALZOOM* {#10}|888-310-0151 CA", 7900, 34_900, "legalzoom.com", [.online, .whole]),
      line("Whitfield & Ames Law", "WHITFIELD & AMES PLLC", 25_000, 95_000, nil, [.local, .whole]),
    ])

  static let accounting = table(
    .generalServicesAccountingAndFinancialPlanning,
    [
      line("TurboTax", "INTUIT *TURBOTAX|CL.INTUIT.COM CA", 6900, 17_900, "turbotax.intuit.com", [.online, .whole]),
      line("H&R Block", "H&R BLOCK ONLINE|800-472-5625 MO", 5500, 16_500, "hrblock.com", [.online, .whole]),
      line(
        "QuickBooks", "INTUIT *QBOOKS ONLINE|CL.INTUIT.COM CA", 6500, 9000, "quickbooks.intuit.com", [.online, .whole]),
      line("YNAB", "YNAB|YNAB.COM UT", 10_900, 10_900, "ynab.com", [.online, .whole]),
      line("Larkin Bookkeeping", "LARKIN BOOKKEEPING LLC", 25_000, 35_000, nil, [.local, .whole]),
    ])

  static let donations = table(
    .governmentAndNonProfitDonations,
    [
      line(
        "American Red Cross", "AMERICAN RED CROSS|800-733-2767 DC", 2500, 10_000, "redcross.org", [.online, .whole]),
      line("NPR Station Pledge", "PUBLIC RADIO PLEDGE", 1000, 2000, "npr.org", [.online, .whole]),
      line("GoFundMe", "GOFUNDME* {w} FUND|650-260-3436 CA", 2500, 10_000, "gofundme.com", [.online, .whole]),
      line("Wikipedia", "WIKIMEDIA 877-600-9454|SAN FRANCISCO CA", 500, 2500, "wikipedia.org", [.online, .whole]),
      line("Regional Food Bank", "REGIONAL FOOD BANK", 2500, 10_000, nil, [.local, .whole]),
      line("Grace Community Church", "GRACE COMMUNITY CH TITHE", 5000, 15_000, nil, [.local, .whole]),
    ])

  static let government = table(
    .governmentAndNonProfitGovernmentDepartmentsAndAgencies,
    [
      line("Department of Motor Vehicles", "DMV VEHICLE REGISTRATION", 5150, 14_800, nil),
      line("U.S. Department of State", "US DEPT OF STATE PASSPORT", 13_000, 16_500, "state.gov", .whole),
      line("County Clerk", "COUNTY CLERK E-FILING FEE", 1500, 6500, nil, .local),
      line("City Parking Violations", "CITY PARKING VIOLATIONS", 3500, 7500, nil, [.local, .whole]),
    ])

  static let insurance = table(
    .generalServicesInsurance,
    [
      line("GEICO", "GEICO *AUTO|800-841-3000 DC", 11_820, 17_640, "geico.com", .online),
      line("Progressive", "PROG *INSURANCE|855-758-0945 OH", 12_140, 17_980, "progressive.com", .online),
      line("State Farm", "STATE FARM INSURANCE|800-956-6310 IL", 11_480, 18_260, "statefarm.com", .online),
      line("Lemonade", "LEMONADE INSURANCE|844-733-8666 NY", 1483, 2217, "lemonade.com", .online),
      line("Pets Best", "PETS BEST INSURANCE|877-738-7237 ID", 3180, 5240, "petsbest.com", .online),
    ])

  static let otherServices = table(
    .generalServicesOtherGeneralServices,
    [
      line("TaskRabbit", "TASKRABBIT* {x6}|TASKRABBIT.CO CA", 4900, 18_900, "taskrabbit.com", .online),
      line("Rover", "ROVER.COM*{x6}|888-453-7889 WA", 3500, 21_900, "rover.com", .online),
      line("Shutterfly", "SHUTTERFLY, INC.|408-436-9300 CA", 1499, 8990, "shutterfly.com", .online),
      line("Minted", "MINTED LLC|888-828-6468 CA", 3800, 17_900, "minted.com", .online),
      line("Keys & Locks by Ray", "SQ *KEYS AND LOCKS BY RAY", 600, 14_500, nil, [.local, .whole]),
    ])

  static let advertising = table(
    .generalServicesOtherGeneralServices,
    [
      line("Google Ads", "GOOGLE *ADS{#10}|CC@GOOGLE.COM CA", 15_000, 50_000, "ads.google.com", [.online, .whole]),
      line("Meta Ads", "FACEBK *{x10}|FB.ME/ADS CA", 5000, 30_000, "facebook.com", .online),
      line("Mailchimp", "MAILCHIMP|MAILCHIMP.COM GA", 2650, 4500, "mailchimp.com", .online),
      line("Yelp Ads", "YELPINC*855-380-9357|855-380-9357 CA", 15_000, 30_000, "yelp.com", [.online, .whole]),
    ])

  static let cloud = table(
    .generalServicesOtherGeneralServices,
    [
      line("Amazon Web Services", "AMAZON WEB SERVICES|AWS.AMAZON.CO WA", 1890, 9800, "aws.amazon.com", .online),
      line("Shopify", "SHOPIFY* {#9}|SHOPIFY.COM IL", 3900, 10_500, "shopify.com", .online),
      line("Slack", "SLACK {x8}|SLACK.COM CA", 2625, 4375, "slack.com", .online),
      line("Zoom", "ZOOM.US 888-799-9666|ZOOM.US CA", 1599, 1599, "zoom.us", .online),
      line("Google Workspace", "GOOGLE *GSUITE_SHOP|CC@GOOGLE.COM CA", 4320, 7200, "workspace.google.com", .online),
      line("GoDaddy", "DNH*GODADDY.COM|480-505-8855 AZ", 2199, 14_900, "godaddy.com", .online),
    ])

  static let wholesale = table(
    .generalMerchandiseOtherGeneralMerchandise,
    [
      line("Restaurant Depot", "RESTAURANT DEPOT {n3}", 18_000, 96_000, "restaurantdepot.com"),
      line("WebstaurantStore", "THE WEBSTAURANT STORE|717-392-7472 PA", 6500, 48_000, "webstaurantstore.com", .online),
      line("Cedar Valley Roasting Supply", "CEDAR VALLEY ROASTING SUP", 42_000, 128_000, nil, .local),
      line("Meadowbrook Dairy", "MEADOWBROOK DAIRY WHSL", 14_000, 38_000, nil, .local),
      line("Faire", "FAIRE WHOLESALE|FAIRE.COM CA", 12_000, 64_000, "faire.com", .online),
    ])

  static let instalments = table(
    .loanPaymentsBnpl,
    [
      line("Klarna", "KLARNA* {w}|844-552-7621 OH", 1250, 6400, "klarna.com", .online),
      line("Afterpay", "AFTERPAY US INC|AFTERPAY.COM CA", 1180, 5900, "afterpay.com", .online),
      line("Affirm", "AFFIRM * PAY {x7}|AFFIRM.COM CA", 2240, 8900, "affirm.com", .online),
    ])
}
