/// Says which Magpie this is.
struct Version: Command {
  static let name = "version"
  static let summary = "Say which version this is."

  init(_: inout Arguments) {}

  func run(_ surroundings: Surroundings) { surroundings.terminal.line("magpie \(Magpie.version)") }
}
