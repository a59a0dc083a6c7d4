/// Turns the escapes of a JSON string into text. The scanner has already checked that each is well formed.
enum Escapes {
  /// - Parameter source: The bytes between the quotes, valid UTF-8.
  static func decoded(_ source: UnsafeBufferPointer<UInt8>) -> String {
    // An escape is never shorter than what it stands for.
    unsafe String(unsafeUninitializedCapacity: source.count) { target in
      var read = 0
      var written = 0
      while read < source.count {
        let byte = unsafe source[read]
        guard byte == UInt8(ascii: "\\") else {
          unsafe target[written] = byte
          read += 1
          written += 1
          continue
        }
        let letter = unsafe source[read + 1]
        guard letter == UInt8(ascii: "u") else {
          unsafe target[written] = short(letter)
          read += 2
          written += 1
          continue
        }
        let (scalar, length) = unsafe scalar(source, at: read)
        read += length
        for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
          unsafe target[written] = byte
          written += 1
        }
      }
      return written
    }
  }

  /// Reads `\uXXXX`, or two of them that make a surrogate pair. Half a pair gives U+FFFD.
  private static func scalar(_ source: UnsafeBufferPointer<UInt8>, at start: Int) -> (Unicode.Scalar, length: Int) {
    let high = unsafe unit(source, at: start)
    if let scalar = Unicode.Scalar(high) { return (scalar, 6) }
    if high < 0xDC00, start + 12 <= source.count, unsafe source[start + 6] == UInt8(ascii: "\\"),
      unsafe source[start + 7] == UInt8(ascii: "u")
    {
      let low = unsafe unit(source, at: start + 6)
      if (0xDC00...0xDFFF).contains(low) {
        let pair = 0x10000 + (UInt32(high) - 0xD800) << 10 + (UInt32(low) - 0xDC00)
        return (Unicode.Scalar(pair) ?? "\u{FFFD}", 12)
      }
    }
    return ("\u{FFFD}", 6)
  }

  private static func unit(_ source: UnsafeBufferPointer<UInt8>, at start: Int) -> UInt16 {
    (start + 2..<start + 6).reduce(0) { value, index in
      let digit = unsafe source[index]
      let letter = digit | 0x20
      return value << 4
        | UInt16(digit <= UInt8(ascii: "9") ? digit - UInt8(ascii: "0") : letter - UInt8(ascii: "a") + 10)
    }
  }

  private static func short(_ letter: UInt8) -> UInt8 {
    switch letter {
    case UInt8(ascii: "b"): 0x08
    case UInt8(ascii: "f"): 0x0C
    case UInt8(ascii: "n"): 0x0A
    case UInt8(ascii: "r"): 0x0D
    case UInt8(ascii: "t"): 0x09
    default: letter
    }
  }
}
