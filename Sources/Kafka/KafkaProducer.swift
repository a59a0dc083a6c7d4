package import Basics
import CKafka

/// One message: those of one key keep their order.
package struct KafkaMessage: Sendable, Equatable {
  package var key: String
  package var value: [UInt8]

  package init(key: String, value: [UInt8]) {
    self.key = key
    self.value = value
  }
}

/// Why messages were not taken, in the library's words. They name brokers, never what was sent or a password.
package struct KafkaError: Error, Equatable, Sendable, CustomStringConvertible {
  package var description: String

  init(_ description: String) { self.description = description }
  init(_ code: rd_kafka_resp_err_t) {
    description = unsafe rd_kafka_err2str(code).map { unsafe String(cString: $0) } ?? "error \(code.rawValue)"
  }
}

/// Where messages go.
package struct KafkaSettings: Sendable {
  /// `host:port` with commas.
  package var brokers: String
  package var topic: String
  /// Further properties of librdkafka, such as `security.protocol`.
  package var properties: Secret<[String: String]>

  package init(brokers: String, topic: String, properties: Secret<[String: String]> = Secret([:])) {
    self.brokers = brokers
    self.topic = topic
    self.properties = properties
  }
}

/// Hands messages to Kafka: each once for as long as this producer lives, and in their order.
package actor KafkaProducer {
  private let client: KafkaClient
  private let topic: String
  private let sleep: @Sendable (Duration) async throws -> Void

  /// - Parameter sleep: Between two looks whether messages were taken.
  /// - Throws: When a property is none. Brokers are reached later.
  package init(
    _ settings: KafkaSettings, sleep: @escaping @Sendable (Duration) async throws -> Void
  ) throws(KafkaError) {
    client = try KafkaClient(settings)
    topic = settings.topic
    self.sleep = sleep
  }

  /// Returns when all of them are kept by the brokers.
  ///
  /// - Throws: ``KafkaError``: some may have been taken. The producer is of no use then; a new one may send them again.
  package func send(_ messages: [KafkaMessage]) async throws {
    client.begin()
    for message in messages {
      while try !client.put(message, topic) { try await rest() }
    }
    while !client.isDone(messages.count) { try await rest() }
    if let error = client.error { throw error }
  }

  private func rest() async throws {
    client.poll()
    try await sleep(.milliseconds(5))
  }
}

/// librdkafka's handle, and what it has told.
@safe private final class KafkaClient: @unchecked Sendable {
  // @unchecked: used by one actor only. The library's own threads write no memory of ours: deliveries are told in `poll`.
  private let handle: OpaquePointer
  private let tally: UnsafeMutablePointer<ckafka_tally>

  init(_ settings: KafkaSettings) throws(KafkaError) {
    let properties = settings.properties.reveal.merging([
      "bootstrap.servers": settings.brokers, "enable.idempotence": "true",
      // Nothing overtakes what was not taken.
      "enable.gapless.guarantee": "true", "linger.ms": "5", "message.timeout.ms": "30000", "client.id": "magpie",
    ]) { _, ours in ours }
    guard let configuration = unsafe rd_kafka_conf_new() else { throw KafkaError("out of memory") }
    var text = [CChar](repeating: 0, count: 512)
    for (name, value) in properties.sorted(by: { $0.key < $1.key }) {
      guard unsafe rd_kafka_conf_set(configuration, name, value, &text, text.count) == RD_KAFKA_CONF_OK else {
        unsafe rd_kafka_conf_destroy(configuration)
        throw KafkaError("\(name) is not a property, or its value is wrong")
      }
    }
    unsafe tally = .allocate(capacity: 1)
    unsafe tally.initialize(to: ckafka_tally())
    unsafe ckafka_watch(configuration, tally)
    guard let handle = unsafe rd_kafka_new(RD_KAFKA_PRODUCER, configuration, &text, text.count) else {
      unsafe rd_kafka_conf_destroy(configuration)
      unsafe tally.deallocate()
      throw KafkaError(String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }
    unsafe self.handle = unsafe handle
  }

  deinit {
    // What was not taken is sent again by whoever comes next.
    unsafe rd_kafka_purge(handle, RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT)
    unsafe rd_kafka_destroy(handle)
    unsafe tally.deallocate()
  }

  func begin() { unsafe tally.pointee = ckafka_tally() }

  /// - Returns: False when there is no room at the moment.
  func put(_ message: KafkaMessage, _ topic: String) throws(KafkaError) -> Bool {
    let key = Array(message.key.utf8)
    let code = unsafe ckafka_produce(handle, topic, key, key.count, message.value, message.value.count)
    if code == RD_KAFKA_RESP_ERR__QUEUE_FULL { return false }
    guard code == RD_KAFKA_RESP_ERR_NO_ERROR else { throw KafkaError(code) }
    return true
  }

  func poll() { unsafe rd_kafka_poll(handle, 0) }

  func isDone(_ count: Int) -> Bool { unsafe tally.pointee.delivered + tally.pointee.failed >= count }

  var error: KafkaError? { unsafe tally.pointee.failed > 0 ? KafkaError(tally.pointee.error) : nil }
}
