import Basics

/// What the daemon's threads, the requests' tasks and the server share: who is here, and whether the door is open.
final class ServerCore: Sendable {
  private struct Gate {
    var connections = 0
    /// Those that were let in, also when the daemon has not looked at them yet.
    var letIn = 0
    /// Requests begun and not yet answered to the last byte.
    var open = 0
    /// Requests and bodies whose connection is asleep. The daemon may not be stopped while there are any.
    var working: [ObjectIdentifier: any Sleeper] = [:]
    /// Bodies that may go on for ever. They end when the server stops.
    var streams: [ObjectIdentifier: BodyStream] = [:]
    var isStopping = false
    var isClosed = false
    /// Bodies above the ordinary limit that are in memory.
    var largeBodies = 0
  }

  let configuration: HTTPServer.Configuration
  let handler: @Sendable (Request) async -> Response
  let watch: ConnectionWatch
  private let gate = Locked(Gate())

  init(
    _ configuration: HTTPServer.Configuration, _ watch: ConnectionWatch,
    handler: @escaping @Sendable (Request) async -> Response
  ) {
    self.configuration = configuration
    self.watch = watch
    self.handler = handler
  }

  /// How much of a body that is too large is read all the same, so that the client gets to read why.
  var discardBytesMax: Int { max(4 * configuration.bodyBytesMax, 8 << 20) }

  /// Connections above the limit that are let in to be told that they are too many.
  var surplusMax: Int { max(16, configuration.connectionsMax / 8) }

  /// - Returns: True when this connection is one too many.
  func connectionStarted() -> Bool {
    gate.withLock { gate in
      gate.connections += 1
      return gate.connections > configuration.connectionsMax
    }
  }

  func connectionEnded() {
    gate.withLock { gate in
      gate.connections -= 1
      gate.letIn -= 1
    }
  }

  /// Whether one more may be let in. All others wait before the door.
  var hasRoom: Bool { gate.withLock { $0.letIn < configuration.connectionsMax + surplusMax } }

  func letIn() { gate.withLock { $0.letIn += 1 } }

  func turnedAway() { gate.withLock { $0.letIn -= 1 } }

  /// So many of them at once are no burden.
  private static let largeBodiesMax = 8

  /// - Returns: False when there are as many already.
  func takeLargeBody() -> Bool {
    gate.withLock { gate in
      guard gate.largeBodies < Self.largeBodiesMax else { return false }
      gate.largeBodies += 1
      return true
    }
  }

  func leaveLargeBody() { gate.withLock { $0.largeBodies -= 1 } }

  /// - Returns: False when the door is closed.
  func requestBegan() -> Bool {
    gate.withLock { gate in
      guard !gate.isClosed else { return false }
      gate.open += 1
      return true
    }
  }

  func requestEnded() { gate.withLock { $0.open -= 1 } }

  /// To be asked before a connection is put to sleep.
  ///
  /// - Returns: False when the door is closed.
  func workBegins(_ sleeper: any Sleeper) -> Bool {
    gate.withLock { gate in
      guard !gate.isClosed else { return false }
      gate.working[ObjectIdentifier(sleeper)] = sleeper
      return true
    }
  }

  /// To be told after the connection was woken.
  func workEnded(_ sleeper: any Sleeper) { gate.withLock { $0.working[ObjectIdentifier(sleeper)] = nil } }

  var isStopping: Bool { gate.withLock { $0.isStopping } }

  /// From now on an answer ends its connection, and those that would go on for ever end.
  func beginStopping() {
    let streams = gate.withLock { gate in
      gate.isStopping = true
      return Array(gate.streams.values)
    }
    for stream in streams { stream.end?() }
  }

  /// - Returns: False when the server is stopping.
  func streamBegins(_ exchange: Exchange, _ stream: BodyStream) -> Bool {
    gate.withLock { gate in
      guard !gate.isStopping else { return false }
      gate.streams[ObjectIdentifier(exchange)] = stream
      return true
    }
  }

  func streamEnded(_ exchange: Exchange) { gate.withLock { $0.streams[ObjectIdentifier(exchange)] = nil } }

  /// - Returns: True when nothing was open, and the door is closed now.
  func closeIfIdle() -> Bool {
    gate.withLock { gate in
      if gate.open == 0 { gate.isClosed = true }
      return gate.isClosed
    }
  }

  /// Closes the door and answers for the handlers that are still at work.
  ///
  /// - Returns: True when no connection is asleep any more.
  func closeNow() -> Bool {
    let working = gate.withLock { gate in
      gate.isClosed = true
      return Array(gate.working.values)
    }
    for sleeper in working { sleeper.abandon() }
    return working.isEmpty
  }
}
