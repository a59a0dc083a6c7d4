// Getting about: fuel, rides, parking, tolls, cars; and travel at home.

extension Merchants {
  static let transport = fuel + rides + parking + tolls + carCare + bikes + carRental + otherTransport
  static let travel = flights + lodging + otherTravel

  static let fuel = table(
    .transportationGas,
    [
      line("Shell", "SHELL OIL {n11}", 2600, 5800, "shell.us", .fuel),
      line("Chevron", "CHEVRON {n7}", 2700, 6000, "chevron.com", .fuel),
      line("Exxon", "EXXON {n8}", 2500, 5700, "exxon.com", .fuel),
      line("BP", "BP#{n7}", 2500, 5600, "bp.com", .fuel, only: "IL OH PA NC MN"),
      line("Speedway", "SPEEDWAY {n5}", 2400, 5400, "speedway.com", .fuel, only: "OH IL MN PA NC"),
      line("QuikTrip", "QT {n4} OUTSIDE", 2300, 5300, "quiktrip.com", .fuel, only: "TX CO NC"),
      line("Costco Gas", "COSTCO GAS #{n4}", 3000, 6200, "costco.com", .fuel),
      line("Arco", "ARCO#{n5}", 2300, 5400, "arco.com", .fuel, only: "WA OR CA"),
      line("Sunoco", "SUNOCO {n10}", 2500, 5600, "sunoco.com", .fuel, only: "PA OH NC"),
      line("Buc-ee's", "BUC-EE'S #{n2}/UNLEADED", 3000, 6400, "buc-ees.com", .fuel, only: "TX"),
      line("Electrify America", "ELECTRIFY AMERICA|833-632-2778 VA", 900, 3400, "electrifyamerica.com"),
    ])

  static let rides = table(
    .transportationTaxisAndRideShares,
    [
      line("Uber", "UBER   *TRIP|HELP.UBER.COM CA", 890, 4290, "uber.com", .online),
      line("Uber", "UBER {d} SF**POOL**|8005928996 CA", 790, 3890, "uber.com", .online),
      line("Lyft", "LYFT   *RIDE {w}|LYFT.COM CA", 790, 3690, "lyft.com", .online),
      line("Yellow Cab", "CURB {n4} YELLOW CAB", 1190, 4490, "gocurb.com"),
    ])

  static let parking = table(
    .transportationParking,
    [
      line("ParkMobile", "PARKMOBILE|770-818-9036 GA", 125, 1290, "parkmobile.io", .online),
      line("PayByPhone", "PAYBYPHONE PARKING|888-450-7275 WA", 150, 1190, "paybyphone.com", .online),
      line("SpotHero", "SPOTHERO 844-324-7768|CHICAGO IL", 890, 3490, "spothero.com", .online),
      line("LAZ Parking", "LAZ PARKING {n6}", 500, 2800, "lazparking.com", .whole),
      line("ABM Parking", "ABM PARKING GARAGE {n4}", 600, 2600, "abm.com", .whole),
      line("City Parking Meters", "CITY PARKING METERS", 100, 650, nil, .local),
    ])

  static let tolls = table(
    .transportationTolls,
    [
      line(
        "E-ZPass", "E-ZPASS REBILL|888-288-6865 PA", 3500, 3500, "e-zpassny.com", [.online, .whole], only: "PA IL OH NC"
      ),
      line("TxTag", "TXTAG AUTOCHARGE|888-468-9824 TX", 2000, 2000, "txtag.org", [.online, .whole], only: "TX"),
      line(
        "Good To Go!", "WSDOT-GOODTOGO ONLINE|866-936-8246 WA", 3000, 3000, "mygoodtogo.com", [.online, .whole],
        only: "WA"),
      line(
        "ExpressToll", "EXPRESS TOLL|303-537-3470 CO", 3500, 3500, "expresstoll.com", [.online, .whole], only: "CO"),
    ])

  static let carCare = table(
    .generalServicesAutomotive,
    [
      line("Jiffy Lube", "JIFFY LUBE #{n4}", 6499, 13_900, "jiffylube.com"),
      line("Valvoline Instant Oil Change", "VALVOLINE INSTANT OIL {n3}", 6299, 12_900, "vioc.com"),
      line("Discount Tire", "DISCOUNT-TIRE-CO {n4}", 2500, 58_900, "discounttire.com"),
      line("AutoZone", "AUTOZONE #{n4}", 899, 14_900, "autozone.com"),
      line("O'Reilly Auto Parts", "O'REILLY {n4}", 799, 12_900, "oreillyauto.com"),
      line("Firestone", "FIRESTONE {n5}", 5900, 42_900, "firestonecompleteautocare.com"),
      line("Sparkle Car Wash", "SPARKLE EXPRESS CAR WASH", 1000, 2600, nil, [.local, .whole]),
      line("Ridgeline Auto Repair", "RIDGELINE AUTO REPAIR", 12_900, 68_900, nil, .local),
      line("Mister Car Wash", "MISTER CAR WASH #{n3}", 1200, 3000, "mistercarwash.com", .whole),
    ])

