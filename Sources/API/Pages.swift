import Basics
import Crypto
import Finance
import HTTP
import JSON

/// How lists are cut into pages: `{"data":[…],"next":…}`, where `next` goes back in as `cursor`.
///
/// A cursor names the last row seen, so rows that come or go meanwhile neither repeat nor hide another. It is sealed,
/// and bound to the person and to the filter it was made for.
struct Pages: Sendable {
  let sealing: Banks.Sealing
  let scope: Scope

  init(_ banks: Banks) { (sealing, scope) = (banks.sealing, banks.scope) }

  /// What a list request asks for, besides its filter.
  struct Demand: Sendable {
    var limit: Int
    /// The words of the last row seen; nil for the first page.
    var after: [String]?
  }

  /// Reads what ``Swift/Array/page`` declares.
  ///
  /// - Parameter list: The list's name and its filter, in words that are equal for equal questions.
  func demand(_ call: Call, list: String) throws(Problem) -> Demand {
    var after: [String]?
    if let cursor: String = call.query["cursor"] {
      after = open(cursor, list: list)
      if after == nil { throw .invalid(["?cursor": "must be the next of a page with the same filter"]) }
    }
    return Demand(limit: try call.query.required("limit"), after: after)
  }

  /// - Parameters:
  ///   - rows: One more than the limit when there are more.
  ///   - mark: The words that find a row's place again. None of them has a space.
  func answer<Row>(
    _ rows: [Row], _ demand: Demand, list: String, mark: (Row) -> [String], _ write: (Row) -> JSONValue
  ) throws -> Response {
    let page = rows.prefix(demand.limit)
    var next = JSONValue.null
    if rows.count > demand.limit, let last = page.last { next = .string(try seal(mark(last), list: list)) }
    return .json(200, JSONValue.object([.init("data", .array(page.map(write))), .init("next", next)]))
  }

  private func seal(_ words: [String], list: String) throws -> String {
    let text = ([digest(list)] + words).joined(separator: " ")
    return Base64URL.encode(try sealing.seal(Secret(text), associatedData))
  }

  private func open(_ cursor: String, list: String) -> [String]? {
    guard let box = Base64URL.decode(cursor), let text = try? sealing.open(box, associatedData) else {
      return nil
    }
    let words = text.reveal.split(separator: " ").map(String.init)
    return words.first == digest(list) ? Array(words.dropFirst()) : nil
  }

  private func digest(_ list: String) -> String {
    Hex.encode(Array(Hash.sha256("\(scope.user) \(list)").prefix(12)))
  }

  private var associatedData: AssociatedData {
    AssociatedData(purpose: "page-cursor", household: scope.household.bytes)
  }
}
