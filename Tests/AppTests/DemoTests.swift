import Basics
import Databases
import Finance
import Glibc
import Insights
import JSON
import Store
import Testing

@testable import App

@Suite struct `The demo` {
  private let folder = Folder()

  private func demo(
    _ words: String..., more: [String: String] = [:], eyes: Bool = false,
    untilStop: @escaping @Sendable () async -> Void = { try? await Task.sleep(for: .seconds(600)) }
  ) async -> Outcome {
    let (output, complaints) = (Locked(""), Locked(""))
    let terminal = Terminal(
      write: { text in output.withLock { $0 += text } }, complainRaw: { text in complaints.withLock { $0 += text } },
      hasColour: eyes, hasBars: eyes, showsProgress: eyes)
    let environment = ["TMPDIR": folder.path, "MAGPIE_DATA_DIR": folder.path + "/data"].merging(more) { $1 }
    let code = await Program.magpie.run(
      ["demo"] + words, in: Surroundings(environment: environment, terminal: terminal, untilStop: untilStop))
    return Outcome(code: code, output: output.withLock { $0 }, complaints: complaints.withLock { $0 })
  }

  private func left() -> [String] {
    guard let folder = opendir(folder.path) else { return [] }
    defer { closedir(folder) }
    var names: [String] = []
    while let entry = readdir(folder) {
      let name = withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        String(cString: UnsafeRawPointer(pointer).assumingMemoryBound(to: CChar.self))
      }
      if name != ".", name != ".." { names.append(name) }
    }
    return names
  }

  private func money(_ value: JSONValue?, _ code: String = "USD") throws -> Int64 {
    let currency = try #require(Currency(iso: code))
    return try Money(decimal: try #require(value?.string), currency).minorUnits
  }

  private func list(_ value: JSONValue?) throws -> [JSONValue] {
    guard case .array(let values)? = value else { throw JSONError.malformed("no list", offset: 0) }
    return values
  }

  @Test func `adds up for programs: accounts, months, burn, savings, runway and net worth`() async throws {
    let run = await demo("--json")
    #expect(run.code == 0)
    #expect(run.complaints.isEmpty)
    #expect(left().isEmpty, "nothing stays behind")
    let root = try JSONValue.parse(run.output)
    guard case .object(let members) = root else { return #expect(Bool(false)) }
    #expect(members.map(\.key) == ["accounts", "months", "burn", "liquid_savings", "runway_months", "net_worth"])
    let accounts = try list(root["accounts"])
    #expect(accounts.count == 8)
    var (net, liquid): (Int64, Int64) = (0, 0)
    for account in accounts {
      guard case .object(let members) = account else { return #expect(Bool(false)) }
      #expect(members.map(\.key) == ["id", "name", "type", "currency", "opening", "rows", "balance"])
      let code = try #require(account["currency"]?.string)
      let balance = try money(account["balance"], code)
      #expect(try money(account["opening"], code) + money(account["rows"], code) == balance)
      guard code == "USD" else { continue }
      net += balance
      if account["type"]?.string == "depository" { liquid += max(0, balance) }
    }
    #expect(try money(root["net_worth"]) == net)
    #expect(try money(root["liquid_savings"]) == liquid)
    let months = try list(root["months"])
    // What was bought in the last days before the two years and posted within them may be in a month of its own.
    #expect((24...26).contains(months.count))
    let burnt = try months.dropLast().suffix(3).reduce(Int64(0)) { try $0 + money($1["expenses"]) }
    let burn = try money(root["burn"])
    #expect(abs(burn * 3 - burnt) <= 1)
    #expect(root["runway_months"]?.string == Ratio.text(liquid, by: burn, digits: 2))
    for month in months.dropFirst(2).dropLast() {
      let (income, expenses) = (try money(month["income"]), try money(month["expenses"]))
      #expect(income > 3000_00 && expenses > 3000_00, "a family lives in \(month)")
    }
  }

  @Test func `reads well: within 80 places, and without colours or bars when nobody looks`() async throws {
    let piped = await demo()
    #expect(piped.code == 0)
    #expect(piped.complaints.isEmpty)
    #expect(!piped.output.contains { "█░▓\u{1B}\r".contains($0) })
    let seen = await demo(eyes: true)
    #expect(seen.output.contains("█") && seen.output.contains("\u{1B}[1m"))
    #expect(seen.complaints.contains("First Platypus Bank") && seen.complaints.hasSuffix("\r"))
    for run in [piped, seen] {
      for line in run.lines {
        #expect(line.replacing("\u{1B}[1m", with: "").replacing("\u{1B}[0m", with: "").count <= 80, "\(line)")
      }
      for word in ["(simulated)", "Rewards Card", "Net worth", "Burn", "Runway", "Rent", "Everything else"] {
        #expect(run.output.contains(word), "\(word)")
      }
    }
  }

  @Test func `keeps what it fetched when asked to, and goes on there the next time`() async throws {
    #expect(await demo("--keep").code == 0)
    let first = await demo("--keep", "--json")
    let second = await demo("--keep", "--json")
    #expect(first.code == 0 && first.output == second.output)
    #expect(left() == ["data"])
    let database = try SQLiteDatabase(path: folder.path + "/data/magpie.db")
    let scope = try #require(try await database.read { try Households.only($0) })
    #expect(try await database.read { try Connections.all(scope, $0) }.count == 1)
    let differences = try await database.read { try Totals.check(scope, $0) }
    #expect(differences.isEmpty)
  }

  @Test func `has nothing to do with settings of real banks, and says what it needs`() async throws {
    #expect(await demo(more: ["PLAID_CLIENT_ID": "half of a pair", "PLAID_COUNTRY_CODES": "nonsense"]).code == 0)
    let forbidden = await demo(more: ["MAGPIE_SIMULATION": "off"])
    #expect(forbidden.code == ExitCode.attention.rawValue)
    #expect(forbidden.complaints.contains("MAGPIE_SIMULATION"))
    #expect(left().isEmpty)
  }

  @Test func `ends when asked to stop, and leaves nothing`() async throws {
    let stopped = await demo(untilStop: {})
    // Whichever was faster; a stop that came first is told, and is no success.
    #expect(stopped.code == ExitCode.later.rawValue || stopped.code == 0)
    #expect(stopped.code != ExitCode.later.rawValue || stopped.complaints.contains("stopped"))
    #expect(left().isEmpty)
  }
}
