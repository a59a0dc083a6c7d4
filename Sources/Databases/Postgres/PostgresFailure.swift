import CPostgres

/// What PostgreSQL reports, by its SQLSTATE (PostgreSQL's manual, appendix A).
struct PostgresFailure {
  /// Empty when the connection broke before the server could say anything.
  let state: String
  let error: DatabaseError

  init(_ result: OpaquePointer, sql: String, isReading: Bool) {
    func field(_ code: Unicode.Scalar) -> String {
      guard let text = unsafe PQresultErrorField(result, CInt(code.value)) else { return "" }
      return unsafe String(cString: text)
    }
    let state = field("C")
    let message = state.isEmpty ? unsafe String(cString: PQresultErrorMessage(result)) : "\(field("M")) (\(state))"
    self.state = state
    let name = field("n")
    error = DatabaseError(
      kind: Self.kind(state, constraint: name.isEmpty ? field("c") : name, message: field("M"), isReading: isReading),
      message: message.trimmingWhitespace, sql: sql)
  }

  init(_ error: DatabaseError) {
    state = ""
    self.error = error
  }

  private static func kind(
    _ state: String, constraint: String, message: String, isReading: Bool
  ) -> DatabaseError.Kind {
    switch state {
    case "": return .disconnected
    case _ where state.hasPrefix("23"): return .conflict(name: constraint.isEmpty ? message : constraint)
    case "40001", "40P01", "55P03", "57014": return .tryAgain
    // The server stumbled over itself, as it may where many lock one row ("new multixact has more than one updating
    // member"): all of the transaction is undone.
    case "XX000": return .tryAgain
    // Tables changed under a prepared statement.
    case "0A000" where message.contains("cached plan"): return .tryAgain
    case "53100": return .full
    case "XX001", "XX002": return .damaged
    // A write on a server that only reads: it is no longer the primary. In a reading transaction it is our mistake.
    case "25006": return isReading ? .programmer : .disconnected
    case "25P03", "53300": return .disconnected
    case _ where state.hasPrefix("08") || state.hasPrefix("57P") || state.hasPrefix("28"): return .disconnected
    default: return .programmer
    }
  }

  /// Whether the same transaction may succeed when it is run again at once, on this or on another connection.
  var mayRunAgain: Bool {
    switch error.kind {
    case .disconnected: true
    // Not after a timeout: whoever was waited for is still there.
    case .tryAgain: state != "55P03" && state != "57014"
    default: false
    }
  }
}

extension String {
  fileprivate var trimmingWhitespace: String {
    var text = self[...]
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
