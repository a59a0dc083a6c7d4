/// What can be done, how one command is used, and a few topics that need more than a line.
struct Help: Command {
  static let name = "help"
  static let summary = "Say what can be done, or explain a command or topic."
  static let words = "[topic]"

  let topic: String?

  init(topic: String?) { self.topic = topic }
  init(_ arguments: inout Arguments) { topic = arguments.word() }

  func run(_ surroundings: Surroundings) throws {
    let terminal = surroundings.terminal
    guard let topic else { return Self.overview(terminal) }
    if let command = Program.magpie.commands.first(where: { $0.name == topic }) {
      Self.explain(command, terminal)
    } else if let text = HelpTopic(rawValue: topic)?.text {
      terminal.write(text)
    } else {
      let known = Program.magpie.commands.map { $0.name } + HelpTopic.allCases.map { $0.rawValue }
      throw UsageError("no help on \"\(topic)\"" + Arguments.hint(topic, among: known))
    }
  }

  private static func overview(_ terminal: Terminal) {
    terminal.line("Magpie, a personal-finance server of your own.")
    terminal.line()
    terminal.line(terminal.bold("Commands"))
    var commands = Table([.left, .left, .left])
    for command in Program.magpie.commands { commands.append(["", command.name, command.summary]) }
    terminal.table(commands)
    terminal.line()
    terminal.line(terminal.bold("Topics"))
    var topics = Table([.left, .left, .left])
    for topic in HelpTopic.allCases { topics.append(["", topic.rawValue, topic.summary]) }
    terminal.table(topics)
    terminal.line()
    terminal.line(terminal.bold("Settings") + ", read from the environment")
    for setting in Setting.all {
      terminal.line("  \(setting.name)" + (setting.standard.isEmpty ? "" : " (\(setting.standard))"))
      terminal.line("      \(setting.summary)")
    }
  }

  private static func explain(_ command: any Command.Type, _ terminal: Terminal) {
    let words = command.words.isEmpty ? "" : " " + command.words
    terminal.line("magpie \(command.name)\(command.options.isEmpty ? "" : " [options]")\(words)")
    terminal.line("  \(command.summary)")
    if !command.options.isEmpty { terminal.line() }
    for option in command.options {
      terminal.line("  --\(option.name)" + (option.placeholder.map { " " + $0 } ?? ""))
      terminal.line("      \(option.summary)")
    }
    if !command.details.isEmpty {
      terminal.line()
      terminal.line(command.details)
    }
  }
}
