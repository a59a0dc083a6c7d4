// Food and drink.

extension Merchants {
  static let food =
    groceries + superstores + coffee + fastFood + restaurants + delivery + liquor + convenience + vending + bakeries

  static let groceries = table(
    .foodAndDrinkGroceries,
    [
      line("Trader Joe's", "TRADER JOE S #{n3}", 1850, 9240, "traderjoes.com"),
      line("Whole Foods Market", "WHOLEFDS {n3} #{n5}", 1490, 11_800, "wholefoodsmarket.com"),
      line("Kroger", "KROGER #{n3}", 1200, 13_900, "kroger.com", only: "TX OH GA CO"),
      line("H-E-B", "H-E-B #{n3}", 1400, 14_800, "heb.com", only: "TX"),
      line("Safeway", "SAFEWAY #{n4}", 1150, 12_300, "safeway.com", only: "WA OR CO CA"),
      line("Albertsons", "ALBERTSONS #{n4}", 1100, 11_900, "albertsons.com", only: "WA OR TX CA"),
      line("Fred Meyer", "FRED-MEYER #{n4}", 1400, 13_500, "fredmeyer.com", only: "WA OR"),
      line("New Seasons Market", "NEW SEASONS MARKET {n2}", 1300, 9600, "newseasonsmarket.com", only: "OR"),
      line("King Soopers", "KING SOOPERS #{n4}", 1200, 13_000, "kingsoopers.com", only: "CO"),
      line("Publix", "PUBLIX #{n4}", 1250, 12_700, "publix.com", only: "NC GA"),
      line("Harris Teeter", "HARRIS TEETER #{n4}", 1300, 12_500, "harristeeter.com", only: "NC"),
      line("Food Lion", "FOOD LION #{n4}", 900, 9800, "foodlion.com", only: "NC"),
      line("Wegmans", "WEGMANS #{n2}", 1700, 15_200, "wegmans.com", only: "PA NC"),
      line("Giant Food", "GIANT {n4}", 1200, 11_700, "giantfood.com", only: "PA"),
      line("ACME Markets", "ACME {n4}", 1100, 10_900, "acmemarkets.com", only: "PA"),
      line("Jewel-Osco", "JEWEL OSCO {n4}", 1150, 11_600, "jewelosco.com", only: "IL"),
      line("Mariano's", "MARIANOS #{n3}", 1400, 12_800, "marianos.com", only: "IL"),
      line("Cub Foods", "CUB FOODS #{n5}", 1200, 11_400, "cub.com", only: "MN"),
      line("Lunds & Byerlys", "LUNDS&BYERLYS {n2}", 1500, 10_600, "lundsandbyerlys.com", only: "MN"),
      line("Giant Eagle", "GIANT-EAGLE #{n4}", 1200, 12_200, "gianteagle.com", only: "OH"),
      line("Aldi", "ALDI {n5}", 1600, 8400, "aldi.us"),
      line("Sprouts Farmers Market", "SPROUTS FARMERS MAR #{n3}", 1400, 9700, "sprouts.com"),
      line("Grocery Outlet", "GROCERY OUTLET OF {n2}", 900, 6100, "groceryoutlet.com", only: "WA OR CA"),
      line("Natural Grocers", "NATURAL GROCERS {n3}", 1200, 7800, "naturalgrocers.com", only: "CO TX OR"),
      line("H Mart", "H MART {n2}", 1800, 10_300, "hmart.com"),
      line("Instacart", "INSTACART*{#3}|HTTPSINSTACAR CA", 3900, 15_900, "instacart.com", .online),
      line("Willow Creek Co-op", "WILLOW CREEK CO-OP", 700, 6400, nil, .local),
      line("Saturday Farmers Market", "SQ *FARMERS MKT STALL {#2}", 500, 3400, nil, [.local, .whole]),
      line("Lucky Panda Asian Grocery", "LUCKY PANDA ASIAN GROCERY", 900, 5900, nil, .local),
      line("La Huerta Mercado", "LA HUERTA MERCADO", 700, 5200, nil, .local),
    ])

