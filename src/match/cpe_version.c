#include "match/cpe_version.h"

/* Words of updates; those of one family are the same. */
static const struct {
	struct tu_str word;
	struct tu_str family;
	bool with_number_only; /* else the word may be a part of the version */
	bool before_release;
} words[] = {
	{TU_STR_INIT("p"), TU_STR_INIT("p"), true, false},
	{TU_STR_INIT("pl"), TU_STR_INIT("p"), true, false},
	{TU_STR_INIT("patch"), TU_STR_INIT("p"), false, false},
	{TU_STR_INIT("patchlevel"), TU_STR_INIT("p"), false, false},
	{TU_STR_INIT("sp"), TU_STR_INIT("sp"), false, false},
	{TU_STR_INIT("servicepack"), TU_STR_INIT("sp"), false, false},
	{TU_STR_INIT("u"), TU_STR_INIT("u"), true, false},
	{TU_STR_INIT("update"), TU_STR_INIT("u"), false, false},
	{TU_STR_INIT(""), TU_STR_INIT("u"), true, false},
	{TU_STR_INIT("hf"), TU_STR_INIT("hf"), true, false},
	{TU_STR_INIT("hotfix"), TU_STR_INIT("hf"), false, false},
	{TU_STR_INIT("rc"), TU_STR_INIT("rc"), false, true},
	{TU_STR_INIT("cr"), TU_STR_INIT("rc"), true, true},
	{TU_STR_INIT("a"), TU_STR_INIT("alpha"), true, true},
	{TU_STR_INIT("alpha"), TU_STR_INIT("alpha"), false, true},
	{TU_STR_INIT("b"), TU_STR_INIT("beta"), true, true},
	{TU_STR_INIT("beta"), TU_STR_INIT("beta"), false, true},
	{TU_STR_INIT("m"), TU_STR_INIT("milestone"), true, true},
	{TU_STR_INIT("milestone"), TU_STR_INIT("milestone"), false, true},
	{TU_STR_INIT("pre"), TU_STR_INIT("pre"), false, true},
	{TU_STR_INIT("preview"), TU_STR_INIT("pre"), false, true},
	{TU_STR_INIT("dev"), TU_STR_INIT("dev"), false, true},
	{TU_STR_INIT("snapshot"), TU_STR_INIT("dev"), false, true},
};

static bool is_joint(char c)
{
	return tu_str_find(TU_STR("-_.~+ "), c) < 6;
}

static void skip_joint(struct tu_str *s)
{
	if (s->len && is_joint(s->ptr[0]))
		*s = tu_str_from(*s, 1);
}

static struct tu_str take_letters(struct tu_str *s)
{
	size_t len = 0;

	while (len < s->len && tu_char_is_alpha(s->ptr[len]))
		len++;
	*s = tu_str_from(*s, len);
	return tu_str_of(s->ptr - len, len);
}

/* An update in its parts: the row of its word, and its number; false: not of that form. */
static bool read_update(struct tu_str text, size_t *out_word, struct tu_str *out_number)
{
	struct tu_str rest = text;
	struct tu_str word = take_letters(&rest);

	skip_joint(&rest);
	*out_number = tu_str_digits(&rest);
	if (rest.len)
		return false;
	while (out_number->len > 1 && out_number->ptr[0] == '0')
		*out_number = tu_str_from(*out_number, 1);
	for (size_t i = 0; i < TU_COUNT(words); i++) {
		*out_word = i;
		if (tu_str_ieq(words[i].word, word))
			return out_number->len || !words[i].with_number_only;
	}
	return false;
}

/* "1.8.0_191" and "1.8.0_191-b12": Java's updates have no word. */
static bool is_java_update(struct tu_str version, struct tu_str joint, struct tu_str *update)
{
	struct tu_str rest = *update;
	struct tu_str number = tu_str_digits(&rest);

	if (!tu_str_starts(version, TU_STR("1.")) || !tu_str_starts(joint, TU_STR("_")) ||
		number.len == 0 || (rest.len && !tu_str_starts(rest, TU_STR("-b"))))
		return false;
	*update = number;
	return true;
}

bool tu_match__split_update(
	struct tu_str version, struct tu_str *out_base, struct tu_str *out_update)
{
	size_t first = version.len && tu_char_lower(version.ptr[0]) == 'v';
	size_t len = first;
	size_t word;
	struct tu_str joint, rest, number;

	while (len < version.len && (tu_char_is_digit(version.ptr[len]) || version.ptr[len] == '.'))
		len++;
	rest = tu_str_from(version, len);
	if (len > first && version.ptr[len - 1] == '.')
		len--;
	joint = rest;
	skip_joint(&rest);
	*out_base = tu_str_first(version, len);
	*out_update = rest;
	return len > first && tu_char_is_digit(version.ptr[first]) &&
		(is_java_update(version, joint, out_update) ||
			((rest.len == 0 || !tu_char_is_digit(rest.ptr[0])) &&
				read_update(rest, &word, &number)));
}

bool tu_match__same_update(struct tu_str a, struct tu_str b)
{
	size_t word_a, word_b;
	struct tu_str number_a, number_b;

	if (tu_str_ieq(a, b))
		return true;
	return read_update(a, &word_a, &number_a) && read_update(b, &word_b, &number_b) &&
		tu_str_eq(words[word_a].family, words[word_b].family) &&
		tu_str_eq(number_a, number_b);
}

bool tu_match__is_other_word(struct tu_str a, struct tu_str b)
{
	size_t word_a, word_b;
	struct tu_str number;

	return read_update(a, &word_a, &number) && read_update(b, &word_b, &number) &&
		word_a != word_b && tu_str_eq(words[word_a].family, words[word_b].family);
}

bool tu_match__is_prerelease(struct tu_str update)
{
	size_t word;
	struct tu_str number;

	return read_update(update, &word, &number) && words[word].before_release;
}
