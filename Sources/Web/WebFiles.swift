import CWeb

/// The files of the web application. They are within the program, so that a server is one file.
package enum WebFiles {
  package struct File: Sendable, Equatable {
    /// From the folder of the application, such as `pages/accounts.js`.
    package let path: String
    package let bytes: [UInt8]
  }

  /// All of them, copied once.
  package static let all: [File] = (0..<Int(cweb_count)).map { index in
    let file = unsafe cweb_file_at(index)
    let bytes = unsafe UnsafeBufferPointer(start: file.bytes, count: file.count)
    return unsafe File(path: String(cString: file.path), bytes: Array(bytes))
  }

  /// Charts are drawn by a library that Debian has: a build without it shows tables in their place.
  package static var hasCharts: Bool { all.contains { $0.path == "vendor/chart.min.js" } }
}
