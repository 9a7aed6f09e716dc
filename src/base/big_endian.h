/* Numbers as bytes, most significant byte first. */
#ifndef TU_BASE_BIG_ENDIAN_H
#define TU_BASE_BIG_ENDIAN_H

#include <stddef.h>
#include <stdint.h>

/* The lowest `bytes` bytes of the number, at most 8. */
static inline void tu_big_endian_put(void *out, uint64_t number, size_t bytes)
{
	uint8_t *at = (uint8_t *)out + bytes;

	for (; bytes; bytes--, number >>= 8)
		*--at = (uint8_t)number;
}

/* The number in the first `bytes` bytes, at most 8. */
static inline uint64_t tu_big_endian_get(const void *in, size_t bytes)
{
	const uint8_t *at = in;
	uint64_t number = 0;

	for (; bytes; bytes--)
		number = number << 8 | *at++;
	return number;
}

#endif
