// From a decision to a row: the forms in which money leaves and arrives.

import Finance

extension Life {
  /// A row of today with nothing but an amount and a text; posted at once.
  func row(_ account: Int, _ minor: Int64, _ name: String, _ category: BankCategory) -> BankEntry {
    let bank = plan.accounts[account]
    return BankEntry(
      key: "", account: bank.key, occurredOn: today.date, postsOn: today.date, isPendingFirst: false,
      amountMinor: minor, currency: bank.currency, name: name, originalDescription: name, counterparties: [],
      category: category, confidence: .veryHigh, paymentChannel: "other")
  }

  // MARK: Cards

  /// A purchase with a card at home or on the wire.
  func purchase(
    _ merchant: Merchant, _ minor: Int64, account: Int, hours: ClosedRange<Int> = 9...20, city: City? = nil,
    _ chance: inout Chance
  ) -> BankEntry {
    let isOnline = merchant.style.contains(.online)
    let store = storeSeed(merchant)
    let line = Descriptor.fill(merchant.pattern, store: store, day: today.date, chance: &chance)
    let city = city ?? plan.city
    let place = line.place ?? Descriptor.pad(Descriptor.upper(city.name), to: 13) + city.region
    let isCredit = plan.accounts[account].type == "credit"
    let text = Descriptor.cut(line.text, to: isCredit ? 25 : 22)
    var entry = row(account, minor, Descriptor.squeeze(text), merchant.category)
    entry.secondOfDay = chance.int(hours.lowerBound * 3600...hours.upperBound * 3600 + 3599)
    entry.isPendingFirst = true
    entry.postsOn = postingDay(isCredit: isCredit, &chance)
    let cityText = line.place == nil ? " " + Descriptor.upper(city.name) + " " + city.region : ""
    if isCredit {
      entry.originalDescription = Descriptor.pad(text, to: 25) + place
    } else {
      let date = Descriptor.two(today.civil.month) + "/" + Descriptor.two(today.civil.day)
      entry.originalDescription = "POS DEBIT " + date + " " + Descriptor.pad(text, to: 23) + place
      entry.pendingName = Self.pendingPrefix + entry.name
      entry.name = Descriptor.cut(entry.name + cityText, to: 40)
    }
    entry.paymentChannel = isOnline ? "online" : "in store"
    entry.website = merchant.site
    describe(&entry, merchant, line, &chance)
    entry.location = isOnline ? nil : location(merchant, store, line, city)
    return entry
  }

  static let pendingPrefix = "PENDING - "

  private func postingDay(isCredit: Bool, _ chance: inout Chance) -> CalendarDate {
    let wait = isCredit ? chance.pick([1, 1, 2, 2, 2, 3]) : chance.pick([1, 1, 1, 2])
    return today.date.adding(businessDays: wait)
  }

  /// The enrichment's view: a cleaned name, who took part, how sure it is.
  private func describe(
    _ entry: inout BankEntry, _ merchant: Merchant, _ line: Descriptor.Line, _ chance: inout Chance
  ) {
    let isLocal = merchant.style.contains(.local)
    let confidence: BankConfidence = isLocal ? chance.pick([.high, .high, .medium, .low]) : .veryHigh
    entry.confidence = confidence
    entry.merchantEntityKey = merchant.name
    if isLocal, chance.perMille(60) {
      // Some names stay unknown, and then nobody can say who was paid.
      entry.merchantEntityKey = nil
      entry.counterparties = []
    } else {
      entry.merchantName = merchant.name
      entry.counterparties = [
        BankCounterparty(
          name: merchant.name, type: "merchant", entityKey: merchant.name, website: merchant.site,
          confidence: confidence)
      ]
    }
    for processor in Self.processors where line.text.hasPrefix(processor.prefix) {
      entry.counterparties.append(
        BankCounterparty(
          name: processor.name, type: processor.type, entityKey: processor.name, website: processor.site,
          confidence: .veryHigh))
      if processor.type == "payment_app" {
        entry.paymentMeta = BankPaymentMeta(paymentProcessor: processor.name)
      }
    }
  }

  private static let processors: [(prefix: String, name: String, type: String, site: String)] = [
    ("SQ *", "Square", "payment_terminal", "squareup.com"), ("TST*", "Toast", "payment_terminal", "toasttab.com"),
    ("PAYPAL *", "PayPal", "payment_app", "paypal.com"), ("CLOVER*", "Clover", "payment_terminal", "clover.com"),
    ("DD *", "DoorDash", "marketplace", "doordash.com"), ("AMZN MKTP", "Amazon", "marketplace", "amazon.com"),
  ]

  /// The same store on every visit, another after a move.
  private func storeSeed(_ merchant: Merchant) -> UInt64 {
    var chance = Chance(plan.seed, key: Chance.hash(merchant.name), epoch)
    return chance.bits()
  }

  /// How often the household has moved.
  var epoch: Int { plan.moves.count { $0 <= today.days } }

