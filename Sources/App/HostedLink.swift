import API
import Basics
import Finance
import Plaid

/// Signing in at a bank on a page of Plaid's, for somebody at a terminal: shows the address and waits for the end.
struct HostedLink: Sendable {
  /// Short enough not to keep anybody waiting, long enough for Plaid's limits.
  private static let pause = Duration.seconds(2)
  /// When Plaid does not say how long the page lives: its own standard for such pages.
  private static let lifetime = Duration.seconds(1_800)

  let banks: Banks
  let world: World
  /// Gets the lines for the person.
  let tell: @Sendable (String) -> Void

  /// - Parameter id: The connection to sign in again at; nil links a new bank.
  /// - Returns: What the page gave; empty after signing in again.
  /// - Throws: ``Failure`` when the person left without linking, or ``BanksError``.
  func run(renewing id: ID<Connection>? = nil) async throws -> [Secret<String>] {
    let token = try await banks.linkToken(updating: id, isHosted: true)
    guard let url = token.hostedURL else {
      throw Failure("this server gives no page to sign in on; link with --institution or --public-token", .attention)
    }
    tell("Open this page, sign in at your bank, and come back here:")
    tell("  \(PlainText.clean(url))")
    tell("Waiting for you; Ctrl-C gives up.")
    let end = token.expiresAt ?? world.now() + Self.lifetime
    while world.now() < end {
      try await world.sleep(Self.pause)
      let status: PlaidLinkStatus
      do throws(BanksError) {
        status = try await banks.linkStatus(token)
      } catch {
        // A passing failure must not throw away what the person typed meanwhile.
        guard case .bank(let fault) = error, fault.isPassing else { throw error }
        continue
      }
      guard status.isFinished else { continue }
      if !status.publicTokens.isEmpty { return status.publicTokens }
      if let error = status.exitError { throw Failure("nothing was linked. \(Fault.failure(error))", .signIn) }
      if id != nil { return [] }
      throw Failure("the page was closed before a bank was linked; run magpie link again", .signIn)
    }
    throw Failure("the page was not finished in time; run magpie link again for a new one", .signIn)
  }
}

extension FeedError {
  fileprivate var isPassing: Bool {
    switch self {
    case .retry, .wait: true
    default: false
    }
  }
}
