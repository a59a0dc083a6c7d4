import Basics
import Finance
import Insights
package import JSON
import Store

extension Summary {
  /// The summary for programs. Its keys never change once shipped.
  ///
  /// Amounts are decimal texts: an account's in its own currency, all others in the household's base currency. For each
  /// account `opening` and `rows`, what its posted rows come to, add up to `balance`. `runway_months` is `unlimited` when
  /// nothing is burnt; what is unknown is null.
  package var json: JSONValue {
    let base = overview.base
    let flows = overview.cashFlow.flows(in: base)
    func decimal(_ minor: Int64, _ currency: Currency) -> JSONValue {
      .string(Money(minorUnits: minor, currency).decimal)
    }
    return [
      "accounts": .array(
        overview.accounts.map { line in
          let account = line.account
          return [
            "id": .string(account.id.description), "name": .string(account.name), "type": .string(account.type),
            "currency": .string(account.currency.code),
            "opening": line.openingMinor.map { decimal($0, account.currency) } ?? .null,
            "rows": decimal(line.booked.amountMinor, account.currency),
            "balance": account.currentMinor.map { decimal($0, account.currency) } ?? .null,
          ]
        }),
      "months": .array(
        zip(overview.cashFlow.months, flows).map { month, flow in
          [
            "month": .string(month.description), "income": decimal(flow.incomeMinor, base),
            "expenses": decimal(flow.expensesMinor, base),
          ]
        }),
      "burn": JSONValue(overview.burn.perMonth?.decimal),
      "liquid_savings": decimal(overview.liquidMinor, base),
      "runway_months": overview.runway == .unlimited ? "unlimited" : JSONValue(overview.runway.months(digits: 2)),
      "net_worth": decimal(overview.netWorth.base.totalMinor, base),
    ]
  }
}
