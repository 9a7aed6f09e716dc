/*
 * The generic order, for CPE names and purls without an ecosystem: docs/internals/version.md states
 * it. Runs of digits and of letters are tokens, all separators are alike, case does not count, and
 * zeros do not count at the end or before a word. Words that announce a release sort before the
 * end, other words after it, numbers after words.
 */
#include "version/key.h"

enum {
	TILDE = 0x01, /* "~" puts all that follows before the release, as in Debian */
	DEVELOPMENT,
	SNAPSHOT,
	ALPHA,
	BETA,
	MILESTONE,
	PREVIEW,
	CANDIDATE,
	END = 0x10,
	WORD,
	NUMBER,
};

static const struct {
	struct tu_str word;
	unsigned char token;
	bool before_digit_only;
} words[] = {
	{TU_STR_INIT("dev"), DEVELOPMENT, false},
	{TU_STR_INIT("snapshot"), SNAPSHOT, false},
	{TU_STR_INIT("nightly"), SNAPSHOT, false},
	{TU_STR_INIT("alpha"), ALPHA, false},
	{TU_STR_INIT("a"), ALPHA, true},
	{TU_STR_INIT("beta"), BETA, false},
	{TU_STR_INIT("b"), BETA, true},
	{TU_STR_INIT("milestone"), MILESTONE, false},
	{TU_STR_INIT("m"), MILESTONE, true},
	{TU_STR_INIT("pre"), PREVIEW, false},
	{TU_STR_INIT("preview"), PREVIEW, false},
	{TU_STR_INIT("rc"), CANDIDATE, false},
	{TU_STR_INIT("cr"), CANDIDATE, false},
};

static const struct tu_str leading_words[] = {
	TU_STR_INIT("version"), TU_STR_INIT("ver"), TU_STR_INIT("v")};

static bool is_separator(char c)
{
	return tu_str_find(TU_STR(".-_+:/(), ^#"), c) < sizeof(".-_+:/(), ^#") - 1;
}

/* "v1.2", "Version 1.2": a word that says only that a version follows. */
static void skip_leading_word(struct tu_str *s)
{
	for (size_t i = 0; i < TU_COUNT(leading_words); i++) {
		if (!tu_str_istarts(*s, leading_words[i]))
			continue;
		struct tu_str rest = tu_str_from(*s, leading_words[i].len);
		while (rest.len > 0 && is_separator(rest.ptr[0]))
			rest = tu_str_from(rest, 1);
		if (rest.len > 0 && tu_char_is_digit(rest.ptr[0])) {
			*s = rest;
			return;
		}
	}
}

/* Seven and more hexadecimal digits in which letters and digits alternate: the name of a commit,
 * which has no order. "20200101a" is not one. */
static bool looks_like_commit(struct tu_str s)
{
	unsigned runs = 0;
	bool in_letters = false;

	for (size_t i = 0; i < s.len; i++) {
		char c = tu_char_lower(s.ptr[i]);
		if (!tu_char_is_digit(c) && (c < 'a' || c > 'f'))
			return false;
		runs += !tu_char_is_digit(c) && !in_letters;
		in_letters = !tu_char_is_digit(c);
	}
	return s.len >= 7 && runs >= 2;
}

static unsigned char class_of_word(struct tu_str word, bool before_digit)
{
	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_ieq(words[i].word, word) &&
			(before_digit || !words[i].before_digit_only))
			return words[i].token;
	return WORD;
}

/* False for "x", which stands for any number ("1.x", "2.4x"); it is a letter like others where it
 * follows a third number ("1.1.1x", after OpenSSL 1.1.1w). */
static bool put_word(struct tu_buf *out, struct tu_str *s, bool may_be_x)
{
	struct tu_str word = tu_key_letters(s);
	unsigned char token = class_of_word(word, s->len > 0 && tu_char_is_digit(s->ptr[0]));

	if (tu_str_ieq(word, TU_STR("x")) && !may_be_x)
		return false;
	tu_buf_byte(out, (char)token);
	if (token == WORD)
		tu_key_text_folded(out, word);
	return true;
}

static bool put_tokens(struct tu_buf *out, struct tu_str s)
{
	size_t kept = out->len; /* the key up to the last token that is not zero */
	unsigned numbers = 0;
	bool joined = false; /* to a number */

	while (s.len > 0) {
		char c = s.ptr[0];
		bool may_be_x = joined && numbers > 2;

		joined = tu_char_is_digit(c);
		if (tu_char_is_digit(c)) {
			struct tu_str digits = tu_str_digits(&s);
			numbers++;
			tu_buf_byte(out, NUMBER);
			tu_key_number(out, digits);
			if (tu_key_significant(digits).len == 0)
				continue;
		} else if (is_separator(c)) {
			s = tu_str_from(s, 1);
			continue;
		} else {
			if (!out->failed)
				out->len = kept;
			if (c == '~') {
				tu_buf_byte(out, TILDE);
				s = tu_str_from(s, 1);
			} else if (!tu_char_is_alpha(c) || !put_word(out, &s, may_be_x)) {
				return false;
			}
		}
		kept = out->len;
	}
	if (!out->failed)
		out->len = kept;
	tu_buf_byte(out, END);
	return true;
}

bool tu_version__generic(struct tu_str version, struct tu_buf *out)
{
	skip_leading_word(&version);
	if (!tu_char_is_digit(version.ptr[0]) || looks_like_commit(version))
		return false;
	return put_tokens(out, version);
}
