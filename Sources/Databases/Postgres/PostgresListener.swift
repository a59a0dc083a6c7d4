import Basics
import CPostgres
import Glibc

/// A connection of its own that hears what is announced on a channel. It waits on a thread of its own.
actor PostgresListener {
  private let executor: ThreadExecutor
  private let settings: PostgresSettings
  private let channel: String
  private var ear: PostgresEar?

  nonisolated var unownedExecutor: UnownedSerialExecutor { unsafe executor.asUnownedSerialExecutor() }

  /// How long one wait lasts, in milliseconds: whoever stops listening waits no longer than this.
  private static let waitMax: CInt = 500

  init(_ settings: PostgresSettings, channel: String) throws(DatabaseError) {
    precondition(channel.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0 == UInt8(ascii: "_") }, "a plain word")
    self.settings = settings
    self.channel = channel
    executor = try ThreadExecutor()
  }

  deinit { executor.stop() }

  /// Whether there is no connection at this moment.
  var isCut: Bool { ear == nil }

  /// Waits a moment for an announcement.
  ///
  /// - Returns: Whether there was one, or may have been: a new connection has missed what came before it.
  func wait() -> Bool {
    if let ear {
      switch ear.listen(atMost: Self.waitMax) {
      case .heard: return true
      case .silent: return false
      case .cut:
        self.ear = nil
        return false
      }
    }
    ear = PostgresEar(settings, channel: channel)
    return ear != nil
  }
}

/// The connection itself.
@safe private final class PostgresEar {
  enum Outcome { case heard, silent, cut }

  private let connection: OpaquePointer

  init?(_ settings: PostgresSettings, channel: String) {
    let parameters = settings.parameters()
    let made = unsafe withCStrings(parameters.map(\.0)) { names in
      unsafe withCStrings(parameters.map(\.1)) { values in unsafe PQconnectdbParams(names, values, 1) }
    }
    guard let made = unsafe made else { return nil }
    unsafe connection = unsafe made
    unsafe PQsetNoticeProcessor(made, { _, _ in }, nil)
    let result = unsafe PQexec(made, "LISTEN \(channel)")
    let isListening = unsafe PQresultStatus(result) == PGRES_COMMAND_OK
    unsafe PQclear(result)
    guard isListening else { return nil }
  }

  deinit { unsafe PQfinish(connection) }

  func listen(atMost milliseconds: CInt) -> Outcome {
    if drain() { return .heard }
    var descriptor = unsafe pollfd(fd: PQsocket(connection), events: Int16(POLLIN), revents: 0)
    guard unsafe poll(&descriptor, 1, milliseconds) > 0 else { return .silent }
    guard unsafe PQconsumeInput(connection) == 1, unsafe PQstatus(connection) == CONNECTION_OK else { return .cut }
    return drain() ? .heard : .silent
  }

  private func drain() -> Bool {
    var isTold = false
    while let notice = unsafe PQnotifies(connection) {
      unsafe PQfreemem(notice)
      isTold = true
    }
    return isTold
  }
}
