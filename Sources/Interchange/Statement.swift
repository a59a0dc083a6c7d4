package import Finance

/// What a bank's file says, whatever its format: accounts with their rows, and the lines that could not be read. Nothing
/// here knows the household; what is new to it is ``ImportPlan``'s to say.
package struct Statement: Sendable, Equatable {
  /// How the file calls the account: a number, an IBAN, a name. Nil when it names none.
  package var account: String?
  /// Nil when the file names none: the account's own holds.
  package var currency: Currency?
  package var rows: [StatementRow] = []
  package var unreadable: [UnreadableLine] = []
  package var closing: StatementBalance?

  package init(account: String? = nil, currency: Currency? = nil) {
    (self.account, self.currency) = (account, currency)
  }
}

/// One movement, in our words: owner's sign, exact amount.
package struct StatementRow: Sendable, Equatable {
  /// The line of the file on which it begins, from 1.
  package var line: Int
  package var bookedOn: CalendarDate
  /// Positive = into the owner's pocket; as many decimals as the file has.
  package var amount: DecimalText
  /// Nil: the statement's.
  package var currency: Currency?
  /// Who it was with, or the first words of the bank.
  package var name: String
  /// All words of the bank, on one line.
  package var words: String
  /// The bank's own name of the row, where the format promises that it stays the same.
  package var bankID: String?
  /// Where the file says that it is filed, in the file's own word.
  package var category: String?

  package init(line: Int, bookedOn: CalendarDate, amount: DecimalText, payee: String, description: String) {
    (self.line, self.bookedOn, self.amount) = (line, bookedOn, amount)
    let (payee, rest) = (Words.plain(payee, max: 200), Words.plain(description, max: 500))
    name = !payee.isEmpty ? payee : rest.isEmpty ? "No description" : Words.plain(rest, max: 200)
    // A bank may say the same in both places.
    words = rest.hasPrefix(payee) || payee.isEmpty ? rest : rest.isEmpty ? payee : payee + " " + rest
  }
}

/// What an account held at the end of a day, from the owner's side.
package struct StatementBalance: Sendable, Equatable {
  package var day: CalendarDate
  package var amount: DecimalText

  package init(day: CalendarDate, amount: DecimalText) { (self.day, self.amount) = (day, amount) }
}

extension Statement {
  /// What the file itself says it counts in; nil when it names no currency, or several.
  package var ownCurrency: Currency? {
    let ofRows = Set(rows.compactMap(\.currency))
    return currency ?? (ofRows.count == 1 ? ofRows.first : nil)
  }
}

/// A line that is left out, and why.
package struct UnreadableLine: Sendable, Equatable {
  /// Shown to programs, so a spelling never changes.
  package enum Reason: String, Sendable, CaseIterable {
    case noDay = "no_day"
    case noAmount = "no_amount"
    /// In another currency than the account.
    case otherCurrency = "other_currency"
    case tooLarge = "too_large"
    /// The bank has only announced it.
    case notBooked = "not_booked"
    /// The line has not the form of its format.
    case malformed
  }

  package var line: Int
  package var reason: Reason

  package init(_ line: Int, _ reason: Reason) { (self.line, self.reason) = (line, reason) }
}

/// The formats that are read. Shown to programs, so a spelling never changes.
package enum StatementFormat: String, Sendable, CaseIterable {
  case csv
  /// Open Financial Exchange, both its SGML and its XML, and Quicken's variant of it.
  case ofx
  /// ISO 20022 camt.052, .053 and .054.
  case camt
  /// SWIFT's customer statement.
  case mt940
}

/// Why a file cannot be read at all.
package enum StatementError: Error, Equatable, Sendable {
  case empty
  case tooLarge(bytesMax: Int)
  case tooManyRows(max: Int)
  /// It is none of the formats, or not the one that was told.
  case unknownFormat
}

/// Texts that strangers wrote: anybody can send a cent with a memo.
enum Words {
  /// One line, without control and direction characters, not longer than so many characters.
  static func plain(_ text: String, max: Int) -> String {
    var plain = String.UnicodeScalarView()
    var (count, hasGap) = (0, false)
    for scalar in text.unicodeScalars {
      switch scalar.properties.generalCategory {
      case .control, .spaceSeparator, .lineSeparator, .paragraphSeparator:
        hasGap = count > 0
        continue
      case .format, .surrogate, .privateUse, .unassigned: continue
      default: break
      }
      if count + (hasGap ? 1 : 0) >= max { break }
      if hasGap {
        plain.append(" ")
        count += 1
        hasGap = false
      }
      plain.append(scalar)
      count += 1
    }
    return String(plain)
  }

  /// For comparing: small letters and digits alone, accents taken off, words apart by one space.
  static func folded(_ text: String) -> String {
    var folded = ""
    var hasGap = false
    for scalar in text.lowercased().unicodeScalars {
      guard scalar.properties.isAlphabetic || scalar.properties.numericType != nil else {
        hasGap = !folded.isEmpty
        continue
      }
      if hasGap { folded += " " }
      hasGap = false
      folded += plainLetters[scalar] ?? String(scalar)
    }
    return folded
  }

  private static let plainLetters: [Unicode.Scalar: String] = {
    let groups = [
      "a": "àáâãåāăą", "ae": "äæ", "c": "çćč", "d": "ďđ", "e": "èéêëēęě", "i": "ìíîïī", "l": "łľ", "n": "ñńň",
      "o": "òóôõøō", "oe": "öœ", "r": "řŕ", "s": "śšş", "ss": "ß", "t": "ťţ", "u": "ùúûůūű", "ue": "ü", "y": "ýÿ",
      "z": "źżž",
    ]
    return groups.reduce(into: [:]) { letters, group in
      for scalar in group.value.unicodeScalars { letters[scalar] = group.key }
    }
  }()
}
