import Basics
import Finance
import Glibc
import HTTP
import JSON
import Plaid
import Sandbox

/// A bank's answers on a disk: what `/accounts/get` said, then each page of `/transactions/sync`, each with its length
/// in front (four bytes, lowest first).
final class Pages: Sendable {
  private let file: CInt
  private let offset = Locked<off_t>(0)

  init(_ path: String) throws {
    file = Glibc.open(path, O_RDONLY)
    guard file >= 0 else { throw Unreadable(path: path) }
  }

  deinit { close(file) }

  struct Unreadable: Error { var path: String }

  /// The next answer; nil at the end.
  func next() -> [UInt8]? {
    offset.withLock { offset in
      let head = read(4, at: offset)
      guard head.count == 4 else { return nil }
      let length = head.reversed().reduce(0) { $0 << 8 | Int($1) }
      let body = read(length, at: offset + 4)
      offset += off_t(4 + length)
      return body.count == length ? body : nil
    }
  }

  private func read(_ length: Int, at offset: off_t) -> [UInt8] {
    [UInt8](unsafeUninitializedCapacity: length) { buffer, count in
      while count < length {
        let rest = UnsafeMutableRawBufferPointer(rebasing: UnsafeMutableRawBufferPointer(buffer)[count..<length])
        let got = pread(file, rest.baseAddress, rest.count, offset + off_t(count))
        guard got > 0 else { return }
        count += got
      }
    }
  }

  /// Lets the simulated bank write the history of `user_bulk_N`, in pages of 500.
  static func generate(rows: Int, into path: String) async throws {
    guard let out = fopen(path, "w") else { throw Unreadable(path: path) }
    defer { fclose(out) }
    let server = SandboxServer(
      .init(
        clientID: "client", secret: Secret("secret"), seed: 1,
        clock: .virtual(start: Timestamp(seconds: 1_772_452_800)),
        initialDelay: .zero, historicalDelay: .zero),
      http: HTTPClient { _ throws(HTTPClientError) in throw .cannotConnect("no webhooks") })
    let last = Locked<[UInt8]>([])
    let client = Bench.client(
      HTTPClient { call throws(HTTPClientError) in
        let path = "/" + call.url.split(separator: "/").dropFirst(2).joined(separator: "/")
        let answer = await server.handle(Request("POST", path, headers: call.headers, body: call.body))
        last.withLock { $0 = answer.body }
        return HTTPAnswer(status: answer.status, headers: answer.headers, body: answer.body)
      })
    func keep() {
      let body = last.withLock { $0 }
      let head = (0..<4).map { UInt8(truncatingIfNeeded: body.count >> (8 * $0)) }
      fwrite(head, 1, 4, out)
      fwrite(body, 1, body.count, out)
    }
    let publicToken = try await client.sandboxPublicTokenCreate(
      institutionID: "ins_109508", username: "user_bulk_\(rows)")
    let feed = client.feed(accessToken: try await client.publicTokenExchange(publicToken).accessToken)
    _ = try await feed.accounts()
    keep()
    var (cursor, hasMore) = ("", true)
    while hasMore {
      let page = try await feed.page(cursor)
      keep()
      (cursor, hasMore) = (page.nextCursor, page.hasMore)
    }
  }
}

enum Bench {
  static func client(_ http: HTTPClient) -> PlaidClient {
    PlaidClient(
      credentials: PlaidCredentials(
        clientID: "client", secret: Secret("secret"), environment: "sandbox", baseURL: "http://127.0.0.1"),
      http: http, world: .live, log: .silent)
  }
}
