import Finance
import JSON

/// What a request body may look like. Every endpoint declares one, so that all of them refuse in the same order:
/// missing fields first, then unknown ones, then values of the wrong kind.
struct Shape: Sendable {
  indirect enum Kind: Sendable {
    case string
    case integer(ClosedRange<Int>)
    case number
    case boolean
    case date
    case dateTime
    /// One of these words and no other.
    case word(Set<String>)
    case strings
    case words(Set<String>)
    case object(Shape)
    case objects(Shape, count: ClosedRange<Int>)
    /// Accepted and not looked into: parts of Plaid this sandbox has no use for.
    case anything
  }

  struct Field: Sendable {
    var name: String
    var kind: Kind
    var isRequired: Bool
    /// Whether `null` stands for leaving the field out.
    var isNullable: Bool
  }

  var fields: [Field]

  init(_ fields: Field...) { self.fields = fields }
  init(_ fields: [Field]) { self.fields = fields }

  /// The fields every body may carry beside its own.
  private static let credentials: Set<String> = ["client_id", "secret"]

  /// - Throws: The first complaint in Plaid's order.
  func check(_ body: JSONValue) throws(Refusal) {
    var complaints = Complaints()
    check(body, path: "", allowing: Self.credentials, into: &complaints)
    if !complaints.missing.isEmpty { throw .missing(complaints.missing) }
    if !complaints.unknown.isEmpty { throw .unknown(complaints.unknown) }
    if let first = complaints.invalid.first { throw .invalidField(first) }
  }

  private struct Complaints {
    var missing: [String] = []
    var unknown: [String] = []
    var invalid: [String] = []
  }

  private func check(_ body: JSONValue, path: String, allowing extra: Set<String>, into complaints: inout Complaints) {
    for field in fields where field.isRequired {
      if body[field.name] == nil { complaints.missing.append(path + field.name) }
    }
    for member in body.members {
      guard let field = fields.first(where: { $0.name == member.key }) else {
        if !extra.contains(member.key) { complaints.unknown.append(path + member.key) }
        continue
      }
      check(member.value, as: field, path: path + field.name, into: &complaints)
    }
  }

  private func check(_ value: JSONValue, as field: Field, path: String, into complaints: inout Complaints) {
    if value.isNull {
      if !field.isNullable { complaints.invalid.append("\(path) must not be null") }
      return
    }
    switch field.kind {
    case .object(let shape):
      guard case .object = value else { return complaints.invalid.append("\(path) must be an object") }
      shape.check(value, path: path + ".", allowing: [], into: &complaints)
    case .objects(let shape, let count):
      guard case .array(let elements) = value else { return complaints.invalid.append("\(path) must be an array") }
      guard count.contains(elements.count) else {
        let bounds = "\(count.lowerBound) to \(count.upperBound)"
        return complaints.invalid.append("\(path) must have \(bounds) entries")
      }
      for (index, element) in elements.enumerated() {
        shape.check(element, path: "\(path)[\(index)].", allowing: [], into: &complaints)
      }
    default:
      if let complaint = Self.complaint(about: value, as: field.kind) {
        complaints.invalid.append("\(path) \(complaint)")
      }
    }
  }

  private static func complaint(about value: JSONValue, as kind: Kind) -> String? {
    switch kind {
    case .string: value.string == nil ? "must be a string" : nil
    case .integer(let range):
      switch value.int {
      case nil: "must be an integer"
      case .some(let number) where !range.contains(number):
        "must be between \(range.lowerBound) and \(range.upperBound)"
      default: nil
      }
    case .number: value.numberText == nil ? "must be a number" : nil
    case .boolean: value.bool == nil ? "must be a boolean" : nil
    case .date:
      value.string.flatMap { $0.utf8.count == 10 ? CalendarDate($0) : nil } == nil
        ? "must be a date of the form YYYY-MM-DD" : nil
    case .dateTime: value.string == nil ? "must be a date-time" : nil
    case .word(let words): value.string.map(words.contains) == true ? nil : "is not one of the accepted values"
    case .strings:
      if case .array(let elements) = value, elements.allSatisfy({ $0.string != nil }) {
        nil
      } else {
        "must be an array of strings"
      }
    case .words(let words):
      if case .array(let elements) = value, elements.allSatisfy({ $0.string.map(words.contains) == true }) {
        nil
      } else {
        "holds a value that is not accepted"
      }
    case .object, .objects, .anything: nil
    }
  }
}

extension Shape.Field {
  static func required(_ name: String, _ kind: Shape.Kind = .string) -> Shape.Field {
    Shape.Field(name: name, kind: kind, isRequired: true, isNullable: false)
  }

  static func optional(_ name: String, _ kind: Shape.Kind = .string, nullable: Bool = true) -> Shape.Field {
    Shape.Field(name: name, kind: kind, isRequired: false, isNullable: nullable)
  }
}
