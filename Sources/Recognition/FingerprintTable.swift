/// What stands behind fingerprints: filled once from a list, then asked a hundred times for each line of a statement.
///
/// A fingerprint is a hash already, so that none is made of it again as a dictionary would; that took a sixth of the time
/// in which a line is recognised.
struct FingerprintTable<Value: Sendable>: Sendable {
  private struct Slot {
    var key: UInt64 = 0
    /// Of values, counted from one; zero is free. Beside the key: most questions end at the first slot they look at.
    var place: UInt32 = 0
  }
  /// A power of two, at most half of them taken.
  private var slots = [Slot](repeating: Slot(), count: 16)
  private var values: [Value] = []

  subscript(_ key: Fingerprint) -> Value? {
    let place = slots[slot(of: key.value)].place
    return place == 0 ? nil : values[Int(place) - 1]
  }

  subscript(_ key: Fingerprint, default value: @autoclosure () -> Value) -> Value {
    get { self[key] ?? value() }
    set { set(newValue, for: key) }
  }

  func contains(_ key: Fingerprint) -> Bool { slots[slot(of: key.value)].place != 0 }

  mutating func set(_ value: Value, for key: Fingerprint) {
    let slot = slot(of: key.value)
    guard slots[slot].place == 0 else { return values[Int(slots[slot].place) - 1] = value }
    values.append(value)
    slots[slot] = Slot(key: key.value, place: UInt32(values.count))
    if values.count * 2 > slots.count { grow() }
  }

  /// The same keys with other values; without those for which there is none.
  func compactMap<Other>(_ other: (Value) -> Other?) -> FingerprintTable<Other> {
    var table = FingerprintTable<Other>()
    for slot in slots where slot.place != 0 {
      if let value = other(values[Int(slot.place) - 1]) { table.set(value, for: Fingerprint(value: slot.key)) }
    }
    return table
  }

  /// Where the key is, or where it would go.
  private func slot(of key: UInt64) -> Int {
    let mask = slots.count - 1
    var index = Int(truncatingIfNeeded: (key ^ key >> 32) &* 0x9e37_79b9_7f4a_7c15 >> 20) & mask
    while slots[index].place != 0, slots[index].key != key { index = (index + 1) & mask }
    return index
  }

  private mutating func grow() {
    let taken = slots.filter { $0.place != 0 }
    slots = [Slot](repeating: Slot(), count: slots.count * 2)
    for one in taken { slots[slot(of: one.key)] = one }
  }
}

/// A list of fingerprints and nothing behind them.
typealias FingerprintSet = FingerprintTable<Void>

extension FingerprintTable where Value == Void {
  mutating func insert(_ key: Fingerprint) { set((), for: key) }
}
