/// A line of a statement, cut into words that know what part they play.
///
/// `POS DEBIT SQ *BLUE BOTTLE #112 OAKLAND CA 03/04` is a way of paying, a processor, a name, a number, a place and a day.
package struct StatementLine: Sendable {
  /// Folded text; words point into it.
  let bytes: [UInt8]
  var words: [Word]
  /// Who the payment passed through, as lists spell it: `SQ`, `TST`, `PAYPAL`.
  var processor: String?
  /// Two letters, when the line says where.
  var country: String?

  struct Word: Sendable {
    var start: Int32
    var end: Int32
    var kind: Kind
    var part: Part = .name
    /// The mark before it: a star separates a processor or a reference, a hash a number.
    var before: UInt8
    /// The mark after it.
    var after: UInt8
    var count: Int { Int(end - start) }
  }
  enum Kind: Sendable { case letters, number, mixed, day }
  enum Part: Sendable { case way, processor, name, number, place, form }

  func text(_ word: Word) -> ArraySlice<UInt8> { bytes[Int(word.start)..<Int(word.end)] }
  func string(_ word: Word) -> String { String(decoding: text(word), as: UTF8.self) }

  /// Of the words in a range, written together.
  func fingerprint(_ range: Range<Int>) -> Fingerprint {
    var fingerprint = Fingerprint()
    for index in range { fingerprint.add(text(words[index])) }
    return fingerprint
  }

  package init(_ text: String) {
    bytes = Folding.fold(text)
    words = []
    cut()
    Wrapping.standard.unwrap(&self)
  }

  /// The words that name who was paid.
  var nameIndices: [Int] { words.indices.filter { words[$0].part == .name } }

  private mutating func cut() {
    var index = 0
    var before: UInt8 = 0x20
    while index < bytes.count {
      let byte = bytes[index]
      guard Folding.isWordByte(byte) else {
        // A star or hash counts over the spaces around it.
        if byte == 0x2a || byte == 0x23 {
          before = byte
          if let last = words.indices.last { words[last].after = byte }
        } else if before != 0x2a && before != 0x23 {
          before = byte
        }
        index += 1
        continue
      }
      let start = index
      var digits = 0
      var letters = 0
      var slashes = 0
      while index < bytes.count {
        let byte = bytes[index]
        if Folding.isDigit(byte) {
          // `AIR0012345678901`: a name, and the number that was written to it. Masks stay whole.
          if digits == 0, letters >= 3, slashes == 0, endsInDigits(from: index),
            !bytes[start..<index].allSatisfy({ $0 == 0x58 })
          {
            break
          }
          digits += 1
        } else if Folding.isWordByte(byte) {
          letters += 1
        } else if byte == 0x2f, letters == 0, index + 1 < bytes.count, Folding.isDigit(bytes[index + 1]) {
          slashes += 1
        } else {
          break
        }
        index += 1
      }
      let isDay = slashes > 0 || Self.isDay(bytes[start..<index])
      let kind: Kind = isDay ? .day : letters == 0 ? .number : digits == 0 ? .letters : .mixed
      let after = index < bytes.count ? bytes[index] : 0x20
      words.append(Word(start: Int32(start), end: Int32(index), kind: kind, before: before, after: after))
      before = 0x20
    }
  }

  /// Nothing but digits follows to the end of the word, and enough of them to be no part of a name.
  private func endsInDigits(from index: Int) -> Bool {
    let digits = bytes[index...].prefix { Folding.isDigit($0) }
    let next = index + digits.count
    return digits.count >= 5 && (next == bytes.count || !Folding.isWordByte(bytes[next]))
  }

  private static let months = Set(
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"].map { Array($0.utf8) })

  static func isMonth(_ text: ArraySlice<UInt8>) -> Bool { months.contains(Array(text)) }

  /// `16NOV22`, `03AUG`.
  private static func isDay(_ text: ArraySlice<UInt8>) -> Bool {
    let digits = text.prefix { Folding.isDigit($0) }
    guard (1...2).contains(digits.count), text.count >= digits.count + 3 else { return false }
    let month = text.dropFirst(digits.count).prefix(3)
    return isMonth(month) && text.dropFirst(digits.count + 3).allSatisfy { Folding.isDigit($0) }
  }
}
