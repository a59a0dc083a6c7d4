package import JSON

/// An answer of the interface as a person reads it: names and values, one a line, and rows in columns that line up.
package struct AnswerText: Sendable {
  /// What accounts are called, by their ids.
  let accounts: [String: String]

  package init(accounts: [String: String] = [:]) { self.accounts = accounts }

  /// Null does not always mean that something is unknown: there is no more, or it is said in another way.
  private static func doesNotApply(_ key: String, in whole: JSONValue) -> Bool {
    switch key {
    case "rest", "next", "next_offset": true
    case "value": whole["ratio"].map { !$0.isNull } ?? false
    case "ratio": whole["value"].map { !$0.isNull } ?? false
    case "share": whole["unknown_because"] != nil
    case "unknown_because": true
    default: whole["state"]?.string.map { $0 != "unknown" } ?? false
    }
  }

  /// What says most about a part that does not fit into a column.
  private static let headlines = ["ticker", "name", "net"]

  package func lines(_ value: JSONValue) -> [String] { lines(value, depth: 0) }

  private func lines(_ value: JSONValue, depth: Int) -> [String] {
    let margin = String(repeating: "  ", count: depth)
    return value.members.flatMap { member -> [String] in
      if member.key == "inputs" { return Self.inputs(member.value).map { margin + $0 } }
      if member.value.isNull, Self.doesNotApply(member.key, in: value) { return [] }
      let name = margin + member.key.replacing("_", with: " ")
      if let amount = Self.money(member.value) { return ["\(name): \(amount)"] }
      switch member.value {
      case .null: return ["\(name): unknown"]
      case .object: return [name] + lines(member.value, depth: depth + 1)
      case .array(let rows):
        if rows.isEmpty { return ["\(name): none"] }
        guard rows.contains(where: { !$0.members.isEmpty }) else {
          return ["\(name): \(rows.map { text($0) }.joined(separator: ", "))"]
        }
        return [name] + table(rows, margin: margin + "  ")
      default: return ["\(name): \(text(member.value))"]
      }
    }
  }

  /// Rows in columns that line up, amounts to the right and ids last; a column that says nothing is left away. What each
  /// row has of rows of its own follows.
  private func table(_ rows: [JSONValue], margin: String) -> [String] {
    let lines = rows.map { cells(of: $0) }
    var names: [String] = []
    for line in lines { for cell in line where !names.contains(cell.name) { names.append(cell.name) } }
    func column(_ name: String) -> [Cell] { lines.compactMap { line in line.first { $0.name == name } } }
    let ids = names.filter { name in column(name).allSatisfy { Self.isID($0.text) } }
    names = names.filter { !ids.contains($0) } + ids
    let sides = names.map { name -> Table.Side in column(name).allSatisfy(\.isNumber) ? .right : .left }
    var table = Table(sides, head: names.map { $0.replacing("_", with: " ") }, widthMax: .max)
    for line in lines {
      table.append(names.map { name in line.first { $0.name == name }?.text ?? "" })
    }
    var text = table.lines.map { margin + $0 }
    for (row, line) in zip(rows, lines) {
      for member in row.members {
        guard case .array(let parts) = member.value, parts.contains(where: { !$0.members.isEmpty }) else { continue }
        let title = [line.first?.text, member.key.replacing("_", with: " ")].compactMap(\.self)
        text.append(margin + title.joined(separator: ": "))
        text += self.table(parts, margin: margin + "  ")
      }
    }
    return text
  }

  private struct Cell {
    var name: String
    var text: String
    var isNumber: Bool
  }

  /// What a row says, a column each. Of an object its headline, or each of its members.
  private func cells(of row: JSONValue) -> [Cell] {
    row.members.flatMap { member -> [Cell] in
      if let amount = Self.money(member.value) { return [Cell(name: member.key, text: amount, isNumber: true)] }
      switch member.value {
      case .array, .null: return []
      case .object(let parts):
        if let headline = Self.headlines.first(where: { member.value[$0].map { !$0.isNull } ?? false }),
          let part = member.value[headline]
        {
          let amount = Self.money(part)
          let name = amount == nil ? member.key : "\(member.key)_\(headline)"
          return [Cell(name: name, text: amount ?? text(part), isNumber: amount != nil)]
        }
        return cells(of: .object(parts)).map { cell in
          Cell(name: "\(member.key)_\(cell.name)", text: cell.text, isNumber: cell.isNumber)
        }
      default:
        let text = member.key == "account" ? text(member.value) : Self.plain(member.value)
        return [Cell(name: member.key, text: text, isNumber: member.value.numberText != nil)]
      }
    }
  }

  /// What an answer was made from, in a line.
  private static func inputs(_ inputs: JSONValue) -> [String] {
    func counts(_ key: String) -> [String] {
      (inputs[key]?.members ?? []).compactMap { member in
        member.value.int.flatMap { $0 > 0 ? "\($0) \(member.key.replacing("_", with: " "))" : nil }
      }
    }
    var parts: [String] = []
    func number(_ count: Int, _ thing: String) -> String { count == 1 ? "1 \(thing)" : "\(count) \(thing)s" }
    if let rows = inputs["rows_counted"]?.int, rows > 0 { parts.append(number(rows, "row")) }
    if let accounts = inputs["accounts"]?.elements.count { parts.append(number(accounts, "account")) }
    if let from = inputs["from"]?.string, let to = inputs["to"]?.string { parts.append("\(from) to \(to)") }
    let rows = counts("rows_left_out")
    if !rows.isEmpty { parts.append("rows left out: " + rows.joined(separator: ", ")) }
    let accounts = counts("accounts_left_out")
    if !accounts.isEmpty { parts.append("accounts left out: " + accounts.joined(separator: ", ")) }
    let currencies = (inputs["currencies_without_rate"]?.elements ?? []).compactMap(\.string)
    if !currencies.isEmpty { parts.append("without a rate: " + currencies.joined(separator: ", ")) }
    return parts.isEmpty ? [] : ["made from: " + parts.joined(separator: "; ")]
  }

  private static func money(_ value: JSONValue) -> String? {
    guard let amount = value["amount"]?.string, let currency = value["currency"]?.string else { return nil }
    return "\(amount) \(currency)"
  }

  private static func isID(_ text: String) -> Bool {
    text.utf8.count == 30 && text.dropFirst(3).first == "_" && text.utf8.allSatisfy { $0 < 0x7F && $0 > 0x20 }
  }

  /// An account by its name.
  private func text(_ value: JSONValue) -> String {
    value.string.flatMap { accounts[$0] } ?? Self.plain(value)
  }

  /// Yes and no in words, anything else as it is.
  private static func plain(_ value: JSONValue) -> String {
    if let text = value.string { return text }
    return value.bool.map { $0 ? "yes" : "no" } ?? value.text()
  }
}
