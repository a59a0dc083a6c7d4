// libFuzzer, as a library: it calls back with inputs it makes up, and learns from what they reach.
#pragma once
#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerRunDriver(int *argc, char ***argv, int (*callback)(const uint8_t *data, size_t size));
