// Finds every value of a JSON text in one pass and refuses whatever is not JSON. The text ends in zero bytes, which
// no rule of the grammar accepts, so that the scanner needs no test for the end.
#include "cjson.h"

#include <simdjson.h>

#include <cstdlib>
#include <cstring>

namespace {

constexpr uint64_t repeated(uint8_t byte) { return 0x0101010101010101ULL * byte; }

// The high bit of each byte that is zero. A byte above a true one may be marked too; the lowest mark is always true.
inline uint64_t zero_bytes(uint64_t block) { return (block - repeated(0x01)) & ~block & repeated(0x80); }

// Marks quotes, backslashes and control characters in eight bytes; the lowest mark is always true.
inline uint64_t string_stops(uint64_t block) {
  uint64_t control = (block - repeated(0x20)) & ~block & repeated(0x80);
  return zero_bytes(block ^ repeated('"')) | zero_bytes(block ^ repeated('\\')) | control;
}

inline bool is_digit(uint8_t byte) { return static_cast<uint8_t>(byte - '0') < 10; }

inline bool is_hex(uint8_t byte) { return is_digit(byte) || static_cast<uint8_t>((byte | 0x20) - 'a') < 6; }

// The end of the number that begins at `at`, or null when there is none.
const uint8_t *number_end(const uint8_t *at) {
  if (*at == '-') at++;
  if (*at == '0') {
    at++;
  } else {
    if (!is_digit(*at)) return nullptr;
    while (is_digit(*at)) at++;
  }
  if (*at == '.') {
    at++;
    if (!is_digit(*at)) return nullptr;
    while (is_digit(*at)) at++;
  }
  if ((*at | 0x20) == 'e') {
    at++;
    if (*at == '+' || *at == '-') at++;
    if (!is_digit(*at)) return nullptr;
    while (is_digit(*at)) at++;
  }
  return at;
}

class Scanner {
 public:
  Scanner(const uint8_t *text, size_t length, uint32_t depth_max)
      : text_(text), end_(text + length), at_(text), depth_max_(depth_max) {}
  ~Scanner() { std::free(nodes_); }
  Scanner(const Scanner &) = delete;
  Scanner &operator=(const Scanner &) = delete;

  int run();

  cjson_node *take() {
    cjson_node *taken = nodes_;
    nodes_ = nullptr;
    return taken;
  }
  size_t count() const { return count_; }
  size_t offset() const { return static_cast<size_t>(at_ - text_); }

 private:
  int key();
  int value();
  int literal(cjson_node &node, const char *word, size_t length, cjson_kind kind);
  int string(const uint8_t *&end, bool &escaped);
  int open(cjson_node &node, cjson_kind kind);
  void close();
  int grow();

  void skip_space() {
    while (*at_ == ' ' || *at_ == '\n' || *at_ == '\r' || *at_ == '\t') at_++;
  }
  int fail(int result) const { return *at_ == 0 && at_ >= end_ ? CJSON_ENDS_EARLY : result; }

