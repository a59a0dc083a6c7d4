/// The classifier that was trained offline: weights of hashed features for each group, in bytes, and fingerprints of
/// names that were learned whole. Its training record is in docs/categories.md.
package struct Model: Sendable {
  static let standard = Model(Shelf.bytes(.model))

  /// Of each class: what a byte is worth, and what it begins with.
  private var scales: [Float] = []
  private var biases: [Float] = []
  private var weights: [Int8] = []
  private var knownNames: [UInt64: UInt8] = [:]
  private let classes = Taxonomy.primaries.count

  struct Known: Sendable {
    var primary: String
    var letters: Int
    var isWhole: Bool
    /// A name of the home country.
    var isHome: Bool
  }

  /// A file is `MAGPIEW1`, bits, scales, biases, weights by bucket, then known names: five bytes of fingerprint and one
  /// of group and country. Anything else is no model: then nothing is known.
  init(_ bytes: [UInt8]) {
    let head = Array("MAGPIEW1".utf8)
    guard bytes.starts(with: head), bytes.count > 12 else { return }
    var at = head.count
    func word(_ at: Int) -> UInt32 {
      (0..<4).reduce(0) { $0 | UInt32(bytes[at + $1]) << (8 * UInt32($1)) }
    }
    let bits = Int(word(at))
    at += 4
    let weightsCount = classes << bits
    guard bits == Features.bucketBits, bytes.count >= at + classes * 8 + weightsCount + 4 else { return }
    for index in 0..<classes { scales.append(Float(bitPattern: word(at + 4 * index))) }
    at += 4 * classes
    for index in 0..<classes { biases.append(Float(bitPattern: word(at + 4 * index))) }
    at += 4 * classes
    weights = bytes[at..<(at + weightsCount)].map { Int8(bitPattern: $0) }
    at += weightsCount
    let count = Int(word(at))
    at += 4
    guard bytes.count >= at + count * 6 else { return }
    knownNames.reserveCapacity(count)
    for index in 0..<count {
      let start = at + index * 6
      let key = (0..<5).reduce(UInt64(0)) { $0 | UInt64(bytes[start + $1]) << (8 * UInt64($1)) }
      knownNames[key] = bytes[start + 5]
    }
  }

  var isThere: Bool { !weights.isEmpty }

  /// How strongly the features speak for each group: sums, not probabilities.
  func scores(_ features: [Features.Feature], adding household: [UInt32: [Float]] = [:]) -> [Float] {
    guard isThere else { return [Float](repeating: 0, count: classes) }
    var sums = [Float](repeating: 0, count: classes)
    for feature in features {
      let row = Int(feature.bucket) * classes
      for index in 0..<classes { sums[index] += Float(weights[row + index]) * feature.value }
    }
    for index in 0..<classes { sums[index] = sums[index] * scales[index] + biases[index] }
    if !household.isEmpty {
      for feature in features {
        guard let more = household[feature.bucket] else { continue }
        for index in 0..<classes { sums[index] += more[index] * feature.value }
      }
    }
    return sums
  }

  /// The longest name that was learned whole, where names begin.
  func known(_ line: StatementLine, home: String?) -> Known? {
    guard !knownNames.isEmpty else { return nil }
    let names = line.nameIndices
    guard let first = names.first else { return nil }
    var fingerprint = Fingerprint()
    var letters = 0
    var best: Known?
    for (position, index) in names.enumerated().prefix(6) {
      guard index == first + position else { break }
      let word = line.words[index]
      if position > 0, line.text(word).elementsEqual([0x41, 0x4e, 0x44]) { continue }
      fingerprint.add(line.text(word))
      letters += word.count
      guard letters >= 3, let entry = knownNames[Self.key(fingerprint)] else { continue }
      let country = line.country ?? home
      let isUS = entry & 0x20 != 0
      let isGB = entry & 0x40 != 0
      let group = Int(entry & 0x1f)
      guard group < Taxonomy.primaries.count else { continue }
      best = Known(
        primary: Taxonomy.primaries[group], letters: letters, isWhole: position == names.count - 1,
        isHome: country == "US" ? isUS : country == "GB" ? isGB : isUS || isGB)
    }
    return best
  }

  /// The number of a name, as training writes it.
  package static func key(name: String) -> UInt64 {
    let words = Folding.fold(name).split { !Folding.isWordByte($0) }.filter { !$0.elementsEqual([0x41, 0x4e, 0x44]) }
    var fingerprint = Fingerprint()
    for word in words { fingerprint.add(word) }
    return key(fingerprint)
  }

  static func key(_ fingerprint: Fingerprint) -> UInt64 {
    let mixed = (fingerprint.value ^ (fingerprint.value >> 31)) &* 0x94d0_49bb_1331_11eb
    return mixed >> 24
  }
}
