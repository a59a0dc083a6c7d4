// What the recognition of statement lines knows, linked into the program as it stands in `data`: an array literal of
// megabytes would take the Swift compiler minutes, `#embed` takes none.
#pragma once
#include <stddef.h>

typedef struct {
  const unsigned char *_Nonnull bytes;
  size_t count;
} words_text;

words_text words_merchants(void);
words_text words_terms(void);
words_text words_mechanisms(void);
words_text words_places(void);
words_text words_taxonomy(void);
words_text words_merchant_codes(void);
words_text words_model(void);
