import Basics
import Finance
package import Sync

/// Tells how far a sync is: a line that redraws itself where somebody looks on, silence elsewhere.
///
/// Banks do not say how much there is, so while fetching the bar only moves; what is known stands beside it. It goes to
/// standard error, so that what a command prints stays clean for whoever reads it.
package final class ProgressBar: Sendable {
  private let terminal: Terminal
  private let title: String
  private let drawn = Locked("")

  package init(_ title: String, _ terminal: Terminal) {
    self.title = PlainText.clean(title)
    self.terminal = terminal
  }

  package func show(_ progress: SyncProgress) {
    if terminal.showsProgress { draw(Self.line(title, progress)) }
  }

  /// In place of figures, while there are none.
  package func say(_ words: String) {
    if terminal.showsProgress { draw(PlainText.cut("\(title): \(words)", to: 79)) }
  }

  /// Leaves the line empty for what comes next.
  package func clear() {
    if terminal.showsProgress { draw("") }
  }

  private func draw(_ line: String) {
    drawn.withLock { drawn in
      guard line != drawn else { return }
      let blanks = String(repeating: " ", count: max(0, PlainText.width(drawn) - PlainText.width(line)))
      terminal.complainRaw("\r" + line + blanks + (line.isEmpty ? "\r" : ""))
      drawn = line
    }
  }

  private static let width = 16

  /// At most 79 places wide: a full line would begin a new one.
  static func line(_ title: String, _ progress: SyncProgress) -> String {
    var told = " \(bar(progress)) "
    switch progress.phase {
    case .fetching: told += AmountText.count(progress.rows, "row")
    case .applying: told += "keeping \(AmountText.count(progress.rows, "row"))"
    }
    if let oldest = progress.oldest { told += ", back to \(AmountText.day(oldest))" }
    let room = max(8, 79 - told.count)
    return PlainText.cut(title, to: room) + told
  }

  /// Filled as far as the work is done; a piece that moves on with every page while nobody knows how far that is.
  private static func bar(_ progress: SyncProgress) -> String {
    if let total = progress.rowsTotal, total > 0 {
      let filled = min(width, max(0, width * progress.rows / total))
      return String(repeating: "█", count: filled) + String(repeating: "░", count: width - filled)
    }
    let position = max(0, progress.pages) % width
    return String((0..<width).map { ($0 - position + width) % width < 4 ? "█" as Character : "░" })
  }
}
