#ifndef MAGPIE_CZLIB_H
#define MAGPIE_CZLIB_H
#include <zlib.h>

// deflateInit2 is a macro, which Swift does not see. 15 + 16: the largest window, in a gzip wrapping.
static inline int czlib_begin_gzip(z_stream *stream, int level) {
  return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

#endif
