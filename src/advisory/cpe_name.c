/*
 * CPE names as feeds write them: nearly always canonical already, so that the attributes can be
 * views into the document. All others go through the parser.
 */
#include "advisory/reader.h"

static const struct tu_str any = TU_STR_INIT("*");

void tu_advisory__cpe_any(struct tu_cpe *cpe)
{
	for (size_t i = 0; i < TU_CPE_ATTRS; i++)
		cpe->attr[i] = any;
}

/* Bytes that stand as they are in a canonical formatted string: [a-z0-9._-], as bits of two words.
 * Wildcards within a value and capital letters are the parser's. */
static bool is_bare(char c)
{
	static const uint64_t bare[] = {(uint64_t)0x3ff << '0' | (uint64_t)3 << '-',
		(uint64_t)0x3ffffff << ('a' - 64) | (uint64_t)1 << ('_' - 64)};
	unsigned char byte = (unsigned char)c;

	return byte < 128 && (bare[byte >> 6] >> (byte & 63) & 1);
}

/* Punctuation that a formatted string escapes; the backslash before other bytes is the parser's. */
static bool is_escaped(char c)
{
	return c > ' ' && c < 0x7f && !tu_char_is_alnum(c) && !is_bare(c);
}

/* The length of the value at the start of `s` up to a colon or the end; 0: not canonical. */
static size_t value_len(struct tu_str s)
{
	size_t i = 0;

	if (s.len && s.ptr[0] == '*')
		return s.len == 1 || s.ptr[1] == ':';
	while (i < s.len && s.ptr[i] != ':') {
		if (is_bare(s.ptr[i]))
			i++;
		else if (s.ptr[i] == '\\' && i + 1 < s.len && is_escaped(s.ptr[i + 1]))
			i += 2;
		else
			return 0;
	}
	return i;
}

static bool read_canonical(struct tu_str text, struct tu_cpe *out_cpe)
{
	struct tu_str rest = text;

	if (text.len > TU_CPE_MAX || !tu_str_skip(&rest, TU_STR("cpe:2.3:")))
		return false;
	for (size_t i = 0; i < TU_CPE_ATTRS; i++) {
		size_t len = value_len(rest);

		if (len == 0 || (len < rest.len) != (i + 1 < TU_CPE_ATTRS))
			return false;
		out_cpe->attr[i] = tu_str_first(rest, len);
		rest = tu_str_from(rest, len + 1);
	}
	return out_cpe->attr[TU_CPE_PART].len == 1 &&
		tu_str_find(TU_STR("aoh*-"), out_cpe->attr[TU_CPE_PART].ptr[0]) < 5;
}

enum tu_status tu_advisory__cpe(
	struct tu_advisory_reader *r, struct tu_str text, struct tu_cpe *out_cpe)
{
	if (read_canonical(text, out_cpe))
		return TU_OK;
	return tu_cpe_parse(r->arena, text, out_cpe, NULL);
}

static bool is_any_or_none(struct tu_str attr)
{
	return tu_str_eq(attr, any) || tu_str_eq(attr, TU_STR("-"));
}

bool tu_advisory__names_product(const struct tu_cpe *cpe)
{
	return !is_any_or_none(cpe->attr[TU_CPE_VENDOR]) &&
		!is_any_or_none(cpe->attr[TU_CPE_PRODUCT]);
}
