#define _GNU_SOURCE /* memrchr, memmem */
#include <tutela/str.h>

int tu_str_cmp(struct tu_str a, struct tu_str b)
{
	size_t shorter = a.len < b.len ? a.len : b.len;
	int order = shorter ? (unsigned char)a.ptr[0] - (unsigned char)b.ptr[0] : 0;

	if (order == 0 && shorter > 1)
		order = memcmp(a.ptr + 1, b.ptr + 1, shorter - 1);
	if (order)
		return order;
	return (a.len > b.len) - (a.len < b.len);
}

bool tu_str_ieq(struct tu_str a, struct tu_str b)
{
	if (a.len != b.len)
		return false;
	/* ids that are compared begin alike */
	return !a.len ||
		(tu_char_lower(a.ptr[a.len - 1]) == tu_char_lower(b.ptr[b.len - 1]) &&
			tu_str_istarts(a, b));
}

bool tu_str_starts(struct tu_str s, struct tu_str prefix)
{
	return s.len >= prefix.len && tu_str_eq(tu_str_first(s, prefix.len), prefix);
}

bool tu_str_istarts(struct tu_str s, struct tu_str prefix)
{
	if (s.len < prefix.len)
		return false;
	for (size_t i = 0; i < prefix.len; i++) {
		if (tu_char_lower(s.ptr[i]) != tu_char_lower(prefix.ptr[i]))
			return false;
	}
	return true;
}

bool tu_str_ends(struct tu_str s, struct tu_str suffix)
{
	return s.len >= suffix.len && tu_str_eq(tu_str_from(s, s.len - suffix.len), suffix);
}

size_t tu_str_find(struct tu_str s, char c)
{
	const char *at = s.len ? memchr(s.ptr, c, s.len) : NULL;

	return at ? (size_t)(at - s.ptr) : s.len;
}

size_t tu_str_rfind(struct tu_str s, char c)
{
	const char *at = s.len ? memrchr(s.ptr, c, s.len) : NULL;

	return at ? (size_t)(at - s.ptr) : s.len;
}

/* A version, a name: in these memmem() takes longer to prepare than to search. */
enum { SHORT = 32 };
static size_t search_short(struct tu_str s, struct tu_str needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++) {
		if (s.ptr[i] == needle.ptr[0] && memcmp(s.ptr + i, needle.ptr, needle.len) == 0)
			return i;
	}
	return s.len;
}

size_t tu_str_search(struct tu_str s, struct tu_str needle)
{
	const char *at;

	if (needle.len == 0)
		return 0;
	if (s.len < needle.len)
		return s.len;
	if (s.len <= SHORT)
		return search_short(s, needle);
	at = memmem(s.ptr, s.len, needle.ptr, needle.len);
	return at ? (size_t)(at - s.ptr) : s.len;
}

size_t tu_str_isearch(struct tu_str s, struct tu_str needle)
{
	for (size_t i = 0; i + needle.len <= s.len; i++) {
		if (tu_str_istarts(tu_str_from(s, i), needle))
			return i;
	}
	return s.len;
}

struct tu_str tu_str_trim(struct tu_str s)
{
	while (s.len && tu_char_is_space(s.ptr[0]))
		s = tu_str_from(s, 1);
	while (s.len && tu_char_is_space(s.ptr[s.len - 1]))
		s.len--;
	return s;
}

bool tu_str_skip(struct tu_str *s, struct tu_str prefix)
{
	if (!tu_str_starts(*s, prefix))
		return false;
	*s = tu_str_from(*s, prefix.len);
	return true;
}

bool tu_str_split(struct tu_str *rest, char sep, struct tu_str *out_part)
{
	size_t at;

	if (!rest->ptr)
		return false;
	at = tu_str_find(*rest, sep);
	*out_part = tu_str_first(*rest, at);
	if (at < rest->len)
		*rest = tu_str_from(*rest, at + 1);
	else
		*rest = (struct tu_str){NULL, 0};
	return true;
}

struct tu_str tu_str_digits(struct tu_str *s)
{
	size_t n = 0;
	struct tu_str digits;

	while (n < s->len && tu_char_is_digit(s->ptr[n]))
		n++;
	digits = tu_str_first(*s, n);
	*s = tu_str_from(*s, n);
	return digits;
}

static struct tu_str without_leading_zeros(struct tu_str s)
{
	while (s.len && s.ptr[0] == '0')
		s = tu_str_from(s, 1);
	return s;
}

int tu_str_cmp_digits(struct tu_str a, struct tu_str b)
{
	a = without_leading_zeros(a);
	b = without_leading_zeros(b);
	if (a.len != b.len)
		return a.len < b.len ? -1 : 1;
	return tu_str_cmp(a, b);
}

bool tu_str_to_u64(struct tu_str s, uint64_t max, uint64_t *out_value)
{
	uint64_t value = 0;

	if (s.len == 0)
		return false;
	for (size_t i = 0; i < s.len; i++) {
		if (!tu_char_is_digit(s.ptr[i]) || __builtin_mul_overflow(value, 10, &value) ||
			__builtin_add_overflow(value, (uint64_t)(s.ptr[i] - '0'), &value) ||
			value > max)
			return false;
	}
	*out_value = value;
	return true;
}