  static let superstores = table(
    .generalMerchandiseSuperstores,
    [
      line("Costco", "COSTCO WHSE #{n4}", 6900, 31_800, "costco.com"),
      line("Target", "TARGET        {n8}", 1450, 13_800, "target.com", .returns),
      line("Walmart", "WM SUPERCENTER #{n4}", 1700, 12_900, "walmart.com"),
      line("Sam's Club", "SAMSCLUB #{n4}", 5400, 23_500, "samsclub.com"),
      line("Meijer", "MEIJER # {n3}", 2300, 14_200, "meijer.com", only: "OH IL"),
      line("BJ's Wholesale Club", "BJS WHOLESALE #{n4}", 5200, 22_100, "bjs.com", only: "PA NC OH"),
    ])

  static let coffee = table(
    .foodAndDrinkCoffee,
    [
      line("Starbucks", "STARBUCKS STORE {n5}", 395, 1485, "starbucks.com"),
      line("Starbucks", "STARBUCKS 800-782-7282|SEATTLE WA", 2500, 2500, "starbucks.com", [.online, .whole]),
      line("Dunkin'", "DUNKIN #{n6} Q{n2}", 315, 1390, "dunkindonuts.com"),
      line("Peet's Coffee", "PEETS #{n5}", 420, 1250, "peets.com"),
      line("Dutch Bros Coffee", "DUTCH BROS {n2}", 475, 1320, "dutchbros.com"),
      line("Caribou Coffee", "CARIBOU COFFEE CO #{n4}", 435, 1280, "cariboucoffee.com", only: "MN"),
      line("Lantern Coffee Roasters", "SQ *LANTERN COFFEE ROASTERS", 425, 1360, nil, .local),
      line("Blue Heron Espresso", "SQ *BLUE HERON ESPRESSO", 400, 1240, nil, .local),
      line("Third Rail Coffee", "TST* THIRD RAIL COFFEE", 450, 1480, nil, .local),
      line("Kettle & Crumb", "SQ *KETTLE AND CRUMB", 495, 1790, nil, .local),
      line("Northside Coffee Bar", "CLOVER*NORTHSIDE COFFEE", 385, 1120, nil, .local),
      line("Paper Crane Tea House", "SQ *PAPER CRANE TEA HOUSE", 525, 1640, nil, .local),
    ])

  static let fastFood = table(
    .foodAndDrinkFastFood,
    [
      line("McDonald's", "MCDONALD'S F{n5}", 489, 2380, "mcdonalds.com"),
      line("Chipotle", "CHIPOTLE {n4}", 1095, 3640, "chipotle.com"),
      line("Chick-fil-A", "CHICK-FIL-A #{n5}", 899, 3390, "chick-fil-a.com"),
      line("Taco Bell", "TACO BELL #{n6}", 749, 2690, "tacobell.com"),
      line("Wendy's", "WENDYS #{n4}", 799, 2580, "wendys.com"),
      line("Five Guys", "FIVE GUYS {n4} QSR", 1489, 4690, "fiveguys.com"),
      line("Panera Bread", "PANERA BREAD #{n6} O", 1149, 3480, "panerabread.com"),
      line("Subway", "SUBWAY {n5}", 879, 2390, "subway.com"),
      line("Popeyes", "POPEYES {n5}", 999, 3280, "popeyes.com"),
      line("Domino's Pizza", "DOMINO'S {n4}", 1599, 4890, "dominos.com"),
      line("Jersey Mike's", "JERSEY MIKES {n5}", 1095, 3390, "jerseymikes.com"),
      line("Panda Express", "PANDA EXPRESS #{n4}", 1090, 3580, "pandaexpress.com"),
      line("Raising Cane's", "RAISING CANES #{n4}", 1149, 3290, "raisingcanes.com"),
      line("Shake Shack", "SHAKE SHACK {n4}", 1349, 4180, "shakeshack.com"),
      line("Cava", "CAVA {n4}", 1285, 3720, "cava.com"),
      line("Sweetgreen", "SWEETGREEN {n3}", 1395, 3390, "sweetgreen.com"),
      line("Jimmy John's", "JIMMY JOHNS - {n4}", 995, 2680, "jimmyjohns.com"),
      line("Culver's", "CULVERS OF {n3}", 1049, 3390, "culvers.com", only: "MN IL OH TX CO"),
      line("Whataburger", "WHATABURGER {n4}", 949, 3180, "whataburger.com", only: "TX CO GA"),
      line("P. Terry's", "P TERRYS #{n2}", 795, 2480, "pterrys.com", only: "TX"),
      line("Burgerville", "BURGERVILLE {n2}", 949, 2890, "burgerville.com", only: "OR WA"),
      line("Cook Out", "COOK OUT {n3}", 749, 2390, "cookout.com", only: "NC GA"),
      line("Wawa", "WAWA {n4}", 589, 2190, "wawa.com", only: "PA"),
      line("Portillo's", "PORTILLOS HOT DOGS #{n2}", 1090, 3690, "portillos.com", only: "IL"),
      line("El Gallito Taqueria", "SQ *EL GALLITO TAQUERIA", 895, 3150, nil, .local),
      line("Pho Saigon Express", "PHO SAIGON EXPRESS", 1295, 3780, nil, .local),
    ])

