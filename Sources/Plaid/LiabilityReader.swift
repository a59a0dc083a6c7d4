import Finance
import JSON

/// Reads cards and loans. The kinds name the same thing differently; the whole object is kept in any case.
enum LiabilityReader {
  /// Nil without an account: nobody can say whose terms these are.
  static func liability(_ node: JSONNode, kind: String) -> FeedLiability? {
    guard let accountID = node["account_id"]?.identity else { return nil }
    var liability = FeedLiability(kind: kind, accountID: accountID, raw: node.raw)
    node.forEachMember { member in
      let value = member.value
      switch member.key {
      case "aprs": liability.ratePercent = purchaseRate(value)
      case "interest_rate": liability.ratePercent = value["percentage"]?.decimal
      case "interest_rate_percentage": liability.ratePercent = value.decimal
      case "minimum_payment_amount", "next_monthly_payment":
        liability.minimumPayment = value.decimal ?? liability.minimumPayment
      case "next_payment_due_date": liability.nextPaymentDue = value.day
      case "last_payment_amount": liability.lastPayment = value.decimal
      case "last_payment_date": liability.lastPaymentOn = value.day
      case "last_statement_balance": liability.lastStatementBalance = value.decimal
      case "last_statement_issue_date": liability.lastStatementOn = value.day
      case "is_overdue": liability.isOverdue = value.bool
      default: break
      }
    }
    return liability
  }

  private static func purchaseRate(_ aprs: JSONNode) -> DecimalText? {
    aprs.elements.first { $0["apr_type"]?.string == "purchase_apr" }?["apr_percentage"]?.decimal
  }
}
