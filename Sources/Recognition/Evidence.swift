/// What a line of a statement gives away, gathered once: the classifier, the table and the reasons all look at it.
package struct Evidence: Sendable {
  package let line: StatementLine
  package let isOutgoing: Bool
  let mechanism: Mechanisms.Match?
  let match: MerchantTable.Match?
  /// Of the merchant found, or of the line of its business that is named behind it (`TESCO MOBILE`).
  let matchCategory: String?
  let terms: [Terms.Match]
  let known: Model.Known?

  /// - Parameters:
  ///   - description: The bank's words.
  ///   - isOutgoing: Money left the account.
  ///   - home: Two letters: where the household lives, for names that mean different things in different places.
  package init(_ description: String, isOutgoing: Bool, home: String? = nil) {
    let line = StatementLine(description)
    self.line = line
    self.isOutgoing = isOutgoing
    let names = line.nameIndices
    mechanism = Mechanisms.standard.match(line, isOutgoing: isOutgoing)
    let match = MerchantTable.standard.match(line, home: home)
    self.match = match
    terms = Terms.standard.matches(line, names)
    known = Model.standard.known(line, home: home)
    matchCategory = match.map { match in
      let behind = names.filter { $0 >= match.range.upperBound }.prefix(2)
      for index in behind {
        guard let business = BusinessLine.named[line.string(line.words[index])] else { continue }
        if business.applies(to: match.merchant.category) { return business.category }
      }
      return match.merchant.category
    }
  }
}

/// Words behind a merchant's name that say which of its businesses it was.
struct BusinessLine: Sendable {
  var category: String
  /// Groups of merchants whose own business it is.
  var except: Set<String> = []

  func applies(to category: String) -> Bool {
    category != self.category && !except.contains(Taxonomy.primary(of: category))
  }

  static let named: [String: BusinessLine] = {
    var named: [String: BusinessLine] = [:]
    func add(_ words: String, _ category: String, except: Set<String> = []) {
      for word in words.split(separator: " ") {
        named[String(word)] = BusinessLine(category: category, except: except)
      }
    }
    add("INSURANCE INS ASSURANCE", "GENERAL_SERVICES_INSURANCE", except: ["LOAN_PAYMENTS"])
    add(
      "MOBILE", "RENT_AND_UTILITIES_TELEPHONE",
      except: ["TRANSFER_OUT", "LOAN_PAYMENTS", "RENT_AND_UTILITIES", "TRANSPORTATION"])
    add("BROADBAND", "RENT_AND_UTILITIES_INTERNET_AND_CABLE")
    add("PETROL PFS FUEL FILLING PETRO PETR", "TRANSPORTATION_GAS")
    add("PHARMACY PHARM RX", "MEDICAL_PHARMACIES_AND_SUPPLEMENTS")
    add("CAFE RESTAURANT RESTAURANTS", "FOOD_AND_DRINK_RESTAURANT", except: ["FOOD_AND_DRINK"])
    add("TRAVEL", "TRAVEL_OTHER_TRAVEL", except: ["TRAVEL", "TRANSPORTATION", "GENERAL_SERVICES"])
    add("PARKING", "TRANSPORTATION_PARKING")
    add("OPTICIANS OPTICAL VISION", "MEDICAL_EYE_CARE")
    add("TIRE TYRES TYRE", "GENERAL_SERVICES_AUTOMOTIVE")
    add("ENERGY", "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY", except: ["FOOD_AND_DRINK"])
    return named
  }()
}
