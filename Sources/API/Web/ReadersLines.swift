/// What stands in our own scripts and style sheets for their readers alone. Browsers are sent the rest: a tenth less.
enum ReadersLines {
  /// The text without lines that are nothing but a comment. Others stay as they are, to the letter.
  ///
  /// - Returns: All of it when a comment of several lines ends in the middle of one: our sources have none.
  static func removed(from bytes: [UInt8]) -> [UInt8] {
    var kept: [UInt8] = []
    kept.reserveCapacity(bytes.count)
    var isInside = false
    func keep(_ line: ArraySlice<UInt8>) {
      kept += line
      kept.append(UInt8(ascii: "\n"))
    }
    for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
      let text = line.drop { $0 == UInt8(ascii: " ") }
      if isInside {
        guard let end = text.firstRange(of: Array("*/".utf8)) else { continue }
        guard end.upperBound == text.endIndex else { return bytes }
        isInside = false
      } else if text.starts(with: "/*".utf8), let end = text.firstRange(of: Array("*/".utf8)) {
        if end.upperBound != text.endIndex { keep(line) }
      } else if text.starts(with: "/*".utf8) {
        isInside = true
      } else if !text.starts(with: "//".utf8) {
        keep(line)
      }
    }
    kept.removeLast(min(1, kept.count))
    return isInside ? bytes : kept
  }
}
