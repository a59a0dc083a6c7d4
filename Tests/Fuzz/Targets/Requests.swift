import Basics
import Finance
import Glibc
import JSON

@testable import API
@testable import HTTP

private struct Context: RequestContext {
  var info = RequestInfo(requestID: "")
}

/// Targets and headers, without a socket: the first line is the method and the target, the others are header fields.
@Sendable func fuzzHTTP(_ bytes: [UInt8]) {
  let lines = bytes.split(separator: 10, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
  let words = lines[0].split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
  var headers = HeaderFields()
  for line in lines.dropFirst().prefix(50) {
    let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    headers.append(parts[0], parts.count > 1 ? parts[1] : "")
  }
  let request = Request(words[0], words.count > 1 ? words[1] : "/", headers: headers)
  if let found = tree.find(request.path) {
    _ = found.allow
    if let (route, parameters) = found.route(for: request.method) {
      require(route.pattern.contains("{") == !parameters.isEmpty, "a parameter is lost")
    }
  }
  for (name, value) in request.query {
    require(PercentCoding.decode(PercentCoding.encode(name)) == name, "another name")
    require(PercentCoding.decode(PercentCoding.encode(value)) == value, "another value")
  }
  _ = Gzip.isAccepted(headers.all("accept-encoding"))
  _ = EntityTag(text: headers["etag"] ?? lines[0]).isNamed(by: request, "if-none-match")
  let answer = Finishing.finish(Response.json(200, bytes), request)
  require([200, 304].contains(answer.status), "another status")
}

private let tree = RouteTree(
  ["/", "/v1/accounts", "/v1/accounts/{id}", "/v1/accounts/{id}/sync", "/v1/accounts/list", "/files/{path...}"]
    .flatMap { pattern in
      ["GET", "POST", "DELETE"].map { Route<Context>(method: $0, pattern: pattern) { _, _ in Response(204) } }
    })

/// A whole exchange over a socket, as bytes: whatever comes, the server goes on answering.
@Sendable func fuzzEdge(_ bytes: [UInt8]) {
  let told = exchange(bytes)
  require(told.isEmpty || told.starts(with: Array("HTTP/1.".utf8)), "an answer that is none")
  counter += 1
  if counter % 64 == 0 {
    let well = exchange(Array("GET /well HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".utf8))
    require(well.starts(with: Array("HTTP/1.1 204".utf8)), "the server does not answer any more")
  }
}

// libFuzzer calls on one thread.
nonisolated(unsafe) private var counter = 0

private let server: (server: HTTPServer, port: UInt16) = {
  signal(SIGPIPE, SIG_IGN)
  var settings = HTTPServer.Configuration()
  settings.bodyBytesMax = 2_000
  settings.headerBytesMax = 4_096
  let server = HTTPServer(settings) { request in
    var response = Response.json(request.path == "/well" ? 204 : 200, request.path == "/well" ? [] : request.body)
    response.headers["Echo"] = request.headers["Echo"]
    return response
  }
  guard let port = try? server.start() else { fatalError("no port is left") }
  return (server, port)
}()

/// Sends, closes the sending half, and reads to the end.
private func exchange(_ bytes: [UInt8]) -> [UInt8] {
  let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
  defer { close(descriptor) }
  var address = sockaddr_in()
  address.sin_family = sa_family_t(AF_INET)
  address.sin_port = server.port.bigEndian
  address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
  let size = socklen_t(MemoryLayout<sockaddr_in>.size)
  let isConnected = withUnsafePointer(to: &address) { pointer in
    pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { connect(descriptor, $0, size) == 0 }
  }
  guard isConnected else { return [] }
  var patience = timeval(tv_sec: 5, tv_usec: 0)
  setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
  _ = bytes.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
  shutdown(descriptor, Int32(SHUT_WR))
  var told: [UInt8] = []
  var piece = [UInt8](repeating: 0, count: 4_096)
  while true {
    let count = recv(descriptor, &piece, piece.count, 0)
    if count <= 0 { return told }
    told += piece[..<count]
  }
}

private enum Kind: String, CaseIterable, Sendable { case checking, savings }

private let filter: [Parameter] =
  .page + [
    .queries("account", .id(Account.self), countMax: 5), .query("from", .day), .query("month", .month),
    .query("at", .instant), .query("pending", .flag), .query("least", .decimal), .query("currency", .currency),
    .query("kind", .word(Kind.self)), .query("text", .text(1...100)), .query("note", .lines()),
    .query("colour", .colour), .query("count", .integer(-5...5)), .query("word", .token),
  ]

private let body = Shape.object([
  .required("amount", .money), .optional("day", .day.orNull), .optional("list", .list(of: .decimal, count: 1...4)),
  .optional("map", .map(of: .flag, countMax: 3)), .optional("any", .any),
  .optional("either", .either([.money, .integer(0...9), .object([.required("a", .id(Account.self))])])),
])

/// The filters of lists, and bodies of JSON and of forms: what is accepted can be read as what it was declared as.
@Sendable func fuzzFilters(_ bytes: [UInt8]) {
  let text = String(decoding: bytes, as: UTF8.self)
  if let fields = try? filter.query(of: Request("GET", "/?\(text)")) {
    let accounts: [ID<Account>]? = fields["account"]
    let (from, at): (CalendarDate?, Timestamp?) = (fields["from"], fields["at"])
    let (limit, pending): (Int?, Bool?) = (fields["limit"], fields["pending"])
    require(!fields.has("account") || accounts != nil, "accounts are none")
    require(!fields.has("from") || from != nil, "a day is none")
    require(!fields.has("at") || at != nil, "an instant is none")
    require((1...500).contains(limit ?? 0), "a limit outside its range")
    require(!fields.has("pending") || pending != nil, "a flag is none")
  }
  guard let value = try? JSONValue.parse(bytes) else { return }
  let mistakes = body.mistakes(in: value)
  require(mistakes.count <= 100, "more mistakes than anybody reads")
  if mistakes.isEmpty {
    let amount: Money? = Fields(value)["amount"]
    require(amount != nil, "an amount is none")
  }
}
