extension Surroundings {
  /// Runs work that a Ctrl-C calls off, so that it can put away what it holds. A second Ctrl-C ends the program at once.
  func stoppable<Result: Sendable>(
    _ work: @escaping @Sendable () async throws -> Result
  ) async throws -> Result {
    let task = Task { try await work() }
    let stop = Task { [untilStop] in
      await untilStop()
      if !Task.isCancelled { task.cancel() }
    }
    defer { stop.cancel() }
    return try await task.value
  }
}
