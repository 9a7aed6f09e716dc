/*
 * UTF-8 (RFC 3629): strict, no overlong forms, no surrogates, up to U+10FFFF.
 */
#ifndef TU_BASE_UTF8_H
#define TU_BASE_UTF8_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <tutela/str.h>

/* Length in bytes of the character at the start of `s`; 0 when it is not valid or `s` is empty. */
size_t tu_utf8_len(struct tu_str s);
/* Decode the character at the start of `s` and step over it; false when it is not valid. */
bool tu_utf8_next(struct tu_str *s, uint32_t *out_point);
/* Offset of the first invalid byte, or s.len when all is valid. */
size_t tu_utf8_invalid_at(struct tu_str s);
/* The first `max` bytes at the most, cut between characters where `s` is valid. */
struct tu_str tu_utf8_first(struct tu_str s, size_t max);
/* A character that is not seen, or that changes how its neighbours are seen: controls (C0 and C1)
 * but tab and line feed, bidirectional and other format characters, tags (Unicode 15). */
bool tu_utf8_deceives(uint32_t point);

#endif
