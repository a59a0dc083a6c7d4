/// What a provider found to come again and again, such as pay, rent and subscriptions: its own view of the same rows.
package struct FeedStreams: Sendable {
  package var streams: [FeedStream]
  package var unreadable: [FeedUnreadable]

  package init(streams: [FeedStream], unreadable: [FeedUnreadable] = []) {
    self.streams = streams
    self.unreadable = unreadable
  }
}

/// How often something comes, as providers tell. Stored: a spelling never changes.
package enum FeedRhythm: String, Sendable, CaseIterable {
  case weekly
  case everyTwoWeeks = "every_two_weeks"
  case twiceAMonth = "twice_a_month"
  case monthly, yearly
}

package struct FeedStream: Sendable, Equatable {
  /// How sure the provider is. Stored: a spelling never changes.
  package enum Standing: String, Sendable, CaseIterable {
    case mature, early
    /// It looked like one, and never came again.
    case givenUp = "given_up"
    case unknown
  }

  package var id: String
  package var accountID: String
  package var name: String
  package var isIncoming: Bool
  /// Nil: the provider knows none.
  package var rhythm: FeedRhythm?
  package var standing: Standing
  package var isActive: Bool
  package var firstOn: CalendarDate?
  package var lastOn: CalendarDate?
  /// When the provider expects it next.
  package var nextOn: CalendarDate?
  /// The provider's category code.
  package var category: String?
  /// The provider's names of the rows, oldest first.
  package var rows: [String]
  /// The whole object as sent.
  package var raw: String

  package init(
    id: String, accountID: String, name: String, isIncoming: Bool, rhythm: FeedRhythm? = nil,
    standing: Standing = .unknown, isActive: Bool = true, rows: [String] = [], raw: String = "{}"
  ) {
    self.id = id
    self.accountID = accountID
    self.name = name
    self.isIncoming = isIncoming
    self.rhythm = rhythm
    self.standing = standing
    self.isActive = isActive
    self.rows = rows
    self.raw = raw
  }
}
