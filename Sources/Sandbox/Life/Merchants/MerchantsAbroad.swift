// Where people spend on holiday, in the currency of the place, in minor units of that currency.

/// A place abroad with what a week there costs.
struct Destination: Sendable {
  let city: String
  /// As terminals print it; the region of a foreign row.
  let country: String
  let currency: String
  let latitudeE4: Int
  let longitudeE4: Int
  let hotel: Merchant
  let merchants: [Merchant]
}

extension Merchants {
  static let abroad = destinations.flatMap { $0.merchants + [$0.hotel] }

  static let destinations = [lisbon, rome, barcelona, dublin, london, tokyo, mexicoCity, montreal]

  private static func eat(_ name: String, _ pattern: String, _ low: Int64, _ high: Int64) -> Merchant {
    one(.foodAndDrinkRestaurant, name, pattern, low, high)
  }
  private static func cafe(_ name: String, _ pattern: String, _ low: Int64, _ high: Int64) -> Merchant {
    one(.foodAndDrinkCoffee, name, pattern, low, high)
  }
  private static func shop(_ name: String, _ pattern: String, _ low: Int64, _ high: Int64) -> Merchant {
    one(.foodAndDrinkGroceries, name, pattern, low, high)
  }
  private static func ride(_ name: String, _ pattern: String, _ low: Int64, _ high: Int64) -> Merchant {
    one(.transportationPublicTransit, name, pattern, low, high)
  }
  private static func see(_ name: String, _ pattern: String, _ low: Int64, _ high: Int64) -> Merchant {
    one(.entertainmentSportingEventsAmusementParksAndMuseums, name, pattern, low, high)
  }
  private static func buy(_ name: String, _ pattern: String, _ low: Int64, _ high: Int64) -> Merchant {
    one(.generalMerchandiseGiftsAndNovelties, name, pattern, low, high)
  }
  private static func stay(_ name: String, _ pattern: String, _ low: Int64, _ high: Int64) -> Merchant {
    one(.travelLodging, name, pattern, low, high)
  }
  private static func one(
    _ category: BankCategory, _ name: String, _ pattern: String, _ low: Int64, _ high: Int64
  ) -> Merchant {
    Merchant(
      name: name, pattern: pattern, low: low, high: high, site: nil, style: .local, category: category, regions: "")
  }