  private func location(
    _ merchant: Merchant, _ store: UInt64, _ line: Descriptor.Line, _ city: City
  ) -> BankLocation {
    var fixed = Chance(store, "address")
    let number = Self.digits(in: merchant.pattern, line.text)
    return BankLocation(
      address: "\(fixed.int(100...9800)) \(fixed.pick(city.streets))", city: city.name, region: city.region,
      postalCode: city.postalPrefix + Descriptor.two(fixed.int(1...58)), country: "US", storeNumber: number,
      latitudeE4: city.latitudeE4 + fixed.int(-700...700), longitudeE4: city.longitudeE4 + fixed.int(-800...800))
  }

  /// The last run of digits, where the pattern has a store number.
  private static func digits(in pattern: String, _ text: String) -> String? {
    guard pattern.utf8.contains(where: { $0 == UInt8(ascii: "{") }) else { return nil }
    var run: [UInt8] = []
    var last: [UInt8] = []
    for byte in text.utf8 {
      if (48...57).contains(byte) {
        run.append(byte)
        last = run
      } else {
        run = []
      }
    }
    return last.isEmpty ? nil : String(decoding: last, as: UTF8.self)
  }

  // MARK: The clearing house

  /// A debit or credit through the clearing house, posted on the day.
  func clearing(
    _ account: Int, _ minor: Int64, party: String, descriptor: String, entryClass: String, category: BankCategory,
    site: String? = nil, person: String? = nil
  ) -> BankEntry {
    var fixed = Chance(plan.seed, key: Chance.hash(descriptor))
    let company = "XXXXX" + fixed.digits(5)
    let individual = fixed.digits(9)
    let person = person ?? plan.holder.names[0]
    var entry = row(account, minor, descriptor, category)
    entry.originalDescription =
      Descriptor.cut(descriptor, to: 28) + " ID:" + individual + " INDN:"
      + Descriptor.cut(Descriptor.upper(person), to: 18) + " CO ID:" + company + " " + entryClass
    entry.merchantName = party
    entry.merchantEntityKey = party
    entry.website = site
    entry.transactionCode = minor > 0 ? "direct debit" : nil
    let isWage = category.primary == "INCOME"
    entry.counterparties = [
      BankCounterparty(
        name: party, type: isWage ? "income_source" : "merchant", entityKey: party, website: site,
        confidence: .veryHigh)
    ]
    entry.paymentMeta = BankPaymentMeta(
      referenceNumber: individual, ppdID: company, payee: minor > 0 ? party : person,
      payer: minor > 0 ? person : party, byOrderOf: minor > 0 ? nil : party, paymentMethod: "ACH")
    return entry
  }

  /// A paper cheque; the bank knows the number and nothing else.
  mutating func check(_ account: Int, _ minor: Int64, category: BankCategory) -> BankEntry {
    var chance = chance("check", checkNumber)
    checkNumber += chance.pick([1, 1, 1, 2])
    var entry = row(account, minor, "CHECK #\(checkNumber)", category)
    entry.originalDescription = "CHECK \(checkNumber)"
    entry.checkNumber = String(checkNumber)
    entry.transactionCode = "cheque"
    entry.confidence = .low
    return entry
  }

  // MARK: Own accounts

  /// Both legs of a movement between own accounts; the second arrives `after` days later.
  mutating func transfer(from: Int, to: Int, _ minor: Int64, after days: Int = 0) {
    let number = Chance.digits(of: plan.seed, today.days, from * 16 + to)
    let pair = "transfer-" + number
    let (source, target) = (plan.accounts[from], plan.accounts[to])
    let savesOut = target.subtype == "savings" || target.subtype == "money market" || target.subtype == "cd"
    let savesIn = source.subtype == "savings" || source.subtype == "money market" || source.subtype == "cd"
    var out = row(
      from, minor, "Online Transfer to \(Self.short(target)) ...\(target.mask)",
      savesOut ? .transferOutSavings : .transferOutAccountTransfer)
    out.originalDescription = out.name + " transaction#: " + number
    out.transactionCode = "transfer"
    out.paymentMeta = BankPaymentMeta(referenceNumber: number)
    out.pairKey = pair
    var into = row(
      to, -minor, "Online Transfer from \(Self.short(source)) ...\(source.mask)",
      savesIn ? .transferInSavings : .transferInAccountTransfer)
    into.originalDescription = into.name + " transaction#: " + number
    into.transactionCode = "transfer"
    into.paymentMeta = out.paymentMeta
    into.pairKey = pair
    emit(out)
    if days == 0 { emit(into) } else { arrive(into, on: today.date.adding(businessDays: days)) }
  }

  /// Keeps a row for a later day, on which it posts.
  mutating func arrive(_ entry: BankEntry, on day: CalendarDate) {
    var entry = entry
    entry.postsOn = day
    later(entry, on: day)
  }

  private static func short(_ account: BankAccount) -> String {
    switch account.subtype {
    case "checking": "CHK"
    case "savings": "SAV"
    case "money market": "MMA"
    case "cd": "CD"
    case "hsa": "HSA"
    default: "ACCT"
    }
  }
}

extension Chance {
  /// A reference number that belongs to a day and an index.
  static func digits(of seed: UInt64, _ day: Int, _ index: Int) -> String {
    var chance = Chance(seed, "reference", day, index)
    return chance.digits(11)
  }
}
