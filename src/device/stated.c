#include "device/stated.h"

#include "device/form.h"

/* clang-format off */
static const struct tu_word nothing_list[] = {
	{"unknown", 0},
	{"?", 0},
	{"??", 0},
	{"tbd", 0},
	{"todo", 0},
	{"to be determined", 0},
	{"not stated", 0},
	{"not known", 0},
	{"unstated", 0},
	{"undefined", 0},
	{"unspecified", 0}};
static const struct tu_words words_nothing = {nothing_list, TU_COUNT(nothing_list)};
/* clang-format on */

bool tu_says_nothing(struct tu_str text)
{
	struct tu_str trimmed = tu_str_trim(text);
	int value;

	return !trimmed.len || tu_words_find(&words_nothing, trimmed, &value);
}

/* Does it begin with one of the words, and not with a longer one? */
static bool begins_with(struct tu_str text, const char *const *words, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct tu_str word = tu_str_c(words[i]), start = tu_str_first(text, word.len);

		if (!tu_str_ieq(start, word))
			continue;
		if (text.len == word.len || !tu_char_is_alnum(text.ptr[word.len]) ||
			!tu_char_is_alnum(word.ptr[word.len - 1]))
			return true;
	}
	return false;
}

bool tu_is_intent(struct tu_str text)
{
	static const char *const begins[] = {"planned", "to be ", "to-be-", "tbd", "tbc", "todo",
		"to do", "n/a", "na", "not applicable", "future", "in future", "optional",
		"intended", "foreseen", "under discussion", "later", "not yet decided",
		"not decided", "open point", "undefined", "unspecified"};

	return begins_with(tu_str_trim(text), begins, TU_COUNT(begins));
}

static bool begins_with_number(struct tu_str text)
{
	for (size_t i = 0; i < text.len && text.ptr[i] != ' '; i++)
		if (tu_char_is_digit(text.ptr[i]))
			return true;
	return false;
}

bool tu_names_evidence(struct tu_str text)
{
	static const char *const begins[] = {"none", "no evidence", "missing", "pending", "not yet",
		"not tested", "not available", "untested", "in progress", "outstanding"};

	text = tu_str_trim(text);
	if (tu_says_nothing(text) || tu_str_eq(text, TU_STR("-")) || tu_str_ieq(text, TU_STR("no")))
		return false;
	return begins_with_number(text) ||
		(!tu_is_intent(text) && !begins_with(text, begins, TU_COUNT(begins)));
}
