import Basics
import Glibc

/// Runs an actor's work on one thread of its own, so that blocking C calls never starve Swift's shared pool.
@safe final class ThreadExecutor: SerialExecutor, @unchecked Sendable {
  // @unchecked: `jobs` and `isStopped` are only touched while `mutex` is locked.
  private let mutex = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let condition = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private var jobs: [UnownedJob] = []
  private var isStopped = false

  /// - Throws: ``DatabaseError`` when the system has no thread to give.
  init() throws(DatabaseError) {
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
    guard Threads.start("database", { [self] in run() }) else {
      throw DatabaseError(kind: .tryAgain, message: "no thread for a connection")
    }
  }

  deinit {
    unsafe pthread_mutex_destroy(mutex)
    unsafe pthread_cond_destroy(condition)
    unsafe mutex.deallocate()
    unsafe condition.deallocate()
  }

  func enqueue(_ job: consuming ExecutorJob) {
    let job = UnownedJob(job)
    unsafe pthread_mutex_lock(mutex)
    jobs.append(job)
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  func asUnownedSerialExecutor() -> UnownedSerialExecutor { unsafe UnownedSerialExecutor(ordinary: self) }

  /// Ends the thread once what is queued has run.
  func stop() {
    unsafe pthread_mutex_lock(mutex)
    isStopped = true
    unsafe pthread_cond_signal(condition)
    unsafe pthread_mutex_unlock(mutex)
  }

  private func run() {
    while let batch = nextBatch() {
      for job in batch { unsafe job.runSynchronously(on: asUnownedSerialExecutor()) }
    }
  }

  private func nextBatch() -> [UnownedJob]? {
    unsafe pthread_mutex_lock(mutex)
    defer { unsafe pthread_mutex_unlock(mutex) }
    while jobs.isEmpty && !isStopped { unsafe pthread_cond_wait(condition, mutex) }
    defer { jobs.removeAll(keepingCapacity: true) }
    return jobs.isEmpty ? nil : jobs
  }
}
