// The habits of ordinary days, to be turned up or down by a persona.

import Finance

extension Builder {
  /// How much of everything a persona does, in percent of a family of two.
  struct Measure {
    var groceries = 100
    var eatingOut = 100
    var coffee = 100
    var driving = 100
    var rides = 100
    var shopping = 100
    var body = 100
    var fun = 100
    var basket: Int64 = 100
  }

  /// Chances scaled; the shape of the week stays.
  private func week(_ chances: [Int], _ percent: Int) -> [Int] { chances.map { $0 * percent / 100 } }

  /// Adds the habits, and the larder and the car that some of them fill.
  func everyday(_ plan: inout Plan, card: Int, debit: Int, _ measure: Measure) {
    plan.larder = Larder(perDayMinor: 2800 * Int64(measure.groceries) * measure.basket / 10_000)
    plan.car = Car(perDayE3: 1450 * Int64(measure.driving) / 100)
    plan.habits +=
      food(plan, card, debit, measure) + errands(plan, card, debit, measure) + gettingAbout(plan, card, debit, measure)
      + leisure(plan, card, debit, measure)
  }

  private func food(_ plan: Plan, _ card: Int, _ debit: Int, _ measure: Measure) -> [Habit] {
    [
      Habit(
        name: "groceries", merchants: local(plan, Merchants.groceries), favourites: 4, loyalty: 820,
        week: week([110, 160, 180, 240, 280, 760, 630], measure.groceries), need: .larder,
        account: card, other: (debit, 180), hours: 8...20, scale: 135 * measure.basket / 100),
      Habit(
        name: "superstore", merchants: local(plan, Merchants.superstores), favourites: 2,
        week: week([40, 40, 40, 40, 60, 210, 160], measure.groceries), fillsLarder: 80, account: card, hours: 9...20,
        scale: 68 * measure.basket / 100, december: 130),
      Habit(
        name: "coffee", merchants: local(plan, Merchants.coffee), favourites: 3, loyalty: 860,
        week: week([330, 320, 330, 320, 380, 300, 260], measure.coffee), account: card, other: (debit, 120),
        hours: 6...15),
      Habit(
        name: "fast food", merchants: local(plan, Merchants.fastFood), favourites: 5, loyalty: 620,
        week: week([150, 160, 170, 180, 230, 220, 170], measure.eatingOut), account: card, other: (debit, 150),
        hours: 11...20),
      Habit(
        name: "restaurants", merchants: local(plan, Merchants.restaurants), favourites: 6, loyalty: 560,
        week: week([40, 50, 70, 90, 260, 300, 190], measure.eatingOut), account: card, hours: 17...21,
        scale: 78 * measure.basket / 100, december: 120),
      Habit(
        name: "delivery", merchants: Merchants.delivery, favourites: 2,
        week: week([40, 40, 50, 50, 90, 90, 100], measure.eatingOut), account: card, hours: 17...21,
        scale: 85 * measure.basket / 100),
      Habit(
        name: "bakery", merchants: local(plan, Merchants.bakeries), favourites: 3,
        week: week([10, 10, 20, 20, 40, 90, 90], measure.coffee), account: card, hours: 8...18),
      Habit(
        name: "wine", merchants: local(plan, Merchants.liquor), favourites: 2,
        week: week([10, 10, 20, 20, 80, 70, 20], measure.fun), account: card, hours: 12...20, scale: 75, december: 180),
      Habit(
        name: "corner shop", merchants: local(plan, Merchants.convenience), favourites: 2,
        week: week([50, 50, 50, 50, 70, 60, 50], measure.coffee), account: debit, other: (card, 300), hours: 7...22),
      Habit(
        name: "vending", merchants: Merchants.vending, favourites: 2,
        week: week([30, 30, 30, 30, 20, 0, 0], measure.coffee),
        account: debit, hours: 10...17),
    ]
  }

