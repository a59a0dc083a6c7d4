/// Prints a script that lets a shell complete commands and options.
struct Completions: Command {
  static let name = "completions"
  static let summary = "Print a completion script for bash, zsh or fish."
  static let words = "bash|zsh|fish"

  enum Shell: String, CaseIterable, Sendable { case bash, zsh, fish }

  let shell: Shell

  init(_ arguments: inout Arguments) throws(UsageError) {
    let word = try arguments.word("the shell (bash, zsh or fish)")
    guard let shell = Shell(rawValue: word) else {
      throw UsageError("unknown shell \"\(word)\": bash, zsh or fish")
    }
    self.shell = shell
  }

  func run(_ surroundings: Surroundings) { surroundings.terminal.write(Self.script(shell, for: .magpie)) }

  static func script(_ shell: Shell, for program: Program) -> String {
    switch shell {
    case .bash: bash(program)
    case .zsh: "#compdef magpie\nautoload -U bashcompinit && bashcompinit\n" + bash(program)
    case .fish: fish(program)
    }
  }

  /// The words that may follow a command, options first.
  private static func follow(_ command: any Command.Type, in program: Program) -> [String] {
    var words = command.options.map { "--" + $0.name }
    if command.name == Help.name {
      words += program.commands.map { $0.name } + HelpTopic.allCases.map { $0.rawValue }
    }
    if command.name == Keys.name { words += ["rotate", "new"] }
    if command.name == ListConnections.name { words.append("remove") }
    if command.name == Completions.name { words += Shell.allCases.map { $0.rawValue } }
    return words
  }

  private static func bash(_ program: Program) -> String {
    var text = "_magpie() {\n  local words\n  case \"${COMP_CWORD}:${COMP_WORDS[1]}\" in\n"
    text += "    1:*) words=\"\(program.commands.map { $0.name }.joined(separator: " "))\" ;;\n"
    for command in program.commands {
      text += "    *:\(command.name)) words=\"\(follow(command, in: program).joined(separator: " "))\" ;;\n"
    }
    text += "  esac\n  COMPREPLY=($(compgen -W \"$words\" -- \"${COMP_WORDS[COMP_CWORD]}\"))\n}\n"
    return text + "complete -F _magpie magpie\n"
  }

  private static func fish(_ program: Program) -> String {
    var text = "complete -c magpie -f\n"
    for command in program.commands {
      text += "complete -c magpie -n __fish_use_subcommand -a \(command.name) -d \(quoted(command.summary))\n"
      let condition = "-n '__fish_seen_subcommand_from \(command.name)'"
      for option in command.options {
        let value = option.placeholder == nil ? "" : " -r"
        text += "complete -c magpie \(condition) -l \(option.name)\(value) -d \(quoted(option.summary))\n"
      }
      let words = follow(command, in: program).filter { !$0.hasPrefix("--") }
      if !words.isEmpty { text += "complete -c magpie \(condition) -a '\(words.joined(separator: " "))'\n" }
    }
    return text
  }

  private static func quoted(_ text: String) -> String {
    "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "\\'") + "'"
  }
}