  static let lisbon = Destination(
    city: "LISBOA", country: "PT", currency: "EUR", latitudeE4: 387_223, longitudeE4: -91_393,
    hotel: stay("Hotel Miradouro", "HOTEL MIRADOURO", 42_000, 78_000),
    merchants: [
      eat("Tasca do Rossio", "TASCA DO ROSSIO", 2400, 6800), eat("Cervejaria Baixa", "CERVEJARIA BAIXA", 1900, 5900),
      cafe("Pastelaria Aurora", "PASTELARIA AURORA", 320, 1450), shop("Pingo Doce", "PINGO DOCE {n3}", 780, 4200),
      ride("Metropolitano de Lisboa", "METROPOLITANO LISBOA", 180, 1400),
      see("Museu do Azulejo", "MUSEU DO AZULEJO", 1000, 2600),
      buy("Conserveira da Rua", "CONSERVEIRA DA RUA", 1200, 5400),
    ])
  static let rome = Destination(
    city: "ROMA", country: "IT", currency: "EUR", latitudeE4: 419_028, longitudeE4: 124_964,
    hotel: stay("Albergo Sant'Anna", "ALBERGO SANT ANNA", 48_000, 92_000),
    merchants: [
      eat("Trattoria da Nicoletta", "TRATTORIA DA NICOLETTA", 2800, 8400),
      eat("Pizzeria Monti", "PIZZERIA MONTI", 1600, 4900),
      cafe("Bar Colosseo", "BAR COLOSSEO", 250, 1280), shop("Conad City", "CONAD CITY {n4}", 690, 3900),
      ride("ATAC", "ATAC SPA TAP&GO", 150, 1200), see("Musei Capitolini", "MUSEI CAPITOLINI", 1500, 4200),
      buy("Cartoleria Pantheon", "CARTOLERIA PANTHEON", 900, 6200),
    ])
  static let barcelona = Destination(
    city: "BARCELONA", country: "ES", currency: "EUR", latitudeE4: 413_874, longitudeE4: 21_686,
    hotel: stay("Hostal Eixample", "HOSTAL EIXAMPLE", 44_000, 84_000),
    merchants: [
      eat("Bodega La Palma", "BODEGA LA PALMA", 2200, 7200), eat("El Xampanyet Nou", "EL XAMPANYET NOU", 1800, 5200),
      cafe("Granja Petita", "GRANJA PETITA", 290, 1390), shop("Mercadona", "MERCADONA {n4}", 820, 4600),
      ride("TMB", "TMB METRO BARCELONA", 255, 1250), see("Basilica Visit", "BASILICA TICKETS", 2600, 5200),
      buy("Botiga del Port", "BOTIGA DEL PORT", 1100, 5900),
    ])
  static let dublin = Destination(
    city: "DUBLIN", country: "IE", currency: "EUR", latitudeE4: 533_498, longitudeE4: -62_603,
    hotel: stay("The Liffey Rooms", "THE LIFFEY ROOMS", 52_000, 94_000),
    merchants: [
      eat("The Crooked Harp", "THE CROOKED HARP", 2100, 6900),
      eat("Smithfield Fish Bar", "SMITHFIELD FISH BAR", 1500, 3900),
      cafe("Bewley Lane Coffee", "BEWLEY LANE COFFEE", 380, 1490),
      shop("Dunnes Stores", "DUNNES STORES {n3}", 900, 4800),
      ride("Leap Card", "LEAP CARD TOP UP", 1000, 2500), see("Trinity Exhibition", "TRINITY EXHIBITION", 1850, 5200),
      buy("Avoca House", "AVOCA HOUSE", 1900, 8200),
    ])
  static let london = Destination(
    city: "LONDON", country: "GB", currency: "GBP", latitudeE4: 515_074, longitudeE4: -1278,
    hotel: stay("Bloomsbury Park Hotel", "BLOOMSBURY PARK HOTEL", 54_000, 98_000),
    merchants: [
      eat("Dishoom", "DISHOOM", 2600, 7800), eat("The Duke of Marlow", "THE DUKE OF MARLOW", 1700, 5400),
      cafe("Pret A Manger", "PRET A MANGER", 345, 1290), shop("Tesco Express", "TESCO STORES {n4}", 480, 2900),
      ride("Transport for London", "TFL TRAVEL CH", 280, 1490), see("Tower Tickets", "TOWER TICKETS", 2900, 6900),
      buy("Foyles", "FOYLES", 899, 4600),
    ])
  static let tokyo = Destination(
    city: "TOKYO", country: "JP", currency: "JPY", latitudeE4: 356_762, longitudeE4: 1_396_503,
    hotel: stay("Hotel Asakusa Rin", "HOTEL ASAKUSA RIN", 68_000, 128_000),
    merchants: [
      eat("Sushi Matsu", "SUSHI MATSU", 3800, 14_200), eat("Ichiban Ramen", "ICHIBAN RAMEN", 980, 3200),
      cafe("Doutor Coffee", "DOUTOR COFFEE", 320, 1180), shop("FamilyMart", "FAMILYMART {n5}", 320, 2100),
      ride("Suica", "MOBILE SUICA", 1000, 3000), see("Ueno Museum", "UENO MUSEUM", 1200, 4400),
      buy("Itoya Stationery", "ITOYA STATIONERY", 1400, 8800),
    ])
  static let mexicoCity = Destination(
    city: "CIUDAD DE MEX", country: "MX", currency: "MXN", latitudeE4: 194_326, longitudeE4: -991_332,
    hotel: stay("Casa Roma Norte", "CASA ROMA NORTE", 620_000, 1_180_000),
    merchants: [
      eat("Fonda Violeta", "FONDA VIOLETA", 32_000, 98_000),
      eat("Taqueria Orinoquito", "TAQUERIA ORINOQUITO", 18_000, 46_000),
      cafe("Cafe Avellaneda Sur", "CAFE AVELLANEDA SUR", 6500, 19_000), shop("Oxxo", "OXXO {n5}", 4500, 28_000),
      ride("Ecobici", "ECOBICI CDMX", 12_000, 23_000), see("Museo Casa Azul", "MUSEO CASA AZUL", 27_000, 64_000),
      buy("Mercado de Artesanias", "MERCADO ARTESANIAS", 24_000, 110_000),
    ])
  static let montreal = Destination(
    city: "MONTREAL", country: "CA", currency: "CAD", latitudeE4: 455_019, longitudeE4: -735_674,
    hotel: stay("Auberge Vieux-Port", "AUBERGE DU VIEUX QUAI", 58_000, 104_000),
    merchants: [
      eat("Bistro Laurier", "BISTRO LAURIER", 3800, 11_800), eat("Le Fumoir", "RESTAURANT LE FUMOIR", 2200, 6400),
      cafe("Cafe Olimpia", "CAFE OLIMPIA", 425, 1690), shop("Metro Plus", "METRO PLUS #{n4}", 1100, 5400),
      ride("STM", "STM OPUS", 375, 2150), see("Musee des Beaux-Arts", "MUSEE BEAUX ARTS", 2400, 5600),
      buy("Boutique Plateau", "BOUTIQUE PLATEAU", 1800, 7900),
    ])
}
