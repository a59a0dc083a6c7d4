/// Languages in which people are written to.
package enum Language: String, Sendable, CaseIterable {
  case english = "en"
  case german = "de"

  /// - Parameter locale: Such as `de-AT`. English for those that are not spoken here.
  package init(locale: String) {
    self = Language(rawValue: String(locale.lowercased().prefix { $0 != "-" && $0 != "_" })) ?? .english
  }

  /// The one of the two that is wanted.
  func callAsFunction(_ english: String, _ german: String) -> String {
    switch self {
    case .english: english
    case .german: german
    }
  }
}
