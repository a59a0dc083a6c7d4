import Basics
import Finance
import HTTP
import Store

/// Where the web application is: beside the operations, without being one of them.
extension Interface {
  func addWebRoutes(to router: inout Router<Visitor>, _ web: WebApplication) {
    for address in WebApplication.addresses {
      router.on("GET", address) { request, _ in try await webPage(web, request, showsLink: false) }
    }
    for address in WebApplication.linkAddresses {
      router.on("GET", address) { request, _ in try await webPage(web, request, showsLink: !isSimulated) }
    }
    router.on("GET", "/web/{build}/{path...}") { request, visitor in
      // A page of an older program asks for files that are not there any more, and loads itself anew.
      guard visitor.info.parameters["build"] == web.build else { throw Problem.notFound }
      return try web.file(visitor.info.parameters["path"] ?? "", isLasting: true, request)
    }
    for (address, path) in WebApplication.fixed {
      router.on("GET", address) { request, _ in try web.file(path, isLasting: false, request) }
    }
    // A person who mistyped an address reads so on a page with a way on; programs get the problem.
    router.otherwise { request, _ in
      let isPerson = request.method == "GET" && request.headers["Accept"]?.contains("text/html") == true
      guard isPerson, !request.path.hasPrefix("/v1/"), !request.path.hasPrefix("/web/") else { throw Problem.notFound }
      var page = try await webPage(web, request, showsLink: false)
      page.status = 404
      return page
    }
  }

  private var isSimulated: Bool { banks.settings.origin == .simulated }

  private func webPage(_ web: WebApplication, _ request: Request, showsLink: Bool) async throws -> Response {
    var start = WebApplication.Start(
      version: version, isSimulated: isSimulated, needsSetup: false, registration: identity.registration.rawValue,
      sendsMail: identity.mailroom != nil,
      operations: webOperations)
    if let cookie = Identity.cookie(of: request), (try? await authenticate(request)) != nil {
      start.csrf = Identity.csrfToken(for: cookie)
    } else {
      start.needsSetup = try await !banks.reading { try Users.hasAny($0) }
    }
    return web.page(start, showsLink: showsLink)
  }

  /// So that the page offers what this server can do, and nothing else.
  private var webOperations: [String] {
    operations.filter { $0.successor == nil && $0.path.hasPrefix("/v1/") }.map { "\($0.method.rawValue) \($0.path)" }
  }
}
