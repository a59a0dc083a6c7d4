/// How the provider's category decides whether a row is income, spending or money moved between own accounts.
///
/// Names are those of Plaid's personal finance categories, versions 1 and 2.
package enum ProviderCategory {
  /// - Parameters:
  ///   - amountIsIncoming: The row's sign, used only when there is no category.
  ///   - kind: Of the account the row stands on. What happens on a loan is the other half of a payment that is counted
  ///     where the money left; on a card, the purchases are.
  package static func flow(
    primary: String?, detailed: String?, amountIsIncoming: Bool, on kind: AccountKind
  ) -> FlowKind {
    if kind.isDebt && kind != .creditCard { return .transfer }
    return switch primary {
    case "TRANSFER_IN", "TRANSFER_OUT": .transfer
    case "LOAN_PAYMENTS" where detailed == "LOAN_PAYMENTS_CREDIT_CARD_PAYMENT": .transfer
    case "LOAN_DISBURSEMENTS": .transfer
    case "INCOME": .income
    case nil: amountIsIncoming ? .income : .expense
    // A refund carries the category of what was bought: it lowers spending there instead of counting as income.
    default: .expense
    }
  }
}
