import Glibc

/// A name for this process by which others on the machine can tell whether it still lives: a sync that was killed must
/// not keep its bank waiting until its lease runs out.
enum ProcessName {
  /// The boot, the process namespace, the process and when it began: a number alone is used again.
  static let current: String? = name(of: getpid())

  /// Whether the process of this name has certainly ended. False for names of other machines or containers, and for
  /// anything that is no such name. What follows a `#` says what the process was at, and is not looked at.
  static func hasEnded(_ name: String) -> Bool {
    let name = String(name.prefix { $0 != "#" })
    let parts = name.split(separator: "/")
    guard let place, parts.count == 4, parts.prefix(2).joined(separator: "/") == place, let process = pid_t(parts[2])
    else { return false }
    return self.name(of: process) != name
  }

  /// Where numbers of processes mean the same.
  private static let place: String? = {
    guard let boot = text("/proc/sys/kernel/random/boot_id")?.prefix(36), !boot.isEmpty else { return nil }
    var buffer = [CChar](repeating: 0, count: 64)
    let count = readlink("/proc/self/ns/pid", &buffer, buffer.count)
    guard count > 0 else { return nil }
    let space = String(decoding: buffer[..<count].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    return "\(boot)/\(space.filter(\.isNumber))"
  }()

  private static func name(of process: pid_t) -> String? {
    // The second field, the program's name, may hold anything; the twenty-second is the start (proc(5)).
    guard let place, let status = text("/proc/\(process)/stat"), let end = status.lastIndex(of: ")") else { return nil }
    let fields = status[status.index(after: end)...].split(separator: " ")
    guard fields.count > 19, fields[0] != "Z" else { return nil }
    return "\(place)/\(process)/\(fields[19])"
  }

  private static func text(_ path: String) -> String? {
    let descriptor = open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 4096)
    let count = read(descriptor, &bytes, bytes.count)
    return count > 0 ? String(decoding: bytes[..<count], as: UTF8.self) : nil
  }
}
