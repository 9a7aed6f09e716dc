#include "base/utf8.h"

/* The well-formed byte sequences of RFC 3629, section 4: first byte, second byte, length. */
static const struct {
	uint8_t first_lo, first_hi, second_lo, second_hi, len;
} forms[] = {
	{0x00, 0x7f, 0, 0, 1},
	{0xc2, 0xdf, 0x80, 0xbf, 2},
	{0xe0, 0xe0, 0xa0, 0xbf, 3},
	{0xe1, 0xec, 0x80, 0xbf, 3},
	{0xed, 0xed, 0x80, 0x9f, 3},
	{0xee, 0xef, 0x80, 0xbf, 3},
	{0xf0, 0xf0, 0x90, 0xbf, 4},
	{0xf1, 0xf3, 0x80, 0xbf, 4},
	{0xf4, 0xf4, 0x80, 0x8f, 4},
};

static bool in(uint8_t byte, uint8_t lo, uint8_t hi)
{
	return byte >= lo && byte <= hi;
}

size_t tu_utf8_len(struct tu_str s)
{
	const uint8_t *b = (const uint8_t *)s.ptr;

	if (s.len == 0)
		return 0;
	for (size_t i = 0; i < TU_COUNT(forms); i++) {
		if (!in(b[0], forms[i].first_lo, forms[i].first_hi))
			continue;
		if (s.len < forms[i].len)
			return 0;
		if (forms[i].len > 1 && !in(b[1], forms[i].second_lo, forms[i].second_hi))
			return 0;
		for (size_t k = 2; k < forms[i].len; k++) {
			if (!in(b[k], 0x80, 0xbf))
				return 0;
		}
		return forms[i].len;
	}
	return 0;
}

bool tu_utf8_next(struct tu_str *s, uint32_t *out_point)
{
	static const uint8_t first_mask[] = {0, 0x7f, 0x1f, 0x0f, 0x07};
	size_t len = tu_utf8_len(*s);
	uint32_t point;

	if (len == 0)
		return false;
	point = (uint8_t)s->ptr[0] & first_mask[len];
	for (size_t i = 1; i < len; i++)
		point = point << 6 | ((uint8_t)s->ptr[i] & 0x3f);
	*s = tu_str_from(*s, len);
	*out_point = point;
	return true;
}

size_t tu_utf8_invalid_at(struct tu_str s)
{
	const uint64_t beyond_ascii = ~(uint64_t)0 / 255 << 7;
	size_t at = 0;

	while (at < s.len) {
		uint64_t word = beyond_ascii;
		size_t len = sizeof(word);

		if (s.len - at >= sizeof(word))
			memcpy(&word, s.ptr + at, sizeof(word));
		if (!((uint8_t)s.ptr[at] & 0x80) && (word & beyond_ascii))
			len = 1;
		else if (word & beyond_ascii)
			len = tu_utf8_len(tu_str_from(s, at));
		if (len == 0)
			return at;
		at += len;
	}
	return s.len;
}

struct tu_str tu_utf8_first(struct tu_str s, size_t max)
{
	size_t len = max;

	if (s.len <= max)
		return s;
	while (len > 0 && max - len < 3 && ((uint8_t)s.ptr[len] & 0xc0) == 0x80)
		len--;
	return tu_str_first(s, len);
}

/* Characters that are not seen, or that change how their neighbours are seen (Unicode 15: Cc but
 * tab and line feed, bidirectional and other format characters, tags). */
static const struct {
	uint32_t first, last;
} deceptive[] = {
	{0x00, 0x08},
	{0x0b, 0x1f},
	{0x7f, 0x9f},
	{0xad, 0xad},
	{0x61c, 0x61c},
	{0x180e, 0x180e},
	{0x200b, 0x200f},
	{0x2028, 0x202e},
	{0x2060, 0x206f},
	{0xfeff, 0xfeff},
	{0xfff9, 0xfffb},
	{0xfffe, 0xffff},
	{0xe0000, 0xe007f},
};

bool tu_utf8_deceives(uint32_t point)
{
	for (size_t i = 0; i < TU_COUNT(deceptive); i++)
		if (point >= deceptive[i].first && point <= deceptive[i].last)
			return true;
	return false;
}
