package import Basics
package import Finance
package import Store

/// Names rules.
package enum RuleName: Identified {
  package static let idPrefix = "rul"
}

/// What a household wants done with rows of a kind.
package struct Rule: Sendable, Equatable {
  package var id: ID<RuleName>
  package var name: String
  package var isOn = true
  /// Lower ones first.
  package var position: Int
  /// Those after it are not asked about a row that it fits.
  package var stops = true
  /// On rows that occurred in these days, both included; nil: without a bound.
  package var from: CalendarDate?
  package var through: CalendarDate?
  package var condition: RuleCondition
  package var actions: [RuleAction]

  package init(id: ID<RuleName>, name: String, position: Int, condition: RuleCondition, actions: [RuleAction]) {
    self.id = id
    self.name = name
    self.position = position
    self.condition = condition
    self.actions = actions
  }
}

package indirect enum RuleCondition: Sendable, Equatable {
  /// Stored: spellings never change.
  package enum TextField: String, Sendable, CaseIterable {
    /// Name, description and merchant together.
    case any
    case name, description, merchant
  }
  package enum Comparison: String, Sendable, CaseIterable {
    case contains, equals
    case startsWith = "starts_with"
    case matches
  }

  case all([RuleCondition])
  case any([RuleCondition])
  case text(TextField, Comparison, String)
  /// The size of the amount in hundredths of its currency, whatever its direction; both ends included.
  case amount(from: Int64?, through: Int64?)
  case account(Set<ID<Account>>)
  case isIncoming(Bool)
  /// Of the month.
  case day(from: Int, through: Int)
  case currency(String)
  /// A bank's category, or the group of it.
  case bankCategory(String)
  /// Any of them hangs on the row, by a person's hand or by a rule before this one.
  case tag(Set<ID<Tag>>)
}

package enum RuleAction: Sendable, Equatable {
  case category(String)
  /// Files it as money moved between own accounts, in its direction.
  case transfer
  case rename(String)
  case notes(String)
  case addTags([ID<Tag>])
  case exclude
  /// Parts in thousandths, which come to a thousand.
  case split([Share])

  package struct Share: Sendable, Equatable {
    package var thousandths: Int
    package var category: String

    package init(thousandths: Int, category: String) {
      self.thousandths = thousandths
      self.category = category
    }
  }
}
