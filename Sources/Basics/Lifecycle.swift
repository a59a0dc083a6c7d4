/// A long-running part of the program. `run` returns when the part has stopped; it is asked to stop by cancellation.
package protocol Service: Sendable {
  var name: String { get }
  func run() async throws
}

/// Runs services side by side, and stops them last-started first, each fully before the next is told.
package struct ServiceGroup: Sendable {
  package var services: [any Service]
  package init(_ services: [any Service]) { self.services = services }

  private enum Event: Sendable {
    case stopRequested
    case finished(Int, (any Error)?)
  }

  /// - Parameter stop: Returns when the group should stop, such as a wait for SIGTERM.
  package func run(until stop: @escaping @Sendable () async -> Void) async throws {
    let (events, sink) = AsyncStream.makeStream(of: Event.self)
    let tasks = services.enumerated().map { index, service in
      Task(name: service.name) {
        do {
          try await service.run()
          sink.yield(.finished(index, nil))
        } catch {
          sink.yield(.finished(index, error is CancellationError ? nil : error))
        }
      }
    }
    let stopTask = Task(name: "stop") {
      await stop(); sink.yield(.stopRequested)
    }
    defer { stopTask.cancel() }

    var failure: (any Error)?
    for await event in events {
      if case .finished(_, let error) = event { failure = error }
      break  // The first event of either kind ends the group.
    }
    for task in tasks.reversed() {
      task.cancel()
      await task.value
    }
    if let failure { throw failure }
  }
}
