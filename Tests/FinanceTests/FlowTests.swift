import Testing

@testable import Finance

@Suite struct `What a row counts as` {
  private func flow(_ primary: String?, _ detailed: String? = nil, _ kind: AccountKind = .checking) -> FlowKind {
    ProviderCategory.flow(primary: primary, detailed: detailed, amountIsIncoming: false, on: kind)
  }

  @Test func `on a loan nothing is spent or earned: the payment counts where the money left`() {
    for kind in [AccountKind.loan, .mortgage, .studentLoan] {
      #expect(flow("LOAN_PAYMENTS", "LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT", kind) == .transfer)
      #expect(flow("BANK_FEES", "BANK_FEES_INTEREST_CHARGE", kind) == .transfer)
      #expect(flow(nil, nil, kind) == .transfer)
    }
    #expect(flow("LOAN_PAYMENTS", "LOAN_PAYMENTS_STUDENT_LOAN_PAYMENT") == .expense)
  }

  @Test func `on a card purchases and interest are spent, and paying it off is not`() {
    #expect(flow("FOOD_AND_DRINK", nil, .creditCard) == .expense)
    #expect(flow("BANK_FEES", "BANK_FEES_INTEREST_CHARGE", .creditCard) == .expense)
    #expect(flow("LOAN_PAYMENTS", "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT", .creditCard) == .transfer)
    #expect(flow("LOAN_PAYMENTS", "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT") == .transfer)
  }

  @Test func `without a category the sign decides`() {
    #expect(flow(nil) == .expense)
    #expect(ProviderCategory.flow(primary: nil, detailed: nil, amountIsIncoming: true, on: .savings) == .income)
  }
}