  static let restaurants = table(
    .foodAndDrinkRestaurant,
    [
      line("Olive Garden", "OLIVE GARDEN {n7}", 3190, 8980, "olivegarden.com", .tip),
      line("Texas Roadhouse", "TEXAS ROADHOUSE #{n4}", 3490, 10_800, "texasroadhouse.com", .tip),
      line("The Cheesecake Factory", "CHEESECAKE {n4}", 4290, 13_400, "thecheesecakefactory.com", .tip),
      line("Applebee's", "APPLEBEES {n7}", 2890, 7790, "applebees.com", .tip),
      line("IHOP", "IHOP #{n4}", 1990, 5890, "ihop.com", .tip),
      line("Cracker Barrel", "CRACKER BARREL #{n3}", 2290, 6590, "crackerbarrel.com", .tip),
      line("First Watch", "FIRST WATCH {n4} PATI", 2190, 6290, "firstwatch.com", .tip),
      line("Buffalo Wild Wings", "BUFFALO WILD WINGS {n4}", 2690, 8290, "buffalowildwings.com", .tip),
      line("Red Robin", "RED ROBIN NO {n3}", 2590, 7690, "redrobin.com", .tip),
      line("Blue Door Tacos", "TST* BLUE DOOR TACOS", 1890, 6490, nil, [.tip, .local]),
      line("Osteria Lucca", "TST* OSTERIA LUCCA", 4890, 16_900, nil, [.tip, .local]),
      line("Miso & Main", "TST* MISO AND MAIN", 3390, 10_900, nil, [.tip, .local]),
      line("The Brass Otter", "THE BRASS OTTER", 2290, 9490, nil, [.tip, .local]),
      line("Saffron House", "SAFFRON HOUSE INDIAN CUIS", 2990, 8890, nil, [.tip, .local]),
      line("Golden Lotus Thai", "GOLDEN LOTUS THAI", 2490, 7590, nil, [.tip, .local]),
      line("Maple Street Diner", "MAPLE STREET DINER", 1690, 4990, nil, [.tip, .local]),
      line("Harbor & Vine", "TST* HARBOR AND VINE - MA", 5490, 18_800, nil, [.tip, .local]),
      line("Barrel & Smoke BBQ", "TST* BARREL & SMOKE BBQ", 2390, 7890, nil, [.tip, .local]),
      line("Nonna's Pizzeria", "SQ *NONNAS PIZZERIA", 2190, 6390, nil, [.tip, .local]),
      line("Ramen Kaito", "TST* RAMEN KAITO", 2290, 6190, nil, [.tip, .local]),
      line("Casa Marisol", "TST* CASA MARISOL", 2890, 9290, nil, [.tip, .local]),
      line("The Copper Hen", "THE COPPER HEN", 2690, 8490, nil, [.tip, .local]),
      line("Sunny Side Brunch Co", "TST* SUNNY SIDE BRUNCH", 2490, 7290, nil, [.tip, .local]),
      line("Half Moon Tavern", "HALF MOON TAVERN", 1990, 8190, nil, [.tip, .local]),
      line("Iron Kettle Brewing", "SQ *IRON KETTLE BREWING CO", 1490, 6490, nil, [.tip, .local]),
      line("Jade Garden", "JADE GARDEN RESTAURANT", 2390, 6990, nil, [.tip, .local]),
    ])

