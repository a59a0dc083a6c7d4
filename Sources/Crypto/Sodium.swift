import CSodium

/// Starts libsodium. Every use of it in this module begins here.
enum Sodium {
  /// Chooses the fastest implementations and opens the random source; safe to ask for any number of times.
  static let isReady: Bool = {
    precondition(sodium_init() >= 0, "libsodium does not start")
    return true
  }()

  static func start() { _ = isReady }
}
