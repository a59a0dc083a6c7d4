import Basics
import Glibc
import JSON

/// Why a bank cannot keep, or read, what its Items went through. Each case says what to do.
package enum JournalTrouble: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file cannot be opened, read or written.
  case file(path: String, reason: String)
  /// The file is no journal, or one of another program version.
  case unreadable(path: String, line: Int)
  /// The file belongs to a bank with other families.
  case seed(path: String, found: UInt64)

  package var description: String {
    switch self {
    case .file(let path, let reason): "the simulated bank's journal \(path): \(reason)"
    case .unreadable(let path, let line):
      "line \(line) of the simulated bank's journal \(path) cannot be read; "
        + "move the file away to start with a new simulated bank"
    case .seed(let path, let found):
      "the simulated bank's journal \(path) was begun with seed \(found); use that seed, or move the file away"
    }
  }
}

/// The file in which a simulated bank's Items outlive the process, and by which several processes are one bank.
///
/// One JSON object a line: first what the bank was begun with, then every ``Fact`` with its time, only ever appended.
/// Whoever wants to answer a request holds the file's lock, goes through the lines others have added, answers, and
/// appends what came of it; so every process sees the same facts in the same order. Tokens are not in it: they follow
/// from the seed. A line cut off by a crash was never answered for, and is removed by the next process.
struct Journal: Sendable {
  /// What the bank was begun with. Whoever comes later takes it from here.
  struct Header: Sendable, Equatable {
    var seed: UInt64
    var startedAt: Timestamp
    var initialDelay: Duration
    var historicalDelay: Duration
  }

  struct Entry: Sendable, Equatable {
    var at: Timestamp
    /// How many requests the writer had been asked: a failing bank's draw depends on it.
    var count: Int
    var fact: Fact
  }

  private final class File: Sendable {
    let descriptor: Int32
    init(_ descriptor: Int32) { self.descriptor = descriptor }
    deinit { close(descriptor) }
  }

  let path: String
  private(set) var header: Header
  private let file: File
  /// Bytes gone through so far, and lines.
  private var position = 0
  private(set) var lines = 0

  /// Opens the journal, or begins one with `header`.
  init(_ path: String, header: Header) throws(JournalTrouble) {
    // Nobody else on the machine may read which families somebody plays with.
    let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
    guard descriptor >= 0 else { throw .file(path: path, reason: String(cString: strerror(errno))) }
    self.path = path
    self.header = header
    file = File(descriptor)
    try lock()
    defer { unlock() }
    let known = try readLines()
    guard let first = known.first else {
      try write([header.json])
      return
    }
    guard let found = Header(first) else { throw .unreadable(path: path, line: 1) }
    guard found.seed == header.seed else { throw .seed(path: path, found: found.seed) }
    self.header = found
    // The rest is read again as facts.
    (position, lines) = (first.serialized().count + 1, 1)
  }

  // MARK: - With the lock held

  func lock() throws(JournalTrouble) {
    while flock(file.descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else { throw failure() }
    }
  }

  func unlock() { flock(file.descriptor, LOCK_UN) }

  /// What was added since the last look.
  mutating func news() throws(JournalTrouble) -> [Entry] {
    let before = lines
    var entries: [Entry] = []
    for (index, json) in try readLines().enumerated() {
      guard let entry = Entry(json) else { throw .unreadable(path: path, line: before + index + 1) }
      entries.append(entry)
    }
    return entries
  }

  mutating func append(_ entries: [Entry]) throws(JournalTrouble) {
    if !entries.isEmpty { try write(entries.map(\.json)) }
  }

  /// Everything from the beginning.
  mutating func rewind() { (position, lines) = (header.json.serialized().count + 1, 1) }

  // MARK: - Bytes

  private mutating func readLines() throws(JournalTrouble) -> [JSONValue] {
    var status = stat()
    guard fstat(file.descriptor, &status) == 0 else { throw failure() }
    let size = Int(status.st_size)
    guard size >= position else { throw .unreadable(path: path, line: lines) }
    guard size > position else { return [] }
    var bytes = [UInt8](repeating: 0, count: size - position)
    var filled = 0
    while filled < bytes.count {
      let got = bytes.withUnsafeMutableBytes { buffer in
        pread(file.descriptor, buffer.baseAddress.map { $0 + filled }, buffer.count - filled, off_t(position + filled))
      }
      guard got > 0 else { throw failure() }
      filled += got
    }
    let end = bytes.lastIndex(of: UInt8(ascii: "\n")).map { $0 + 1 } ?? 0
    if end < bytes.count {
      guard ftruncate(file.descriptor, off_t(position + end)) == 0 else { throw failure() }
    }
    var found: [JSONValue] = []
    for line in bytes[..<end].split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).dropLast() {
      guard let json = try? JSONValue.parse(Array(line)) else {
        throw .unreadable(path: path, line: lines + found.count + 1)
      }
      found.append(json)
    }
    position += end
    lines += found.count
    return found
  }

  /// Appends lines and waits for the disk; takes back what was written of them when they did not fit.
  private mutating func write(_ values: [JSONValue]) throws(JournalTrouble) {
    let bytes = values.flatMap { $0.serialized() + [UInt8(ascii: "\n")] }
    let written = bytes.withUnsafeBytes { pwrite(file.descriptor, $0.baseAddress, $0.count, off_t(position)) }
    guard written == bytes.count, fdatasync(file.descriptor) == 0 else {
      let failure = written >= 0 && written < bytes.count ? JournalTrouble.file(path: path, reason: full) : failure()
      ftruncate(file.descriptor, off_t(position))
      throw failure
    }
    position += bytes.count
    lines += values.count
  }

  private var full: String { "the disk is full" }

  private func failure() -> JournalTrouble { .file(path: path, reason: String(cString: strerror(errno))) }
}

// MARK: - Lines

extension Journal.Header {
  /// Grows with every change of the lives the facts are about: places in a log of other rows would mean nothing.
  fileprivate static let version = 2

  var json: JSONValue {
    [
      "magpie_sandbox_journal": .int(Self.version), "seed": .string(String(seed)),
      "started_at_ms": .int(startedAt.milliseconds), "initial_delay_ms": .int(initialDelay.milliseconds),
      "historical_delay_ms": .int(historicalDelay.milliseconds),
    ]
  }

  fileprivate init?(_ json: JSONValue) {
    guard json["magpie_sandbox_journal"]?.int == Self.version, let seed = json["seed"]?.string.flatMap({ UInt64($0) }),
      let started = json["started_at_ms"]?.int, let initial = json["initial_delay_ms"]?.int,
      let historical = json["historical_delay_ms"]?.int
    else { return nil }
    self.init(
      seed: seed, startedAt: Timestamp(milliseconds: Int64(started)), initialDelay: .milliseconds(initial),
      historicalDelay: .milliseconds(historical))
  }
}

extension Journal.Entry {
  fileprivate var json: JSONValue {
    let head: JSONValue = ["at_ms": .int(at.milliseconds), "count": .int(count)]
    return .object(head.members + fact.json.members)
  }

  fileprivate init?(_ json: JSONValue) {
    guard let at = json["at_ms"]?.int, let count = json["count"]?.int, let fact = Fact(json) else { return nil }
    self.init(at: Timestamp(milliseconds: Int64(at)), count: count, fact: fact)
  }
}
