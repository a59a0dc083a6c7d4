import Basics
import Crypto
import HTTP
import JSON
import Web

/// The web application as the server hands it out: one page for every address of it, and the files it is made of under a
/// path that names their content, so that browsers may keep them for ever.
final class WebApplication: Sendable {
  /// A file as it is sent, in both forms.
  private struct Asset: Sendable {
    var type: String
    var bytes: [UInt8]
    /// Nil where it saves nothing.
    var compressed: [UInt8]?
  }

  /// Names the content of all files together.
  let build: String
  private let files: [String: WebFiles.File]
  private let shell: String
  /// Compressed when they are first asked for.
  private let assets = Locked<[String: Asset]>([:])

  init(_ all: [WebFiles.File] = WebFiles.all) {
    files = Dictionary(uniqueKeysWithValues: all.map { ($0.path, $0) })
    var content: [UInt8] = []
    for file in all { content += Array(file.path.utf8) + [0] + Hash.sha256(file.bytes) }
    build = String(Hex.encode(Hash.sha256(content)).prefix(12))
    shell = files["index.html"].map { String(decoding: $0.bytes, as: UTF8.self) } ?? ""
  }

  /// Addresses that people see. Each is answered by the same page, which then shows what the address names.
  static let addresses: [String] =
    [
      "", "welcome", "sign-in", "reset", "invitation", "overview", "accounts", "accounts/{id}", "transactions",
      "cash-flow", "investments", "liabilities", "budgets", "recurring", "rules", "categories", "inbox",
      "notifications", "reports", "ask", "activity", "settings", "settings/{section}",
    ].map { "/" + $0 }
  /// Where Plaid's own window may be shown, and where it comes back to from a bank's site.
  static let linkAddresses = ["/link", "/link/return"]

  /// Files that browsers ask for by a fixed name.
  static let fixed = [
    "/manifest.webmanifest": "manifest.webmanifest", "/sw.js": "sw.js", "/favicon.ico": "icons/icon-32.png",
    "/icon.svg": "icons/icon.svg", "/icon-192.png": "icons/icon-192.png", "/icon-512.png": "icons/icon-512.png",
  ]

  // MARK: - Files

  /// - Parameters:
  ///   - isLasting: The address names the content.
  /// - Throws: 404 for a file that is not there.
  func file(_ path: String, isLasting: Bool, _ request: Request) throws(Problem) -> Response {
    guard let asset = asset(path) else { throw .notFound }
    var response = Response(200, body: asset.bytes, contentType: asset.type)
    response.headers["Cache-Control"] = isLasting ? "public, max-age=31536000, immutable" : "no-cache"
    // A worker lives by the policy that its own file came with, and asks this server in the page's place.
    if path == "sw.js" { response.headers["Content-Security-Policy"] = "default-src 'none'; connect-src 'self'" }
    if asset.compressed != nil { response.headers["Vary"] = "Accept-Encoding" }
    let tag = "\"\(build)\""
    response.headers["ETag"] = tag
    if request.headers.all("If-None-Match").contains(where: { $0.contains(tag) }) {
      var unchanged = Response(304)
      for name in ["ETag", "Cache-Control", "Vary"] { unchanged.headers[name] = response.headers[name] }
      return unchanged
    }
    if let compressed = asset.compressed, Gzip.isAccepted(request.headers.all("Accept-Encoding")) {
      response.body = compressed
      response.headers["Content-Encoding"] = "gzip"
    }
    return response
  }

  private func asset(_ path: String) -> Asset? {
    if let known = assets.withLock({ $0[path] }) { return known }
    guard path != "index.html", let file = files[path] else { return nil }
    let type = Self.type(of: path)
    let isText = !type.hasPrefix("image/png")
    // Others' files keep what their licences want kept.
    let isOurs = (path.hasSuffix(".js") || path.hasSuffix(".css")) && !path.hasPrefix("vendor/")
    let bytes = isOurs ? ReadersLines.removed(from: file.bytes) : file.bytes
    let asset = Asset(
      type: type, bytes: bytes,
      compressed: isText && bytes.count >= Gzip.bytesMin ? Gzip.compress(bytes, level: 9) : nil)
    assets.withLock { $0[path] = asset }
    return asset
  }

  private static func type(of path: String) -> String {
    switch path.split(separator: ".").last {
    case "js": "text/javascript; charset=utf-8"
    case "css": "text/css; charset=utf-8"
    case "svg": "image/svg+xml"
    case "png": "image/png"
    case "webmanifest": "application/manifest+json"
    default: "text/plain; charset=utf-8"
    }
  }

  // MARK: - The page

  /// What the page knows before it asks anything.
  struct Start: Sendable {
    var version: String
    var isSimulated: Bool
    /// Nobody can sign in yet.
    var needsSetup: Bool
    /// Shown with every change; nil: nobody is signed in.
    var csrf: String?
    /// Who may make themselves known here.
    var registration: String
    /// A forgotten password can be set by a link that comes by mail.
    var sendsMail: Bool
    /// `GET /v1/accounts` and so on: what this server can be asked.
    var operations: [String]
  }

  /// - Parameter showsLink: Plaid's script and window are let in, which no other address does.
  func page(_ start: Start, showsLink: Bool) -> Response {
    let nonce = Base64URL.encode(RandomBytes.make(16))
    let facts: JSONValue = [
      "version": .string(start.version), "simulated": .bool(start.isSimulated),
      "setup_needed": .bool(start.needsSetup), "csrf": JSONValue(start.csrf), "build": .string(build),
      "charts": .bool(files["vendor/chart.min.js"] != nil), "link": .bool(showsLink),
      "registration": .string(start.registration), "mail": .bool(start.sendsMail),
      "operations": .array(start.operations.map { .string($0) }),
    ]
    let html = shell.replacing("{{nonce}}", with: nonce).replacing("{{build}}", with: build)
      .replacing("{{start}}", with: facts.text().replacing("<", with: "\\u003c"))
    var response = Response.html(200, html)
    response.headers["Content-Security-Policy"] = Self.policy(nonce: nonce, showsLink: showsLink)
    response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=(), payment=(), usb=()"
    // Plaid's window speaks with the page that opened it.
    response.headers["Cross-Origin-Opener-Policy"] = showsLink ? "same-origin-allow-popups" : "same-origin"
    return response
  }

  private static func policy(nonce: String, showsLink: Bool) -> String {
    let plaid = "https://cdn.plaid.com"
    let hosts = "https://sandbox.plaid.com https://production.plaid.com"
    return [
      "default-src 'none'", "script-src 'self' 'nonce-\(nonce)'" + (showsLink ? " \(plaid)" : ""),
      "style-src 'self' 'nonce-\(nonce)'" + (showsLink ? " 'unsafe-inline'" : ""), "img-src 'self' data: blob:",
      "font-src 'self'",
      "connect-src 'self'" + (showsLink ? " \(hosts)" : ""), "manifest-src 'self'", "worker-src 'self'",
      "frame-src " + (showsLink ? plaid : "'none'"), "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'",
    ].joined(separator: "; ")
  }
}
