import Basics
import Finance
import HTTP
package import JSON

/// Asking an operation from within the program, with the same checks as a request.
extension Interface {
  /// - Parameter id: Of an operation that only reads.
  /// - Throws: ``Problem``.
  package func answer(
    _ id: String, _ query: [(name: String, value: String)], as caller: Caller
  ) async throws -> JSONValue {
    guard let operation = operations.first(where: { $0.id == id && $0.method == .get }) else { throw Problem.notFound }
    var request = Request(operation.method.rawValue, operation.path)
    request.query = query
    let call = try operation.call(request, RequestInfo(requestID: "command"), caller, path: [:])
    return try JSONValue.parse(try await operation.handler(call).body)
  }
}
