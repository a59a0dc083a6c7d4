import Basics
import Finance
import Insights
import Testing

@testable import Store

/// A day; a mistake in it fails the test that asks.
func day(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }

func account(_ number: UInt64) -> ID<Account> { ID(bits: UInt128(number)) }

/// An account as the store gives it.
func stored(
  _ number: UInt64, _ kind: AccountKind, _ minor: Int64?, _ currency: Currency = .usd, goneAt: Timestamp? = nil
) -> StoredAccount {
  StoredAccount(
    id: account(number), kind: kind, name: "\(kind)", mask: nil, type: "", subtype: nil, currency: currency,
    currentMinor: minor, availableMinor: nil, limitMinor: nil, origin: "simulated", noLongerSentAt: goneAt)
}

/// A sum of a month as the store gives it.
func total(
  _ period: Int, _ flow: FlowKind, _ minor: Int64, _ category: String = "C", currency: Currency = .usd,
  pending: Bool = false, account number: UInt64 = 1
) -> PeriodTotal {
  PeriodTotal(
    period: period, account: account(number), category: category, currency: currency, flow: flow, isPending: pending,
    sum: TotalSum(amountMinor: minor, rows: 1))
}

func line(
  _ period: Int, _ isIncome: Bool, _ minor: Int64, _ category: String = "C", currency: Currency = .usd
) -> PostedFlow {
  PostedFlow(period: period, category: category, currency: currency, isIncome: isIncome, amountMinor: minor)
}
func earned(_ period: Int, _ minor: Int64, _ category: String = "C") -> PostedFlow {
  line(period, true, minor, category)
}
func spent(_ period: Int, _ minor: Int64, _ category: String = "C", currency: Currency = .usd) -> PostedFlow {
  line(period, false, minor, category, currency: currency)
}

/// Months that follow each other.
func months(_ count: Int, from text: String = "2026-01-01") throws -> [Month] {
  let first = Month(of: try day(text))
  return (0..<count).map { first.adding($0) }
}
