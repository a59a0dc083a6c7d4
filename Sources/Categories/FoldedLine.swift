import Recognition
import Store

/// A row's texts as rules look at them: capitals without accents, with a small set of the three-letter pieces in them.
struct FoldedLine {
  private var name: [UInt8]
  private var description: [UInt8]
  private var merchant: [UInt8]
  private var bits: [UInt64]

  private static let bitsCount = 2_048

  init(_ row: JudgedRow) {
    name = Self.fold(row.name)
    description = row.originalDescription.map { Self.fold($0) } ?? []
    merchant = row.merchantName.map { Self.fold($0) } ?? []
    bits = [UInt64](repeating: 0, count: Self.bitsCount / 64)
    for text in [name, description, merchant] {
      for piece in Self.pieces(text) { bits[Int(piece) / 64] |= 1 << (UInt64(piece) % 64) }
    }
  }

  func holds(_ piece: UInt16) -> Bool { bits[Int(piece) / 64] & (1 << (UInt64(piece) % 64)) != 0 }

  func texts(_ field: RuleCondition.TextField) -> [[UInt8]] {
    switch field {
    case .any: [name, description, merchant]
    case .name: [name]
    case .description: [description.isEmpty ? name : description]
    case .merchant: [merchant]
    }
  }

  static func originals(_ row: JudgedRow, _ field: RuleCondition.TextField) -> [String] {
    switch field {
    case .any: [row.name, row.originalDescription, row.merchantName].compactMap { $0 }
    case .name: [row.name]
    case .description: [row.originalDescription ?? row.name]
    case .merchant: [row.merchantName].compactMap { $0 }
    }
  }

  static func fold(_ text: String) -> [UInt8] { LineText.bytes(text) }

  static func pieces(_ text: [UInt8]) -> [UInt16] {
    guard text.count >= 3 else { return [] }
    return (0...(text.count - 3)).map { start in
      let mixed =
        UInt32(text[start]) &* 0x9e37 &+ UInt32(text[start + 1]) &* 0x85eb &+ UInt32(text[start + 2]) &* 0xc2b3
      return UInt16((mixed >> 4) % UInt32(bitsCount))
    }
  }

  static func contains(_ text: [UInt8], _ part: [UInt8]) -> Bool {
    guard let first = part.first, text.count >= part.count else { return false }
    for start in 0...(text.count - part.count) where text[start] == first {
      if text[start..<(start + part.count)].elementsEqual(part) { return true }
    }
    return false
  }
}