  private func errands(_ plan: Plan, _ card: Int, _ debit: Int, _ measure: Measure) -> [Habit] {
    [
      Habit(
        name: "amazon", merchants: Array(Merchants.marketplaces.prefix(2)), favourites: 2,
        week: week([150, 130, 130, 120, 110, 110, 160], measure.shopping), account: card, hours: 7...23, scale: 62,
        december: 210, atHome: false),
      Habit(
        name: "marketplaces", merchants: Array(Merchants.marketplaces.dropFirst(2)), favourites: 2,
        week: week([20, 20, 20, 20, 20, 25, 30], measure.shopping), account: card, hours: 8...23, scale: 80,
        december: 190),
      Habit(
        name: "clothes", merchants: local(plan, Merchants.clothing + Merchants.departmentStores), favourites: 4,
        loyalty: 500, week: week([10, 10, 10, 20, 30, 80, 60], measure.shopping), account: card, hours: 10...20,
        scale: 72, december: 200),
      Habit(
        name: "bargains", merchants: local(plan, Merchants.discount), favourites: 3,
        week: week([15, 15, 15, 15, 20, 60, 50], measure.shopping), account: card, other: (debit, 300), hours: 10...20,
        scale: 70, december: 150),
      Habit(
        name: "electronics", merchants: local(plan, Merchants.electronics), favourites: 2,
        week: week([5, 5, 5, 5, 10, 20, 15], measure.shopping), account: card, hours: 10...20, scale: 55, december: 260),
      Habit(
        name: "books", merchants: local(plan, Merchants.books), favourites: 3,
        week: week([15, 15, 15, 15, 20, 35, 30], measure.fun), account: card, hours: 9...21, december: 150),
      Habit(
        name: "gifts", merchants: local(plan, Merchants.gifts + Merchants.crafts), favourites: 4,
        week: week([10, 10, 10, 15, 20, 35, 25], measure.shopping), account: card, hours: 10...19, december: 280),
      Habit(
        name: "sports", merchants: local(plan, Merchants.sports), favourites: 2,
        week: week([5, 5, 5, 5, 10, 30, 20], measure.shopping), account: card, hours: 10...19, scale: 60, december: 160),
      Habit(
        name: "hardware", merchants: local(plan, Merchants.hardware + Merchants.garden), favourites: 2,
        week: week([15, 15, 15, 15, 20, 90, 70], measure.shopping), account: card, hours: 8...19, scale: 55),
      Habit(
        name: "furniture", merchants: local(plan, Merchants.furniture), favourites: 3,
        week: week([4, 4, 4, 4, 6, 18, 14], measure.shopping), account: card, hours: 10...20, scale: 52),
      Habit(
        name: "post", merchants: Array(Merchants.postage.prefix(3)), favourites: 2,
        week: week([15, 15, 15, 15, 15, 10, 0], measure.shopping), account: debit, hours: 9...17, scale: 70,
        december: 300),
      Habit(
        name: "services", merchants: local(plan, Merchants.otherServices + Merchants.trades.suffix(1)), favourites: 3,
        week: week([6, 6, 6, 6, 8, 8, 4], measure.shopping), account: card, hours: 9...18, scale: 70),
    ]
  }

  private func gettingAbout(_ plan: Plan, _ card: Int, _ debit: Int, _ measure: Measure) -> [Habit] {
    [
      Habit(
        name: "fuel", merchants: local(plan, Merchants.fuel.dropLast()), favourites: 3,
        week: [130, 110, 110, 110, 150, 150, 120], need: .tank, account: card, other: (debit, 200), hours: 6...20),
      Habit(
        name: "rides", merchants: Merchants.rides, favourites: 3,
        week: week([20, 20, 30, 40, 90, 100, 50], measure.rides), account: card, hours: 7...23, scale: 70),
      Habit(
        name: "parking", merchants: local(plan, Merchants.parking), favourites: 3,
        week: week([60, 60, 70, 70, 90, 90, 40], measure.driving), account: card, hours: 8...20, scale: 75),
      Habit(
        name: "transit", merchants: [plan.city.transit], favourites: 1,
        week: week([50, 40, 40, 40, 40, 20, 10], measure.rides), account: debit, hours: 6...19),
      Habit(
        name: "tolls", merchants: local(plan, Merchants.tolls), favourites: 1,
        week: week([12, 8, 8, 8, 10, 6, 6], measure.driving), account: card, hours: 3...6),
      Habit(
        name: "car", merchants: local(plan, Merchants.carCare), favourites: 3,
        week: week([12, 12, 12, 12, 15, 30, 8], measure.driving), account: card, hours: 8...17, scale: 42),
      Habit(
        name: "scooters", merchants: Merchants.bikes, favourites: 2,
        week: week([8, 8, 8, 8, 12, 16, 10], measure.rides),
        account: card, hours: 9...22),
    ]
  }

