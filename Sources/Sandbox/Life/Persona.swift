/// The kinds of customer a simulated bank has. Raw values are stored and typed by people: they never change.
package enum Persona: String, Sendable, CaseIterable {
  /// Two earners who rent; cards, savings, a student loan, investments, a euro account. Over two years one changes jobs,
  /// they move, and a child is born.
  case household
  /// Few rows and half a year of recurring ones.
  case dynamic
  /// Single, well paid, spends it: rides, restaurants, flights, a carried balance, coins.
  case yuppie
  /// A shop with its own checking account and card: card settlements, payroll, suppliers, taxes.
  case smallBusiness = "small_business"
  /// Lives from one hourly pay to the next with earned-wage advances, instalments and overdrafts.
  case ewaUser = "ewa_user"
  /// A couple near retirement: mortgage, pension, certificates of deposit, retirement accounts.
  case saver
}
