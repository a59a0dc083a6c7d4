import Basics
import Finance
import JSON
import Store

/// One event as other programs are told it, by webhook and by Kafka. Pure.
struct OutgoingEvent: Sendable {
  /// Raised when a member changes its meaning or goes; members may be added without.
  static let schemaVersion = 1

  let household: ID<Household>
  let position: Int
  let at: Timestamp
  let kind: String
  /// A JSON object.
  let data: String

  /// Nil for what is in the household's order.
  var name: String?

  /// The same for every try, replay and way of telling: whoever has seen it once has seen it.
  var id: String { name ?? "evt_\(household.description.dropFirst(Household.idPrefix.utf8.count + 1))_\(position)" }

  var body: [UInt8] {
    let value: JSONValue = [
      "type": .string(kind), "timestamp": Wire.instant(at), "id": .string(id), "schema": .int(Self.schemaVersion),
      "household": Wire.id(household), "position": .int(position),
      "data": (try? JSONValue.parse(Array(data.utf8))) ?? .object([]),
    ]
    return value.serialized()
  }
}