  private func leisure(_ plan: Plan, _ card: Int, _ debit: Int, _ measure: Measure) -> [Habit] {
    [
      Habit(
        name: "cinema", merchants: local(plan, Merchants.cinema), favourites: 2,
        week: week([8, 12, 8, 10, 35, 45, 25], measure.fun), account: card, hours: 17...21),
      Habit(
        name: "outings", merchants: local(plan, Merchants.outings), favourites: 5, loyalty: 400,
        week: week([4, 4, 4, 8, 20, 35, 25], measure.fun), account: card, hours: 10...20, scale: 75),
      Habit(
        name: "games", merchants: Merchants.games, favourites: 2, week: week([8, 8, 8, 10, 20, 20, 18], measure.fun),
        account: card, hours: 16...23, scale: 70, december: 200),
      Habit(
        name: "other fun",
        merchants: local(plan, Merchants.otherFun.filter { $0.name != "Patreon" } + Merchants.lottery.prefix(1)),
        favourites: 2, week: week([3, 3, 4, 6, 16, 20, 10], measure.fun), account: debit, hours: 12...21, scale: 75),
      Habit(
        name: "pharmacy", merchants: local(plan, Merchants.pharmacies), favourites: 2,
        week: week([45, 45, 45, 45, 50, 55, 40], measure.body), account: card, other: (debit, 200), hours: 8...20),
      Habit(
        name: "doctor", merchants: local(plan, Merchants.doctors.filter { $0.name != "Riverbend Pediatrics" }),
        favourites: 2,
        week: week([14, 14, 14, 14, 12, 0, 0], measure.body), account: debit, other: (card, 400), hours: 8...16,
        scale: 60),
      Habit(
        name: "dentist", merchants: Merchants.dentists.filter { $0.name != "Cascade Orthodontics" }, favourites: 1,
        week: week([5, 5, 5, 5, 4, 0, 0], measure.body), account: card, hours: 8...16, scale: 70),
      Habit(
        name: "eyes", merchants: Merchants.eyes, favourites: 2, week: week([2, 2, 2, 2, 2, 3, 0], measure.body),
        account: card, hours: 10...18),
      Habit(
        name: "lab", merchants: Array(Merchants.otherMedical.prefix(2)), favourites: 2,
        week: week([4, 4, 4, 4, 4, 0, 0], measure.body), account: card, hours: 3...6),
      Habit(
        name: "hair", merchants: local(plan, Merchants.hair), favourites: 4,
        week: week([16, 48, 48, 58, 86, 116, 20], measure.body), account: card, hours: 9...18, scale: 78),
      Habit(
        name: "laundry", merchants: local(plan, Merchants.laundry), favourites: 1,
        week: week([12, 10, 10, 10, 12, 18, 10], measure.body), account: debit, hours: 7...18),
      Habit(
        name: "spa", merchants: local(plan, Merchants.spas), favourites: 2,
        week: week([3, 3, 4, 4, 8, 12, 6], measure.body),
        account: card, hours: 10...18),
      Habit(
        name: "giving", merchants: local(plan, Merchants.donations), favourites: 2,
        week: week([5, 5, 5, 5, 5, 5, 12], measure.fun), account: debit, hours: 8...22, scale: 70, december: 350),
      Habit(
        name: "government", merchants: Merchants.government, favourites: 4, loyalty: 0,
        week: week([3, 3, 3, 3, 3, 0, 0], measure.driving), account: debit, hours: 9...16),
    ]
  }
}
