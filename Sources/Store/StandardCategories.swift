/// The categories that a household begins with: the bank data's own taxonomy of groups and places, in words of ours.
///
/// Codes are what banks file rows under and never change. Households rename, colour and hide these, and add their own.
enum StandardCategories {
  struct Group {
    var code: String
    var name: String
    var color: String
    var icon: String
    /// The rest of a code after its group, and its name.
    var places: [(code: String, name: String)]
  }

  /// Names that an older version of the taxonomy used: known, and not offered.
  static let outdated: Set<String> = [
    "INCOME_OTHER_INCOME",
    "INCOME_WAGES",
    "LOAN_DISBURSEMENTS_BNPL",
    "TRANSFER_IN_CASH_ADVANCES_AND_LOANS",
  ]

  static let groups: [Group] = [
    Group(
      code: "INCOME", name: "Income", color: "#2e7d32", icon: "wallet",
      places: [
        ("CHILD_SUPPORT", "Child support"),
        ("CONTRACTOR", "Freelance work"),
        ("DIVIDENDS", "Dividends"),
        ("GIG_ECONOMY", "Gig work"),
        ("INTEREST_EARNED", "Interest earned"),
        ("LONG_TERM_DISABILITY", "Disability benefit"),
        ("MILITARY", "Military pay"),
        ("RENTAL", "Rent received"),
        ("RETIREMENT_PENSION", "Pension"),
        ("SALARY", "Salary"),
        ("TAX_REFUND", "Tax refund"),
        ("UNEMPLOYMENT", "Unemployment benefit"),
        ("OTHER", "Other income"),
        ("WAGES", "Wages"),
        ("OTHER_INCOME", "Other earnings"),
      ]),
    Group(
      code: "LOAN_DISBURSEMENTS", name: "Loans received", color: "#00838f", icon: "bank",
      places: [
        ("AUTO", "Car loan received"),
        ("CASH_ADVANCES", "Cash advance received"),
        ("EWA", "Wages paid early"),
        ("MORTGAGE", "Mortgage received"),
        ("PERSONAL", "Personal loan received"),
        ("STUDENT", "Student loan received"),
        ("OTHER_DISBURSEMENT", "Other loan received"),
        ("BNPL", "Instalment plan received"),
      ]),
    Group(
      code: "LOAN_PAYMENTS", name: "Loan payments", color: "#6d4c41", icon: "bank",
      places: [
        ("BNPL", "Instalment plans"),
        ("CAR_PAYMENT", "Car loan or lease"),
        ("CASH_ADVANCES", "Cash advances repaid"),
        ("CREDIT_CARD_PAYMENT", "Card payments"),
        ("EWA", "Early wages repaid"),
        ("MORTGAGE_PAYMENT", "Mortgage"),
        ("PERSONAL_LOAN_PAYMENT", "Personal loan"),
        ("STUDENT_LOAN_PAYMENT", "Student loan"),
        ("OTHER_PAYMENT", "Other debts"),
      ]),
    Group(
      code: "TRANSFER_IN", name: "Transfers in", color: "#546e7a", icon: "arrow-in",
      places: [
        ("ACCOUNT_TRANSFER", "From an own account"),
        ("DEPOSIT", "Cash and cheques paid in"),
        ("INVESTMENT_AND_RETIREMENT_FUNDS", "From investments"),
        ("SAVINGS", "From savings"),
        ("TRANSFER_IN_FROM_APPS", "From payment apps"),
        ("WIRE", "Wire received"),
        ("OTHER_TRANSFER_IN", "Other transfers in"),
        ("CASH_ADVANCES_AND_LOANS", "Borrowed money"),
      ]),
    Group(
      code: "TRANSFER_OUT", name: "Transfers out", color: "#546e7a", icon: "arrow-out",
      places: [
        ("ACCOUNT_TRANSFER", "To an own account"),
        ("CRYPTO", "To crypto"),
        ("INVESTMENT_AND_RETIREMENT_FUNDS", "To investments"),
        ("SAVINGS", "To savings"),
        ("TRANSFER_OUT_FROM_APPS", "To payment apps"),
        ("WIRE", "Wire sent"),
        ("WITHDRAWAL", "Cash withdrawn"),
        ("OTHER_TRANSFER_OUT", "Other transfers out"),
      ]),
    Group(
      code: "BANK_FEES", name: "Bank fees", color: "#8d6e63", icon: "receipt",
      places: [
        ("ATM_FEES", "ATM fees"),
        ("INSUFFICIENT_FUNDS", "Returned payment fees"),
        ("INTEREST_CHARGE", "Interest paid"),
        ("FOREIGN_TRANSACTION_FEES", "Foreign currency fees"),
        ("OVERDRAFT_FEES", "Overdraft fees"),
        ("LATE_FEES", "Late fees"),
        ("CASH_ADVANCE", "Cash advance fees"),
        ("OTHER_BANK_FEES", "Other bank fees"),
      ]),
    Group(
      code: "ENTERTAINMENT", name: "Entertainment", color: "#7b1fa2", icon: "ticket",
      places: [
        ("CASINOS_AND_GAMBLING", "Gambling"),
        ("MUSIC_AND_AUDIO", "Music and audio"),
        ("SPORTING_EVENTS_AMUSEMENT_PARKS_AND_MUSEUMS", "Events, parks and museums"),
        ("TV_AND_MOVIES", "TV and movies"),
        ("VIDEO_GAMES", "Video games"),
        ("OTHER_ENTERTAINMENT", "Other entertainment"),
      ]),
    Group(
      code: "FOOD_AND_DRINK", name: "Food and drink", color: "#ef6c00", icon: "fork",
      places: [
        ("BEER_WINE_AND_LIQUOR", "Beer, wine and spirits"),
        ("COFFEE", "Coffee"),
        ("FAST_FOOD", "Fast food"),
        ("GROCERIES", "Groceries"),
        ("RESTAURANT", "Restaurants"),
        ("VENDING_MACHINES", "Vending machines"),
        ("OTHER_FOOD_AND_DRINK", "Other food and drink"),
      ]),
    Group(
      code: "GENERAL_MERCHANDISE", name: "Shopping", color: "#c2185b", icon: "bag",
      places: [
        ("BOOKSTORES_AND_NEWSSTANDS", "Books and papers"),
        ("CLOTHING_AND_ACCESSORIES", "Clothes and accessories"),
        ("CONVENIENCE_STORES", "Convenience stores"),
        ("DEPARTMENT_STORES", "Department stores"),
        ("DISCOUNT_STORES", "Discount stores"),
        ("ELECTRONICS", "Electronics"),
        ("GIFTS_AND_NOVELTIES", "Gifts"),
        ("OFFICE_SUPPLIES", "Office supplies"),
        ("ONLINE_MARKETPLACES", "Online shops"),
        ("PET_SUPPLIES", "Pets"),
        ("SPORTING_GOODS", "Sports gear"),
        ("SUPERSTORES", "Superstores"),
        ("TOBACCO_AND_VAPE", "Tobacco"),
        ("OTHER_GENERAL_MERCHANDISE", "Other shopping"),
      ]),
    Group(
      code: "HOME_IMPROVEMENT", name: "Home improvement", color: "#5d4037", icon: "hammer",
      places: [
        ("FURNITURE", "Furniture"),
        ("HARDWARE", "Tools and materials"),
        ("REPAIR_AND_MAINTENANCE", "Repairs"),
        ("SECURITY", "Home security"),
        ("OTHER_HOME_IMPROVEMENT", "Other home upkeep"),
      ]),
    Group(
      code: "MEDICAL", name: "Health", color: "#c62828", icon: "heart",
      places: [
        ("DENTAL_CARE", "Dentist"),
        ("EYE_CARE", "Optician"),
        ("NURSING_CARE", "Nursing care"),
        ("PHARMACIES_AND_SUPPLEMENTS", "Pharmacy"),
        ("PRIMARY_CARE", "Doctor"),
        ("VETERINARY_SERVICES", "Vet"),
        ("OTHER_MEDICAL", "Other health costs"),
      ]),
    Group(
      code: "PERSONAL_CARE", name: "Personal care", color: "#ad1457", icon: "scissors",
      places: [
        ("GYMS_AND_FITNESS_CENTERS", "Gym and fitness"),
        ("HAIR_AND_BEAUTY", "Hair and beauty"),
        ("LAUNDRY_AND_DRY_CLEANING", "Laundry"),
        ("OTHER_PERSONAL_CARE", "Other personal care"),
      ]),
    Group(
      code: "GENERAL_SERVICES", name: "Services", color: "#283593", icon: "briefcase",
      places: [
        ("ACCOUNTING_AND_FINANCIAL_PLANNING", "Tax and money advice"),
        ("AUTOMOTIVE", "Car repair and care"),
        ("CHILDCARE", "Childcare"),
        ("CONSULTING_AND_LEGAL", "Lawyers and consultants"),
        ("EDUCATION", "Education"),
        ("INSURANCE", "Insurance"),
        ("POSTAGE_AND_SHIPPING", "Post and parcels"),
        ("STORAGE", "Storage"),
        ("OTHER_GENERAL_SERVICES", "Other services"),
      ]),
    Group(
      code: "GOVERNMENT_AND_NON_PROFIT", name: "Government and charity", color: "#37474f", icon: "column",
      places: [
        ("DONATIONS", "Donations"),
        ("GOVERNMENT_DEPARTMENTS_AND_AGENCIES", "Government fees"),
        ("TAX_PAYMENT", "Taxes"),
        ("OTHER_GOVERNMENT_AND_NON_PROFIT", "Other public bodies"),
      ]),
    Group(
      code: "TRANSPORTATION", name: "Transport", color: "#1565c0", icon: "bus",
      places: [
        ("BIKES_AND_SCOOTERS", "Bikes and scooters"),
        ("GAS", "Fuel"),
        ("PARKING", "Parking"),
        ("PUBLIC_TRANSIT", "Public transit"),
        ("TAXIS_AND_RIDE_SHARES", "Taxis"),
        ("TOLLS", "Tolls"),
        ("OTHER_TRANSPORTATION", "Other transport"),
      ]),
    Group(
      code: "TRAVEL", name: "Travel", color: "#0277bd", icon: "plane",
      places: [
        ("FLIGHTS", "Flights"),
        ("LODGING", "Hotels"),
        ("RENTAL_CARS", "Rental cars"),
        ("OTHER_TRAVEL", "Other travel"),
      ]),
    Group(
      code: "RENT_AND_UTILITIES", name: "Home and utilities", color: "#f9a825", icon: "house",
      places: [
        ("GAS_AND_ELECTRICITY", "Gas and electricity"),
        ("INTERNET_AND_CABLE", "Internet and cable"),
        ("RENT", "Rent"),
        ("SEWAGE_AND_WASTE_MANAGEMENT", "Sewage and rubbish"),
        ("TELEPHONE", "Phone"),
        ("WATER", "Water"),
        ("OTHER_UTILITIES", "Other utilities"),
      ]),
    Group(
      code: "OTHER", name: "Other", color: "#757575", icon: "dots",
      places: [
        ("OTHER", "Not sorted")
      ]),
  ]
}
