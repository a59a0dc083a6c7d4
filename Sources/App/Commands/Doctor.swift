import Basics
import Databases
import HTTP
import JSON
import Store

/// Looks whether everything is well, and says what to do where it is not.
struct Doctor: Command {
  static let name = "doctor"
  static let summary = "Look whether all is well, and say what to do where it is not."
  static let options: [Option] = [
    .flag("recount", "count the totals anew from the rows first"), .flag("json", "as JSON, for programs"),
  ]

  let isRecounting: Bool
  let isJSON: Bool

  init(_ arguments: inout Arguments) {
    isRecounting = arguments.flag("recount")
    isJSON = arguments.flag("json")
  }

  func run(_ surroundings: Surroundings) async throws {
    let examined = await examine(surroundings.environment)
    let terminal = surroundings.terminal
    let wrong = examined.count { $0.state == .wrong }
    if isJSON {
      let value: JSONValue = ["is_well": .bool(wrong == 0), "data": .array(examined.map(\.json))]
      terminal.line(value.text(indent: 2))
    } else {
      tell(examined, terminal)
      if wrong == 0 { terminal.line("\nNothing is wrong.") }
    }
    guard wrong == 0 else { throw Failure("\(wrong == 1 ? "one thing is" : "\(wrong) things are") wrong: see above") }
  }

  private func examine(_ environment: [String: String]) async -> [Examined] {
    let configuration: Configuration
    do throws(ConfigurationError) {
      configuration = try Configuration(environment)
    } catch {
      return [.wrong("settings", error.description, "correct them; magpie config shows what is in force")]
    }
    var examined = [Examined.ok("settings", "make sense")]
    if isRecounting {
      do {
        let home = try await Home.open(configuration)
        let scope = home.scope
        let lines = try await home.database.write { try Totals.recount(scope, $0) }
        examined.append(.ok("recount", "\(lines) sums counted from the rows"))
      } catch {
        examined.append(.wrong("recount", Fault.failure(error).description, nil))
      }
    }
    let world = World.live
    examined += await Inside(configuration: configuration, world: world).examine()
    examined += await Outside(configuration: configuration, http: .live(log: .silent), world: world).examine()
    return examined
  }

  private func tell(_ examined: [Examined], _ terminal: Terminal) {
    for one in examined {
      let sign =
        switch one.state {
        case .ok: "ok   "
        case .note: "note "
        case .unknown: "?    "
        case .wrong: terminal.bold("WRONG")
        }
      // Ids are for programs; the finding names the bank or the account.
      let subject = one.subject.hasPrefix("account ") ? "account" : one.subject
      terminal.line("\(sign)  \(subject.hasPrefix("bank link ") ? "bank link" : subject): \(one.finding)")
      if let remedy = one.remedy { terminal.line("         do: \(remedy)") }
    }
  }
}
