import Basics
import Crypto
import Testing

@Suite struct `What a password may be` {
  @Test(arguments: [
    "correct horse battery staple", "Tr0ub4dor&3-lamp", "x7Kq9mPz2vRt", "the cat sat on a purple anvil",
    "Donaudampfschiff fährt", "vierzehn Kühe im Nebel", "ngoSmitUrbXe", "日本語の長い合言葉です。どうぞ",
  ])
  func `is anything that is not among the first guesses`(password: String) {
    #expect(PasswordRule.weakness(of: Secret(password)) == nil)
  }

  @Test(arguments: [
    "password1234", "P@ssw0rd2024", "passwordpassword", "Passw0rd!!!!", "qwertyuiop12", "1q2w3e4r5t6y", "123456789012",
    "aaaaaaaaaaaa", "abcabcabcabc", "Welcome1Welcome1", "iloveyou2023", "Summer2024!!!", "letmein12345", "adminadmin12",
    "zaq12wsxcde3", "qazwsxedcrfv", "monkeydragon1", "superman12345", "trustnoone123", "!@#$%^&*()!@", "abcdefghijkl",
    "zyxwvutsrqpo", "football1999", "master123456", "MAGPIEMAGPIE", "m0nkeym0nkey", "1111222233334444",
  ])
  func `is nothing that everybody tries`(password: String) {
    #expect(PasswordRule.weakness(of: Secret(password)) == .common)
  }

  /// The shapes that guessing programs begin with, over common words: each is refused.
  @Test func `is none of the usual shapes over a common word`() {
    let words = ["password", "sunshine", "liverpool"]
    let spellings: [(String) -> String] = [
      { $0 }, { $0.uppercased() }, { $0.prefix(1).uppercased() + $0.dropFirst() },
      { $0.replacing("a", with: "@").replacing("o", with: "0").replacing("e", with: "3") },
      { $0.replacing("i", with: "1").replacing("s", with: "$") },
    ]
    let years = ["1987", "2024"]
    let endings = ["!", "!!", "?", ".", "", "123", "1234", "12345", "000", "abc"]
    var tried = 0
    for word in words {
      for spelling in spellings {
        for (year, ending) in years.flatMap({ year in endings.map { (year, $0) } }) {
          let password = spelling(word) + year + ending
          guard password.count >= PasswordRule.charactersMin else { continue }
          tried += 1
          #expect(PasswordRule.weakness(of: Secret(password)) == .common)
        }
      }
    }
    #expect(tried > 250)
  }

  @Test func `is not about its person`() {
    let personal = ["Rosalind Quiverful", "rosalind.q@barchester.example"]
    for password in ["rosalind2024!", "QuiverfulQuiverful", "barchester123"] {
      #expect(PasswordRule.weakness(of: Secret(password), personal: personal) == .common)
    }
    #expect(PasswordRule.weakness(of: Secret("rosalind likes odd jam"), personal: personal) == nil)
  }

  @Test func `has 12 to 128 characters, counted as people see them in writing`() {
    #expect(PasswordRule.weakness(of: Secret("x7Kq9mPz2vR")) == .tooShort)
    #expect(PasswordRule.weakness(of: Secret("")) == .tooShort)
    let long = String(repeating: "x7Kq9mPz", count: 16)
    #expect(long.count == 128 && PasswordRule.weakness(of: Secret(long)) == nil)
    #expect(PasswordRule.weakness(of: Secret(long + "y")) == .tooLong)
  }
}

@Suite struct `The makers of password hashes` {
  @Test func `hash and verify, and say no for nobody`() async throws {
    let workers = PasswordWorkers(cost: .least)
    let hash = try await workers.hash(Secret("x7Kq9mPz2vRt"))
    #expect(try await workers.verify(Secret("x7Kq9mPz2vRt"), against: hash))
    #expect(try await !workers.verify(Secret("x7Kq9mPz2vRu"), against: hash))
    #expect(try await !workers.verify(Secret("x7Kq9mPz2vRt"), against: nil))
    #expect(!workers.needsRehash(hash) && Password.needsRehash(hash))
  }

  @Test func `refuse what would wait too long, and go on afterwards`() async throws {
    let workers = PasswordWorkers(cost: .standard, atOnce: 1, waitingMax: 2)
    let done = await withTaskGroup(of: Bool.self) { group in
      for _ in 0..<40 {
        group.addTask { (try? await workers.verify(Secret("x"), against: nil)) != nil }
      }
      return await group.reduce(into: 0) { $0 += $1 ? 1 : 0 }
    }
    #expect(done >= 3 && done < 40)
    #expect(try await !workers.verify(Secret("x"), against: nil))
  }
}
