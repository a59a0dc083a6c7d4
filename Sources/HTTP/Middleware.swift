package import Basics

package typealias Handler<Context> = @Sendable (Request, Context) async throws -> Response

/// A step around a handler: look at the request, call `next` or not, look at the response.
package protocol Middleware<Context>: Sendable {
  associatedtype Context
  func respond(to request: Request, _ context: Context, next: Handler<Context>) async throws -> Response
}

/// The one place where an error becomes an answer.
///
/// The client gets a problem with a stable code; what an unexpected error says goes to the log alone, under the same
/// request identity.
package struct ProblemMiddleware<Context: RequestContext>: Middleware {
  let log: Log

  package init(log: Log) { self.log = log }

  package func respond(to request: Request, _ context: Context, next: Handler<Context>) async throws -> Response {
    let requestID = context.info.requestID
    do {
      return try await next(request, context)
    } catch let error as any UserFacingError {
      return .problem(error.problem, requestID: requestID)
    } catch is CancellationError {
      // The client has gone or the server is stopping: nobody's mistake, and perhaps nobody reads it.
      return .problem(Problem(503, "cancelled", "The request was given up before it was done."), requestID: requestID)
    } catch {
      log.error(
        "request failed", ("request_id", .text(requestID)), ("method", .text(request.method)),
        ("endpoint", .text(context.info.endpoint ?? "-")), ("error", .text("\(error)")))
      return .problem(Problem(500, "internal", "Something went wrong on our side."), requestID: requestID)
    }
  }
}
