package import Recognition

/// The order in which sources are believed: one list, from the person to nobody. It stands beside the sources.
package enum Pipeline {
  package typealias Source = Recognition.Source
  package typealias Voices = Recognition.Voices

  package static var order: [Source] { Source.order }

  package static let version = "2"
}
