import Basics
import Crypto
import Glibc
import Plaid

/// The commands together: finds the one that is meant, runs it, and turns its errors into lines and an exit code.
package struct Program: Sendable {
  package var commands: [any Command.Type]

  /// In the order of `magpie help`.
  package static let magpie = Program(commands: [
    Demo.self, Serve.self, Work.self, Link.self, SyncBanks.self, ListAccounts.self, ListTransactions.self,
    ListConnections.self,
    ManageUsers.self, SetUpLink.self, Doctor.self, ShowJobs.self, Keys.self, Migrate.self, Copy.self, Backup.self,
    Restore.self,
    Config.self, RunSandbox.self, ShowInsight.self, ImportFile.self, WriteJournal.self, AnswerAssistant.self,
    Help.self, Completions.self, Version.self,
  ])

  package init(commands: [any Command.Type]) { self.commands = commands }

  /// - Parameter words: What was typed after the program's name.
  /// - Returns: An ``ExitCode``'s number.
  package func run(_ words: [String], in surroundings: Surroundings) async -> Int32 {
    let terminal = surroundings.terminal
    do {
      let command = try parse(words)
      try await command.run(surroundings)
      return ExitCode.done.rawValue
    } catch let error as UsageError {
      complain("\(error)", terminal)
      return ExitCode.usage.rawValue
    } catch {
      let failure = Fault.failure(error)
      complain("\(failure)", terminal)
      return failure.code.rawValue
    }
  }

  /// What was typed in the wrong place may be a token, and standard error may be a log.
  private func complain(_ text: String, _ terminal: Terminal) {
    terminal.complain("magpie: \(PlaidError.withoutTokens(text))")
  }

  func parse(_ words: [String]) throws(UsageError) -> any Command {
    var rest = words[...]
    var name = rest.popFirst() ?? "help"
    if name == "--help" || name == "-h" { name = "help" }
    if name == "--version" { name = "version" }
    guard let command = commands.first(where: { $0.name == name }) else {
      let hint = Arguments.hint(name, among: commands.map { $0.name })
      throw UsageError("unknown command \"\(name)\"\(hint.isEmpty ? "; see magpie help" : hint)")
    }
    if rest.prefix(while: { $0 != "--" }).contains(where: { $0 == "--help" || $0 == "-h" }) {
      return Help(topic: name)
    }
    do throws(UsageError) {
      var arguments = try Arguments(Array(rest), options: command.options)
      let parsed = try command.init(&arguments)
      try arguments.finish()
      return parsed
    } catch {
      throw UsageError("\(error) (see magpie help \(name))")
    }
  }
}

/// The program's entrance.
package enum Magpie {
  package static let version = "0.1.0"

  package static func main() async {
    ProcessMemory.shareBetweenThreads()
    // Nobody else reads what is written here, and no memory of ours lands in a file.
    umask(0o077)
    _ = ProcessGuard.disableCoreDumps()
    let surroundings = Surroundings(
      environment: Environment.current(), terminal: .standard, untilStop: { await Signals.untilStop() })
    exit(await Program.magpie.run(Array(CommandLine.arguments.dropFirst()), in: surroundings))
  }
}
