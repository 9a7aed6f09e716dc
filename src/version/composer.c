/*
 * Composer versions (https://getcomposer.org/doc/articles/versions.md): what
 * Composer\Semver\VersionParser makes of them, in the order of PHP's version_compare().
 *
 * Up to four numbers are completed to four, dates are not. Branch names have no order.
 */
#include "version/key.h"

enum { DEV = 0x01, ALPHA, BETA, CANDIDATE, END, NUMBER, PATCH };

static const struct {
	struct tu_str word;
	unsigned char token; /* 0: says nothing */
} stabilities[] = {
	{TU_STR_INIT("dev"), DEV},
	{TU_STR_INIT("alpha"), ALPHA},
	{TU_STR_INIT("a"), ALPHA},
	{TU_STR_INIT("beta"), BETA},
	{TU_STR_INIT("b"), BETA},
	{TU_STR_INIT("rc"), CANDIDATE},
	{TU_STR_INIT("patch"), PATCH},
	{TU_STR_INIT("pl"), PATCH},
	{TU_STR_INIT("p"), PATCH},
	{TU_STR_INIT("stable"), 0},
};

enum { PARTS = 4, YEAR_DIGITS = 5 /* a first number of more digits is a date */ };

static void put_number(struct tu_buf *out, struct tu_str digits)
{
	tu_buf_byte(out, NUMBER);
	tu_key_number(out, digits);
}

static bool is_wildcard(struct tu_str s)
{
	return s.len > 1 && s.ptr[0] == '.' && (tu_char_lower(s.ptr[1]) == 'x' || s.ptr[1] == '*');
}

/* The numbers and their completion; `*s` is left behind them. */
static bool put_numbers(struct tu_buf *out, struct tu_str *s)
{
	struct tu_str first = tu_str_digits(s);
	unsigned count = 1;
	bool dated = first.len > YEAR_DIGITS;
	struct tu_str filler = TU_STR("");

	if (first.len == 0)
		return false;
	put_number(out, first);
	while (s->len > 1 && (s->ptr[0] == '.' || s->ptr[0] == '-' || s->ptr[0] == ':') &&
		tu_char_is_digit(s->ptr[1])) {
		dated = dated || s->ptr[0] != '.';
		*s = tu_str_from(*s, 1);
		put_number(out, tu_str_digits(s));
		count++;
	}
	if (is_wildcard(*s)) {
		/* A branch such as 1.2.x-dev stands behind all its releases. */
		filler = TU_STR("9999999");
		dated = false;
		while (is_wildcard(*s))
			*s = tu_str_from(*s, 2);
		if (!tu_str_ieq(*s, TU_STR("-dev")))
			return false;
	}
	for (; !dated && count < PARTS; count++)
		put_number(out, filler);
	return true;
}

/* A stability word and the numbers behind it: "-beta2.1". */
static bool put_stability(struct tu_buf *out, struct tu_str *s)
{
	if (s->ptr[0] == '.' || s->ptr[0] == '-' || s->ptr[0] == '_')
		*s = tu_str_from(*s, 1);
	/* "RC1dev", "rc-dev" and "RCdev" alike. */
	struct tu_str word = tu_key_letters(s);
	if (word.len > 3 && tu_str_ieq(tu_str_from(word, word.len - 3), TU_STR("dev"))) {
		s->ptr -= 3;
		s->len += 3;
		word.len -= 3;
	}
	for (size_t i = 0; i < TU_COUNT(stabilities); i++) {
		if (!tu_str_ieq(stabilities[i].word, word))
			continue;
		if (stabilities[i].token != 0)
			tu_buf_byte(out, (char)stabilities[i].token);
		for (;;) {
			struct tu_str rest = *s;
			if (rest.len > 1 && (rest.ptr[0] == '.' || rest.ptr[0] == '-'))
				rest = tu_str_from(rest, 1);
			struct tu_str digits = tu_str_digits(&rest);
			if (digits.len == 0)
				return true;
			put_number(out, digits);
			*s = rest;
		}
	}
	return false;
}

bool tu_version__composer(struct tu_str version, struct tu_buf *out)
{
	version = tu_str_first(version, tu_str_search(version, TU_STR(" as ")));
	version = tu_str_first(version, tu_str_find(version, '@'));
	version = tu_str_first(version, tu_str_find(version, '+'));
	version = tu_str_trim(version);
	tu_key_skip_v(&version);
	if (!put_numbers(out, &version))
		return false;
	while (version.len > 0)
		if (!put_stability(out, &version))
			return false;
	tu_buf_byte(out, END);
	return true;
}
