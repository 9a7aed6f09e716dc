/*
 * Where a JSON value ends, without parsing it: feeds of a hundred megabytes are cut into their
 * records, so that each is parsed and read while it is in the processor's cache and memory does not
 * grow with the feed.
 *
 * 64 bytes at a time become bit masks, as simdjson's first stage does: quotes that are not escaped,
 * then by prefix sums which bytes lie in strings, then the brackets outside strings.
 */
#include "advisory/split.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

enum { BLOCK = 64 };

struct masks {
	uint64_t quotes, backslashes, opening, closing;
};

#ifdef __SSE2__
static uint64_t bits_of(__m128i equal, int part)
{
	return (uint64_t)(uint32_t)_mm_movemask_epi8(equal) << (16 * part);
}

static struct masks look_at(const char *block)
{
	struct masks m = {0};

	for (int part = 0; part < 4; part++) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)(block + 16 * part));
		/* "[" and "]" are "{" and "}" without this bit. */
		__m128i folded = _mm_or_si128(bytes, _mm_set1_epi8(0x20));

		m.quotes |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('"')), part);
		m.backslashes |= bits_of(_mm_cmpeq_epi8(bytes, _mm_set1_epi8('\\')), part);
		m.opening |= bits_of(_mm_cmpeq_epi8(folded, _mm_set1_epi8('{')), part);
		m.closing |= bits_of(_mm_cmpeq_epi8(folded, _mm_set1_epi8('}')), part);
	}
	return m;
}
#else
static struct masks look_at(const char *block)
{
	struct masks m = {0};

	for (int i = 0; i < BLOCK; i++) {
		m.quotes |= (uint64_t)(block[i] == '"') << i;
		m.backslashes |= (uint64_t)(block[i] == '\\') << i;
		m.opening |= (uint64_t)((block[i] | 0x20) == '{') << i;
		m.closing |= (uint64_t)((block[i] | 0x20) == '}') << i;
	}
	return m;
}
#endif

/* The bytes after backslashes that are not themselves escaped. */
static uint64_t escaped_bytes(uint64_t backslashes, uint64_t *carry)
{
	uint64_t escaped = *carry;

	*carry = 0;
	backslashes &= ~escaped;
	while (backslashes) {
		uint64_t one = backslashes & (~backslashes + 1);

		*carry |= one >> (BLOCK - 1);
		escaped |= one << 1;
		backslashes &= ~(one | one << 1);
	}
	return escaped;
}

/* Each bit: are the bits up to it, itself included, odd in number? */
static uint64_t prefix_xor(uint64_t bits)
{
	for (int shift = 1; shift < BLOCK; shift *= 2)
		bits ^= bits << shift;
	return bits;
}

/* Bits that are set; the compiler's own would be a call where the processor may lack it. */
static size_t count_bits(uint64_t bits)
{
	bits -= (bits >> 1) & 0x5555555555555555u;
	bits = (bits & 0x3333333333333333u) + ((bits >> 2) & 0x3333333333333333u);
	bits = (bits + (bits >> 4)) & 0x0f0f0f0f0f0f0f0fu;
	return (size_t)((bits * 0x0101010101010101u) >> 56);
}

/* Index in the block after the bracket that closes the value, or BLOCK + 1. */
static size_t find_close(uint64_t opening, uint64_t closing, size_t *depth)
{
	uint64_t both = opening | closing;

	while (both) {
		uint64_t one = both & (~both + 1);

		if (opening & one)
			(*depth)++;
		else if (--*depth == 0)
			return (size_t)__builtin_ctzll(one) + 1;
		both ^= one;
	}
	return BLOCK + 1;
}

size_t tu_advisory__value_end(struct tu_str text)
{
	uint64_t carry = 0;
	uint64_t in_string = 0;
	size_t depth = 0;

	for (size_t at = 0; at < text.len; at += BLOCK) {
		struct masks m = look_at(text.ptr + at);
		uint64_t within;
		size_t closed, end;

		if (text.len - at < BLOCK) {
			uint64_t left = ((uint64_t)1 << (text.len - at)) - 1;

			m.quotes &= left;
			m.opening &= left;
			m.closing &= left;
		}
		if (m.backslashes | carry)
			m.quotes &= ~escaped_bytes(m.backslashes, &carry);
		within = prefix_xor(m.quotes) ^ in_string;
		in_string = (uint64_t)0 - (within >> (BLOCK - 1));
		m.opening &= ~within;
		m.closing &= ~within;
		closed = count_bits(m.closing);
		if (closed < depth) {
			depth += count_bits(m.opening) - closed;
			continue;
		}
		end = find_close(m.opening, m.closing, &depth);
		if (end <= BLOCK)
			return at + end;
	}
	return text.len + 1;
}
