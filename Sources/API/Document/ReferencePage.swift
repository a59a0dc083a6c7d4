import Crypto
import HTTP
import JSON

/// The description of the interface for people: one page without a script, and nothing on it comes from elsewhere.
struct ReferencePage {
  let operations: [Operation]
  let version: String

  func response() -> Response {
    var response = Response.html(200, html)
    let digest = Base64.encode(Hash.sha256(Self.style))
    response.headers["Content-Security-Policy"] =
      "default-src 'none'; style-src 'sha256-\(digest)'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
    return response
  }

  private var html: String {
    let tags = operations.map(\.tag).uniqued
    let contents = tags.map { "<a href=\"#\(Self.anchor($0.name))\">\(Self.text($0.name))</a>" }
    return """
      <!doctype html><html lang="en"><head><meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1"><meta name="color-scheme" content="light dark">
      <title>Magpie: the HTTP interface</title><style>\(Self.style)</style></head><body><main>
      <h1>Magpie: the HTTP interface</h1>
      <p>Version \(Self.text(version)). Programs read the same as <a href="/openapi.json">OpenAPI 3.1</a>. Amounts are
      decimal strings with their currency; positive is into your pocket. Refusals are problem details with a
      <code>code</code> that never changes.</p>
      <nav>\(contents.joined(separator: " "))</nav>
      \(tags.map(chapter).joined(separator: "\n"))
      </main></body></html>
      """
  }

  private func chapter(_ tag: Tag) -> String {
    """
    <section id="\(Self.anchor(tag.name))"><h2>\(Self.text(tag.name))</h2><p>\(Self.text(tag.words))</p>
    \(operations.filter { $0.tag == tag }.map(entry).joined(separator: "\n"))</section>
    """
  }

  private func entry(_ operation: Operation) -> String {
    var parts = ["<p>\(Self.prose(OpenAPI.description(of: operation)))</p>"]
    let parameters = operation.parameters + operation.implied
    if !parameters.isEmpty {
      parts.append(
        "<h3>Parameters</h3>"
          + Self.table(
            parameters.map { ($0.name, Self.kind(of: $0.shape), [$0.words, Self.note($0)].compactMap(\.self)) }))
    }
    if let body = operation.body, !body.shape.members.isEmpty {
      parts.append("<h3>Body</h3>" + Self.table(Self.rows(body.shape)))
    }
    for answer in operation.answers {
      parts.append("<h3>\(answer.status): \(Self.prose(answer.words))</h3>")
      // What is no JSON stands there as it is.
      if let example = answer.example {
        parts.append("<pre>\(Self.text(answer.shape == nil ? example.string ?? "" : example.text(indent: 2)))</pre>")
      }
    }
    let problems = operation.problems.map { "<code>\($0.status) \(Self.text($0.code))</code>" }
    parts.append("<h3>Refusals</h3><p class=\"codes\">\(problems.joined(separator: " "))</p>")
    let old = operation.successor == nil ? "" : " class=\"old\""
    return """
      <details id="\(operation.id)"\(old)><summary><b>\(operation.method.rawValue)</b> <code>\(Self.text(operation.path))\
      </code> <span>\(Self.text(operation.summary))</span></summary>\(parts.joined())</details>
      """
  }

  private static func rows(_ shape: Shape, prefix: String = "") -> [(String, String, [String])] {
    shape.members.flatMap { member -> [(String, String, [String])] in
      let notes = [member.shape.words, member.isRequired ? "Required." : nil].compactMap(\.self)
      let row = (prefix + member.name, kind(of: member.shape), notes)
      var inner = rows(member.shape, prefix: prefix + member.name + ".")
      if case .list(let element, _) = member.shape.form { inner = rows(element, prefix: prefix + member.name + "[].") }
      return [row] + inner
    }
  }

  private static func note(_ parameter: Parameter) -> String? {
    if let countMax = parameter.countMax { return "Up to \(countMax) times." }
    return parameter.standard.map { "Otherwise \($0.text())." }
  }

  private static func kind(of shape: Shape) -> String {
    switch shape.form {
    case .any: "anything"
    case .flag: "true or false"
    case .integer(let range): range.upperBound >= 1 << 53 ? "number" : "\(range.lowerBound) to \(range.upperBound)"
    case .text(let form): form.words?.joined(separator: ", ") ?? form.example.map { "like \($0)" } ?? "text"
    case .list(let element, _): "list of \(kind(of: element))"
    case .object, .map: shape.name ?? "object"
    case .either: "one of several"
    }
  }

  private static func table(_ rows: [(String, String, [String])]) -> String {
    "<dl>"
      + rows.map { name, kind, notes in
        "<dt><code>\(text(name))</code> <i>\(text(kind))</i></dt><dd>\(prose(notes.joined(separator: " ")))</dd>"
      }.joined() + "</dl>"
  }

  private static func anchor(_ name: String) -> String {
    name.lowercased().map { $0.isLetter || $0.isNumber ? String($0) : "-" }.joined()
  }

  /// Text with its code in backquotes.
  private static func prose(_ words: String) -> String {
    text(words).split(separator: "`", omittingEmptySubsequences: false).enumerated()
      .map { $0.offset.isMultiple(of: 2) ? String($0.element) : "<code>\($0.element)</code>" }.joined()
  }

  private static func text(_ words: String) -> String {
    words.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  private static let style = """
    :root{font:16px/1.5 system-ui,sans-serif;--line:#8884;--code:#8881}body{margin:0}main{max-width:52rem;margin:auto;\
    padding:1rem}h1{font-size:1.5rem;line-height:1.2}h2{margin:2rem 0 .25rem}h3{font-size:.9rem;margin:1rem 0 .25rem}\
    nav{display:flex;flex-wrap:wrap;gap:.25rem 1rem}nav a,summary{padding:.4rem 0}details{border-top:1px solid var(--line)}\
    summary{cursor:pointer;overflow-wrap:anywhere}summary span{opacity:.75}.old summary{text-decoration:line-through}\
    code,pre{font-family:ui-monospace,monospace;font-size:.875rem;background:var(--code);border-radius:.25rem}\
    code{padding:.05rem .25rem;overflow-wrap:anywhere}pre{padding:.75rem;overflow:auto}dl{margin:0}dd{margin:0 0 .5rem}\
    .codes code{display:inline-block;margin:.1rem 0}
    """
}
