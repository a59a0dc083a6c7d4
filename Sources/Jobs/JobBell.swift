import Basics

/// Tells the workers of this process that a job was put into the queue. Those of others find out by themselves.
package final class JobBell: Sendable {
  private let listeners = Locked<[@Sendable () -> Void]>([])

  package init() {}

  /// To be called after the transaction has committed. Ringing for nothing does no harm.
  package func ring() {
    for listener in listeners.withLock({ $0 }) { listener() }
  }

  package func listen(_ listener: @escaping @Sendable () -> Void) { listeners.withLock { $0.append(listener) } }
}
