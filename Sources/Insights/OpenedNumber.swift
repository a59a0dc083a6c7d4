package import Basics
import Databases
package import Finance
package import Store

/// A number opened: how it is made, what it consists of, and every row and balance in it.
package struct OpenedNumber: Sendable {
  package enum Measure: String, Sendable, CaseIterable {
    case income, expenses, net, pending, burn
    case netWorth = "net_worth"
    case savingsRate = "savings_rate"
    case liquid, runway, recurring, forecast, budget, goal, portfolio, gain
    case timeWeightedReturn = "time_weighted_return"
    case moneyWeightedReturn = "money_weighted_return"

    package var formula: String {
      switch self {
      case .income: "The sum of posted rows that count as income."
      case .expenses: "Less the sum of posted rows that count as expenses: refunds lower it."
      case .net: "Income less expenses."
      case .pending: "The sum of rows that have not posted, transfers and excluded rows aside."
      case .burn: "Less the sum of posted expenses of the last full months, divided by how many they are."
      case .netWorth:
        "The sum of the accounts' balances on that day; debts are negative. A balance worked out is the first known one "
          + "less the rows booked since that day."
      case .savingsRate: "Income less expenses, by income."
      case .liquid: "The sum of the positive balances that could be spent tomorrow."
      case .runway: "Liquid savings by burn, in months."
      case .recurring: "What all streams bring and cost in a year, divided by twelve."
      case .forecast:
        "What liquid accounts hold today, and what recurs until that day, and the habitual rest: the middle of what was "
          + "drawn from these rows."
      case .budget: "The budget, and what was carried over, less what was spent this month."
      case .goal: "What the account of the goal holds; without one, all liquid savings."
      case .portfolio: "The sum of the positions' values."
      case .gain: "Value less cost, of the positions whose cost is known."
      case .timeWeightedReturn: "The growth between each two movements, multiplied, less one."
      case .moneyWeightedReturn: "What was gained, by the capital at work on the mean (Dietz)."
      }
    }
  }

  /// Something the number is the sum of, beside its rows.
  package struct Part: Sendable, Equatable {
    package var name: String
    package var minor: Int64
  }

  package var measure: Measure
  package var days: Range<CalendarDate>
  package var currency: Currency
  /// Nil: unknown, or no sum of money.
  package var valueMinor: Int64?
  /// Of what is no sum of money: months, or a share. Nil: unknown.
  package var ratio: String?
  /// What the sum is divided by.
  package var divisor = 1
  package var parts: [Part] = []
  package var rows: [MeasuredRow] = []
  package var balances: [WorthOverTime.Held] = []
  /// Rows in other currencies without a rate: in no sum.
  package var rowsWithoutRate = 0
  package var inputs: Inputs

  init(_ measure: Measure, _ days: Range<CalendarDate>, _ ground: Ground, _ filter: TotalFilter? = nil) {
    self.measure = measure
    self.days = days
    currency = ground.base
    inputs = ground.inputs(days, filter ?? ground.counting)
  }
}

/// Which number is to be opened.
package struct NumberToOpen: Sendable {
  package var measure: OpenedNumber.Measure
  package var days: Range<CalendarDate>
  /// Nil: nothing was said of the last day.
  package var last: CalendarDate?
  package var accounts: [ID<Account>] = []
  /// Of a budget; or only rows filed there.
  package var category: String?
  /// One line of spending.
  package var line: (grouping: Spending.Grouping, key: String)?
  package var goal: ID<Goal>?
  /// Of so many full months, where a burn is in it.
  package var months = Burn.monthsMax

  package init(_ measure: OpenedNumber.Measure, _ days: Range<CalendarDate>) {
    self.measure = measure
    self.days = days
  }

  /// What is missing to say which number is meant.
  package enum Vagueness: Error, Equatable {
    case budget, goal
  }
}
