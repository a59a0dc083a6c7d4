import Glibc

/// How many files and sockets the process may hold at once.
enum Descriptors {
  /// What the database, the watch and calls to banks need besides clients.
  private static let others = 96

  /// Raises the soft limit as far as the hard one allows, and says how many connections fit into nine tenths of it: a
  /// server without a descriptor left cannot even say that it is full.
  static func connectionsMax(atMost wanted: Int) -> Int {
    var limit = rlimit()
    guard unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return wanted }
    let needed = rlim_t(clamping: (wanted + wanted / 8 + others) * 10 / 9 + 1)
    if limit.rlim_cur < needed {
      var raised = limit
      raised.rlim_cur = min(needed, limit.rlim_max)
      if unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
    }
    let usable = Int(clamping: limit.rlim_cur) / 10 * 9 - others
    return min(wanted, max(16, usable - usable / 8))
  }
}
