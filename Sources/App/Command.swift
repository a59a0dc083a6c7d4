/// One thing the program does. To add one, write a file in `Commands` and name its type in ``Program/magpie``.
package protocol Command: Sendable {
  static var name: String { get }
  /// One line for `magpie help`.
  static var summary: String { get }
  /// The words that are no options, such as `[topic]`, for `magpie help`.
  static var words: String { get }
  static var options: [Option] { get }
  /// What `magpie help` says below the options: lines of at most 100 columns.
  static var details: String { get }

  init(_ arguments: inout Arguments) throws(UsageError)
  /// - Throws: ``Failure`` with a line for the user, or any error that describes itself.
  func run(_ surroundings: Surroundings) async throws
}

extension Command {
  package static var words: String { "" }
  package static var options: [Option] { [] }
  package static var details: String { "" }
}

/// What the program was started in, handed to every command so that a test can start one elsewhere.
package struct Surroundings: Sendable {
  package var environment: [String: String]
  package var terminal: Terminal
  /// Returns when the program is asked to stop.
  package var untilStop: @Sendable () async -> Void

  package init(
    environment: [String: String], terminal: Terminal, untilStop: @escaping @Sendable () async -> Void
  ) {
    self.environment = environment
    self.terminal = terminal
    self.untilStop = untilStop
  }
}

/// What went wrong while a command ran, in a line for the user that says what to do.
package struct Failure: Error, Equatable, Sendable, CustomStringConvertible {
  package let description: String
  package let code: ExitCode

  package init(_ description: String, _ code: ExitCode = .failed) {
    self.description = description
    self.code = code
  }
}
