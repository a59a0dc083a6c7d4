import Crypto

/// A logo for every bank, drawn on the spot: a checked tile in the bank's colour, as a small PNG of two colours.
enum Logo {
  static let side = 152

  static func base64(of institution: Institution) -> String { Base64.encode(png(of: institution)) }

  /// PNG (ISO 15948) with a palette, one bit a pixel, its data stored uncompressed.
  static func png(of institution: Institution) -> [UInt8] {
    let seed = Naming(seed: 0).number("logo", institution.id)
    let pattern = Pattern(seed: seed)
    var rows: [UInt8] = []
    for y in 0..<side {
      rows.append(0)
      for byte in 0..<(side / 8) {
        var bits: UInt8 = 0
        for bit in 0..<8 where pattern.isLit(x: byte * 8 + bit, y: y) { bits |= 0x80 >> UInt8(bit) }
        rows.append(bits)
      }
    }
    var png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]
    let size = UInt32(side)
    append("IHDR", big(size) + big(size) + [1, 3, 0, 0, 0], to: &png)
    append("PLTE", color(institution.color) + [255, 255, 255], to: &png)
    append("IDAT", zlib(rows), to: &png)
    append("IEND", [], to: &png)
    return png
  }

  /// Five by five fields, the left half mirrored to the right.
  private struct Pattern {
    var seed: UInt64

    func isLit(x: Int, y: Int) -> Bool {
      let margin = 21
      let field = 22
      guard x >= margin, y >= margin, x < side - margin, y < side - margin else { return false }
      let column = (x - margin) / field
      let row = (y - margin) / field
      return seed >> UInt64(row * 3 + min(column, 4 - column)) & 1 == 1
    }
  }

  private static func color(_ hex: String) -> [UInt8] {
    let bytes = Hex.decode(String(hex.dropFirst())) ?? []
    return bytes.count == 3 ? bytes : [90, 90, 90]
  }

  /// A zlib stream (RFC 1950) of one stored block; the data has to be shorter than 64 KiB.
  private static func zlib(_ data: [UInt8]) -> [UInt8] {
    let length = UInt16(data.count)
    let header: [UInt8] = [
      0x78, 0x01, 1, UInt8(length & 255), UInt8(length >> 8), UInt8(~length & 255), UInt8(~length >> 8),
    ]
    var (a, b): (UInt32, UInt32) = (1, 0)
    for byte in data {
      a = (a + UInt32(byte)) % 65_521
      b = (b + a) % 65_521
    }
    return header + data + big(b << 16 | a)
  }

  private static func append(_ type: StaticString, _ data: [UInt8], to png: inout [UInt8]) {
    let body = Array(type.description.utf8) + data
    png += big(UInt32(data.count)) + body + big(crc(body))
  }

  private static func big(_ value: UInt32) -> [UInt8] {
    [UInt8(value >> 24), UInt8(value >> 16 & 255), UInt8(value >> 8 & 255), UInt8(value & 255)]
  }

  private static func crc(_ bytes: [UInt8]) -> UInt32 {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    return ~crc
  }
}
