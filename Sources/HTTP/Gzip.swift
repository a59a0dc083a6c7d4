import CZlib

/// Compressing answers for clients that take it (RFC 9110 §8.4.1.3).
package enum Gzip {
  /// Below this, a packet is sent all the same.
  package static let bytesMin = 1_400

  /// - Parameter level: 1 is quick, 9 thorough.
  /// - Returns: Nil when memory is short: the bytes are then sent as they are.
  package static func compress(_ bytes: [UInt8], level: Int32 = 3) -> [UInt8]? {
    var stream = unsafe z_stream()
    guard unsafe czlib_begin_gzip(&stream, level) == Z_OK else { return nil }
    defer { unsafe deflateEnd(&stream) }
    guard let count = UInt32(exactly: bytes.count) else { return nil }
    let bound = unsafe Int(deflateBound(&stream, UInt(bytes.count)))
    var source = bytes
    var isWhole = false
    let compressed = unsafe [UInt8](unsafeUninitializedCapacity: bound) { target, written in
      unsafe source.withUnsafeMutableBufferPointer { source in
        unsafe stream.next_in = source.baseAddress
        unsafe stream.avail_in = count
        unsafe stream.next_out = target.baseAddress
        unsafe stream.avail_out = UInt32(clamping: target.count)
        isWhole = unsafe deflate(&stream, Z_FINISH) == Z_STREAM_END
        written = unsafe Int(stream.total_out)
      }
    }
    return isWhole ? compressed : nil
  }

  /// Whether a client takes gzip, by its `Accept-Encoding` fields (RFC 9110 §12.5.3).
  package static func isAccepted(_ fields: [String]) -> Bool {
    var weights: [String: Bool] = [:]
    for part in fields.joined(separator: ",").split(separator: ",") {
      let words = part.split(separator: ";").map { $0.filter { $0 != " " && $0 != "\t" }.lowercased() }
      guard let coding = words.first else { continue }
      // A weight of nothing but zeros refuses.
      let weight = words.dropFirst().first { $0.hasPrefix("q=") }?.dropFirst(2)
      weights[coding] = weight.map { $0.contains { ("1"..."9").contains($0) } } ?? true
    }
    return weights["gzip"] ?? weights["x-gzip"] ?? weights["*"] ?? false
  }
}
