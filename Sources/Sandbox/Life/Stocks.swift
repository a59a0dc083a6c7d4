// What a household keeps at home and in the tank: it is used up a little every day, and bought when it runs low.

/// What makes a habit due.
enum Need {
  /// The time since it was last done: see ``Life/odds(_:longing:)``.
  case longing
  /// An emptying larder, and what is bought is what is missing.
  case larder
  /// An emptying tank.
  case tank
}

/// The food at home.
struct Larder {
  /// The worth of what is eaten a day, in minor units.
  var perDayMinor: Int64
  /// From one day on more is eaten: percent of the usual.
  var mouths: (span: Span, percent: Int64) = (Span(from: .max), 100)
}

/// A car that is driven most days.
struct Car {
  /// What a usual day burns, in thousandths of a gallon.
  var perDayE3: Int64
  var tankE3: Int64 = 14_500
}
