/*
 * The C side of the C++ shim around simdjson's DOM parser. Only json.c includes this.
 */
#ifndef TU_BASE_JSON_SHIM_H
#define TU_BASE_JSON_SHIM_H

#ifdef __cplusplus
#include <cstddef>
#include <cstdint>
extern "C" {
#else
#include <stddef.h>
#include <stdint.h>
#endif

enum tu_shim_result {
	TU_SHIM_OK,
	TU_SHIM_NOMEM,
	TU_SHIM_DEPTH,
	TU_SHIM_TOO_LARGE,
	TU_SHIM_INVALID
};

struct tu_shim;

struct tu_shim *tu_shim_new(void);
void tu_shim_free(struct tu_shim *shim);
/* Parse `len` bytes after which 64 more are readable; `depth` containers in each other are fine.
 * `*out_message` is static text. */
enum tu_shim_result tu_shim_parse(struct tu_shim *shim, const char *text, size_t len, size_t depth,
	const uint64_t **out_tape, const uint8_t **out_strings, const char **out_message);
size_t tu_shim_capacity(const struct tu_shim *shim);

#ifdef __cplusplus
}
#endif

#endif
