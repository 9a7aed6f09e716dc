/*
 * Base64 (RFC 4648, section 4), with padding.
 */
#ifndef TU_BASE_BASE64_H
#define TU_BASE_BASE64_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/buf.h>
#include <tutela/str.h>

void tu_base64_write(const uint8_t *bytes, size_t len, struct tu_buf *out);

/* Decode a text that stands for exactly `len` bytes, in its one canonical form; false otherwise. */
bool tu_base64_read(struct tu_str text, uint8_t *out_bytes, size_t len);

#endif
