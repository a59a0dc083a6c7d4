import CKafka
import Testing

/// librdkafka's own cluster within this process, and what it was given.
final class MockCluster {
  private let host: OpaquePointer
  private let cluster: OpaquePointer

  init() throws {
    var text = [CChar](repeating: 0, count: 512)
    host = try #require(rd_kafka_new(RD_KAFKA_PRODUCER, rd_kafka_conf_new(), &text, text.count))
    cluster = try #require(rd_kafka_mock_cluster_new(host, 3))
  }

  deinit {
    rd_kafka_mock_cluster_destroy(cluster)
    rd_kafka_destroy(host)
  }

  var brokers: String { rd_kafka_mock_cluster_bootstraps(cluster).map { String(cString: $0) } ?? "" }

  func make(_ topic: String, partitions: Int32) {
    rd_kafka_mock_topic_create(cluster, topic, partitions, 1)
  }

  /// The next requests to produce are answered so, one after the other.
  func answer(_ codes: [rd_kafka_resp_err_t]) {
    rd_kafka_mock_push_request_errors_array(cluster, 0, codes.count, codes)
  }

  func setDown(_ isDown: Bool) {
    for broker in Int32(1)...3 {
      if isDown { rd_kafka_mock_broker_set_down(cluster, broker) } else { rd_kafka_mock_broker_set_up(cluster, broker) }
    }
  }

  /// Everything in a topic, by partition, as key and value.
  func read(_ topic: String, partitions: Int32, count: Int) throws -> [[(key: String, value: String)]] {
    let configuration = rd_kafka_conf_new()
    var text = [CChar](repeating: 0, count: 512)
    rd_kafka_conf_set(configuration, "bootstrap.servers", brokers, &text, text.count)
    rd_kafka_conf_set(configuration, "group.id", "reader", &text, text.count)
    rd_kafka_conf_set(configuration, "auto.offset.reset", "earliest", &text, text.count)
    let consumer = try #require(rd_kafka_new(RD_KAFKA_CONSUMER, configuration, &text, text.count))
    defer { rd_kafka_destroy(consumer) }
    let list = rd_kafka_topic_partition_list_new(partitions)
    for partition in 0..<partitions {
      rd_kafka_topic_partition_list_add(list, topic, partition).pointee.offset = Int64(RD_KAFKA_OFFSET_BEGINNING)
    }
    rd_kafka_assign(consumer, list)
    rd_kafka_topic_partition_list_destroy(list)
    var found = [[(key: String, value: String)]](repeating: [], count: Int(partitions))
    var (left, patience) = (count, 100)
    while left > 0, patience > 0 {
      guard let message = rd_kafka_consumer_poll(consumer, 200) else {
        patience -= 1
        continue
      }
      defer { rd_kafka_message_destroy(message) }
      guard message.pointee.err == RD_KAFKA_RESP_ERR_NO_ERROR else { continue }
      func string(_ bytes: UnsafeMutableRawPointer?, _ count: Int) -> String {
        String(decoding: UnsafeRawBufferPointer(start: bytes, count: count), as: UTF8.self)
      }
      found[Int(message.pointee.partition)].append(
        (string(message.pointee.key, message.pointee.key_len), string(message.pointee.payload, message.pointee.len)))
      left -= 1
    }
    return found
  }
}
