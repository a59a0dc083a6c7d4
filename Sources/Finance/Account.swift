import Basics

/// Names accounts. Prefixes are shown to people and programs and never change.
package enum Account: Identified {
  package static let idPrefix = "acc"
}

/// What an account is for, in the few kinds that our sums distinguish.
///
/// Stored as text: a spelling never changes once shipped.
package enum AccountKind: String, Sendable, CaseIterable {
  case checking, savings
  case moneyMarket = "money_market"
  case cashManagement = "cash_management"
  case prepaid, cash
  /// Certificates of deposit and other money that cannot be taken out tomorrow.
  case deposit
  case healthSavings = "health_savings"
  case creditCard = "credit_card"
  case loan, mortgage
  case studentLoan = "student_loan"
  case investment, retirement
  case otherAsset = "other_asset"

  /// Whether a balance of this kind is money owed.
  package var isDebt: Bool {
    switch self {
    case .creditCard, .loan, .mortgage, .studentLoan: true
    default: false
    }
  }

  /// Whether a positive balance counts as liquid savings. CDs, HSAs and investments are left apart on purpose.
  package var isLiquid: Bool {
    switch self {
    case .checking, .savings, .moneyMarket, .cashManagement, .prepaid, .cash: true
    default: false
    }
  }

  package var isInvestment: Bool { self == .investment || self == .retirement }
}
