// The files of the web application, as they lie in the folder `files`, within the program.
#ifndef CWEB_H
#define CWEB_H

#include <stddef.h>

struct cweb_file {
  /// From the folder `files`, such as `pages/accounts.js`.
  const char *path;
  const unsigned char *bytes;
  size_t count;
};

extern const size_t cweb_count;
struct cweb_file cweb_file_at(size_t index);

#endif
