/*
 * Maven versions (https://maven.apache.org/pom.html#version-order-specification).
 *
 * Tokens are split at dots, hyphens and between digits and letters; zeros and words for "released"
 * are dropped before a hyphen and at the end. Key: one class byte a token, which has its prefix in
 * it, then its value.
 */
#include "version/key.h"

enum {
	ALPHA = 0x01,
	BETA,
	MILESTONE,
	CANDIDATE,
	SNAPSHOT,
	END = 0x10,
	RELEASED, /* a word for it among others */
	SERVICE_PACK,
	OTHER_WORD,
	HYPHEN_NUMBER = 0x20,
	DOT_NUMBER,
};

static const struct {
	struct tu_str word;
	unsigned char token;
	bool before_digit_only;
} words[] = {
	{TU_STR_INIT("alpha"), ALPHA, false},
	{TU_STR_INIT("a"), ALPHA, true},
	{TU_STR_INIT("beta"), BETA, false},
	{TU_STR_INIT("b"), BETA, true},
	{TU_STR_INIT("milestone"), MILESTONE, false},
	{TU_STR_INIT("m"), MILESTONE, true},
	{TU_STR_INIT("rc"), CANDIDATE, false},
	{TU_STR_INIT("cr"), CANDIDATE, false},
	{TU_STR_INIT("snapshot"), SNAPSHOT, false},
	{TU_STR_INIT("ga"), RELEASED, false},
	{TU_STR_INIT("final"), RELEASED, false},
	{TU_STR_INIT("release"), RELEASED, false},
	{TU_STR_INIT("sp"), SERVICE_PACK, false},
};

static unsigned char class_of_word(struct tu_str word, bool before_digit)
{
	for (size_t i = 0; i < TU_COUNT(words); i++)
		if (tu_str_ieq(words[i].word, word) &&
			(before_digit || !words[i].before_digit_only))
			return words[i].token;
	return OTHER_WORD;
}

static bool is_split(char c)
{
	return c == '.' || c == '-';
}

/* Letters and whatever else is neither digit nor separator. */
static struct tu_str take_word(struct tu_str *s)
{
	size_t len = 0;

	while (len < s->len && !is_split(s->ptr[len]) && !tu_char_is_digit(s->ptr[len]))
		len++;
	struct tu_str word = tu_str_first(*s, len);
	*s = tu_str_from(*s, len);
	return word;
}

struct writer {
	struct tu_buf *out;
	size_t kept; /* length of the key up to the last token that is not nothing */
};

static void drop_nothings(struct writer *w)
{
	if (!w->out->failed)
		w->out->len = w->kept;
}

static void put_number(struct writer *w, bool hyphen, struct tu_str digits)
{
	if (hyphen)
		drop_nothings(w);
	tu_buf_byte(w->out, hyphen ? HYPHEN_NUMBER : DOT_NUMBER);
	tu_key_number(w->out, digits);
	if (tu_key_significant(digits).len > 0)
		w->kept = w->out->len;
}

/* ".word" is read as "-word". */
static void put_word(struct writer *w, struct tu_str word, bool before_digit)
{
	unsigned char token = class_of_word(word, before_digit);

	drop_nothings(w);
	tu_buf_byte(w->out, (char)token);
	if (token == OTHER_WORD)
		tu_key_text_folded(w->out, word);
	if (token != RELEASED)
		w->kept = w->out->len;
}

bool tu_version__maven(struct tu_str version, struct tu_buf *out)
{
	struct writer w = {out, out->len};
	bool hyphen = false;

	for (;;) {
		if (version.len == 0 || is_split(version.ptr[0])) {
			put_number(&w, hyphen, TU_STR("")); /* nothing between separators is zero */
		} else if (tu_char_is_digit(version.ptr[0])) {
			put_number(&w, hyphen, tu_str_digits(&version));
		} else {
			struct tu_str word = take_word(&version);
			/* "alpha-1" is "alpha1". */
			bool joined = version.len > 1 && version.ptr[0] == '-' &&
				tu_char_is_digit(version.ptr[1]);
			put_word(&w, word,
				joined || (version.len > 0 && tu_char_is_digit(version.ptr[0])));
		}
		if (version.len == 0)
			break;
		hyphen = version.ptr[0] != '.'; /* a change of kind counts as a hyphen */
		if (is_split(version.ptr[0]))
			version = tu_str_from(version, 1);
	}
	drop_nothings(&w);
	tu_buf_byte(out, END);
	return true;
}
