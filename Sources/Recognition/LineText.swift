/// Text as lines are read: capitals without accents and apostrophes, for those who compare what people type with it.
package enum LineText {
  package static func bytes(_ text: String) -> [UInt8] { Folding.fold(text) }
}
