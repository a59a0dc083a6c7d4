import Basics
import Finance
import HTTP
import JSON
import Plaid
import Sandbox
import Testing

/// Plaid's client and the simulated bank with a real socket between them. They share no wire type, so what one says has
/// to be what the other understands.
final class WireBench: Sendable {
  /// 2026-03-02T12:00:00Z, a Monday.
  static let start = Timestamp(seconds: 1_772_452_800)
  static let today = CalendarDate(utc: start)

  let sandbox: SandboxServer
  let base: String
  let client: PlaidClient
  private let http: HTTPClient
  private let state: Locked<(calls: [String], deadline: Duration?)>

  init() throws {
    let live = HTTPClient.live(log: .silent)
    sandbox = SandboxServer(
      .init(
        clientID: "client", secret: Secret("secret"), seed: 3, clock: .virtual(start: Self.start), isControllable: true,
        initialDelay: .zero, historicalDelay: .zero), http: live)
    base = "http://127.0.0.1:\(try sandbox.start())"
    http = live
    let state = Locked<(calls: [String], deadline: Duration?)>(([], nil))
    self.state = state
    let counting = HTTPClient { call throws(HTTPClientError) in
      var call = call
      state.withLock { state in
        state.calls.append(String(call.url.drop { $0 != "/" }.dropFirst(2).drop { $0 != "/" }))
        // A machine that is busy with other tests must not be taken for a slow bank.
        call.deadline = state.deadline ?? .seconds(300)
        call.connectDeadline = .seconds(300)
      }
      return try await live.send(call)
    }
    client = PlaidClient(
      credentials: PlaidCredentials(
        clientID: "client", secret: Secret("secret"), environment: "sandbox", baseURL: base),
      // Pauses between attempts pass at once.
      http: counting, world: .simulated(seed: 1, start: Self.start), log: .silent)
  }

  func stop() async { await sandbox.stop() }

  /// Paths of the calls since the last look.
  func takeCalls() -> [String] {
    state.withLock { state in
      defer { state.calls = [] }
      return state.calls
    }
  }

  /// Every call ends after this; nil: patience.
  func limit(_ deadline: Duration?) { state.withLock { $0.deadline = deadline } }

  func link(
    _ institution: String = "ins_109508", products: [String] = ["transactions"], user: String = "user_good",
    password: String = "pass_good", days: Int = 730
  ) async throws -> PlaidExchange {
    let token = try await client.sandboxPublicTokenCreate(
      institutionID: institution, products: products, username: user, password: password, daysRequested: days)
    return try await client.publicTokenExchange(token)
  }

  @discardableResult
  func control(_ lever: String, _ body: JSONValue = .object([])) async throws -> JSONValue {
    let answer = try await http.send(
      HTTPCall(
        method: "POST", url: base + "/control/" + lever, headers: ["Content-Type": "application/json"],
        body: body.serialized(), deadline: .seconds(300)))
    let json = try JSONValue.parse(answer.body)
    try #require(answer.status == 200, "\(json.text())")
    return json
  }

  /// The next answer, or the next few, of an endpoint go wrong.
  func fault(_ fault: String, at endpoint: String, count: Int? = nil) async throws {
    try await control("faults/remove")
    try await control(
      "faults/add",
      JSONValue.object([.init("fault", .string(fault)), .init("endpoint", .string(endpoint))])
        .setting("count", count.map { .int($0) }))
  }

  /// Everything the bank has of an Item, row for row.
  func truth(_ item: String) async throws -> (accounts: [JSONValue], rows: [String: JSONValue]) {
    let truth = try await control("item/truth", ["item_id": .string(item)])
    var rows: [String: JSONValue] = [:]
    for row in truth["transactions"]?.elements ?? [] { rows[row["transaction_id"]?.string ?? ""] = row }
    return (truth["accounts"]?.elements ?? [], rows)
  }
}

/// Reads a feed from the beginning to its end.
struct FeedReading {
  var rows: [String: FeedTransaction] = [:]
  var unreadable: [FeedUnreadable] = []
  var pages = 0
  var cursor = ""
  var progress = FeedProgress.unknown

  mutating func read(_ feed: BankFeed) async throws {
    while true {
      let page = try await feed.page(cursor)
      pages += 1
      let rows = try feed.rows(page.raw)
      for row in rows.upserts {
        switch row {
        case .transaction(let transaction): self.rows[transaction.id] = transaction
        case .unreadable(let row): unreadable.append(row)
        }
      }
      for id in rows.removals { self.rows[id] = nil }
      (cursor, progress) = (page.nextCursor, page.progress)
      if !page.hasMore { return }
    }
  }
}

func plaidError<Success>(_ body: () async throws -> Success) async -> PlaidError? {
  do {
    _ = try await body()
    return nil
  } catch { return error as? PlaidError }
}
