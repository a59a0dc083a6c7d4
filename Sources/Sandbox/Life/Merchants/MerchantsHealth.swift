// Health and care of the body.

extension Merchants {
  static let health =
    pharmacies + doctors + dentists + eyes + otherMedical + vets + hair + gyms + laundry + spas + nursing

  static let pharmacies = table(
    .medicalPharmaciesAndSupplements,
    [
      line("CVS Pharmacy", "CVS/PHARMACY #{n5}", 489, 5490, "cvs.com"),
      line("Walgreens", "WALGREENS #{n5}", 459, 5290, "walgreens.com"),
      line("Rite Aid", "RITE AID {n5}", 479, 4890, "riteaid.com", only: "PA OR WA OH CA"),
      line("GNC", "GNC #{n5}", 1999, 7490, "gnc.com"),
      line("Vitamin Shoppe", "VITAMIN SHOPPE #{n3}", 1499, 6990, "vitaminshoppe.com"),
      line("Capsule", "CAPSULE PHARMACY|888-910-1808 NY", 500, 4500, "capsule.com", .online),
      line("Hilltop Compounding Pharmacy", "HILLTOP COMPOUNDING RX", 1000, 6500, nil, .local),
    ])

  static let doctors = table(
    .medicalPrimaryCare,
    [
      line("One Medical", "ONE MEDICAL GROUP|888-663-6331 CA", 2500, 15_000, "onemedical.com", .online),
      line("CVS MinuteClinic", "MINUTECLINIC {n4}", 2500, 13_900, "cvs.com"),
      line("Lakeview Family Medicine", "LAKEVIEW FAMILY MEDICINE", 2500, 16_500, nil, [.local, .whole]),
      line("Riverbend Pediatrics", "RIVERBEND PEDIATRICS PA", 2500, 9500, nil, [.local, .whole]),
      line("Women's Care Associates", "WOMENS CARE ASSOC OBGYN", 3000, 18_500, nil, [.local, .whole]),
      line("NextCare Urgent Care", "NEXTCARE URGENT CARE {n2}", 5000, 17_500, "nextcare.com", .whole),
    ])

  static let dentists = table(
    .medicalDentalCare,
    [
      line("Aspen Dental", "ASPEN DENTAL {n4}", 4500, 29_500, "aspendental.com", .whole),
      line("Bright Smiles Dental", "BRIGHT SMILES DENTAL", 3500, 24_800, nil, .local),
      line("Cascade Orthodontics", "CASCADE ORTHODONTICS", 14_900, 19_900, nil, [.local, .whole]),
    ])

  static let eyes = table(
    .medicalEyeCare,
    [
      line("Warby Parker", "WARBY PARKER|888-492-7297 NY", 9500, 29_500, "warbyparker.com", [.online, .whole]),
      line("LensCrafters", "LENSCRAFTERS #{n4}", 8900, 38_900, "lenscrafters.com"),
      line("1-800 Contacts", "1800CONTACTS|800-266-8228 UT", 6990, 14_990, "1800contacts.com", .online),
      line("Clearview Optometry", "CLEARVIEW OPTOMETRY", 4500, 21_500, nil, .local),
    ])

  static let otherMedical = table(
    .medicalOtherMedical,
    [
      line("Quest Diagnostics", "QUEST DIAGNOSTICS INC|800-225-7483 PA", 1850, 14_600, "questdiagnostics.com", .online),
      line("Labcorp", "LABCORP BILL PAY|800-845-6167 NC", 1720, 12_800, "labcorp.com", .online),
      line("St. Brigid Medical Center", "ST BRIGID MEDICAL CTR PB", 15_000, 148_000, nil, .local),
      line("BetterHelp", "BETTERHELP|888-688-9296 CA", 28_000, 32_000, "betterhelp.com", [.online, .whole]),
      line("Stride Physical Therapy", "STRIDE PHYSICAL THERAPY", 3000, 6500, nil, [.local, .whole]),
    ])

