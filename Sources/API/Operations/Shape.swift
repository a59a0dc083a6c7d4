package import JSON

/// What a JSON value has to look like: said once, and used to check what comes in, to check in tests what goes out, and
/// to describe both to the world.
package struct Shape: Sendable {
  indirect enum Form: Sendable {
    /// Any JSON at all.
    case any
    case text(TextForm)
    case integer(ClosedRange<Int>)
    case flag
    case list(Shape, count: ClosedRange<Int>)
    case object([Member])
    /// Any names, each with a value of one shape.
    case map(Shape, countMax: Int)
    /// One of several, told apart by trying them.
    case either([Shape])
  }

  /// One member of an object.
  package struct Member: Sendable {
    let name: String
    let shape: Shape
    let isRequired: Bool

    /// Always there, though it may be null where its shape says so.
    package static func required(_ name: String, _ shape: Shape, _ words: String? = nil) -> Member {
      Member(name: name, shape: words.map(shape.described) ?? shape, isRequired: true)
    }

    /// May be left out.
    package static func optional(_ name: String, _ shape: Shape, _ words: String? = nil) -> Member {
      Member(name: name, shape: words.map(shape.described) ?? shape, isRequired: false)
    }
  }

  let form: Form
  /// Under which the description lists it; nil for one that is written out where it stands.
  private(set) var name: String?
  private(set) var words: String?
  private(set) var isNullable = false
  /// What holds between the members, asked when each of them is right. Mistakes by pointer from here.
  private(set) var rule: (@Sendable (JSONValue) -> [String: String])?

  private init(_ form: Form) { self.form = form }

  /// The same, and a rule on top that a description can only tell in words.
  ///
  /// - Parameter rule: Gets a value whose form is right; gives the mistakes by pointer from here.
  package func holding(_ rule: @escaping @Sendable (JSONValue) -> [String: String]) -> Shape {
    var copy = self
    copy.rule = rule
    return copy
  }

  /// The same, listed under a name. Two shapes of one name have to be equal.
  package func named(_ name: String) -> Shape {
    var copy = self
    copy.name = name
    return copy
  }

  /// The same with a sentence on what it means.
  package func described(_ words: String) -> Shape {
    var copy = self
    copy.words = words
    return copy
  }

  /// The same without its name, for the one place where it is written out.
  func at(place words: String?, isNullable: Bool) -> Shape {
    var copy = self
    (copy.name, copy.words, copy.isNullable) = (nil, words, isNullable)
    return copy
  }

  /// The same, or null.
  package var orNull: Shape {
    var copy = self
    copy.isNullable = true
    return copy
  }
}

extension Shape {
  package static let any = Shape(.any)
  package static let flag = Shape(.flag)

  package static func integer(_ range: ClosedRange<Int> = -(1 << 53)...(1 << 53)) -> Shape { Shape(.integer(range)) }

  /// Counts: nothing negative.
  package static let count = integer(0...(1 << 53))

  package static func list(of element: Shape, count: ClosedRange<Int> = 0...100_000) -> Shape {
    Shape(.list(element, count: count))
  }

  package static func object(_ members: [Member]) -> Shape { Shape(.object(members)) }

  package static func object(_ name: String, _ members: [Member]) -> Shape { object(members).named(name) }

  package static func map(of value: Shape, countMax: Int = 100) -> Shape { Shape(.map(value, countMax: countMax)) }

  package static func either(_ shapes: [Shape]) -> Shape { Shape(.either(shapes)) }

  static func text(_ form: TextForm) -> Shape { Shape(.text(form)) }

  /// An object with more members.
  package func adding(_ members: [Member]) -> Shape {
    guard case .object(let own) = form else { return self }
    return .object(own + members)
  }

  /// What a text has to look like, where that can be said.
  var pattern: String? { if case .text(let form) = form { form.pattern } else { nil } }

  /// The members of an object, none otherwise.
  package var members: [Member] { if case .object(let members) = form { members } else { [] } }

  /// One page of a list.
  package static func page(of row: Shape) -> Shape {
    .object([
      .required("data", .list(of: row, count: 0...500)),
      .required("next", .text(0...4_000).orNull, "Send it as `cursor`, with the same filter, for the next page."),
    ])
  }

  /// A list that is always whole.
  package static func whole(_ row: Shape, countMax: Int = 10_000, and more: [Member] = []) -> Shape {
    .object([.required("data", .list(of: row, count: 0...countMax))] + more)
  }
}
