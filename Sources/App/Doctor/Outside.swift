import Basics
import HTTP
import Plaid
import Sandbox

/// What the doctor learns by asking others: the bank, the clock of another machine, our own public address.
struct Outside: Sendable {
  let configuration: Configuration
  let http: HTTPClient
  let world: World

  /// More than this, and signed webhooks are refused.
  private static let skewMax = Duration.seconds(60)
  private static let deadline = Duration.seconds(20)

  func examine() async -> [Examined] {
    guard let keys = configuration.credentials, configuration.simulation != .on else {
      var found: [Examined] = []
      if configuration.simulation == .off {
        found.append(
          .wrong(
            "bank", "there are no Plaid keys, and MAGPIE_SIMULATION=off forbids the simulated bank",
            "set PLAID_CLIENT_ID and PLAID_SECRET (magpie help plaid), or take MAGPIE_SIMULATION=off away"))
      } else {
        found.append(simulated())
      }
      found.append(.unknown("clock", "there is nobody to compare with"))
      return found + [await publicURL()]
    }
    let (reached, clock) = await reach()
    guard reached.state == .ok else { return [reached, clock, await publicURL()] }
    return [await plaid(keys), clock, await publicURL()]
  }

  /// The simulated bank has a memory of its own; one that cannot be read stops every command that needs a bank.
  private func simulated() -> Examined {
    let path = configuration.dataDirectory + "/" + DataDirectory.simulatedBankName
    if PrivateFile.stamp(path) != nil {
      do throws(JournalTrouble) {
        _ = try SandboxServer(
          .init(clientID: "doctor", secret: Secret(""), seed: Bank.simulatedSeed), journal: path, http: http,
          world: world)
      } catch {
        return .wrong("bank", "\(error)", "move \(path) away; its banks then have to be linked again")
      }
    }
    return .note("bank", "a simulated one, within Magpie: all of its money is invented")
  }

  /// Any answer at all says that the way is open, and what time it is there.
  private func reach() async -> (Examined, Examined) {
    let call = HTTPCall(method: "GET", url: configuration.plaidBaseURL + "/", deadline: Self.deadline)
    let before = world.now()
    do throws(HTTPClientError) {
      let answer = try await http.send(call)
      let after = world.now()
      let reached = Examined.ok("bank", "\(configuration.plaidBaseURL) answers")
      guard let there = answer.headers["Date"].flatMap({ HTTPDate.read($0) }) else {
        return (reached, .unknown("clock", "\(configuration.plaidBaseURL) does not say what time it is there"))
      }
      // The field says whole seconds, rounded down.
      let here = before + .milliseconds((after - before).milliseconds / 2)
      return (reached, Self.clock(here - (there + .milliseconds(500)), after - before))
    } catch {
      let failure = Fault.failure(PlaidError(error).feedError)
      return (
        .wrong("bank", "\(configuration.plaidBaseURL) cannot be reached: \(failure.description)", Self.wayOut(error)),
        .unknown("clock", "the bank could not be asked for the time")
      )
    }
  }

  private static func wayOut(_ error: HTTPClientError) -> String {
    switch error {
    case .tls: "check this machine's clock and its certificates (apt install ca-certificates)"
    case .badURL, .insecure: "correct PLAID_BASE_URL, or take it away"
    default: "check the network and any firewall, and PLAID_BASE_URL if it is set; then try again"
    }
  }

  static func clock(_ skew: Duration, _ doubt: Duration) -> Examined {
    let ahead = skew > .zero
    let size = ahead ? skew : .zero - skew
    guard size > skewMax + doubt else { return .ok("clock", "agrees with the bank's to within a minute") }
    return .wrong(
      "clock", "this machine is \(Fault.words(size)) \(ahead ? "ahead of" : "behind") the bank",
      "set the clock, for instance with: timedatectl set-ntp true")
  }

  private func plaid(_ keys: Configuration.Credentials) async -> Examined {
    let environment = configuration.plaidEnvironment.rawValue
    let client = PlaidClient(
      credentials: PlaidCredentials(
        clientID: keys.clientID, secret: keys.secret, environment: environment, baseURL: configuration.plaidBaseURL),
      http: http, world: world, log: .silent)
    do throws(PlaidError) {
      _ = try await client.institutionsGet(countryCodes: configuration.countryCodes, count: 1)
      return .ok("bank", "\(configuration.plaidBaseURL) answers and takes the keys (\(environment))")
    } catch {
      let failure = Fault.failure(error)
      let remedy =
        error.remedy == .configuration
        ? "correct PLAID_CLIENT_ID, PLAID_SECRET and PLAID_ENV (magpie help plaid)" : "try again later"
      return .wrong("bank", failure.description, remedy)
    }
  }

  private func publicURL() async -> Examined {
    guard let url = configuration.publicURL else {
      return .note("public URL", "not set: banks are asked for news now and then, and no webhook can come")
    }
    let call = HTTPCall(method: "GET", url: url + "/health", deadline: Self.deadline)
    let remedy = "start magpie serve, and see that the proxy or tunnel of that address leads to it (magpie help https)"
    do throws(HTTPClientError) {
      let answer = try await http.send(call)
      guard answer.status == 200 else {
        return .wrong("public URL", "\(url)/health answers with status \(answer.status)", remedy)
      }
      return .ok("public URL", "\(url) leads to a server that is well")
    } catch {
      return .wrong("public URL", "\(url) cannot be reached from here (\(error))", remedy)
    }
  }
}
