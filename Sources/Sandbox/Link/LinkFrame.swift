import JSON

/// What all pages of the stand-in have around them.
extension LinkPages {
  var appName: String { token.clientName.count > 30 ? "This Application" : token.clientName }

  static func escaped(_ text: String) -> String {
    var out = ""
    for character in text {
      switch character {
      case "&": out += "&amp;"
      case "<": out += "&lt;"
      case ">": out += "&gt;"
      case "\"": out += "&quot;"
      case "'": out += "&#39;"
      default: out.append(character)
      }
    }
    return out
  }

  func hidden(step: String?) -> String {
    let step = step.map { "<input type=\"hidden\" name=\"step\" value=\"\($0)\">" } ?? ""
    return """
      <input type="hidden" name="token" value="\(Self.escaped(token.text))">\
      <input type="hidden" name="session" value="\(Self.escaped(session.id))">\(step)
      """
  }

  var exitForm: String {
    """
    <form method="post" action="\(FakeLink.submitPath)">\(hidden(step: "exit"))\
    <button class="plain">Cancel</button></form>
    """
  }

  func complaint(_ refusal: Refusal?) -> String {
    guard let refusal else { return "" }
    return """
      <div role="alert" class="alert"><p>\(Self.escaped(refusal.display ?? refusal.message))</p>\
      <p><small>\(refusal.code)</small></p></div>
      """
  }

  /// Tells the page that opened this one. The token in it is worth nothing without the client's secret.
  func script(_ message: JSONValue) -> String {
    // A "<" in a string of the message must not end the script.
    let text = message.text().split(separator: "<", omittingEmptySubsequences: false).joined(separator: "\\u003c")
    return """
      <script nonce="\(nonce)">const m = \(text);
      if (window.opener) window.opener.postMessage(m, "*");
      if (window.parent !== window) window.parent.postMessage(m, "*");</script>
      """
  }

  /// Only what is in the page itself; after the form the browser may go on to the app.
  static func headers(nonce: String, leadsTo uri: String?) -> [(name: String, value: String)] {
    let origin = uri.map { " " + String($0.prefix { $0 != "?" && $0 != "#" && $0 != ";" && $0 != "," }) } ?? ""
    return [
      (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'unsafe-inline'; script-src 'nonce-\(nonce)'; form-action 'self'\(origin); "
          + "base-uri 'none'"
      ), ("Referrer-Policy", "no-referrer"), ("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"),
    ]
  }

  static func broken(_ sentence: String) -> String {
    frame(
      "Simulated bank", "<h1>Simulated bank</h1><div role=\"alert\" class=\"alert\"><p>\(escaped(sentence))</p></div>")
  }

  func page(_ title: String, _ content: String) -> String {
    Self.frame(
      title, "<p class=\"note\">Simulated bank — no real accounts</p><h1>\(Self.escaped(title))</h1>\(content)")
  }

  private static func frame(_ title: String, _ content: String) -> String {
    """
    <!doctype html><html lang="en"><head><meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1"><title>\(escaped(title))</title>
    <style>\(style)</style></head><body><main>\(content)</main></body></html>
    """
  }

  private static let style = """
    :root{color-scheme:light dark;--ink:#1a202c;--paper:#fff;--edge:#718096;--act:#1f5aa6;--on-act:#fff;--warn:#9b2c2c}
    @media(prefers-color-scheme:dark){:root{--ink:#edf2f7;--paper:#171923;--edge:#8794a8;--act:#90cdf4;--on-act:#171923;\
    --warn:#feb2b2}}
    *{box-sizing:border-box}body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.5 system-ui,sans-serif}
    main{max-width:30rem;margin:0 auto;padding:1.25rem}h1{font-size:1.5rem;line-height:1.25}
    .note{font-size:.875rem;margin:0}label{display:block;margin:.75rem 0 .25rem}
    input:not([type=checkbox]){width:100%;min-height:2.75rem;padding:.5rem;font:inherit;color:inherit;background:inherit;\
    border:1px solid var(--edge);border-radius:.375rem}
    button{width:100%;min-height:2.75rem;margin:.75rem 0 0;padding:.5rem 1rem;font:inherit;cursor:pointer;\
    color:var(--on-act);background:var(--act);border:1px solid var(--act);border-radius:.375rem}
    button.plain,button.bank{color:inherit;background:transparent;border-color:var(--edge)}
    button.bank{display:flex;gap:.75rem;align-items:center;text-align:start;margin:0 0 .5rem}
    .tile{width:1.75rem;height:1.75rem;border-radius:.375rem;flex:none}
    .banks{list-style:none;padding:0}fieldset{border:0;padding:0;margin:0}legend{padding:0}
    label.account{display:flex;gap:.75rem;align-items:center;min-height:2.75rem;margin:0}
    label.account input{width:1.25rem;height:1.25rem}
    details{margin:.75rem 0}.alert{border-inline-start:.25rem solid var(--warn);padding:.25rem .75rem;margin:.75rem 0}
    :focus-visible{outline:3px solid var(--act);outline-offset:2px}output,code{overflow-wrap:anywhere}
    """
}
