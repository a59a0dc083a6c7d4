package import Basics
import Databases
package import Finance

/// Names tags.
package enum Tag: Identified {
  package static let idPrefix = "tag"
}

/// What a person writes on a transaction. Only what is named changes.
package enum OverlayEdit: Sendable, Equatable {
  case notes(String?)
  case name(String?)
  case category(String?)
  case occurredOn(CalendarDate?)
  case isExcluded(Bool)
  case isReviewed(Bool)
  /// What it is filed under is meant for this row alone: nothing is learned from it.
  case isSingle(Bool)
  /// Deleted by the person: only a person brings it back, whatever the bank sends.
  case isDeleted(Bool)
  /// All tags of the row.
  case tags([ID<Tag>])
  /// A field that the person invented. Nil takes it away.
  case custom(name: String, value: String?)
  /// All parts of the row; none make it one piece again.
  case split([SplitPart])
}

/// Fields as the record of changes spells them. Stored, so a spelling never changes.
extension OverlayEdit {
  private static let customPrefix = "field:"

  package var field: String {
    switch self {
    case .notes: "notes"
    case .name: "name"
    case .category: "category"
    case .occurredOn: "occurred_on"
    case .isExcluded: "excluded"
    case .isReviewed: "reviewed"
    case .isSingle: "single"
    case .isDeleted: "deleted"
    case .tags: "tags"
    case .custom(let name, _): Self.customPrefix + name
    case .split: "split"
    }
  }

  /// The value as recorded; nil for what stands there when nobody wrote anything.
  package var text: String? {
    switch self {
    case .notes(let text), .name(let text), .category(let text), .custom(_, let text): text
    case .occurredOn(let day): day?.description
    case .isExcluded(let flag), .isReviewed(let flag), .isSingle(let flag), .isDeleted(let flag): flag ? "true" : nil
    case .tags(let tags): tags.isEmpty ? nil : Set(tags).sorted().map(\.description).joined(separator: " ")
    case .split(let parts): Splits.text(parts)
    }
  }

  /// Nil when no field is called so.
  init?(field: String, text: String?) throws(DatabaseError) {
    switch field {
    case "notes": self = .notes(text)
    case "name": self = .name(text)
    case "category": self = .category(text)
    case "occurred_on": self = .occurredOn(try Self.read(text) { CalendarDate($0) })
    case "excluded": self = .isExcluded(text != nil)
    case "reviewed": self = .isReviewed(text != nil)
    case "single": self = .isSingle(text != nil)
    case "deleted": self = .isDeleted(text != nil)
    case "tags":
      let words = (text ?? "").split(separator: " ")
      let tags = words.compactMap { ID<Tag>($0) }
      guard tags.count == words.count else { throw Self.unreadable }
      self = .tags(tags)
    case "split":
      guard let parts = Splits.parts(text) else { throw Self.unreadable }
      self = .split(parts)
    default:
      guard field.hasPrefix(Self.customPrefix) else { return nil }
      self = .custom(name: String(field.dropFirst(Self.customPrefix.count)), value: text)
    }
  }

  /// Whether a search, or the place in the list, depends on it.
  var isFound: Bool {
    switch self {
    case .notes, .name, .occurredOn: true
    default: false
    }
  }

  /// Whether it names a category, which says what kind of money it is.
  var isAboutCategory: Bool {
    switch self {
    case .category, .split: true
    default: false
    }
  }

  static var unreadable: DatabaseError {
    DatabaseError(kind: .programmer, message: "a recorded change cannot be read")
  }

  private static func read<Value>(
    _ text: String?, _ parse: (String) -> Value?
  ) throws(DatabaseError) -> Value? {
    guard let text else { return nil }
    guard let value = parse(text) else { throw unreadable }
    return value
  }
}
