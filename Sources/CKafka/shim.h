#ifndef MAGPIE_CKAFKA_H
#define MAGPIE_CKAFKA_H
#include <librdkafka/rdkafka.h>
#include <librdkafka/rdkafka_mock.h>

// What became of messages since the tally was last read. Only the thread that polls writes it.
typedef struct {
  long delivered;
  long failed;
  rd_kafka_resp_err_t error;
} ckafka_tally;

static inline void ckafka_on_delivery(rd_kafka_t *client, const rd_kafka_message_t *message, void *context) {
  (void)client;
  ckafka_tally *tally = (ckafka_tally *)context;
  if (message->err) {
    tally->failed++;
    tally->error = message->err;
  } else {
    tally->delivered++;
  }
}

// A client says what is the matter by its errors; it need not write to standard error besides.
static inline void ckafka_on_log(const rd_kafka_t *client, int level, const char *place, const char *text) {
  (void)client, (void)level, (void)place, (void)text;
}

static inline void ckafka_watch(rd_kafka_conf_t *settings, ckafka_tally *tally) {
  rd_kafka_conf_set_opaque(settings, tally);
  rd_kafka_conf_set_dr_msg_cb(settings, ckafka_on_delivery);
  rd_kafka_conf_set_log_cb(settings, ckafka_on_log);
}

// Variadic functions are invisible to Swift. The library copies key and value.
static inline rd_kafka_resp_err_t ckafka_produce(
    rd_kafka_t *client, const char *topic, const void *key, size_t key_size, const void *value, size_t value_size) {
  return rd_kafka_producev(
      client, RD_KAFKA_V_TOPIC(topic), RD_KAFKA_V_KEY(key, key_size), RD_KAFKA_V_VALUE((void *)value, value_size),
      RD_KAFKA_V_MSGFLAGS(RD_KAFKA_MSG_F_COPY), RD_KAFKA_V_END);
}

#endif
