import JSON

/// Shows the settings as Magpie understood them, or every mistake in them at once.
struct Config: Command {
  static let name = "config"
  static let summary = "Show the settings in force, without secrets."
  static let options: [Option] = [.flag("json", "as JSON, for programs")]

  let isJSON: Bool

  init(_ arguments: inout Arguments) { isJSON = arguments.flag("json") }

  func run(_ surroundings: Surroundings) throws {
    let terminal = surroundings.terminal
    let configuration = try Configuration(surroundings.environment)
    if isJSON {
      let members = Setting.all.map { JSONValue.Member($0.name, JSONValue(configuration.shown($0))) }
      terminal.json(.object(members))
    } else {
      var table = Table([.left, .left], widthMax: .max)
      for setting in Setting.all { table.append([setting.name, configuration.shown(setting) ?? "not set"]) }
      terminal.table(table)
    }
  }
}
