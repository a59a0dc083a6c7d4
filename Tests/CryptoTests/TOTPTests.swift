import Basics
import Crypto
import Testing

@Suite struct `A second factor by time` {
  /// RFC 6238, appendix B, the SHA-1 column.
  @Test(
    arguments: [
      (59, "94287082"), (1_111_111_109, "07081804"), (1_111_111_111, "14050471"), (1_234_567_890, "89005924"),
      (2_000_000_000, "69279037"), (20_000_000_000, "65353130"),
    ] as [(Int64, String)])
  func `gives the codes of the standard`(seconds: Int64, code: String) {
    let secret = Secret(Array("12345678901234567890".utf8))
    let step = TOTP.step(at: Timestamp(seconds: seconds))
    #expect(TOTP.code(secret, step: step, digits: 8) == code)
    #expect(TOTP.code(secret, step: step) == code.suffix(6))
  }

  @Test func `is taken half a minute early or late, and no more`() {
    let (secret, now) = (TOTP.newSecret(), Timestamp(seconds: 1_800_000_000))
    let step = TOTP.step(at: now)
    for offset in Int64(-3)...3 {
      let code = Secret(TOTP.code(secret, step: step + offset))
      let isNear = (-1...1).contains(offset)
      #expect(TOTP.accept(code, secret, at: now, after: 0) == (isNear ? step + offset : nil))
    }
    let code = TOTP.code(secret, step: step)
    #expect(TOTP.accept(Secret("\(code.prefix(3)) \(code.suffix(3))"), secret, at: now, after: 0) == step)
    for wrong in ["", "00000", code + "0", "x" + code.dropFirst()] {
      #expect(TOTP.accept(Secret(wrong), secret, at: now, after: 0) == nil)
    }
    #expect(TOTP.accept(Secret(code), TOTP.newSecret(), at: now, after: 0) == nil)
  }

  @Test func `is taken once`() throws {
    let (secret, now) = (TOTP.newSecret(), Timestamp(seconds: 1_800_000_000))
    let code = Secret(TOTP.code(secret, step: TOTP.step(at: now)))
    let step = try #require(TOTP.accept(code, secret, at: now, after: 0))
    #expect(TOTP.accept(code, secret, at: now, after: step) == nil)
    #expect(TOTP.accept(Secret(TOTP.code(secret, step: step - 1)), secret, at: now, after: step) == nil)
    #expect(TOTP.accept(Secret(TOTP.code(secret, step: step + 1)), secret, at: now, after: step) == step + 1)
  }

  /// RFC 4648 §10.
  @Test(arguments: [("f", "MY"), ("fo", "MZXQ"), ("foo", "MZXW6"), ("foob", "MZXW6YQ"), ("foobar", "MZXW6YTBOI")])
  func `is written as apps read it`(bytes: String, text: String) {
    let secret = Secret(Array(bytes.utf8))
    #expect(TOTP.text(secret).reveal == text)
    let address = TOTP.address(secret, account: "a b@x.example", issuer: "Magpie").reveal
    #expect(
      address == "otpauth://totp/Magpie:a%20b%40x.example?secret=\(text)&issuer=Magpie&digits=6&period=30")
  }
}
