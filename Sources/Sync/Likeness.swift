/// When two descriptions of a payment say the same: banks differ in case, spaces and punctuation from one connection to
/// the next, hardly ever in letters and digits.
enum Likeness {
  static func normalised(_ text: String) -> String {
    var result = ""
    for scalar in text.unicodeScalars where scalar.properties.isAlphabetic || scalar.properties.numericType != nil {
      result += scalar.properties.lowercaseMapping
    }
    return result
  }
}
