// What a simulated bank knows about one customer, as plain values.
//
// A history is made once from a persona and a seed and is never changed: whoever serves it decides what a caller may
// see on a day (pending, posted, corrected, gone) from the days written on each entry.

package import Finance

/// Everything one bank login holds: accounts, rows, securities, trades.
///
/// Two histories that differ only in `through` agree on every entry that occurred up to the earlier of the two days.
package struct BankHistory: Sendable {
  package let persona: Persona
  package let seed: UInt64
  /// The first day on which anything may occur; opening balances hold at its start.
  package let from: CalendarDate
  package let through: CalendarDate
  /// What to subtract from local times to get UTC, in minutes (negative west of Greenwich). No daylight saving.
  package let utcOffsetMinutes: Int
  /// The people and where they live, for an identity or a page.
  package let holder: BankHolder
  package let accounts: [BankAccount]
  /// In order of (`occurredOn`, `key`).
  package let entries: [BankEntry]
  /// Every security ever held or traded, without prices: ask ``BankSecurity/closePrice(on:)``.
  package let securities: [BankSecurity]
  /// In order of (`date`, `key`).
  package let investmentTransactions: [BankInvestmentTransaction]

  package func account(_ key: String) -> BankAccount? { accounts.first { $0.key == key } }
}

/// Who owns the login.
package struct BankHolder: Sendable, Equatable {
  package var names: [String]
  package var street: String
  package var city: String
  package var region: String
  package var postalCode: String
  package var country: String
}

/// One account as the bank describes it.
package struct BankAccount: Sendable, Equatable {
  /// Stable and unique in the history, such as `checking`.
  package var key: String
  package var name: String
  package var officialName: String?
  /// The last four digits.
  package var mask: String
  /// Plaid's words: `depository`, `credit`, `loan`, `investment`.
  package var type: String
  package var subtype: String
  package var currency: String
  /// Credit limit in minor units; nil where there is none.
  package var limitMinor: Int64?
  /// How far below zero the bank lets a depository account go, in minor units.
  package var overdraftMinor: Int64 = 0
  /// At the start of ``BankHistory/from``, in the bank's own sign: depository positive = funds, credit and loan
  /// positive = owed, investment = uninvested cash.
  package var openingMinor: Int64
  /// Nil: was there before the history begins.
  package var openedOn: CalendarDate?
  /// False where the bank tells no available balance (certificates of deposit, loans, retirement plans).
  package var reportsAvailable = true
  /// Yearly interest paid to the customer, in hundredths of a percent.
  package var yieldBasisPoints: Int64 = 0
  /// `personal` or `business`.
  package var holderCategory = "personal"
  /// Cards and loans: what it costs and when it is due.
  package var terms: BankTerms?
  /// Investment accounts: what was held when the history begins.
  package var openingPositions: [BankPosition] = []

  /// Whether Plaid's transactions product covers the account: rows of other accounts only move their balance.
  package var hasTransactions: Bool {
    switch type {
    case "depository", "credit": true
    case "loan": subtype == "student"
    default: false
    }
  }
  /// Credit and loan balances are owed: a positive row makes them larger.
  package var isOwed: Bool { type == "credit" || type == "loan" }
}

/// A row of an account, with everything that will ever happen to it.
///
/// A purchase usually shows on `occurredOn` as pending and on `postsOn` as posted under another id; a hold has no
/// `postsOn` and is gone on `vanishesOn`. A posted row may be corrected (same id, new amount), removed, and sent again
/// under a third id.
package struct BankEntry: Sendable, Equatable {
  /// Stable and unique in the history.
  package var key: String
  /// Key of the account.
  package var account: String
  package var occurredOn: CalendarDate
  /// Local time of the purchase; nil when the bank knows only the day.
  package var secondOfDay: Int?
  /// Nil: a hold that never posts and is gone on `vanishesOn`.
  package var postsOn: CalendarDate?
  package var vanishesOn: CalendarDate?
  /// True: shown from `occurredOn` until `postsOn` as pending. False: first seen on `postsOn`.
  package var isPendingFirst: Bool
  /// While pending, when it differs (before a tip; the usual hold at a fuel pump).
  package var pendingAmountMinor: Int64?
  /// Plaid's sign: positive = money out of the account.
  package var amountMinor: Int64
  package var currency: String
  /// The bank modifies the posted row on this day.
  package var correctedOn: CalendarDate?
  package var correctedAmountMinor: Int64?
  /// The bank removes the posted row on this day.
  package var removedOn: CalendarDate?
  /// And sends it again under another id on this day, at once or later.
  package var resentOn: CalendarDate?
  package var name: String
  /// While pending, when it differs.
  package var pendingName: String?
  package var originalDescription: String
  package var merchantName: String?
  /// Stable per merchant across histories; the server derives an id from it.
  package var merchantEntityKey: String?
  package var website: String?
  package var counterparties: [BankCounterparty]
  package var category: BankCategory
  package var confidence: BankConfidence
  /// Plaid's words: `online`, `in store`, `other`.
  package var paymentChannel: String
  package var checkNumber: String?
  /// Plaid's words, such as `atm`, `direct debit`, `interest`; nil where the bank sends none.
  package var transactionCode: String?
  package var location: BankLocation?
  package var paymentMeta: BankPaymentMeta?
  /// Both legs of a transfer or card payment share it; also an investment transaction's.
  package var pairKey: String?

  /// The detailed category of Plaid's taxonomy, version 2.
  package var detailedCategory: String { category.rawValue }
  package var primaryCategory: String { category.primary }
  /// The same in version 1.
  package var categoryV1: String { category.detailedV1 }
  package var primaryCategoryV1: String { category.primaryV1 }
}

/// How sure the enrichment is, as Plaid spells it.
package enum BankConfidence: String, Sendable {
  case veryHigh = "VERY_HIGH"
  case high = "HIGH"
  case medium = "MEDIUM"
  case low = "LOW"
}

/// Somebody who took part in a row.
package struct BankCounterparty: Sendable, Equatable {
  package var name: String
  /// Plaid's words: `merchant`, `financial_institution`, `payment_app`, `marketplace`, `payment_terminal`,
  /// `income_source`.
  package var type: String
  package var entityKey: String?
  package var website: String?
  package var confidence: BankConfidence
}

/// Where a purchase took place; what the bank does not know is nil.
package struct BankLocation: Sendable, Equatable {
  package var address: String?
  package var city: String?
  package var region: String?
  package var postalCode: String?
  package var country: String?
  package var storeNumber: String?
  /// Degrees times 10,000.
  package var latitudeE4: Int?
  package var longitudeE4: Int?
}

/// What a transfer between banks says about itself.
package struct BankPaymentMeta: Sendable, Equatable {
  package var referenceNumber: String?
  package var ppdID: String?
  package var payee: String?
  package var payer: String?
  package var byOrderOf: String?
  package var paymentMethod: String?
  package var paymentProcessor: String?
  package var reason: String?
}
