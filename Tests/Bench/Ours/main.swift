import Basics
import Databases
import Glibc

// One measured step in a process of its own, so that its time and its memory are its own. `scripts/bench` starts it,
// beside the limit and the peer.

ProcessMemory.shareBetweenThreads()
let arguments = Array(CommandLine.arguments.dropFirst())

do {
  switch arguments.first {
  case "pages" where arguments.count == 3: try await Pages.generate(rows: Int(arguments[1]) ?? 0, into: arguments[2])
  case "ingest" where arguments.count == 3, "ingest-unjudged" where arguments.count == 3:
    let judged = arguments[0] == "ingest"
    print(try await Ingest.run(pages: arguments[1], database: arguments[2], judged: judged))
  case "open" where arguments.count == 2: print(try await Ingest.open(arguments[1]))
  case "recategorize" where arguments.count == 3:
    print(try await Recategorize.run(rows: Int(arguments[1]) ?? 0, database: arguments[2]))
  default:
    print(
      """
      usage: magpie-bench pages ROWS FILE | ingest[-unjudged] PAGES DATABASE | open DATABASE | recategorize ROWS DATABASE
      """)
    exit(64)
  }
} catch {
  print("failed: \(error)")
  exit(1)
}
