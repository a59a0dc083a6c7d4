import HTTP
import JSON
import Testing

@testable import API

/// Holds every answer that any test gets against what its operation declares.
struct Conformance: Sendable {
  let operations: [Operation]

  /// The operation behind a path; literal segments win.
  func operation(_ method: String, _ target: String) -> Operation? {
    let path = target.prefix { $0 != "?" }.split(separator: "/").map(String.init)
    func matches(_ operation: Operation) -> Int? {
      let pattern = operation.path.split(separator: "/").map(String.init)
      guard operation.method.rawValue == method, pattern.count == path.count else { return nil }
      let literals = zip(pattern, path).filter { $0 == $1 }.count
      let isMatch = zip(pattern, path).allSatisfy { $0 == $1 || $0.hasPrefix("{") }
      return isMatch ? literals : nil
    }
    return operations.compactMap { operation in matches(operation).map { (operation, $0) } }.max { $0.1 < $1.1 }?.0
  }

  /// What is wrong with an answer, in words for a test's failure.
  func mistakes(_ method: String, _ target: String, _ answer: HTTPBench.Answer) -> [String] {
    guard let operation = operation(method, target) else { return [] }
    if answer.headers["Content-Type"] == "application/problem+json" {
      guard let code = answer.code else { return ["a problem without a code"] }
      let isKnown = operation.problems.contains { $0.code == code && $0.status == answer.status }
      return isKnown ? [] : ["\(operation.id) does not declare \(answer.status) \(code)"]
    }
    // The library's own answers, such as to a second Host field, are not the operation's.
    if answer.status == 400 && answer.headers["Request-Id"] == nil { return [] }
    if answer.status == 304, method == "GET", !operation.answersSecrets { return [] }
    guard let declared = operation.answers.first(where: { $0.status == answer.status }) else {
      return ["\(operation.id) does not declare \(answer.status)"]
    }
    guard let shape = declared.shape else { return [] }
    return shape.mistakes(in: answer.json).sorted { $0.key < $1.key }
      .map { "\(operation.id) answers \($0.key), which \($0.value)" }
  }
}
