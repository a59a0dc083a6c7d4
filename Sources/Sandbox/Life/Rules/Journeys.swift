// Holidays abroad and weekends away.

import Finance

/// A journey, decided at the start of its year.
struct Trip {
  enum Kind {
    case abroad(Destination)
    case weekend(City)
  }
  var kind: Kind
  /// Days since 1970.
  var start: Int
  var nights: Int
  var bookedOn: Int
  var number: Int

  func contains(_ day: Int) -> Bool { start <= day && day <= start + nights }
}

extension Life {
  /// The journey the household is on, if any.
  var currentTrip: Trip? { trips.first { $0.contains(today.days) } }

  mutating func travel() {
    guard let travel = plan.travel else { return }
    if tripYear != today.civil.year {
      tripYear = today.civil.year
      trips = decide(travel, tripYear)
    }
    for trip in trips {
      var chance = chance("trip", trip.number)
      if trip.bookedOn == today.days { book(trip, travel, &chance) }
      if case .abroad(let place) = trip.kind {
        if trip.start - 12 == today.days { changeMoney(travel, place, &chance) }
        if trip.contains(today.days) { spendAbroad(trip, travel, place, &chance) }
      } else if case .weekend(let city) = trip.kind, trip.contains(today.days) {
        spendAway(trip, travel, city, &chance)
      }
    }
  }

  /// The first day of a year's holiday, whether or not it is taken.
  static func summer(_ seed: UInt64, _ year: Int, _ newYear: Int) -> Int {
    var chance = Chance(seed, "summer", year)
    return newYear + chance.int(150...235)
  }

  /// All journeys of a year lie between March and November, so that nothing of them falls into another year.
  private func decide(_ travel: Travel, _ year: Int) -> [Trip] {
    var chance = Chance(plan.seed, "journeys", year)
    guard let newYear = CalendarDate(year: year, month: 1, day: 1)?.days, !travel.destinations.isEmpty else {
      return []
    }
    var trips: [Trip] = []
    let start = Self.summer(plan.seed, year, newYear)
    let nights = chance.int(travel.nights)
    let lead = chance.int(48...83)
    if !travel.athome.contains(start) {
      let place = travel.destinations[abs(year - travel.firstYear) % travel.destinations.count]
      trips.append(Trip(kind: .abroad(place), start: start, nights: nights, bookedOn: start - lead, number: 0))
    }
    for number in 0..<travel.weekends {
      let begin = CalendarDate(days: newYear + chance.int(64...320))
      let friday = begin + (12 - begin.weekday) % 7
      let cities = City.all.filter { $0.name != plan.city.name }
      let city = chance.pick(cities)
      let trip = Trip(
        kind: .weekend(city), start: friday.days, nights: chance.int(2...3), bookedOn: friday.days - chance.int(9...40),
        number: number + 1)
      // Nobody is in two places: a weekend that meets another journey stays a plan.
      if !trips.contains(where: { $0.start - 3 <= trip.start + trip.nights && trip.start - 3 <= $0.start + $0.nights })
      {
        trips.append(trip)
      }
    }
    return trips
  }

  private mutating func book(_ trip: Trip, _ travel: Travel, _ chance: inout Chance) {
    let airline = chance.pick(Merchants.flights)
    switch trip.kind {
    case .abroad:
      spend(airline, chance.minor(61_000...94_000) * travel.people, account: travel.card, &chance)
    case .weekend(let city):
      if chance.perMille(550) {
        spend(airline, chance.minor(15_900...31_900) * travel.people, account: travel.card, &chance)
      }
      spend(
        chance.pick(Merchants.lodging), chance.minor(14_900...24_900) * Int64(trip.nights), account: travel.card,
        city: city, &chance)
    }
  }

  /// Fills the foreign account, at the rate of the day.
  private mutating func changeMoney(_ travel: Travel, _ place: Destination, _ chance: inout Chance) {
    guard let foreign = travel.foreign, foreign.currency == place.currency else { return }
    let wanted = 90_000 - funds[foreign.account] + chance.minor(0...4) * 10_000
    guard wanted > 10_000 else { return }
    let bought = wanted / 5000 * 5000
    let rate = Market.dollars(per: foreign.currency, on: today.date)
    let paid = bought * rate / 1_000_000 * 1012 / 1000
    guard available(foreign.payer) > paid else { return }
    let number = Chance.digits(of: plan.seed, today.days, 700)
    let quote = Self.quote(bought, foreign.currency, rate)
    var out = row(foreign.payer, paid, "CURRENCY PURCHASE " + foreign.currency, .transferOutAccountTransfer)
    out.originalDescription = out.name + " " + quote + " REF " + number
    out.pairKey = "exchange-" + number
    var into = row(foreign.account, -bought, "CURRENCY PURCHASE FROM USD", .transferInAccountTransfer)
    into.originalDescription = into.name + " REF " + number
    into.pairKey = out.pairKey
    emit(booked(out))
    arrive(into, on: today.date.adding(businessDays: 1))
  }

  /// `12.40 EUR @ 1.0921`, as banks print the foreign amount and the rate.
  private static func quote(_ minor: Int64, _ currency: String, _ rate: Int64) -> String {
    currency == "JPY"
      ? "\(minor) JPY @ " + Descriptor.decimal(rate / 100, digits: 6)
      : Descriptor.decimal(minor) + " " + currency + " @ " + Descriptor.decimal(rate / 100, digits: 4)
  }

  // MARK: Abroad

