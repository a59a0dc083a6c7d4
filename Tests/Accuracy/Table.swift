import Foundation

/// A file of comma separated values with a head, read whole: what the measurements and the training begin with.
struct Table {
  private(set) var columns: [String: Int] = [:]
  private(set) var rows: [[String]] = []

  init(path: String) throws {
    let data = try Data(contentsOf: URL(filePath: path))
    self.init(text: String(decoding: data, as: UTF8.self))
  }

  init(text: String) {
    var row: [String] = []
    var field: [UInt8] = []
    var isQuoted = false
    var bytes = Array(text.utf8)[...]
    if bytes.starts(with: [0xef, 0xbb, 0xbf]) { bytes = bytes.dropFirst(3) }
    func endField() {
      row.append(String(decoding: field, as: UTF8.self))
      field.removeAll(keepingCapacity: true)
    }
    func endRow() {
      endField()
      if row.count > 1 || !(row.first ?? "").isEmpty { rows.append(row) }
      row.removeAll(keepingCapacity: true)
    }
    var index = bytes.startIndex
    while index < bytes.endIndex {
      let byte = bytes[index]
      if isQuoted {
        if byte == 0x22 {
          if index + 1 < bytes.endIndex, bytes[index + 1] == 0x22 {
            field.append(byte)
            index += 1
          } else {
            isQuoted = false
          }
        } else {
          field.append(byte)
        }
      } else if byte == 0x22 {
        isQuoted = true
      } else if byte == 0x2c {
        endField()
      } else if byte == 0x0a {
        endRow()
      } else if byte != 0x0d {
        field.append(byte)
      }
      index += 1
    }
    if !field.isEmpty || !row.isEmpty { endRow() }
    guard !rows.isEmpty else { return }
    for (index, name) in rows.removeFirst().enumerated() {
      columns[name.trimmingCharacters(in: .whitespaces).lowercased()] = index
    }
  }

  func value(_ column: String, _ row: [String]) -> String? {
    guard let index = columns[column], index < row.count, !row[index].isEmpty else { return nil }
    return row[index]
  }
}