  const uint8_t *const text_;
  const uint8_t *const end_;
  const uint8_t *at_;
  cjson_node *nodes_ = nullptr;
  size_t count_ = 0;
  size_t capacity_ = 0;
  uint32_t depth_ = 0;
  const uint32_t depth_max_;
  uint32_t parents_[CJSON_DEPTH_CEILING];
  // The key read for the next value.
  uint32_t key_start_ = 0;
  uint32_t key_length_ = 0;
  bool key_escaped_ = false;
};

int Scanner::grow() {
  size_t capacity = capacity_ == 0 ? static_cast<size_t>(end_ - text_) / 24 + 16 : capacity_ * 2;
  void *larger = std::realloc(nodes_, capacity * sizeof(cjson_node));
  if (larger == nullptr) return CJSON_NO_MEMORY;
  nodes_ = static_cast<cjson_node *>(larger);
  capacity_ = capacity;
  return CJSON_OK;
}

// Reads a string whose quote is at `at_`; `end` becomes the byte after the closing quote.
int Scanner::string(const uint8_t *&end, bool &escaped) {
  const uint8_t *at = at_ + 1;
  escaped = false;
  for (;;) {
    uint64_t block;
    std::memcpy(&block, at, sizeof block);
    uint64_t stops = string_stops(block);
    if (stops == 0) {
      at += sizeof block;
      continue;
    }
    at += __builtin_ctzll(stops) >> 3;
    if (*at == '"') {
      end = at + 1;
      return CJSON_OK;
    }
    if (*at != '\\') {
      at_ = at;
      return fail(CJSON_BAD_STRING);
    }
    escaped = true;
    switch (at[1]) {
      case '"': case '\\': case '/': case 'b': case 'f': case 'n': case 'r': case 't':
        at += 2;
        break;
      case 'u':
        for (int digit = 2; digit < 6; digit++) {
          if (!is_hex(at[digit])) {
            at_ = at + digit;
            return fail(CJSON_BAD_ESCAPE);
          }
        }
        at += 6;
        break;
      default:
        at_ = at + 1;
        return fail(CJSON_BAD_ESCAPE);
    }
  }
}

int Scanner::key() {
  if (*at_ != '"') return fail(CJSON_KEY_EXPECTED);
  const uint8_t *end;
  if (int result = string(end, key_escaped_)) return result;
  key_start_ = static_cast<uint32_t>(at_ + 1 - text_);
  key_length_ = static_cast<uint32_t>(end - at_ - 2);
  at_ = end;
  skip_space();
  if (*at_ != ':') return fail(CJSON_COLON_EXPECTED);
  at_++;
  skip_space();
  return CJSON_OK;
}

int Scanner::literal(cjson_node &node, const char *word, size_t length, cjson_kind kind) {
  for (size_t index = 0; index < length; index++) {
    if (*at_ != static_cast<uint8_t>(word[index])) return fail(CJSON_NOT_A_VALUE);
    at_++;
  }
  node.kind = kind;
  return CJSON_OK;
}

int Scanner::open(cjson_node &node, cjson_kind kind) {
  if (depth_ == depth_max_) return CJSON_TOO_DEEP;
  node.kind = kind;
  parents_[depth_++] = static_cast<uint32_t>(count_ - 1);
  at_++;
  return CJSON_OK;
}

void Scanner::close() {
  at_++;
  cjson_node &node = nodes_[parents_[--depth_]];
  node.length = static_cast<uint32_t>(at_ - text_) - node.start;
  node.next = static_cast<uint32_t>(count_);
}

// Reads one scalar, or the opening bracket of a container.
int Scanner::value() {
  if (count_ == capacity_) {
    if (int result = grow()) return result;
  }
  cjson_node &node = nodes_[count_++];
  node = cjson_node{};
  node.start = static_cast<uint32_t>(at_ - text_);
  node.key_start = key_start_;
  node.key_length = key_length_;
  node.flags = key_escaped_ ? CJSON_KEY_ESCAPED : 0;
  node.next = static_cast<uint32_t>(count_);
  int result;
  switch (*at_) {
    case '{': return open(node, CJSON_OBJECT);
    case '[': return open(node, CJSON_ARRAY);
    case '"': {
      const uint8_t *end;
      bool escaped;
      if ((result = string(end, escaped))) return result;
      node.kind = CJSON_STRING;
      if (escaped) node.flags |= CJSON_ESCAPED;
      at_ = end;
      break;
    }
    case 't':
      if ((result = literal(node, "true", 4, CJSON_TRUE))) return result;
      break;
    case 'f':
      if ((result = literal(node, "false", 5, CJSON_FALSE))) return result;
      break;
    case 'n':
      if ((result = literal(node, "null", 4, CJSON_NULL))) return result;
      break;
    default: {
      if (*at_ != '-' && !is_digit(*at_)) return fail(CJSON_NOT_A_VALUE);
      const uint8_t *end = number_end(at_);
      if (end == nullptr) return CJSON_BAD_NUMBER;
      node.kind = CJSON_NUMBER;
      at_ = end;
    }
  }
  node.length = static_cast<uint32_t>(at_ - text_) - node.start;
  return CJSON_OK;
}

int Scanner::run() {
  skip_space();
  if (int result = value()) return result;
  bool first = depth_ > 0;  // whether the innermost container was only just opened
  while (depth_ > 0) {
    skip_space();
    cjson_node &parent = nodes_[parents_[depth_ - 1]];
    bool object = parent.kind == CJSON_OBJECT;
    if (*at_ == (object ? '}' : ']')) {
      // A comma before the bracket cannot get here: what follows one is read at once.
      close();
      first = false;
      continue;
    }
    if (!first) {
      if (*at_ != ',') return fail(CJSON_COMMA_EXPECTED);
      at_++;
      skip_space();
    }
    parent.count++;
    key_start_ = key_length_ = 0;
    key_escaped_ = false;
    if (object) {
      if (int result = key()) return result;
    }
    uint32_t depth = depth_;
    if (int result = value()) return result;
    first = depth_ > depth;
  }
  skip_space();
  return at_ == end_ ? CJSON_OK : CJSON_TRAILING;
}

}  // namespace

int cjson_parse(const uint8_t *text, size_t length, uint32_t depth_max, cjson_index *index) {
  *index = cjson_index{};
  if (length >= INT32_MAX) return CJSON_TOO_LONG;
  auto utf8 = simdjson::validate_utf8(reinterpret_cast<const char *>(text), length);
  Scanner scanner(text, length, depth_max < CJSON_DEPTH_CEILING ? depth_max : CJSON_DEPTH_CEILING);
  int result = scanner.run();
  if (result == CJSON_OK && !utf8) {
    result = CJSON_BAD_UTF8;
  }
  if (result != CJSON_OK) {
    index->error_offset = scanner.offset() < length ? scanner.offset() : length;
    return result;
  }
  index->count = scanner.count();
  index->nodes = scanner.take();
  return CJSON_OK;
}

void cjson_free(cjson_node *nodes) { std::free(nodes); }
