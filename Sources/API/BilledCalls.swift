import Basics
package import Finance
import HTTP
import JSON

/// What calls that the provider bills are estimated to cost, so that it is known before they are made.
package struct BilledPrices: Sendable, Equatable {
  /// In dollars: of asking a bank for news, and for the balances of this moment.
  package var refresh: Money
  package var balances: Money

  /// Plaid's pay-as-you-go list as it was known when this was written. A contract may say otherwise.
  package static let standardText = "refresh=0.12,balances=0.10"
  package static let standard = BilledPrices(
    refresh: Money(minorUnits: 12, .usd), balances: Money(minorUnits: 10, .usd))

  package init(refresh: Money, balances: Money) { (self.refresh, self.balances) = (refresh, balances) }

  /// - Parameter text: As in ``standardText``.
  package init?(_ text: String) {
    var prices: [Substring: Money] = [:]
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      let halves = part.split(separator: "=", omittingEmptySubsequences: false)
      guard halves.count == 2, ["refresh", "balances"].contains(halves[0]),
        let price = try? Money(decimal: String(halves[1]), .usd), price.minorUnits >= 0
      else { return nil }
      prices[halves[0]] = price
    }
    guard let refresh = prices["refresh"], let balances = prices["balances"] else { return nil }
    (self.refresh, self.balances) = (refresh, balances)
  }
}

extension Interface {
  var billingOperations: [Operation] {
    [
      Operation(
        "listBilledCalls", .get, "/v1/billed-calls", .connections, "Show what calls are billed, and what each may cost",
        needs: .household(.read, .viewer),
        answers: [
          .json(
            200,
            .whole(
              .object([
                .required("operation", .token), .required("estimate", .money, "The operator's or Plaid's list price."),
              ])), "Everything else costs nothing for each call.",
            example: ["data": [["operation": "refreshConnection", "estimate": ["amount": "0.12", "currency": "USD"]]]])
        ]
      ) { _ in
        let (prices, isReal) = (settings.prices, banks.settings.origin != .simulated)
        func line(_ operation: Operation, _ price: Money) -> JSONValue {
          // An invented bank sends no bill.
          let price = isReal ? price : Money(minorUnits: 0, .usd)
          return ["operation": .string(operation.id), "estimate": Wire.money(price)]
        }
        let billed = operations.filter { $0.pace == .billed && $0.successor == nil }
        return .json(
          200,
          [
            "data": .array(
              billed.map { line($0, $0.id == "readLiveBalances" ? prices.balances : prices.refresh) })
          ])
      }
      .saying(
        """
        An estimate, to be shown before such a call is made. What is really billed follows from the operator's contract \
        with Plaid; links themselves are billed by month there.
        """)
    ]
  }
}
