/// A failure told to a client: RFC 9457 problem details, plus a stable `code` for programs.
package struct Problem: Error, Equatable, Sendable {
  package var status: Int
  /// Stable, lower-case, dotted. A client may switch on it; it never changes once shipped.
  package var code: String
  /// One short sentence, the same for every occurrence.
  package var title: String
  /// What happened this time, safe to show to the user.
  package var detail: String?
  /// Input mistakes by JSON pointer.
  package var fields: [String: String]

  package init(_ status: Int, _ code: String, _ title: String, detail: String? = nil, fields: [String: String] = [:]) {
    self.status = status
    self.code = code
    self.title = title
    self.detail = detail
    self.fields = fields
  }
}

/// An error that knows how it reads to a user. Anything else becomes an opaque 500.
package protocol UserFacingError: Error {
  var problem: Problem { get }
}

extension Problem: UserFacingError {
  package var problem: Problem { self }
}
