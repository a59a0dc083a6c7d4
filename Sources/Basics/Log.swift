import Glibc

/// Structured lines for the operator: a level, a sentence, and fields. One JSON object a line.
///
/// Values are given as ``LogValue``: a ``Secret`` becomes `•••` by its type, so redaction does not depend on care.
package struct Log: Sendable {
  package enum Level: Int, Comparable, Sendable, CaseIterable {
    case debug, info, notice, warning, error
    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
    package var name: String { "\(self)" }
  }

  /// What the work of this task is about: added to every line that is written for it, by whatever part of the program.
  @TaskLocal package static var story: [(String, LogValue)] = []

  package var level: Level
  private let sink: @Sendable (String) -> Void
  private let now: @Sendable () -> Timestamp
  private var fields: [(String, LogValue)] = []

  package init(
    level: Level, now: @escaping @Sendable () -> Timestamp = { Timestamp.wallClock() },
    sink: @escaping @Sendable (String) -> Void
  ) {
    self.level = level
    self.now = now
    self.sink = sink
  }

  /// Lines to standard error.
  package static func standardError(level: Level) -> Log {
    Log(level: level) { line in
      let bytes = Array((line + "\n").utf8)
      _ = bytes.withUnsafeBytes { Glibc.write(2, $0.baseAddress, $0.count) }
    }
  }

  package static let silent = Log(level: .error) { _ in }

  /// A log that adds these fields to every line.
  package func with(_ more: (String, LogValue)...) -> Log {
    var copy = self
    copy.fields += more
    return copy
  }

  package func debug(_ message: String, _ fields: (String, LogValue)...) { write(.debug, message, fields) }
  package func info(_ message: String, _ fields: (String, LogValue)...) { write(.info, message, fields) }
  package func notice(_ message: String, _ fields: (String, LogValue)...) { write(.notice, message, fields) }
  package func warning(_ message: String, _ fields: (String, LogValue)...) { write(.warning, message, fields) }
  package func error(_ message: String, _ fields: (String, LogValue)...) { write(.error, message, fields) }

  private func write(_ level: Level, _ message: String, _ more: [(String, LogValue)]) {
    guard level >= self.level else { return }
    var line = "{\"time\":\"\(now())\",\"level\":\"\(level.name)\",\"message\":"
    LogValue.appendQuoted(message, to: &line)
    for (name, value) in fields + Self.story + more {
      line += ","
      LogValue.appendQuoted(name, to: &line)
      line += ":"
      value.append(to: &line)
    }
    sink(line + "}")
  }
}

/// What a log line may hold.
package enum LogValue: Sendable, ExpressibleByStringLiteral, ExpressibleByIntegerLiteral, ExpressibleByBooleanLiteral {
  case text(String)
  case number(Int)
  case bool(Bool)

  package init(stringLiteral value: String) { self = .text(value) }
  package init(integerLiteral value: Int) { self = .number(value) }
  package init(booleanLiteral value: Bool) { self = .bool(value) }
  package static func id<Owner>(_ id: ID<Owner>) -> LogValue { .text(id.description) }
  package static func secret<Value>(_ secret: Secret<Value>) -> LogValue { .text(secret.description) }

  func append(to line: inout String) {
    switch self {
    case .text(let text): Self.appendQuoted(text, to: &line)
    case .number(let number): line += String(number)
    case .bool(let bool): line += bool ? "true" : "false"
    }
  }

  static func appendQuoted(_ text: String, to line: inout String) {
    line += "\""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "\"": line += "\\\""
      case "\\": line += "\\\\"
      case "\n": line += "\\n"
      case "\r": line += "\\r"
      case "\t": line += "\\t"
      case _ where scalar.value < 0x20 || scalar.value == 0x7F:
        let hex = String(scalar.value, radix: 16)
        line += "\\u" + String(repeating: "0", count: 4 - hex.count) + hex
      default: line.unicodeScalars.append(scalar)
      }
    }
    line += "\""
  }
}
