import Basics
import CPostgres

/// The hosts of an address, each by itself.
enum PostgresHosts {
  /// What to tell libpq besides the address to reach one of its hosts and no other; a single empty list for an address
  /// with one host or none.
  static func all(_ settings: PostgresSettings) -> [[(String, String)]] {
    let lists = ["host", "hostaddr", "port"].map { name in
      (name, value(name, settings)?.split(separator: ",", omittingEmptySubsequences: false).map(String.init) ?? [])
    }
    let count = lists.filter { $0.0 != "port" }.map(\.1.count).max() ?? 0
    guard count > 1 else { return [[]] }
    return (0..<count).map { index in
      lists.compactMap { name, values in
        // One port may stand for all hosts.
        guard let value = values.count == 1 ? values[0] : values.count == count ? values[index] : nil else {
          return nil
        }
        return (name, value)
      }
    }
  }

  private static func value(_ name: String, _ settings: PostgresSettings) -> String? {
    let parsed = unsafe PQconninfoParse(settings.address.reveal, nil)
    defer { unsafe PQconninfoFree(parsed) }
    guard var option = unsafe parsed else { return nil }
    while let keyword = unsafe option.pointee.keyword {
      if unsafe String(cString: keyword) == name {
        return unsafe option.pointee.val.map { unsafe String(cString: $0) }
      }
      unsafe option += 1
    }
    return nil
  }
}
