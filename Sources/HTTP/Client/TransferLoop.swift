import Basics
import CCurl
import Glibc
import Synchronization

/// All calls of one client, on one thread: libcurl waits for every socket at once, and Swift's pool for none.
///
/// The thread is detached and does not keep the process from exiting. Connections are kept and used again.
@safe final class TransferLoop: @unchecked Sendable {
  // @unchecked: `multi` is used by the loop's thread alone, except to wake it, which libcurl allows from any thread and
  // which happens under the lock, so never after the thread has freed it. `active` belongs to the thread.
  private enum Command: Sendable {
    case begin(Transfer)
    case cancel(Transfer)
  }

  private struct Inbox {
    var commands: [Command] = []
    var isStopping = false
  }

  private let multi: UnsafeMutableRawPointer
  private let inbox = Locked(Inbox())
  /// By the address of their handles.
  private var active: [UInt: Transfer] = [:]

  /// Idle connections that are kept.
  private static let idleConnectionsMax = 64
  /// Connections at the same time; further calls wait, on their deadline, for one to become free.
  private static let connectionsMax = 512

  /// libcurl's own set-up, once for the process.
  static let isReady = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

  /// - Returns: Nil when the system has no memory or thread to give.
  static func start() -> TransferLoop? {
    guard isReady, let multi = unsafe curl_multi_init() else { return nil }
    let loop = unsafe TransferLoop(multi)
    guard Threads.start("http-client", { loop.run() }) else {
      unsafe curl_multi_cleanup(multi)
      return nil
    }
    return loop
  }

  private init(_ multi: UnsafeMutableRawPointer) {
    unsafe self.multi = unsafe multi
    unsafe ccurl_multi_set_long(multi, CURLMOPT_MAXCONNECTS, Self.idleConnectionsMax)
    unsafe ccurl_multi_set_long(multi, CURLMOPT_MAX_TOTAL_CONNECTIONS, Self.connectionsMax)
  }

  /// Sends one call and waits for its end.
  func send(
    _ call: HTTPCall, _ destination: Destination, _ rules: OutgoingRules?
  ) async -> Result<HTTPAnswer, HTTPClientError> {
    let transfer = Transfer(call, destination, rules)
    return await withTaskCancellationHandler {
      await withCheckedContinuation { continuation in
        transfer.done = continuation
        tell(.begin(transfer))
      }
    } onCancel: {
      // Either the loop sees the mark when it begins the transfer, or it has begun and gets the command.
      transfer.isCancelled.store(true, ordering: .releasing)
      tell(.cancel(transfer))
    }
  }

  /// Ends the thread. What is still on its way is cancelled.
  func stop() {
    inbox.withLock { inbox in
      inbox.isStopping = true
      unsafe curl_multi_wakeup(multi)
    }
  }

  private func tell(_ command: Command) {
    inbox.withLock { inbox in
      inbox.commands.append(command)
      // Later commands ride along with the first.
      if inbox.commands.count == 1 { unsafe curl_multi_wakeup(multi) }
    }
  }

  private func run() {
    while true {
      let (commands, isStopping) = inbox.withLock { inbox in
        let commands = inbox.commands
        inbox.commands = []
        return (commands, inbox.isStopping)
      }
      for command in commands { obey(command) }
      if isStopping { break }
      var running: Int32 = 0
      unsafe curl_multi_perform(multi, &running)
      collect()
      // libcurl shortens the wait to its next timer. A wake-up that came in the meantime ends it at once.
      if unsafe curl_multi_poll(multi, nil, 0, 60_000, nil) != CURLM_OK { usleep(10_000) }
    }
    for transfer in active.values { end(transfer, .failure(.cancelled)) }
    unsafe curl_multi_cleanup(multi)
  }

  private func obey(_ command: Command) {
    switch command {
    case .begin(let transfer):
      if transfer.isCancelled.load(ordering: .acquiring) { return transfer.finish(.failure(.cancelled)) }
      guard let easy = unsafe transfer.open(), unsafe curl_multi_add_handle(multi, easy) == CURLM_OK else {
        return transfer.finish(.failure(.failed("the call could not be set up")))
      }
      active[UInt(bitPattern: easy)] = transfer
    case .cancel(let transfer):
      end(transfer, .failure(.cancelled))
    }
  }

  private func collect() {
    var left: Int32 = 0
    while let message = unsafe curl_multi_info_read(multi, &left) {
      guard unsafe message.pointee.msg == CURLMSG_DONE,
        let transfer = active[unsafe UInt(bitPattern: message.pointee.easy_handle)]
      else {
        continue
      }
      // The message dies with its handle, so what it says is read first.
      let code = unsafe message.pointee.data.result
      end(transfer, transfer.result(code))
    }
  }

  private func end(_ transfer: Transfer, _ result: Result<HTTPAnswer, HTTPClientError>) {
    guard let easy = unsafe transfer.easy, active.removeValue(forKey: UInt(bitPattern: easy)) != nil else { return }
    unsafe curl_multi_remove_handle(multi, easy)
    transfer.close()
    transfer.finish(result)
  }
}
