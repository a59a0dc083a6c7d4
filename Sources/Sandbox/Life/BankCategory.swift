/// Every detailed category of Plaid's personal finance taxonomy, version 2, spelled as Plaid spells it.
///
/// An enum, so that a rule of a life cannot invent a category. The raw values go over the wire and never change.
package enum BankCategory: String, Sendable, CaseIterable {
  case incomeChildSupport = "INCOME_CHILD_SUPPORT"
  case incomeContractor = "INCOME_CONTRACTOR"
  case incomeDividends = "INCOME_DIVIDENDS"
  case incomeGigEconomy = "INCOME_GIG_ECONOMY"
  case incomeInterestEarned = "INCOME_INTEREST_EARNED"
  case incomeLongTermDisability = "INCOME_LONG_TERM_DISABILITY"
  case incomeMilitary = "INCOME_MILITARY"
  case incomeRental = "INCOME_RENTAL"
  case incomeRetirementPension = "INCOME_RETIREMENT_PENSION"
  case incomeSalary = "INCOME_SALARY"
  case incomeTaxRefund = "INCOME_TAX_REFUND"
  case incomeUnemployment = "INCOME_UNEMPLOYMENT"
  case incomeOther = "INCOME_OTHER"
  case loanDisbursementsAuto = "LOAN_DISBURSEMENTS_AUTO"
  case loanDisbursementsCashAdvances = "LOAN_DISBURSEMENTS_CASH_ADVANCES"
  case loanDisbursementsEwa = "LOAN_DISBURSEMENTS_EWA"
  case loanDisbursementsMortgage = "LOAN_DISBURSEMENTS_MORTGAGE"
  case loanDisbursementsPersonal = "LOAN_DISBURSEMENTS_PERSONAL"
  case loanDisbursementsStudent = "LOAN_DISBURSEMENTS_STUDENT"
  case loanDisbursementsOtherDisbursement = "LOAN_DISBURSEMENTS_OTHER_DISBURSEMENT"
  case loanPaymentsBnpl = "LOAN_PAYMENTS_BNPL"
  case loanPaymentsCarPayment = "LOAN_PAYMENTS_CAR_PAYMENT"
  case loanPaymentsCashAdvances = "LOAN_PAYMENTS_CASH_ADVANCES"
  case loanPaymentsCreditCardPayment = "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT"
  case loanPaymentsEwa = "LOAN_PAYMENTS_EWA"
  case loanPaymentsMortgagePayment = "LOAN_PAYMENTS_MORTGAGE_PAYMENT"
  case loanPaymentsPersonalLoanPayment = "LOAN_PAYMENTS_PERSONAL_LOAN_PAYMENT"
  case loanPaymentsStudentLoanPayment = "LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT"
  case loanPaymentsOtherPayment = "LOAN_PAYMENTS_OTHER_PAYMENT"
  case transferInAccountTransfer = "TRANSFER_IN_ACCOUNT_TRANSFER"
  case transferInDeposit = "TRANSFER_IN_DEPOSIT"
  case transferInInvestmentAndRetirementFunds = "TRANSFER_IN_INVESTMENT_AND_RETIREMENT_FUNDS"
  case transferInSavings = "TRANSFER_IN_SAVINGS"
  case transferInTransferInFromApps = "TRANSFER_IN_TRANSFER_IN_FROM_APPS"
  case transferInWire = "TRANSFER_IN_WIRE"
  case transferInOtherTransferIn = "TRANSFER_IN_OTHER_TRANSFER_IN"
  case transferOutAccountTransfer = "TRANSFER_OUT_ACCOUNT_TRANSFER"
  case transferOutCrypto = "TRANSFER_OUT_CRYPTO"
  case transferOutInvestmentAndRetirementFunds = "TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS"
  case transferOutSavings = "TRANSFER_OUT_SAVINGS"
  case transferOutTransferOutFromApps = "TRANSFER_OUT_TRANSFER_OUT_FROM_APPS"
  case transferOutWire = "TRANSFER_OUT_WIRE"
  case transferOutWithdrawal = "TRANSFER_OUT_WITHDRAWAL"
  case transferOutOtherTransferOut = "TRANSFER_OUT_OTHER_TRANSFER_OUT"
  case bankFeesAtmFees = "BANK_FEES_ATM_FEES"
  case bankFeesInsufficientFunds = "BANK_FEES_INSUFFICIENT_FUNDS"
  case bankFeesInterestCharge = "BANK_FEES_INTEREST_CHARGE"
  case bankFeesForeignTransactionFees = "BANK_FEES_FOREIGN_TRANSACTION_FEES"
  case bankFeesOverdraftFees = "BANK_FEES_OVERDRAFT_FEES"
  case bankFeesLateFees = "BANK_FEES_LATE_FEES"
  case bankFeesCashAdvance = "BANK_FEES_CASH_ADVANCE"
  case bankFeesOtherBankFees = "BANK_FEES_OTHER_BANK_FEES"
  case entertainmentCasinosAndGambling = "ENTERTAINMENT_CASINOS_AND_GAMBLING"
  case entertainmentMusicAndAudio = "ENTERTAINMENT_MUSIC_AND_AUDIO"
  case entertainmentSportingEventsAmusementParksAndMuseums = "ENTERTAINMENT_SPORTING_EVENTS_AMUSEMENT_PARKS_AND_MUSEUMS"
  case entertainmentTvAndMovies = "ENTERTAINMENT_TV_AND_MOVIES"
  case entertainmentVideoGames = "ENTERTAINMENT_VIDEO_GAMES"
  case entertainmentOtherEntertainment = "ENTERTAINMENT_OTHER_ENTERTAINMENT"
  case foodAndDrinkBeerWineAndLiquor = "FOOD_AND_DRINK_BEER_WINE_AND_LIQUOR"
  case foodAndDrinkCoffee = "FOOD_AND_DRINK_COFFEE"
  case foodAndDrinkFastFood = "FOOD_AND_DRINK_FAST_FOOD"
  case foodAndDrinkGroceries = "FOOD_AND_DRINK_GROCERIES"
  case foodAndDrinkRestaurant = "FOOD_AND_DRINK_RESTAURANT"
  case foodAndDrinkVendingMachines = "FOOD_AND_DRINK_VENDING_MACHINES"
  case foodAndDrinkOtherFoodAndDrink = "FOOD_AND_DRINK_OTHER_FOOD_AND_DRINK"
  case generalMerchandiseBookstoresAndNewsstands = "GENERAL_MERCHANDISE_BOOKSTORES_AND_NEWSSTANDS"
  case generalMerchandiseClothingAndAccessories = "GENERAL_MERCHANDISE_CLOTHING_AND_ACCESSORIES"
  case generalMerchandiseConvenienceStores = "GENERAL_MERCHANDISE_CONVENIENCE_STORES"
  case generalMerchandiseDepartmentStores = "GENERAL_MERCHANDISE_DEPARTMENT_STORES"
  case generalMerchandiseDiscountStores = "GENERAL_MERCHANDISE_DISCOUNT_STORES"
  case generalMerchandiseElectronics = "GENERAL_MERCHANDISE_ELECTRONICS"
  case generalMerchandiseGiftsAndNovelties = "GENERAL_MERCHANDISE_GIFTS_AND_NOVELTIES"
  case generalMerchandiseOfficeSupplies = "GENERAL_MERCHANDISE_OFFICE_SUPPLIES"
  case generalMerchandiseOnlineMarketplaces = "GENERAL_MERCHANDISE_ONLINE_MARKETPLACES"
  case generalMerchandisePetSupplies = "GENERAL_MERCHANDISE_PET_SUPPLIES"
  case generalMerchandiseSportingGoods = "GENERAL_MERCHANDISE_SPORTING_GOODS"
  case generalMerchandiseSuperstores = "GENERAL_MERCHANDISE_SUPERSTORES"
  case generalMerchandiseTobaccoAndVape = "GENERAL_MERCHANDISE_TOBACCO_AND_VAPE"
  case generalMerchandiseOtherGeneralMerchandise = "GENERAL_MERCHANDISE_OTHER_GENERAL_MERCHANDISE"
  case homeImprovementFurniture = "HOME_IMPROVEMENT_FURNITURE"
  case homeImprovementHardware = "HOME_IMPROVEMENT_HARDWARE"
  case homeImprovementRepairAndMaintenance = "HOME_IMPROVEMENT_REPAIR_AND_MAINTENANCE"
  case homeImprovementSecurity = "HOME_IMPROVEMENT_SECURITY"
  case homeImprovementOtherHomeImprovement = "HOME_IMPROVEMENT_OTHER_HOME_IMPROVEMENT"
  case medicalDentalCare = "MEDICAL_DENTAL_CARE"
  case medicalEyeCare = "MEDICAL_EYE_CARE"
  case medicalNursingCare = "MEDICAL_NURSING_CARE"
  case medicalPharmaciesAndSupplements = "MEDICAL_PHARMACIES_AND_SUPPLEMENTS"
  case medicalPrimaryCare = "MEDICAL_PRIMARY_CARE"
  case medicalVeterinaryServices = "MEDICAL_VETERINARY_SERVICES"
  case medicalOtherMedical = "MEDICAL_OTHER_MEDICAL"
  case personalCareGymsAndFitnessCenters = "PERSONAL_CARE_GYMS_AND_FITNESS_CENTERS"
  case personalCareHairAndBeauty = "PERSONAL_CARE_HAIR_AND_BEAUTY"
  case personalCareLaundryAndDryCleaning = "PERSONAL_CARE_LAUNDRY_AND_DRY_CLEANING"
  case personalCareOtherPersonalCare = "PERSONAL_CARE_OTHER_PERSONAL_CARE"
  case generalServicesAccountingAndFinancialPlanning = "GENERAL_SERVICES_ACCOUNTING_AND_FINANCIAL_PLANNING"
  case generalServicesAutomotive = "GENERAL_SERVICES_AUTOMOTIVE"
  case generalServicesChildcare = "GENERAL_SERVICES_CHILDCARE"
  case generalServicesConsultingAndLegal = "GENERAL_SERVICES_CONSULTING_AND_LEGAL"
  case generalServicesEducation = "GENERAL_SERVICES_EDUCATION"
  case generalServicesInsurance = "GENERAL_SERVICES_INSURANCE"
  case generalServicesPostageAndShipping = "GENERAL_SERVICES_POSTAGE_AND_SHIPPING"
  case generalServicesStorage = "GENERAL_SERVICES_STORAGE"
  case generalServicesOtherGeneralServices = "GENERAL_SERVICES_OTHER_GENERAL_SERVICES"
  case governmentAndNonProfitDonations = "GOVERNMENT_AND_NON_PROFIT_DONATIONS"
  case governmentAndNonProfitGovernmentDepartmentsAndAgencies =
    "GOVERNMENT_AND_NON_PROFIT_GOVERNMENT_DEPARTMENTS_AND_AGENCIES"
  case governmentAndNonProfitTaxPayment = "GOVERNMENT_AND_NON_PROFIT_TAX_PAYMENT"
  case governmentAndNonProfitOtherGovernmentAndNonProfit = "GOVERNMENT_AND_NON_PROFIT_OTHER_GOVERNMENT_AND_NON_PROFIT"
  case transportationBikesAndScooters = "TRANSPORTATION_BIKES_AND_SCOOTERS"
  case transportationGas = "TRANSPORTATION_GAS"
  case transportationParking = "TRANSPORTATION_PARKING"
  case transportationPublicTransit = "TRANSPORTATION_PUBLIC_TRANSIT"
  case transportationTaxisAndRideShares = "TRANSPORTATION_TAXIS_AND_RIDE_SHARES"
  case transportationTolls = "TRANSPORTATION_TOLLS"
  case transportationOtherTransportation = "TRANSPORTATION_OTHER_TRANSPORTATION"
  case travelFlights = "TRAVEL_FLIGHTS"
  case travelLodging = "TRAVEL_LODGING"
  case travelRentalCars = "TRAVEL_RENTAL_CARS"
  case travelOtherTravel = "TRAVEL_OTHER_TRAVEL"
  case rentAndUtilitiesGasAndElectricity = "RENT_AND_UTILITIES_GAS_AND_ELECTRICITY"
  case rentAndUtilitiesInternetAndCable = "RENT_AND_UTILITIES_INTERNET_AND_CABLE"
  case rentAndUtilitiesRent = "RENT_AND_UTILITIES_RENT"
  case rentAndUtilitiesSewageAndWasteManagement = "RENT_AND_UTILITIES_SEWAGE_AND_WASTE_MANAGEMENT"
  case rentAndUtilitiesTelephone = "RENT_AND_UTILITIES_TELEPHONE"
  case rentAndUtilitiesWater = "RENT_AND_UTILITIES_WATER"
  case rentAndUtilitiesOtherUtilities = "RENT_AND_UTILITIES_OTHER_UTILITIES"
  case otherOther = "OTHER_OTHER"

  /// The primary category: the longest of the eighteen that begins the name.
  package var primary: String {
    for primary in Self.primaries where rawValue.hasPrefix(primary + "_") { return primary }
    return rawValue
  }

  private static let primaries = [
    "INCOME",
    "LOAN_DISBURSEMENTS",
    "LOAN_PAYMENTS",
    "TRANSFER_IN",
    "TRANSFER_OUT",
    "BANK_FEES",
    "ENTERTAINMENT",
    "FOOD_AND_DRINK",
    "GENERAL_MERCHANDISE",
    "HOME_IMPROVEMENT",
    "MEDICAL",
    "PERSONAL_CARE",
    "GENERAL_SERVICES",
    "GOVERNMENT_AND_NON_PROFIT",
    "TRANSPORTATION",
    "TRAVEL",
    "RENT_AND_UTILITIES",
    "OTHER",
  ]

  /// The detailed category of version 1, which knows fewer.
  package var detailedV1: String {
    switch self {
    case .incomeSalary: "INCOME_WAGES"
    case .incomeOther, .incomeChildSupport, .incomeContractor, .incomeGigEconomy, .incomeLongTermDisability,
      .incomeMilitary, .incomeRental:
      "INCOME_OTHER_INCOME"
    case .loanDisbursementsAuto, .loanDisbursementsCashAdvances, .loanDisbursementsEwa, .loanDisbursementsMortgage,
      .loanDisbursementsPersonal, .loanDisbursementsStudent, .loanDisbursementsOtherDisbursement:
      "TRANSFER_IN_CASH_ADVANCES_AND_LOANS"
    case .loanPaymentsBnpl, .loanPaymentsCashAdvances, .loanPaymentsEwa: "LOAN_PAYMENTS_OTHER_PAYMENT"
    case .transferInTransferInFromApps, .transferInWire: "TRANSFER_IN_ACCOUNT_TRANSFER"
    case .transferOutTransferOutFromApps, .transferOutWire: "TRANSFER_OUT_ACCOUNT_TRANSFER"
    case .transferOutCrypto: "TRANSFER_OUT_INVESTMENT_AND_RETIREMENT_FUNDS"
    case .bankFeesLateFees, .bankFeesCashAdvance: "BANK_FEES_OTHER_BANK_FEES"
    case .otherOther: "TRANSFER_OUT_OTHER_TRANSFER_OUT"
    default: rawValue
    }
  }

  package var primaryV1: String {
    switch primary {
    case "LOAN_DISBURSEMENTS": "TRANSFER_IN"
    case "OTHER": "TRANSFER_OUT"
    case let primary: primary
    }
  }
}
