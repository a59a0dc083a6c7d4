import Basics
import Finance
import JSON

/// Reads the optional fields of one object. What has an unexpected type counts as absent, and is kept as it came.
struct FieldReader {
  private var rest: JSONWriter?

  /// A JSON object of what has no place of its own; nil when there is nothing.
  var restText: String? {
    guard var rest else { return nil }
    rest.endObject()
    return String(decoding: rest.bytes, as: UTF8.self)
  }

  /// Keeps a member for which there is no place. Null says nothing.
  mutating func keep(_ member: JSONMember) {
    keep(member.value, as: member.key.string)
  }

  mutating func keep(_ node: JSONNode, as key: String) {
    guard !node.isNull else { return }
    if rest == nil {
      rest = JSONWriter()
      rest?.beginObject()
    }
    rest?.key(key)
    rest?.raw(node)
  }

  /// An empty string says as much as none.
  mutating func text(_ member: JSONMember) -> String? {
    guard let text = member.value.string else {
      keep(member)
      return nil
    }
    return text.isEmpty ? nil : text
  }

  mutating func bool(_ member: JSONMember) -> Bool? {
    if let bool = member.value.bool { return bool }
    keep(member)
    return nil
  }

  /// From the number's own digits: nothing passes through a binary float.
  mutating func decimal(_ member: JSONMember) -> DecimalText? {
    if let decimal = member.value.decimal { return decimal }
    keep(member)
    return nil
  }

  mutating func day(_ member: JSONMember) -> CalendarDate? {
    if let day = member.value.day { return day }
    keep(member)
    return nil
  }

  mutating func instant(_ member: JSONMember) -> Timestamp? {
    if let text = member.value.string, let instant = Timestamp(rfc3339: text) { return instant }
    keep(member)
    return nil
  }

  /// Plaid sets one of the two codes; a code that ISO 4217 does not know is an unofficial one.
  mutating func currency(iso: JSONNode?, unofficial: JSONNode?) -> Currency? {
    var found: Currency?
    if let iso {
      found = iso.string.flatMap { Currency(stored: $0) }
      if found == nil { keep(iso, as: "iso_currency_code") }
    }
    guard let unofficial else { return found }
    if found == nil {
      found = unofficial.string.flatMap { Currency(unofficial: $0) }
      if found != nil { return found }
    }
    keep(unofficial, as: "unofficial_currency_code")
    return found
  }
}

extension JSONNode {
  var decimal: DecimalText? { numberText.flatMap { DecimalText($0) } }
  var day: CalendarDate? { string.flatMap { CalendarDate($0) } }

  /// An object in which some member says something.
  var saysSomething: Bool {
    var says = false
    forEachMember { if !$0.value.isNull { says = true } }
    return says
  }

  /// A string that can name something.
  var identity: String? { string.flatMap { $0.isEmpty ? nil : $0 } }
}
