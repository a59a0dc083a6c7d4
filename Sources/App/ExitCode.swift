/// How a command ended, for scripts. The numbers never change once shipped.
package enum ExitCode: Int32, Sendable, CaseIterable {
  case done = 0
  case failed = 1
  /// The words make no sense.
  case usage = 2
  /// Settings, keys, files or the program's version must be looked at by whoever runs this.
  case attention = 3
  /// Somebody must sign in at a bank again, or link it anew.
  case signIn = 4
  /// Nothing is wrong here: the bank, the network or another program is busy. The same command may work later.
  case later = 5

  var meaning: String {
    switch self {
    case .done: "done"
    case .failed: "it failed; the line on standard error says why"
    case .usage: "the words typed make no sense"
    case .attention: "settings, keys or files need you"
    case .signIn: "a bank wants you to sign in again"
    case .later: "busy or out of reach; try again later"
    }
  }
}
