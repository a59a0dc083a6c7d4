/// Tells of most names that a run has not met them yet, in memory that does not grow: a Bloom filter.
///
/// On the first reading of a bank every row is new, and asking the tables for each would cost a third of the writing.
/// "Not met" is certain; "perhaps" is then looked up. A class, because a copy would be made with each row.
final class NameFilter {
  private var words: [UInt64]
  private let mask: Int

  /// - Parameter names: About how many will be noted.
  init(names: Int) {
    // Sixteen bits a name let one in 200 through needlessly; beyond 2 MB it is rather a few more.
    var bits = 1 << 12
    while bits < names * 16 && bits < 1 << 24 { bits <<= 1 }
    words = Array(repeating: 0, count: bits / 64)
    mask = bits - 1
  }

  /// Three places for each name, from one hash.
  private func places(_ name: String) -> (Int, Int, Int) {
    let hash = UInt(bitPattern: name.hashValue)
    let (first, step) = (Int(hash & 0xFFFF_FFFF), Int(hash >> 32 | 1))
    return (first & mask, (first &+ step) & mask, (first &+ 2 &* step) & mask)
  }

  func note(_ name: String) {
    let places = places(name)
    for place in [places.0, places.1, places.2] { words[place >> 6] |= 1 << UInt64(place & 63) }
  }

  /// False: certainly not noted.
  func mayHold(_ name: String) -> Bool {
    let places = places(name)
    return isSet(places.0) && isSet(places.1) && isSet(places.2)
  }

  private func isSet(_ place: Int) -> Bool { words[place >> 6] & 1 << UInt64(place & 63) != 0 }
}
