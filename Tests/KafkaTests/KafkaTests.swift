import Basics
import CKafka
import Testing

@testable import Kafka

@Suite(.serialized, .timeLimit(.minutes(2))) struct `A Kafka producer` {
  private func producer(_ cluster: MockCluster) throws -> KafkaProducer {
    try KafkaProducer(KafkaSettings(brokers: cluster.brokers, topic: "events"), sleep: World.live.sleep)
  }

  @Test func `keeps the order of each key`() async throws {
    let cluster = try MockCluster()
    cluster.make("events", partitions: 4)
    let messages = (0..<1_000).map { KafkaMessage(key: "household \($0 % 7)", value: Array("\($0)".utf8)) }
    try await producer(cluster).send(messages)
    let found = try cluster.read("events", partitions: 4, count: 1_000).flatMap { $0 }
    #expect(found.count == 1_000)
    for key in 0..<7 {
      let own = found.filter { $0.key == "household \(key)" }.compactMap { Int($0.value) }
      #expect(own == Array(stride(from: key, to: 1_000, by: 7)))
    }
  }

  @Test func `goes on when brokers are busy, without sending anything twice`() async throws {
    let cluster = try MockCluster()
    cluster.make("events", partitions: 1)
    cluster.answer([RD_KAFKA_RESP_ERR_NOT_ENOUGH_REPLICAS, RD_KAFKA_RESP_ERR_NOT_LEADER_FOR_PARTITION])
    let producer = try producer(cluster)
    for batch in 0..<5 {
      try await producer.send((0..<20).map { KafkaMessage(key: "one", value: Array("\(batch * 20 + $0)".utf8)) })
    }
    let found = try cluster.read("events", partitions: 1, count: 100)
    #expect(found[0].compactMap { Int($0.value) } == Array(0..<100))
  }

  @Test func `says what is refused`() async throws {
    #expect(throws: KafkaError.self) {
      try KafkaProducer(
        KafkaSettings(brokers: "127.0.0.1:1", topic: "events", properties: Secret(["no.such": "hunter2"])),
        sleep: World.live.sleep)
    }
    let cluster = try MockCluster()
    cluster.make("events", partitions: 1)
    cluster.answer([RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED])
    let producer = try producer(cluster)
    await #expect(throws: KafkaError.self) { try await producer.send([KafkaMessage(key: "one", value: [1])]) }
  }
}
