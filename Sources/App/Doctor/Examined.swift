import JSON

/// One thing the doctor looked at: what was found, and what to do about it.
struct Examined: Sendable, Equatable {
  enum State: String, Sendable {
    case ok
    /// Worth knowing; nothing has to be done.
    case note
    /// It cannot be told.
    case unknown
    case wrong
  }

  /// What was looked at. Programs may switch on it: a spelling never changes once shipped.
  var subject: String
  var state: State
  var finding: String
  /// What to do; only for what is wrong.
  var remedy: String?

  static func ok(_ subject: String, _ finding: String) -> Self { Self(subject: subject, state: .ok, finding: finding) }
  static func note(_ subject: String, _ finding: String) -> Self {
    Self(subject: subject, state: .note, finding: finding)
  }
  static func unknown(_ subject: String, _ finding: String) -> Self {
    Self(subject: subject, state: .unknown, finding: finding)
  }
  static func wrong(_ subject: String, _ finding: String, _ remedy: String?) -> Self {
    Self(subject: subject, state: .wrong, finding: finding, remedy: remedy)
  }

  var json: JSONValue {
    [
      "subject": .string(subject), "state": .string(state.rawValue), "finding": .string(finding),
      "remedy": JSONValue(remedy),
    ]
  }
}
