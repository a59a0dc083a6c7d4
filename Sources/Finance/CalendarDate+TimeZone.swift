// Where days and instants meet: an instant is another day elsewhere in the world.

package import Basics

extension CalendarDate {
  /// The day that clocks in the zone show at the instant.
  package init(_ instant: Timestamp, in zone: TimeZone) { self.init(days: zone.day(of: instant)) }

  /// The first instant of the day in the zone: midnight, or later where clocks jump over it.
  package func start(in zone: TimeZone) -> Timestamp { zone.start(ofDay: days) }
}