  static let vets = table(
    .medicalVeterinaryServices,
    [
      line("Banfield Pet Hospital", "BANFIELD {n4}", 4595, 24_900, "banfield.com"),
      line("VCA Animal Hospitals", "VCA ANIMAL HOSP {n4}", 5800, 32_500, "vcahospitals.com"),
      line("Oak Hollow Veterinary", "OAK HOLLOW VETERINARY", 4900, 26_500, nil, .local),
    ])

  static let hair = table(
    .personalCareHairAndBeauty,
    [
      line("Great Clips", "GREAT CLIPS AT {n4}", 2000, 3200, "greatclips.com", .whole),
      line("Sephora", "SEPHORA {n4}", 1800, 11_800, "sephora.com", .returns),
      line("Ulta Beauty", "ULTA #{n4}", 1499, 9890, "ulta.com", .returns),
      line("Sally Beauty", "SALLY BEAUTY #{n4}", 799, 4290, "sallybeauty.com"),
      line("Fade Room Barbers", "SQ *FADE ROOM BARBERS", 3200, 4800, nil, [.local, .whole]),
      line("Salon Juniper", "VAGARO*SALON JUNIPER", 6500, 21_500, nil, [.local, .whole]),
      line("Polished Nail Bar", "SQ *POLISHED NAIL BAR", 3800, 8800, nil, [.local, .whole]),
      line("Sport Clips", "SPORT CLIPS - {n4}", 2500, 3600, "sportclips.com", .whole),
    ])

  static let gyms = table(
    .personalCareGymsAndFitnessCenters,
    [
      line("Planet Fitness", "PLANET FIT CLUB FEES|PLANETFITNESS NH", 1500, 2499, "planetfitness.com", .online),
      line("YMCA", "YMCA MEMBERSHIP DUES", 5800, 11_200, "ymca.net", .whole),
      line("Orangetheory Fitness", "OTF*ORANGETHEORY {n4}", 6900, 16_900, "orangetheory.com", .whole),
      line("24 Hour Fitness", "24 HOUR FITNESS USA|866-308-8179 CA", 3699, 5499, "24hourfitness.com", .online),
      line("ClassPass", "CLASSPASS* MONTHLY|CLASSPASS.COM MT", 4900, 8900, "classpass.com", [.online, .whole]),
      line("Peloton", "PELOTON* MEMBERSHIP|866-679-9129 NY", 1299, 4400, "onepeloton.com", .online),
      line("Touchstone Climbing", "TOUCHSTONE CLIMBING", 7850, 7850, "touchstoneclimbing.com"),
      line("Still Point Yoga", "MINDBODY*STILL POINT YOGA", 1800, 12_900, nil, [.local, .whole]),
    ])

  static let laundry = table(
    .personalCareLaundryAndDryCleaning,
    [
      line("Tide Cleaners", "TIDE CLEANERS {n3}", 1290, 5490, "tidecleaners.com"),
      line("Crown Cleaners", "CROWN CLEANERS", 990, 4690, nil, .local),
      line("CSC ServiceWorks", "CSC SERVICEWORKS|877-264-6622 NY", 1000, 2500, "cscsw.com", .whole),
      line("Spin City Laundromat", "SPIN CITY LAUNDROMAT", 450, 1850, nil, .local),
    ])

  static let spas = table(
    .personalCareOtherPersonalCare,
    [
      line("Massage Envy", "MASSAGE ENVY {n4}", 7000, 12_500, "massageenvy.com", .whole),
      line("European Wax Center", "EUROPEAN WAX CTR {n4}", 2200, 8500, "waxcenter.com", .whole),
      line("Dollar Shave Club", "DOLLAR SHAVE CLUB|310-975-8528 CA", 800, 2400, "dollarshaveclub.com", .online),
      line("Moonstone Day Spa", "SQ *MOONSTONE DAY SPA", 8500, 18_500, nil, [.local, .whole]),
    ])

  static let nursing = table(
    .medicalNursingCare,
    [
      line("Home Instead", "HOME INSTEAD {n3}", 28_000, 62_000, "homeinstead.com"),
      line("Gentle Harbor Home Care", "GENTLE HARBOR HOME CARE", 24_000, 58_000, nil, .local),
    ])
}
