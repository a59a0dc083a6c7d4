import Basics
import Crypto
import Testing

@Suite struct `A password` {
  let password = Secret("correct horse 🐎")

  @Test func `matches its own hash alone`() {
    let hash = Password.hash(password)
    #expect(hash.hasPrefix("$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(Password.verify(password, against: hash))
    #expect(!Password.verify(Secret("correct horse"), against: hash))
    #expect(!Password.verify(Secret(""), against: hash))
    #expect(!Password.needsRehash(hash))
    #expect(Password.hash(password) != hash)
  }

  @Test func `counts to its last character, however long it is`() {
    let long = String(repeating: "x7Kq9mPz", count: 16)
    let hash = Password.hash(Secret(long), .least)
    #expect(Password.verify(Secret(long), against: hash))
    #expect(!Password.verify(Secret(long.dropLast() + "y"), against: hash))
    #expect(!Password.verify(Secret(String(long.dropLast())), against: hash))
  }

  /// Made by the reference implementation's command line: salt `somesalt`, 64 MiB, two passes, one lane.
  @Test func `hashed elsewhere at another cost matches and asks to be hashed again`() {
    let hash =
      "$argon2id$v=19$m=65536,t=2,p=1$c29tZXNhbHQ$CTFhFdXPJO1aFaMaO6Mm5c8y7cJHAph8ArZWb2GRPPc"
    #expect(Password.verify(Secret("password"), against: hash))
    #expect(!Password.verify(Secret("Password"), against: hash))
    #expect(Password.needsRehash(hash))
  }

  @Test func `never matches when there is no such user or the hash is broken`() {
    #expect(!Password.verify(password, against: nil))
    #expect(!Password.verify(password, against: ""))
    #expect(!Password.verify(password, against: "$argon2id$v=19$m=19456,t=2,p=1$"))
    #expect(Password.needsRehash("nonsense"))
  }
}

@Suite struct `A guarded process` {
  @Test func `leaves no core file`() async {
    // In a process of its own: the limit cannot be taken back.
    await #expect(processExitsWith: .success) {
      precondition(ProcessGuard.disableCoreDumps())
      precondition(ProcessGuard.disableCoreDumps())
    }
  }
}
