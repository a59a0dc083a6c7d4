import Glibc

/// Why a time zone cannot be had.
package enum TimeZoneError: Error, Equatable, Sendable {
  /// The name is none that a time zone could have.
  case badName(String)
  /// The system knows no such zone; it may lack its time zone database (Debian's package `tzdata`).
  case unknown(String)
  /// The file is no TZif file of version 2 or later, or contradicts itself.
  case malformed(String)
}

/// What clocks show in one place of the world, now, then and later: read from the system's time zone database.
///
/// Days are cut at local midnight, so which day an instant belongs to depends on a zone. Nothing else here does.
package struct TimeZone: Sendable, Equatable {
  package let name: String
  /// When clocks changed, ascending, in seconds since 1970 UTC; and what they showed from then on, in seconds ahead of
  /// UTC.
  private let changes: [(at: Int64, offset: Int)]
  /// Before the first change.
  private let firstOffset: Int
  /// From the last change on. Nil: nothing changes any more.
  private let rule: TimeZoneRule?

  package static let utc = TimeZone(name: "UTC", changes: [], firstOffset: 0, rule: nil)

  private static let folder = "/usr/share/zoneinfo"

  /// The zone of a name such as `Europe/Berlin`.
  ///
  /// - Parameter folder: Where the zone files are. A name cannot lead out of it.
  package static func named(_ name: String, folder: String = folder) throws(TimeZoneError) -> TimeZone {
    if name == "UTC" { return .utc }
    guard isName(name) else { throw .badName(name) }
    guard let bytes = contents(of: "\(folder)/\(name)") else { throw .unknown(name) }
    return try TimeZone(name: name, file: bytes)
  }

  /// A zone from the bytes of its file.
  package init(name: String, file: [UInt8]) throws(TimeZoneError) {
    guard let file = TimeZoneFile(file) else { throw .malformed(name) }
    self.init(name: name, changes: file.changes, firstOffset: file.firstOffset, rule: file.rule)
  }

  private init(name: String, changes: [(at: Int64, offset: Int)], firstOffset: Int, rule: TimeZoneRule?) {
    self.name = name
    self.changes = changes
    self.firstOffset = firstOffset
    self.rule = rule
  }

  /// How far clocks are ahead of UTC, in seconds: negative in the west.
  package func offsetSeconds(at instant: Timestamp) -> Int { offset(at: instant.seconds) }

  private func offset(at second: Int64) -> Int {
    var (low, high) = (0, changes.count)
    while low < high {
      let middle = (low + high) / 2
      if changes[middle].at <= second { low = middle + 1 } else { high = middle }
    }
    if low == changes.count, let rule { return rule.offset(at: second) }
    return low == 0 ? firstOffset : changes[low - 1].offset
  }

  /// The local day of an instant, counted from 1970-01-01.
  package func day(of instant: Timestamp) -> Int {
    let local = instant.seconds + Int64(offsetSeconds(at: instant))
    return Int(local >= 0 ? local / 86_400 : (local - 86_399) / 86_400)
  }

  /// The first instant that belongs to a local day, counted from 1970-01-01.
  ///
  /// Usually midnight; later where clocks jump over midnight, and the first of two where midnight comes twice. Where a
  /// day was left out altogether it is the instant at which the next one began.
  package func start(ofDay day: Int) -> Timestamp {
    let midnight = Int64(day) * 86_400
    // No clock is further than 26 hours from UTC.
    let offsets = Set([midnight - 93_600, midnight, midnight + 93_600].map { offset(at: $0) })
    let exact = offsets.map { midnight - Int64($0) }.filter { self.day(of: Timestamp(seconds: $0)) == day }
    if let first = exact.min(), self.day(of: Timestamp(seconds: first - 1)) < day { return Timestamp(seconds: first) }
    // Clocks jumped past midnight. Nothing repeats within a day of such a jump, so halving finds it.
    var (low, high) = (midnight - 93_600, midnight + 93_600)
    while low < high {
      let middle = low + (high - low) / 2
      if self.day(of: Timestamp(seconds: middle)) >= day { high = middle } else { low = middle + 1 }
    }
    return Timestamp(seconds: low)
  }

  package static func == (left: TimeZone, right: TimeZone) -> Bool {
    left.name == right.name && left.firstOffset == right.firstOffset && left.rule == right.rule
      && left.changes.elementsEqual(right.changes, by: ==)
  }

  /// Letters, digits, `+`, `-` and `_` between single slashes: no dot, so no way up and no hidden file.
  private static func isName(_ name: String) -> Bool {
    let parts = name.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false)
    return name.utf8.count <= 64
      && parts.allSatisfy { part in
        !part.isEmpty
          && part.allSatisfy { byte in
            (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
              || (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) || "+-_".utf8.contains(byte)
          }
      }
  }

  /// Nil when there is no such file, or it is far larger than any zone's.
  private static func contents(of path: String) -> [UInt8]? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
      (0...TimeZoneFile.bytesMax).contains(Int(status.st_size))
    else { return nil }
    var bytes: [UInt8] = []
    var chunk = [UInt8](repeating: 0, count: 16_384)
    while bytes.count <= TimeZoneFile.bytesMax {
      let count = read(descriptor, &chunk, chunk.count)
      if count > 0 {
        bytes += chunk[..<count]
      } else if count == 0 {
        return bytes
      } else if errno != EINTR {
        return nil
      }
    }
    return nil
  }
}