  static let bikes = table(
    .transportationBikesAndScooters,
    [
      line("Lime", "LIM*RIDE COST|LI.ME CA", 280, 1190, "li.me", .online),
      line("Bird", "BIRD* RIDE|BIRD.CO CA", 310, 1090, "bird.co", .online),
      line("Bcycle", "BCYCLE {n3}", 129, 1200, "bcycle.com"),
    ])

  static let carRental = table(
    .travelRentalCars,
    [
      line("Enterprise Rent-A-Car", "ENTERPRISE RENT-A-CAR", 8900, 38_900, "enterprise.com"),
      line("Hertz", "HERTZ RENT-A-CAR", 9900, 41_900, "hertz.com"),
      line("Turo", "TURO INC.* TRIP {#3}|TURO.COM CA", 7900, 32_900, "turo.com", .online),
      line("Zipcar", "ZIPCAR TRIP {#5}|866-494-7227 MA", 2400, 9800, "zipcar.com", .online),
    ])

  static let otherTransport = table(
    .transportationOtherTransportation,
    [
      line("AAA", "AAA MEMBERSHIP|800-222-4357 FL", 6800, 11_900, "aaa.com", [.online, .whole]),
      line("Greyhound", "GREYHOUND LINES|800-231-2222 TX", 2490, 9890, "greyhound.com", .online),
    ])

  static let flights = table(
    .travelFlights,
    [
      line("United Airlines", "UNITED      016{#10}|UNITED.COM TX", 18_900, 62_900, "united.com", .online),
      line("Delta Air Lines", "DELTA AIR   006{#10}|DELTA.COM GA", 19_900, 64_900, "delta.com", .online),
      line("American Airlines", "AMERICAN AIR001{#10}|FORT WORTH TX", 18_900, 61_900, "aa.com", .online),
      line("Southwest Airlines", "SOUTHWES    526{#10}|800-435-9792 TX", 13_900, 43_900, "southwest.com", .online),
      line("Alaska Airlines", "ALASKA AIR  027{#10}|SEATTLE WA", 15_900, 46_900, "alaskaair.com", .online),
      line("JetBlue", "JETBLUE     279{#10}|JETBLUE.COM NY", 13_900, 41_900, "jetblue.com", .online),
    ])

  static let lodging = table(
    .travelLodging,
    [
      line("Airbnb", "AIRBNB * {x10}|AIRBNB.COM CA", 24_900, 84_900, "airbnb.com", .online),
      line("Marriott", "MARRIOTT {n5}", 16_900, 52_900, "marriott.com"),
      line("Hampton Inn", "HAMPTON INNS {n4}", 13_900, 38_900, "hilton.com"),
      line("Holiday Inn Express", "HOLIDAY INN EXPRESS {n3}", 12_900, 34_900, "ihg.com"),
      line("Hyatt Place", "HYATT PLACE {n4}", 13_900, 39_900, "hyatt.com"),
      line("Vrbo", "VRBO HA-{x6}|VRBO.COM TX", 32_900, 98_900, "vrbo.com", .online),
      line("Booking.com", "BOOKING.COM*{#8}|BOOKING.COM NL", 18_900, 68_900, "booking.com", .online),
      line("Cedar Ridge Lodge", "CEDAR RIDGE LODGE", 15_900, 44_900, nil, .local),
    ])

  static let otherTravel = table(
    .travelOtherTravel,
    [
      line("Expedia", "EXPEDIA {#13}|EXPEDIA.COM WA", 12_900, 58_900, "expedia.com", .online),
      line("TSA PreCheck", "IDEMIA TSA PRECHECK|855-347-8371 MA", 7800, 7800, "tsa.gov", [.online, .whole]),
      line("Amtrak", "AMTRAK .COM {#13}|800-872-7245 DC", 3900, 18_900, "amtrak.com", .online),
      line("Recreation.gov", "RECREATION.GOV|877-444-6777 NY", 2200, 9600, "recreation.gov", [.online, .whole]),
    ])
}
