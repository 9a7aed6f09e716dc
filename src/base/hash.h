/*
 * A 64-bit hash for tables: fast, stable over versions and machines (knowledge bases store tables
 * built with it). Not for adversaries: tables that hold hostile keys must bound their probes or
 * use a seed.
 */
#ifndef TU_BASE_HASH_H
#define TU_BASE_HASH_H

#include <stdint.h>

#include <tutela/str.h>

__extension__ typedef unsigned __int128 tu_u128; /* the one typedef: ISO C has no name */

/* Multiply to 128 bits and fold: every input bit reaches every output bit. */
static inline uint64_t tu_hash_mix(uint64_t a, uint64_t b)
{
	tu_u128 product = (tu_u128)a * b;

	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

/* Read up to eight bytes as a little-endian number. */
static inline uint64_t tu_hash__word(const char *bytes, size_t len)
{
	uint64_t word = 0;

	if (len < 8) {
		for (size_t i = 0; i < len; i++)
			word |= (uint64_t)(unsigned char)bytes[i] << (8 * i);
		return word;
	}
	memcpy(&word, bytes, 8);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
	word = __builtin_bswap64(word);
#endif
	return word;
}

static inline uint64_t tu_hash_seeded(struct tu_str s, uint64_t seed)
{
	uint64_t state = seed ^ 0x9e3779b97f4a7c15u;
	size_t at = 0;

	for (; at + 8 <= s.len; at += 8)
		state = tu_hash_mix(state ^ tu_hash__word(s.ptr + at, 8), 0xd1342543de82ef95u);
	if (at < s.len)
		state = tu_hash_mix(
			state ^ tu_hash__word(s.ptr + at, s.len - at), 0xd1342543de82ef95u);
	return tu_hash_mix(state ^ (uint64_t)s.len, 0xa0761d6478bd642fu);
}

static inline uint64_t tu_hash(struct tu_str s)
{
	return tu_hash_seeded(s, 0);
}

#endif
