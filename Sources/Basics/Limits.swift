/// Every bound in the program, in one place, with its reason.
package enum Limits {
  /// Rows in one page of the bank's changes: the most Plaid gives.
  package static let pageRows = 500
  /// Pages in one run. Two thousand full pages are a million rows; a bank that goes on after four times that is looping.
  package static let pagesMax = 8_000
  /// Fetched pages that share one flush to the disk. Packed they are about a megabyte together.
  package static let pagesPerWrite = 16
  /// How often a run starts over because the bank changed underneath, before it gives up until later.
  package static let restartsMax = 5
  /// Bytes of one answer from a provider. A page of 500 rows with every field is about 1 MB.
  package static let answerBytesMax = 32 << 20
  /// Bytes of one request body to our own server.
  package static let bodyBytesMax = 1 << 20
  /// Bytes of an ordinary request's body: a handful of short texts.
  package static let requestBytesMax = 64 << 10
  /// Bytes of one webhook.
  package static let webhookBytesMax = 64 << 10
  /// Values in one IN list: PostgreSQL stops at 65,535 parameters, SQLite's planner is happier with fewer.
  package static let listMax = 1_000
  /// Prepared statements kept per connection.
  package static let statementsMax = 256
  /// How deep JSON may nest before it is refused: recursion below it is safe on a small stack.
  package static let jsonDepthMax = 64
  /// Minor units of one row: nine hundred such rows still add up in 64 bits. A hundred trillion dollars is no payment.
  package static let rowMinorUnitsMax: UInt64 = 10_000_000_000_000_000
  /// Days that a received page is kept after it was applied.
  package static let rawBatchDays = 30
}
