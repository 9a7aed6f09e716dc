/*
 * Sixteen bytes at a time: what is asked of each byte of a long text is asked of sixteen in a few
 * instructions. Vectors as gcc and clang know them on every machine; a byte of an answer is 0 for
 * no and 255 for yes.
 */
#ifndef TU_BASE_BYTES16_H
#define TU_BASE_BYTES16_H

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#if defined(__SSE2__)
#include <emmintrin.h>
#endif

struct tu_bytes16 {
	__attribute__((vector_size(16))) unsigned char v;
};

static inline struct tu_bytes16 tu_bytes16_at(const char *from)
{
	struct tu_bytes16 bytes;

	memcpy(&bytes, from, sizeof(bytes));
	return bytes;
}

/* Where the first byte is that is not 0; 16: there is none. */
static inline size_t tu_bytes16_first(struct tu_bytes16 bytes)
{
	uint64_t words[2];

	memcpy(words, &bytes, sizeof(bytes));
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	words[0] = __builtin_bswap64(words[0]);
	words[1] = __builtin_bswap64(words[1]);
#endif
	if (words[0])
		return (size_t)__builtin_ctzll(words[0]) / 8;
	return words[1] ? 8 + (size_t)__builtin_ctzll(words[1]) / 8 : 16;
}

/* Is any byte other than 0? */
static inline bool tu_bytes16_any(struct tu_bytes16 bytes)
{
	uint64_t words[2];

	memcpy(words, &bytes, sizeof(bytes));
	return (words[0] | words[1]) != 0;
}

/* A bit for each byte of an answer, the first byte's the lowest. */
static inline uint64_t tu_bytes16_bits(struct tu_bytes16 bytes)
{
#if defined(__SSE2__)
	return (uint32_t)_mm_movemask_epi8((__m128i)bytes.v);
#else
	uint64_t bits = 0;

	for (unsigned int i = 0; i < 16; i++)
		bits |= (uint64_t)(bytes.v[i] & 1) << i;
	return bits;
#endif
}

#endif
