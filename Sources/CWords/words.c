#include "words.h"

#pragma clang diagnostic ignored "-Wc23-extensions"

static const unsigned char merchants[] = {
#embed "data/merchants.txt"
};
static const unsigned char terms[] = {
#embed "data/terms.txt"
};
static const unsigned char mechanisms[] = {
#embed "data/mechanisms.txt"
};
static const unsigned char places[] = {
#embed "data/places.txt"
};
static const unsigned char taxonomy[] = {
#embed "data/taxonomy.csv"
};
static const unsigned char merchant_codes[] = {
#embed "data/mcc.csv"
};
static const unsigned char model[] = {
#embed "data/model.bin"
};

#define TEXT(name) \
  words_text words_##name(void) { return (words_text){name, sizeof name}; }

TEXT(merchants)
TEXT(terms)
TEXT(mechanisms)
TEXT(places)
TEXT(taxonomy)
TEXT(merchant_codes)
TEXT(model)
