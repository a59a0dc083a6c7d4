package import Finance

/// What a run tells while it goes: to whoever started it, and in its row for everybody else.
package struct SyncProgress: Sendable, Equatable {
  /// Stored as text.
  package enum Phase: String, Sendable { case fetching, applying }

  package var phase = Phase.fetching
  package var pages = 0
  /// Rows received while fetching; rows applied while applying.
  package var rows = 0
  /// Rows to be applied in all; nil while that is not known.
  package var rowsTotal: Int?
  /// The earliest day reached.
  package var oldest: CalendarDate?

  package init() {}
}
