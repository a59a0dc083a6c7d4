import Basics
import Testing

@testable import App

@Suite struct `Typed arguments` {
  private static let options: [Option] = [
    .flag("json", ""), .value("port", "PORT", ""), .value("name", "NAME", ""),
  ]

  private func parse(_ typed: String...) throws(UsageError) -> Arguments {
    try Arguments(typed, options: Self.options)
  }

  @Test func `are taken out by name, in any order`() throws {
    var arguments = try parse("first", "--port", "80", "--json", "--name=a=b", "second")
    let (isJSON, isStillJSON) = (arguments.flag("json"), arguments.flag("json"))
    #expect(isJSON && !isStillJSON)
    let port = try arguments.option("port", as: UInt16.self, wanted: "a port")
    #expect(port == 80)
    let name = arguments.text("name")
    #expect(name == "a=b")
    let words = [try arguments.word("a word"), arguments.word(), arguments.word()]
    #expect(words == ["first", "second", nil])
    try arguments.finish()
  }

  @Test func `are words after two dashes`() throws {
    var arguments = try parse("--", "--json")
    let (isJSON, word) = (arguments.flag("json"), arguments.word())
    #expect(!isJSON && word == "--json")
  }

  @Test(arguments: [
    (["--prot", "1"], "unknown option --prot; did you mean --port?"), (["-x"], "unknown option -x"),
    (["--port"], "--port needs a value: --port PORT"), (["--port", "--json"], "--port needs a value: --port PORT"),
    (["--json=1"], "--json takes no value"), (["--port", "1", "--port=2"], "--port is given twice"),
  ])
  func `that make no sense are refused`(typed: [String], message: String) {
    #expect(throws: UsageError(message)) { try Arguments(typed, options: Self.options) }
  }

  @Test func `that nobody took are refused`() throws {
    #expect(throws: UsageError("unexpected \"word\"")) { try parse("word").finish() }
    #expect(throws: UsageError("--json does not go with the rest")) { try parse("--json").finish() }
    var missing = try parse()
    #expect(throws: UsageError("the shell is missing")) { try missing.word("the shell") }
    var wrong = try parse("--port", "70000")
    #expect(throws: UsageError("--port must be a port, not \"70000\"")) {
      try wrong.option("port", as: UInt16.self, wanted: "a port")
    }
  }
}

@Suite struct `The program` {
  private struct Outcome {
    var code: Int32
    var output: String
    var complaints: String
  }

  private func run(_ words: String..., environment: [String: String] = [:]) async -> Outcome {
    let (output, complaints) = (Locked(""), Locked(""))
    let terminal = Terminal(
      write: { text in output.withLock { $0 += text } }, complainRaw: { text in complaints.withLock { $0 += text } },
      hasColour: false)
    let surroundings = Surroundings(environment: environment, terminal: terminal, untilStop: {})
    let code = await Program.magpie.run(words, in: surroundings)
    return Outcome(code: code, output: output.withLock { $0 }, complaints: complaints.withLock { $0 })
  }

  @Test(arguments: [
    "sandbx", "sandbox --prot 1", "sandbox --port 65536", "sandbox extra", "completions tcsh", "help me",
  ])
  func `answers nonsense with one line and code 2`(line: String) async {
    let words = line.split(separator: " ").map(String.init)
    let complaints = Locked("")
    let terminal = Terminal(
      write: { _ in }, complainRaw: { text in complaints.withLock { $0 += text } }, hasColour: false)
    let code = await Program.magpie.run(
      words, in: Surroundings(environment: [:], terminal: terminal, untilStop: {}))
    #expect(code == 2)
    let told = complaints.withLock { $0 }
    #expect(told.hasPrefix("magpie: ") && told.split(separator: "\n").count == 1, "\(told)")
  }

  @Test func `says its version and what it can do`() async {
    #expect(await run("version").output == "magpie \(Magpie.version)\n")
    #expect(await run("--version").output == "magpie \(Magpie.version)\n")
    let overview = await run()
    #expect(overview.code == 0)
    for command in Program.magpie.commands { #expect(overview.output.contains(command.summary)) }
    for setting in Setting.all { #expect(overview.output.contains(setting.name)) }
    #expect(await run("--help").output == overview.output)
  }

  @Test func `explains every command and topic within 100 columns`() async {
    for topic in Program.magpie.commands.map({ $0.name }) + HelpTopic.allCases.map({ $0.rawValue }) {
      let help = await run("help", topic)
      #expect(help.code == 0)
      #expect(help.output.split(separator: "\n").allSatisfy { $0.count <= 100 }, "\(topic)")
    }
    #expect(await run("sandbox", "--help").output == run("help", "sandbox").output)
  }

  @Test func `has every command once, and completes it in every shell`() async {
    let names = Program.magpie.commands.map { $0.name }
    #expect(Set(names).count == names.count)
    #expect(Set(names).isDisjoint(with: HelpTopic.allCases.map { $0.rawValue }))
    for shell in ["bash", "zsh", "fish"] {
      let script = await run("completions", shell).output
      for name in names { #expect(script.contains(name)) }
      #expect(script.contains("client-id"))
    }
  }

  @Test func `never shows a secret among the settings`() async {
    let environment = ["PLAID_CLIENT_ID": "me", "PLAID_SECRET": "hunter2", "HOME": "/home/me"]
    for words in [["config"], ["config", "--json"]] {
      let shown =
        words.count == 1
        ? await run("config", environment: environment) : await run("config", "--json", environment: environment)
      #expect(shown.code == 0)
      #expect(shown.output.contains("•••") && !shown.output.contains("hunter2"))
      #expect(shown.output.contains("/home/me/.local/share/magpie"))
    }
    let broken = await run("config", environment: ["PLAID_SECRET": "hunter2", "MAGPIE_ENCRYPTION_KEY": "hunter3"])
    #expect(broken.code == 3)
    #expect(!broken.complaints.contains("hunter"))
  }

  @Test func `runs a bank until it is told to stop`() async {
    let outcome = await run("sandbox", "--port", "0", "--client-id", "me")
    #expect(outcome.code == 0)
    #expect(outcome.output.contains("PLAID_BASE_URL=http://127.0.0.1:"))
    #expect(outcome.output.contains("PLAID_CLIENT_ID=me\n"))
    #expect(outcome.output.contains("PLAID_SECRET="))
    #expect(await !run("sandbox", "--port", "0", "--secret", "hunter2").output.contains("hunter2"))
  }
}
