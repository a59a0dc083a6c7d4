import Basics
import CMicroHTTPD
import Glibc

/// Notices clients that hang up while their request is being worked on, and those that never come to the point.
///
/// libmicrohttpd does not look at a connection that is suspended, so one thread of ours waits for the hang-ups of all
/// connections. A client that only closes its sending half counts as gone too, as it does for most servers. Nor does
/// libmicrohttpd mind a request that arrives a byte at a time, for ever: the same thread ends it.
///
/// It also nudges the daemon: when the last bytes and the end of a stream arrive together, libmicrohttpd 0.9.75 reads
/// the bytes, takes the short read for an empty socket, and would notice the end only at the idle timeout.
final class ConnectionWatch: Sendable {
  private struct State {
    var links: [UInt64: (link: Link, descriptor: Int32)] = [:]
    var lastToken: UInt64 = 0
  }

  private static let stopToken: UInt64 = 0

  /// The first nudge may reach the daemon together with the bytes and be lost with the end; by now it has read them.
  private static let secondNudge = Duration.milliseconds(100)

  private let state = Locked(State())
  private let poll: Int32
  private let bell: Int32
  private let patience: Duration

  /// - Parameter patience: How long a connection may take until its next request is whole.
  /// - Returns: Nil when the system has no descriptor or thread to give.
  static func start(patience: Duration) -> ConnectionWatch? {
    let poll = epoll_create1(Int32(EPOLL_CLOEXEC))
    guard poll >= 0 else { return nil }
    let bell = eventfd(0, Int32(EFD_CLOEXEC))
    let watch = ConnectionWatch(poll: poll, bell: bell, patience: patience)
    guard bell >= 0, watch.register(bell, events: EPOLLIN.rawValue, token: stopToken),
      Threads.start("http-watch", { watch.run() })
    else {
      watch.close()
      return nil
    }
    return watch
  }

  private init(poll: Int32, bell: Int32, patience: Duration) {
    self.patience = patience
    self.poll = poll
    self.bell = bell
  }

  /// - Returns: What ``remove(_:_:)`` wants back.
  func add(_ link: Link, _ descriptor: Int32) -> UInt64 {
    let token = state.withLock { state in
      state.lastToken += 1
      state.links[state.lastToken] = (link, descriptor)
      return state.lastToken
    }
    // Edge-triggered: a connection tells once that it was hung up, not in a circle.
    _ = register(descriptor, events: EPOLLRDHUP.rawValue | EPOLLET.rawValue, token: token)
    return token
  }

  func remove(_ token: UInt64, _ descriptor: Int32) {
    epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, nil)
    // A token is never used twice, so an event already on its way finds nobody, even if the descriptor is used again.
    state.withLock { $0.links[token] = nil }
  }

  /// Ends the thread.
  func stop() { eventfd_write(bell, 1) }

  private func register(_ descriptor: Int32, events: UInt32, token: UInt64) -> Bool {
    var event = unsafe epoll_event(events: events, data: epoll_data_t(u64: token))
    return unsafe epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) == 0
  }

  private func run() {
    let clock = ContinuousClock()
    var events = unsafe [epoll_event](repeating: epoll_event(), count: 64)
    var later: [(due: ContinuousClock.Instant, token: UInt64)] = []
    var nextSweep = clock.now + patience / 4
    while true {
      let next = later.first.map { min($0.due, nextSweep) } ?? nextSweep
      let wait = max(1, Int32(clamping: (next - clock.now).milliseconds + 1))
      let count = unsafe epoll_wait(poll, &events, Int32(events.count), wait)
      if count < 0 {
        if errno == EINTR { continue }
        break
      }
      let now = clock.now
      let due = later.prefix { $0.due <= now }
      for (_, token) in due { nudge(token) }
      later.removeFirst(due.count)
      if nextSweep <= now {
        endOverdue(now)
        nextSweep = now + patience / 4
      }
      let tokens = unsafe events.prefix(Int(count)).map { unsafe $0.data.u64 }
      // A nudge is an event of its own: what is known already is not nudged for it, without end, while a handler works.
      for token in tokens where token != Self.stopToken && link(token)?.hangUp() == true {
        nudge(token)
        later.append((now + Self.secondNudge, token))
      }
      if tokens.contains(Self.stopToken) { break }
    }
    close()
  }

  /// Makes the socket tell its state again. Nothing more can come from the client, so this takes nothing away.
  private func nudge(_ token: UInt64) {
    state.withLock { state in
      // Under the lock, which `remove` takes before the daemon closes the socket, the descriptor is still that socket's.
      if let (_, descriptor) = state.links[token] { shutdown(descriptor, cmhd_stop_reading) }
    }
  }

  private func link(_ token: UInt64) -> Link? { state.withLock { $0.links[token]?.link } }

  private func endOverdue(_ now: ContinuousClock.Instant) {
    state.withLock { state in
      for (link, descriptor) in state.links.values where link.isOverdue(now, patience) {
        shutdown(descriptor, cmhd_stop_both)
      }
    }
  }

  private func close() {
    _ = Glibc.close(poll)
    _ = Glibc.close(bell)
  }
}
