import CFuzzer
import Glibc

// Made-up input for whatever reads what strangers send. What is asked here is not whether an input is refused, but that
// nothing crashes, reads outside its memory or hangs, and that what is accepted is what it seems to be.
//
//   FUZZ=json magpie-fuzz -max_total_time=15 CORPUS

/// One reader and what has to hold for every input.
struct FuzzTarget: Sendable {
  var name: String
  var body: @Sendable ([UInt8]) -> Void
}

/// Ends the process as a crash does, so that libFuzzer keeps the input.
func require(_ condition: Bool, _ words: @autoclosure () -> String) {
  if !condition { fatalError(words()) }
}

@main enum Main {
  static let all = [
    FuzzTarget(name: "http", body: fuzzHTTP), FuzzTarget(name: "edge", body: fuzzEdge),
    FuzzTarget(name: "json", body: fuzzJSON), FuzzTarget(name: "cursors", body: fuzzCursors),
    FuzzTarget(name: "filters", body: fuzzFilters), FuzzTarget(name: "tokens", body: fuzzTokens),
    FuzzTarget(name: "statements", body: fuzzStatements),
  ]

  fileprivate static let chosen: FuzzTarget? = {
    let name = getenv("FUZZ").map { String(cString: $0) }
    return all.first { $0.name == name }
  }()

  static func main() {
    guard chosen != nil else {
      print(all.map(\.name).joined(separator: "\n"))
      exit(CommandLine.argc > 1 ? 2 : 0)
    }
    var count = CommandLine.argc
    var words: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? = CommandLine.unsafeArgv
    exit(LLVMFuzzerRunDriver(&count, &words) { data, size in fuzzOne(data, size) })
  }
}

/// The name that libFuzzer's own `main`, which is linked too, would call.
@c(LLVMFuzzerTestOneInput)
func fuzzOne(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
  Main.chosen?.body(data.map { Array(UnsafeBufferPointer(start: $0, count: size)) } ?? [])
  return 0
}
