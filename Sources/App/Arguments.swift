/// A mistake in what was typed: one line that says what to do. The program then ends with code 2.
package struct UsageError: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
  package init(_ description: String) { self.description = description }
}

/// An option that a command understands. Declared once: parsing, help and shell completion read it.
package struct Option: Sendable {
  /// Without the dashes.
  package let name: String
  /// What stands after it, such as `PORT`; nil when the option takes no value.
  package let placeholder: String?
  package let summary: String

  package static func flag(_ name: String, _ summary: String) -> Option {
    Option(name: name, placeholder: nil, summary: summary)
  }
  package static func value(_ name: String, _ placeholder: String, _ summary: String) -> Option {
    Option(name: name, placeholder: placeholder, summary: summary)
  }
}

/// The words after a command's name. A command takes out what it knows; what is left over is a mistake.
package struct Arguments: Sendable {
  private var flags: Set<String> = []
  private var values: [String: String] = [:]
  private var words: [String] = []

  /// Sorts the words by the options declared. `--name value` and `--name=value` are the same; after `--` all are words.
  package init(_ typed: [String], options: [Option]) throws(UsageError) {
    var rest = typed[...]
    while let word = rest.popFirst() {
      if word == "--" {
        words += rest
        return
      }
      guard word.hasPrefix("-"), word != "-" else {
        words.append(word)
        continue
      }
      let parts = word.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts[0].hasPrefix("--"), let option = options.first(where: { "--" + $0.name == parts[0] }) else {
        throw UsageError("unknown option \(parts[0])" + Self.hint(parts[0], among: options.map { "--" + $0.name }))
      }
      guard let placeholder = option.placeholder else {
        guard parts.count == 1 else { throw UsageError("--\(option.name) takes no value") }
        flags.insert(option.name)
        continue
      }
      guard values[option.name] == nil else { throw UsageError("--\(option.name) is given twice") }
      if parts.count == 2 {
        values[option.name] = parts[1]
      } else {
        guard let value = rest.popFirst(), !value.hasPrefix("--") else {
          throw UsageError("--\(option.name) needs a value: --\(option.name) \(placeholder)")
        }
        values[option.name] = value
      }
    }
  }

  package mutating func flag(_ name: String) -> Bool { flags.remove(name) != nil }

  package mutating func text(_ name: String) -> String? { values.removeValue(forKey: name) }

  /// - Parameter wanted: What a value looks like, for the message.
  package mutating func option<Value: LosslessStringConvertible>(
    _ name: String, as _: Value.Type = Value.self, wanted: String
  ) throws(UsageError) -> Value? {
    guard let text = text(name) else { return nil }
    guard let value = Value(text) else { throw UsageError("--\(name) must be \(wanted), not \"\(text)\"") }
    return value
  }

  /// The next word that belongs to no option.
  package mutating func word() -> String? { words.isEmpty ? nil : words.removeFirst() }

  package mutating func word(_ meaning: String) throws(UsageError) -> String {
    guard let word = word() else { throw UsageError("\(meaning) is missing") }
    return word
  }

  /// All that a command did not take is a mistake.
  package func finish() throws(UsageError) {
    if let word = words.first { throw UsageError("unexpected \"\(word)\"") }
    if let name = flags.union(values.keys).min() { throw UsageError("--\(name) does not go with the rest") }
  }

  /// `; did you mean …?` when one of the names is near to what was typed.
  static func hint(_ typed: String, among names: [String]) -> String {
    let near = names.map { (name: $0, distance: distance(typed, $0)) }.min { $0.distance < $1.distance }
    guard let near, near.distance <= 2 else { return "" }
    return "; did you mean \(near.name)?"
  }

  /// How many letters must be added, dropped or changed to come from one word to the other (Levenshtein).
  private static func distance(_ left: String, _ right: String) -> Int {
    let right = Array(right)
    var row = Array(0...right.count)
    for (index, letter) in left.enumerated() {
      var diagonal = row[0]
      row[0] = index + 1
      for column in right.indices {
        let changed = diagonal + (letter == right[column] ? 0 : 1)
        diagonal = row[column + 1]
        row[column + 1] = min(changed, diagonal + 1, row[column] + 1)
      }
    }
    return row[right.count]
  }
}
