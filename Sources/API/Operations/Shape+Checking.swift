package import JSON

/// Holding a value against its shape.
extension Shape {
  /// Every mistake of the value by its JSON pointer (RFC 6901), in words that go after "it"; empty when it is right.
  package func mistakes(in value: JSONValue) -> [String: String] {
    var found = Found()
    check(value, at: "", &found)
    return found.mistakes
  }

  /// Mistakes of one value, up to a number that anybody would read.
  private struct Found {
    var mistakes: [String: String] = [:]
    mutating func add(_ pointer: String, _ words: String) {
      if mistakes.count < 100, mistakes[pointer] == nil { mistakes[pointer] = words }
    }
  }

  private func check(_ value: JSONValue, at pointer: String, _ found: inout Found) {
    if value.isNull, isNullable { return }
    let before = found.mistakes.count
    checkForm(of: value, at: pointer, &found)
    guard let rule, found.mistakes.count == before else { return }
    for (place, words) in rule(value) { found.add(pointer + place, words) }
  }

  private func checkForm(of value: JSONValue, at pointer: String, _ found: inout Found) {
    switch form {
    case .any: break
    case .flag: if value.bool == nil { found.add(pointer, "must be true or false") }
    case .integer(let range):
      if let number = value.wholeNumber, range.contains(number) { break }
      found.add(pointer, Self.words(for: range))
    case .text(let form):
      guard let text = value.string else {
        return found.add(pointer, form.words == nil ? "must be a text" : form.wanted)
      }
      if let words = form.mistake(in: text) { found.add(pointer, words) }
    case .list(let element, let count):
      guard case .array(let elements) = value else { return found.add(pointer, "must be a list") }
      guard count.contains(elements.count) else {
        return found.add(
          pointer,
          count.lowerBound == 0
            ? "must be a list of at most \(count.upperBound)"
            : "must be a list of \(count.lowerBound) to \(count.upperBound)")
      }
      for (index, value) in elements.enumerated() { element.check(value, at: "\(pointer)/\(index)", &found) }
    case .object(let members): check(members, of: value, at: pointer, &found)
    case .map(let shape, let countMax):
      guard case .object(let members) = value else { return found.add(pointer, "must be an object") }
      guard members.count <= countMax else { return found.add(pointer, "must have at most \(countMax) members") }
      for member in members { shape.check(member.value, at: "\(pointer)/\(Self.escaped(member.key))", &found) }
    case .either(let shapes):
      let tried = shapes.map { $0.mistakes(in: value) }
      if tried.contains(where: \.isEmpty) { return }
      // The alternative that came nearest says most.
      let nearest = tried.min { $0.count < $1.count } ?? [:]
      for (place, words) in nearest { found.add(pointer + place, words) }
    }
  }

  private func check(_ members: [Member], of value: JSONValue, at pointer: String, _ found: inout Found) {
    guard case .object(let given) = value else { return found.add(pointer, "must be an object") }
    for member in members {
      // Of two equal keys the last counts, as everywhere.
      guard let value = value[member.name] else {
        if member.isRequired { found.add("\(pointer)/\(member.name)", "is required") }
        continue
      }
      member.shape.check(value, at: "\(pointer)/\(member.name)", &found)
    }
    for member in given where !members.contains(where: { $0.name == member.key }) {
      found.add("\(pointer)/\(Self.escaped(member.key))", "is not known here")
    }
  }

  private static func words(for range: ClosedRange<Int>) -> String {
    range.upperBound >= 1 << 53
      ? "must be a whole number" : "must be a number from \(range.lowerBound) to \(range.upperBound)"
  }

  /// RFC 6901 §3.
  private static func escaped(_ name: String) -> String {
    told(name).replacing("~", with: "~0").replacing("/", with: "~1")
  }

  /// A name that came from outside, as it may be told back. Whoever mixes things up sends a secret in its place, so only
  /// what is short or of plain small letters is repeated.
  static func told(_ name: String) -> String {
    let isWord = name.utf8.allSatisfy {
      $0 == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0)
    }
    return name.unicodeScalars.count <= 15 || isWord && name.utf8.count <= 40 ? name : "…"
  }
}

extension TextForm {
  fileprivate func mistake(in text: String) -> String? {
    if isOfFreeLength {
      guard length.contains(text.unicodeScalars.count) else {
        return length.lowerBound == 0
          ? "must have at most \(length.upperBound) characters"
          : "must have \(length.lowerBound) to \(length.upperBound) characters"
      }
    } else if !length.contains(text.unicodeScalars.count) {
      return wanted
    }
    return isRight(text) ? nil : wanted
  }

  /// Its length is not told by what is wanted already.
  private var isOfFreeLength: Bool { example == nil }
}