  private mutating func spendAbroad(_ trip: Trip, _ travel: Travel, _ place: Destination, _ chance: inout Chance) {
    let day = today.days - trip.start
    if day == 0 {
      emit(hold(foreign(place.hotel, place.hotel.low / 3, place, travel.card, &chance), days: trip.nights))
    }
    if day == trip.nights {
      pay(place.hotel, chance.minor(place.hotel.low...place.hotel.high), place, travel.card, &chance)
      return
    }
    if day % 4 == 1 { withdrawAbroad(travel, place, &chance) }
    for _ in 0..<chance.int(2...4) {
      let merchant = chance.pick(place.merchants)
      // The second of two accounts, where there is one in the currency of the place and it is not empty.
      var account = travel.card
      if let foreign = travel.foreign, foreign.currency == place.currency, chance.perMille(450),
        available(foreign.account) > merchant.high
      {
        account = foreign.account
      }
      pay(merchant, Life.amount(of: merchant, scale: 100, &chance), place, account, &chance)
    }
  }

  /// A purchase abroad and, on an account in dollars, the fee for it.
  private mutating func pay(
    _ merchant: Merchant, _ minor: Int64, _ place: Destination, _ account: Int, _ chance: inout Chance
  ) {
    let entry = foreign(merchant, minor, place, account, &chance)
    emit(entry)
    if entry.currency != place.currency { feeAbroad(for: entry, account) }
  }

  private mutating func feeAbroad(for entry: BankEntry, _ account: Int) {
    let fee = (entry.amountMinor * 3 + 50) / 100
    guard fee > 0 else { return }
    var row = row(account, fee, "FOREIGN TRANSACTION FEE", .bankFeesForeignTransactionFees)
    row.originalDescription = "FOREIGN TRANSACTION FEE " + Descriptor.cut(entry.name, to: 22)
    row.transactionCode = "bank charge"
    row.postsOn = entry.postsOn
    emit(row)
  }

  /// The row as the home bank shows it: in its own currency, with the foreign amount in the text.
  private func foreign(
    _ merchant: Merchant, _ minor: Int64, _ place: Destination, _ account: Int, _ chance: inout Chance
  ) -> BankEntry {
    let bank = plan.accounts[account]
    let rate = Market.dollars(per: place.currency, on: today.date)
    let isHome = bank.currency != place.currency
    let amount = isHome ? max(1, minor * rate / 1_000_000) : minor
    var entry = purchase(merchant, amount, account: account, hours: 8...22, &chance)
    // On a debit card the name ends with the city at home.
    let text = entry.pendingName.map { String($0.dropFirst(Self.pendingPrefix.count)) } ?? entry.name
    entry.originalDescription =
      Descriptor.pad(text, to: 25) + Descriptor.pad(place.city, to: 13) + place.country
      + (isHome ? " " + Self.quote(minor, place.currency, rate) : "")
    entry.name = isHome ? text + " " + place.city : text
    entry.pendingName = text
    if isHome {
      // The rate is fixed when the row posts: pending and posted differ by a little.
      entry.pendingAmountMinor = amount - amount * chance.minor(-6...9) / 1000
    }
    entry.location = BankLocation(
      city: place.city, country: place.country, latitudeE4: place.latitudeE4 + chance.int(-200...200),
      longitudeE4: place.longitudeE4 + chance.int(-200...200))
    entry.paymentChannel = "in store"
    return entry
  }

  private mutating func withdrawAbroad(_ travel: Travel, _ place: Destination, _ chance: inout Chance) {
    let unit: Int64 = place.currency == "MXN" ? 100_000 : place.currency == "JPY" ? 10_000 : 5000
    let minor = unit * chance.minor(1...3)
    let rate = Market.dollars(per: place.currency, on: today.date)
    let isOwn = travel.foreign?.currency == place.currency
    let account = isOwn ? travel.foreign?.account ?? plan.checking : plan.checking
    guard available(account) > minor * 2 || !isOwn else { return }
    let amount = isOwn ? minor : minor * rate / 1_000_000
    var entry = row(account, amount, "ATM WITHDRAWAL " + place.city, .transferOutWithdrawal)
    entry.originalDescription =
      "INTL ATM WITHDRAWAL " + place.city + " " + place.country
      + (isOwn ? "" : " " + Self.quote(minor, place.currency, rate))
    entry.transactionCode = "atm"
    entry.paymentChannel = "in store"
    entry.location = BankLocation(city: place.city, country: place.country)
    entry.postsOn = today.date.adding(businessDays: 1)
    entry.isPendingFirst = true
    emit(entry)
    guard !isOwn else { return }
    feeAbroad(for: entry, account)
    var fee = row(account, 500, "NON-NETWORK ATM FEE", .bankFeesAtmFees)
    fee.originalDescription = "INTL NON-BANK ATM FEE"
    fee.transactionCode = "bank charge"
    fee.postsOn = entry.postsOn
    emit(fee)
  }

  // MARK: Away at home

  /// A weekend in another city: fuel or a ride, tables, something to see; the hotel holds a deposit.
  private mutating func spendAway(_ trip: Trip, _ travel: Travel, _ city: City, _ chance: inout Chance) {
    let day = today.days - trip.start
    var merchants = [chance.pick(Merchants.restaurants), chance.pick(Merchants.coffee)]
    if day == 0 {
      merchants = [chance.pick(Merchants.fastFood), chance.pick(Merchants.rides)]
      let hotel = chance.pick(Merchants.lodging.filter { !$0.style.contains(.online) })
      emit(
        hold(purchase(hotel, chance.pick([5000, 10_000, 15_000]), account: travel.card, city: city, &chance), days: 5))
    } else if day == 1 {
      merchants.append(chance.pick(Merchants.outings))
      merchants.append(chance.pick(Merchants.restaurants))
    }
    for merchant in merchants where merchant.trades(in: city.region) {
      let amount = Life.amount(of: merchant, scale: 80 + 20 * travel.people, &chance)
      spend(merchant, amount, account: travel.card, city: city, &chance)
    }
  }
}
