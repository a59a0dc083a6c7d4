/// One pattern under one method, and who answers it.
struct Route<Context>: Sendable {
  enum Segment: Equatable, Sendable {
    case literal(String)
    case parameter(String)
    /// All that is left of the path.
    case rest(String)
  }

  let method: String
  let pattern: String
  let segments: [Segment]
  let handler: Handler<Context>

  init(method: String, pattern: String, handler: @escaping Handler<Context>) {
    self.method = method
    self.pattern = pattern
    self.handler = handler
    segments = pattern.split(separator: "/").map { text in
      guard text.hasPrefix("{"), text.hasSuffix("}") else { return .literal(String(text)) }
      let name = text.dropFirst().dropLast()
      return name.hasSuffix("...") ? .rest(String(name.dropLast(3))) : .parameter(String(name))
    }
    precondition(pattern.hasPrefix("/"), "\(pattern) does not start with a slash")
    precondition(
      !segments.dropLast().contains { if case .rest = $0 { true } else { false } },
      "\(pattern) goes on after the rest")
  }
}

/// The routes as a tree of segments: finding one costs the path's length, not the number of routes.
struct RouteTree<Context>: Sendable {
  private struct Node: Sendable {
    var literals: [String: Int] = [:]
    var parameter: Int?
    var rest: Int?
    /// The routes that end here, by their order of arrival.
    var routes: [Route<Context>] = []
  }

  /// Everything that stands at a path.
  struct Found: Sendable {
    fileprivate var routes: [Route<Context>]
    fileprivate let path: [String]

    var pattern: String? { routes.first?.pattern }

    /// The value of the `Allow` header (RFC 9110 §10.2.1).
    var allow: String {
      var methods = Set(routes.map { $0.method })
      if methods.contains("GET") { methods.insert("HEAD") }
      return methods.sorted().joined(separator: ", ")
    }

    func route(for method: String) -> (Route<Context>, parameters: [String: String])? {
      guard
        let route = routes.first(where: { $0.method == method })
          ?? (method == "HEAD" ? routes.first { $0.method == "GET" } : nil)
      else { return nil }
      var parameters: [String: String] = [:]
      for (index, segment) in route.segments.enumerated() {
        switch segment {
        case .literal: break
        case .parameter(let name): parameters[name] = path[index]
        case .rest(let name): parameters[name] = path[index...].joined(separator: "/")
        }
      }
      return (route, parameters)
    }
  }

  private var nodes = [Node()]

  init(_ routes: [Route<Context>]) {
    for route in routes {
      var node = 0
      for segment in route.segments { node = child(of: node, for: segment) }
      nodes[node].routes.append(route)
    }
  }

  /// - Returns: Nil when nothing stands at the path under any method, or when its escapes are malformed.
  func find(_ path: String) -> Found? {
    guard path.utf8.first == UInt8(ascii: "/") else { return nil }
    var segments: [String] = []
    for part in path.dropFirst().split(separator: "/", omittingEmptySubsequences: false) {
      guard let segment = PercentCoding.decode(part) else { return nil }
      segments.append(segment)
    }
    if segments.last == "" { segments.removeLast() }
    var found = Found(routes: [], path: segments)
    collect(from: 0, at: 0, into: &found)
    return found.routes.isEmpty ? nil : found
  }

  private func collect(from node: Int, at index: Int, into found: inout Found) {
    let node = nodes[node]
    guard index < found.path.count else {
      found.routes += node.routes
      return
    }
    let segment = found.path[index]
    if let next = node.literals[segment] { collect(from: next, at: index + 1, into: &found) }
    // What is literally there hides what a parameter would take, under every method.
    guard found.routes.isEmpty else { return }
    if let next = node.parameter, !segment.isEmpty { collect(from: next, at: index + 1, into: &found) }
    guard found.routes.isEmpty else { return }
    if let next = node.rest { found.routes += nodes[next].routes }
  }

  private mutating func child(of node: Int, for segment: Route<Context>.Segment) -> Int {
    let next = nodes.count
    switch segment {
    case .literal(let text):
      if let known = nodes[node].literals[text] { return known }
      nodes[node].literals[text] = next
    case .parameter:
      if let known = nodes[node].parameter { return known }
      nodes[node].parameter = next
    case .rest:
      if let known = nodes[node].rest { return known }
      nodes[node].rest = next
    }
    nodes.append(Node())
    return next
  }
}
