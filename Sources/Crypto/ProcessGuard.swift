import CSodium
import Glibc

/// Keeps secrets in memory from leaving with the process.
package enum ProcessGuard {
  /// No core file, and no other process of the same user may read our memory. Called once, before any secret is read.
  ///
  /// - Returns: Whether the system agreed to both.
  package static func disableCoreDumps() -> Bool {
    var none = rlimit(rlim_cur: 0, rlim_max: 0)
    let isLimited = unsafe setrlimit(__rlimit_resource_t(RLIMIT_CORE.rawValue), &none) == 0
    return magpie_forbid_dumps() == 0 && isLimited
  }
}
