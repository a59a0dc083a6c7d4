import API
import Basics
import Kafka

/// The stream of events for other programs, if there is one.
extension KafkaSettings {
  /// - Returns: Nil when no brokers are named, or with mistakes.
  static func read(_ reader: inout SettingReader) -> KafkaSettings? {
    let brokers = reader.readIfSet(.kafkaBrokers, wanted: "host:port with commas") { text in
      let words = text.split(separator: ",", omittingEmptySubsequences: false)
      let isRight = words.allSatisfy { word in
        !word.isEmpty && word.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != UInt8(ascii: "/") }
      }
      return isRight ? text : nil
    }
    let topic =
      reader.read(.kafkaTopic, wanted: "a name of letters, digits and ._-") { text in
        let isRight =
          (1...249).contains(text.utf8.count)
          && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || "._-".contains($0)) }
        return isRight ? text : nil
      } ?? ""
    let properties: [String: String] =
      reader.readIfSet(.kafkaOptions, wanted: "name=value with semicolons, as librdkafka has them") {
        text -> [String: String]? in
        var properties: [String: String] = [:]
        for part in text.split(separator: ";") {
          let halves = part.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
          guard halves.count == 2, !halves[0].isEmpty else { return nil }
          properties[String(halves[0])] = String(halves[1])
        }
        return properties
      } ?? [:]
    return brokers.map { KafkaSettings(brokers: $0, topic: topic, properties: Secret(properties)) }
  }

  static func shown(_ setting: Setting, _ kafka: KafkaSettings?) -> String? {
    switch setting.name {
    case Setting.kafkaBrokers.name: kafka?.brokers
    case Setting.kafkaTopic.name: kafka?.topic ?? Setting.kafkaTopic.standard
    case Setting.kafkaOptions.name: kafka.flatMap { $0.properties.reveal.isEmpty ? nil : "\($0.properties)" }
    default: nil
    }
  }
}

extension Home {
  /// Hands events on to Kafka; nil where none is named.
  func eventRelay(owner: String) -> EventRelay? {
    guard let settings = configuration.kafka else { return nil }
    let sleep = world.sleep
    // The name stands beside the positions: it never changes.
    return EventRelay("kafka", database, world, log: log, owner: owner) {
      let producer = try KafkaProducer(settings, sleep: sleep)
      return { messages in
        try await producer.send(messages.map { KafkaMessage(key: $0.key, value: $0.value) })
      }
    }
  }
}
