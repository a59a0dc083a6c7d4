import Basics

/// Collects routes, then becomes one ``Handler``. Built once, at start, on one task.
///
/// A pattern is made of literal segments and parameters: `/v1/accounts/{id}`. A last segment `{path...}` takes all that
/// is left, slashes included. A literal wins over a parameter whichever was added first, whatever the method. One trailing slash is ignored.
package struct Router<Context: RequestContext>: ~Copyable {
  private var routes: [Route<Context>] = []
  private var otherwise: Handler<Context> = { _, _ in throw Problem.notFound }
  private var chain: @Sendable (@escaping Handler<Context>) -> Handler<Context> = { $0 }

  package init() {}

  /// Every route so far, so that a description of the server can be compared with the server.
  package var endpoints: [(method: String, pattern: String)] { routes.map { ($0.method, $0.pattern) } }

  /// Adds a step around every route added after it, and around the answers to paths that nothing is at.
  package mutating func use(_ middleware: some Middleware<Context>) {
    let outer = chain
    chain = { inner in outer({ request, context in try await middleware.respond(to: request, context, next: inner) }) }
  }

  package mutating func on(_ method: String, _ pattern: String, _ handler: @escaping Handler<Context>) {
    precondition(
      !routes.contains { $0.method == method && $0.pattern == pattern }, "\(method) \(pattern) is there twice")
    routes.append(Route(method: method, pattern: pattern, handler: chain(handler)))
  }

  /// Answers where no route is, in place of a plain 404.
  package mutating func otherwise(_ handler: @escaping Handler<Context>) { otherwise = handler }

  /// Adds routes whose context is made from this one, or refused: a route in the group cannot run without it.
  package mutating func group<Inner: RequestContext>(
    _ makeContext: @escaping @Sendable (Request, Context) async throws -> Inner,
    _ build: (inout Router<Inner>) -> Void
  ) {
    var inner = Router<Inner>()
    build(&inner)
    for route in inner.routes {
      let handler = route.handler
      on(route.method, route.pattern) { request, context in
        try await handler(request, try await makeContext(request, context))
      }
    }
  }

  /// Unknown paths (404) and known ones under another method (405) pass through the same steps as the rest: they too
  /// are logged and answered as problems. `HEAD` is answered by the route for `GET` where it has none of its own.
  package consuming func handler() -> Handler<Context> {
    let tree = RouteTree(routes)
    let notFound = chain(otherwise)
    let notAllowed = chain { request, context in
      var response = Response.problem(
        Problem(405, "method_not_allowed", "This path does not take that method."),
        requestID: context.info.requestID)
      response.headers["Allow"] = tree.find(request.path)?.allow
      return response
    }
    return { request, context in
      guard let found = tree.find(request.path) else { return try await notFound(request, context) }
      var context = context
      guard let (route, parameters) = found.route(for: request.method) else {
        context.info.endpoint = found.pattern
        return try await notAllowed(request, context)
      }
      context.info.parameters = parameters
      context.info.endpoint = route.pattern
      return try await route.handler(request, context)
    }
  }
}
