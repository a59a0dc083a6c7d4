import CZstd

/// Compression for what is kept as it came. The only caller of libzstd, which is several times faster than zlib here.
package enum Zstd {
  package enum Failure: Error { case damaged }

  package static func compress(_ bytes: [UInt8]) -> [UInt8] {
    let bound = ZSTD_compressBound(bytes.count)
    return unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
      let written = unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_compress(buffer.baseAddress, bound, source.baseAddress, source.count, 1)
      }
      precondition(ZSTD_isError(written) == 0, "compressing into a large enough buffer cannot fail")
      count = written
    }
  }

  /// - Parameter bytesMax: Refuses anything that says it is larger.
  package static func decompress(_ bytes: [UInt8], bytesMax: Int) throws(Failure) -> [UInt8] {
    let size = unsafe bytes.withUnsafeBytes { unsafe ZSTD_getFrameContentSize($0.baseAddress, $0.count) }
    // The two highest values mean "unknown" and "not a frame".
    guard size <= UInt64(bytesMax) else { throw .damaged }
    var failed = false
    let result = unsafe [UInt8](unsafeUninitializedCapacity: Int(size)) { buffer, count in
      let written = unsafe bytes.withUnsafeBytes { source in
        unsafe ZSTD_decompress(buffer.baseAddress, Int(size), source.baseAddress, source.count)
      }
      failed = ZSTD_isError(written) != 0
      count = failed ? 0 : written
    }
    if failed { throw .damaged }
    return result
  }
}
