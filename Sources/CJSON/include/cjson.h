// The index of a JSON text: one flat array of nodes that refer to the text, made in one pass over the whole of it.
// A C interface, so that no C++ type and no exception reaches the caller.
#pragma once

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// Readable zero bytes that must follow the text: the scanner reads in blocks and stops at a zero.
#define CJSON_PADDING 64
// The deepest nesting the scanner can be asked for.
#define CJSON_DEPTH_CEILING 1024

enum cjson_kind {
  CJSON_NULL = 0,
  CJSON_TRUE,
  CJSON_FALSE,
  CJSON_NUMBER,
  CJSON_STRING,
  CJSON_ARRAY,
  CJSON_OBJECT,
};

enum cjson_flag {
  CJSON_ESCAPED = 1,
  CJSON_KEY_ESCAPED = 2,
};

enum cjson_result {
  CJSON_OK = 0,
  CJSON_ENDS_EARLY,
  CJSON_NOT_A_VALUE,
  CJSON_BAD_NUMBER,
  CJSON_BAD_STRING,
  CJSON_BAD_ESCAPE,
  CJSON_BAD_UTF8,
  CJSON_KEY_EXPECTED,
  CJSON_COLON_EXPECTED,
  CJSON_COMMA_EXPECTED,
  CJSON_TRAILING,
  CJSON_TOO_DEEP,
  CJSON_TOO_LONG,
  CJSON_NO_MEMORY,
};

// A value, in the order of the text: a container is followed by everything in it.
typedef struct cjson_node {
  uint32_t start;       // offset of the value's first byte; a string's is its quote
  uint32_t length;      // bytes of the value in the source, quotes and brackets included
  uint32_t key_start;   // offset of the key's first byte inside its quotes; 0 when not a member
  uint32_t key_length;  // bytes of the key in the source, without quotes
  uint32_t count;       // elements or members of a container
  uint32_t next;        // index of the node after this value and all it contains
  uint8_t kind;         // enum cjson_kind
  uint8_t flags;        // enum cjson_flag
} cjson_node;

typedef struct cjson_index {
  cjson_node *nodes;  // allocated with malloc; NULL unless the result is CJSON_OK
  size_t count;
  size_t error_offset;  // where the text stopped making sense
} cjson_index;

// Reads the whole text and checks all of it: RFC 8259 grammar, UTF-8, nothing after the value.
// `text` must be followed by CJSON_PADDING readable zero bytes. Never throws.
int cjson_parse(const uint8_t *text, size_t length, uint32_t depth_max, cjson_index *index);

void cjson_free(cjson_node *nodes);

#ifdef __cplusplus
}
#endif
