/*
 * A string view: pointer and length, by value, never NUL-terminated.
 *
 * A view borrows its bytes. Helpers are ASCII only and never ask the locale. A view of no bytes
 * may have a NULL pointer. Pure functions; thread-safe.
 */
#ifndef TUTELA_STR_H
#define TUTELA_STR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <tutela/attr.h>

TU_BEGIN_C

struct tu_str {
	const char *ptr;
	size_t len;
};

/* A view of a string literal, usable in expressions (C) and (TU_STR_INIT) in static tables. */
#define TU_STR(literal) ((struct tu_str){"" literal, sizeof(literal) - 1})
#define TU_STR_INIT(literal) \
	{ \
		"" literal, sizeof(literal) - 1 \
	}
/* For printf: "%.*s" takes TU_STR_FMT(s). Length is cut at INT_MAX. */
#define TU_STR_FMT(s) tu_str__precision(s), tu_str__shown(s)

static inline int tu_str__precision(struct tu_str s)
{
	return s.len > 0x7fffffff ? 0x7fffffff : (int)s.len;
}

static inline const char *tu_str__shown(struct tu_str s)
{
	return s.len ? s.ptr : "";
}

static inline struct tu_str tu_str_of(const char *ptr, size_t len)
{
	struct tu_str s = {ptr, len};

	return s;
}

/* A view of a NUL-terminated string; NULL gives the empty view. */
static inline struct tu_str tu_str_c(const char *text)
{
	return tu_str_of(text, text ? strlen(text) : 0);
}

static inline bool tu_str_eq(struct tu_str a, struct tu_str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline struct tu_str tu_str_from(struct tu_str s, size_t from)
{
	if (from > s.len)
		from = s.len;
	return tu_str_of(s.len ? s.ptr + from : s.ptr, s.len - from);
}

static inline struct tu_str tu_str_first(struct tu_str s, size_t len)
{
	return tu_str_of(s.ptr, len < s.len ? len : s.len);
}

static inline bool tu_char_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline bool tu_char_is_lower(char c)
{
	return c >= 'a' && c <= 'z';
}

static inline bool tu_char_is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

static inline bool tu_char_is_alpha(char c)
{
	return tu_char_is_lower(c) || tu_char_is_upper(c);
}

static inline bool tu_char_is_alnum(char c)
{
	return tu_char_is_alpha(c) || tu_char_is_digit(c);
}

static inline bool tu_char_is_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char tu_char_lower(char c)
{
	return tu_char_is_upper(c) ? (char)(c + ('a' - 'A')) : c;
}

/* Order of bytes, a shorter prefix first. Negative, zero, positive. */
TU_API int tu_str_cmp(struct tu_str a, struct tu_str b);
/* Equal but for ASCII case. */
TU_API bool tu_str_ieq(struct tu_str a, struct tu_str b);
TU_API bool tu_str_starts(struct tu_str s, struct tu_str prefix);
TU_API bool tu_str_istarts(struct tu_str s, struct tu_str prefix);
TU_API bool tu_str_ends(struct tu_str s, struct tu_str suffix);
/* Index of the first (last) `c`, or s.len when there is none. */
TU_API size_t tu_str_find(struct tu_str s, char c);
TU_API size_t tu_str_rfind(struct tu_str s, char c);
/* Index of the first occurrence of `needle`, or s.len. An empty needle is found at 0. */
TU_API size_t tu_str_search(struct tu_str s, struct tu_str needle);
/* The same, ASCII case folded. */
TU_API size_t tu_str_isearch(struct tu_str s, struct tu_str needle);
/* Without ASCII white space at both ends. */
TU_API struct tu_str tu_str_trim(struct tu_str s);
/* If `*s` starts with `prefix`, step over it. */
TU_API bool tu_str_skip(struct tu_str *s, struct tu_str prefix);
/* Take the part before the first `sep` and leave `*rest` after it; without `sep`, all is taken
 * and `*rest` is empty. False, with nothing taken, when `rest->ptr` is NULL: the idiom is
 * `while (tu_str_split(&rest, ',', &part))`, which sees a last empty part once. */
TU_API bool tu_str_split(struct tu_str *rest, char sep, struct tu_str *out_part);
/* The leading run of ASCII digits, stepped over. */
TU_API struct tu_str tu_str_digits(struct tu_str *s);
/* Compare two digit runs by value, as text: leading zeros do not count, any length. */
TU_API int tu_str_cmp_digits(struct tu_str a, struct tu_str b);
/* A small non-negative decimal number up to `max`; false when it is not one. */
TU_API bool tu_str_to_u64(struct tu_str s, uint64_t max, uint64_t *out_value);

TU_END_C

#endif