  static let delivery = table(
    .foodAndDrinkRestaurant,
    [
      line("DoorDash", "DD *DOORDASH {x8}|855-431-0459 CA", 2190, 6890, "doordash.com", .online),
      line("Uber Eats", "UBER   *EATS|HELP.UBER.COM CA", 2090, 6490, "ubereats.com", .online),
      line("Grubhub", "GRUBHUB*{x8}|GRUBHUB.COM NY", 1990, 5890, "grubhub.com", .online),
    ])

  static let liquor = table(
    .foodAndDrinkBeerWineAndLiquor,
    [
      line("Total Wine & More", "TOTAL WINE AND MORE {n3}", 1890, 9890, "totalwine.com"),
      line("Spec's", "SPECS #{n2}", 1490, 7990, "specsonline.com", only: "TX"),
      line("BevMo!", "BEVMO {n3}", 1690, 8490, "bevmo.com", only: "WA CA"),
      line("Binny's Beverage Depot", "BINNYS BEVERAGE DEPOT {n2}", 1690, 8990, "binnys.com", only: "IL"),
      line("Corner Cellar Wine Shop", "SQ *CORNER CELLAR WINES", 1490, 6990, nil, .local),
      line("Ninth Street Liquors", "NINTH STREET LIQUORS", 990, 5490, nil, .local),
    ])

  static let convenience = table(
    .generalMerchandiseConvenienceStores,
    [
      line("7-Eleven", "7-ELEVEN {n5}", 289, 1890, "7-eleven.com"),
      line("Circle K", "CIRCLE K # {n5}", 319, 1990, "circlek.com"),
      line("Sheetz", "SHEETZ {n4}", 489, 2290, "sheetz.com", only: "PA NC OH"),
      line("QuikTrip", "QT {n4} INSIDE", 299, 1690, "quiktrip.com", only: "TX CO NC"),
      line("Casey's", "CASEYS #{n4}", 399, 2190, "caseys.com", only: "MN IL OH"),
      line("Corner Mart", "CORNER MART & DELI", 349, 2390, nil, .local),
    ])

  static let vending = table(
    .foodAndDrinkVendingMachines,
    [
      line("Canteen", "CTLP*CANTEEN VENDING|800-555-0143 NC", 150, 475, nil),
      line("USA Technologies", "USATECH*SNACK SODA|610-555-0117 PA", 175, 425, nil),
    ])

  static let bakeries = table(
    .foodAndDrinkOtherFoodAndDrink,
    [
      line("Crumbl", "CRUMBL {n4}", 1390, 3190, "crumblcookies.com"),
      line("Baskin-Robbins", "BASKIN #{n6}", 649, 2590, "baskinrobbins.com"),
      line("Insomnia Cookies", "INSOMNIA COOKIES - {n3}", 850, 2790, "insomniacookies.com"),
      line("Rosewater Bakery", "SQ *ROSEWATER BAKERY", 650, 3190, nil, .local),
      line("Scoops on Main", "SQ *SCOOPS ON MAIN", 575, 2290, nil, .local),
      line("Little Flour Bakehouse", "TST* LITTLE FLOUR BAKEHOU", 725, 3390, nil, .local),
    ])
}
