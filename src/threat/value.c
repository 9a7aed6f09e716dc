/* How texts are compared with lists of words: value.h. */
#include "threat/value.h"

#include "threat/value_turn.h"

/* ---- one pattern ---- */

/* Where the stars of a pattern stand in a text: the stretches that no letter of it covers. */
enum { GAPS_MAX = 8 };

struct gaps {
	struct tu_str at[GAPS_MAX];
	size_t count;
};

static bool add_gap(struct gaps *gaps, struct tu_str gap)
{
	if (gaps->count == GAPS_MAX)
		return false;
	gaps->at[gaps->count++] = gap;
	return true;
}

/* The parts between stars are found one after the other, each as early as it can be. */
static bool match(struct tu_str pattern, struct tu_str text, struct gaps *gaps)
{
	size_t star = tu_str_find(pattern, '*');

	gaps->count = 0;
	if (star == pattern.len)
		return tu_str_eq(pattern, text);
	if (!tu_str_starts(text, tu_str_first(pattern, star)))
		return false;
	text = tu_str_from(text, star);
	pattern = tu_str_from(pattern, star + 1);
	for (;;) {
		struct tu_str part;
		size_t at;

		star = tu_str_find(pattern, '*');
		part = tu_str_first(pattern, star);
		if (star == pattern.len)
			return tu_str_ends(text, part) &&
				add_gap(gaps, tu_str_first(text, text.len - part.len));
		at = tu_str_search(text, part);
		if ((part.len && at == text.len) || !add_gap(gaps, tu_str_first(text, at)))
			return false;
		text = tu_str_from(text, at + part.len);
		pattern = tu_str_from(pattern, star + 1);
	}
}

static struct tu_str last_clause(struct tu_str text)
{
	for (size_t i = text.len; i-- > 0;)
		if (text.ptr[i] == ',')
			return tu_str_from(text, i + 1);
	return text;
}

/* Does the clause before a word negate it? At most three words stand between. */
static bool negated_before(struct tu_str before)
{
	struct tu_str rest = last_clause(before), word;
	size_t since = SIZE_MAX;

	while (tu_value_next_word(&rest, &word))
		if (tu_value_is_negator(word) || tu_value_sets_apart(word, rest))
			since = 0;
		else if (since < SIZE_MAX)
			since++;
	return since <= 3;
}

static bool begins_with_negator(struct tu_str pattern, struct tu_str *out_rest)
{
	struct tu_str word;

	*out_rest = pattern;
	return tu_value_next_word(out_rest, &word) && tu_value_is_negator(word);
}

struct meeting {
	const struct tu_value_list *outer; /* whose words a negation would turn */
	const struct tu_texts *remarks; /* NULL: the words are weak */
	bool over_clauses; /* only patterns that reach over the end of a clause */
	size_t depth;
};

static enum tu_meeting list_meets(
	const struct tu_value_list *list, struct tu_str text, struct meeting how);

/* ---- what may follow a sound word ---- */

static const char *const connectives[] = {"of", "with", "in", "into", "for", "to", "from", "at",
	"by", "on", "and", "or", "per", "each", "every", "its", "own", "their", "is", "are", "be",
	"been", "after", "afterwards", "as", "both", "all", "than", "then", "two", "three", "four",
	"five", "six", "ten", "the", "this", "that", "one", "among", NULL};

/* "words", a word of a pattern, and its plural. */
static bool is_word(struct tu_str word, struct tu_str known, bool open)
{
	if (!tu_str_starts(word, known) || !known.len)
		return false;
	return word.len == known.len || (open && known.len > 3) ||
		(word.len == known.len + 1 && word.ptr[known.len] == 's');
}

static bool is_in_pattern(struct tu_str word, struct tu_str pattern)
{
	struct tu_str rest = pattern, part;

	while (tu_value_next_word(&rest, &part)) {
		bool open = tu_str_ends(part, TU_STR("*"));

		if (tu_value_is_negator(part))
			return false;
		while (tu_str_skip(&part, TU_STR("*")))
			;
		part.len -= part.len && tu_str_ends(part, TU_STR("*"));
		if (is_word(word, part, open))
			return true;
	}
	return false;
}

static bool is_in_list(struct tu_str word, const struct tu_value_list *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].kind == TU_VALUE_LIST ? is_in_list(word, list->at[i].list)
						      : list->at[i].kind == TU_VALUE_WORD &&
					is_in_pattern(word, list->at[i].word))
			return true;
	return false;
}

/* A number, but for years and what may be a code. */
static bool is_plain_number(struct tu_str word)
{
	size_t digits = 0;

	while (digits < word.len && tu_char_is_digit(word.ptr[digits]))
		digits++;
	return digits &&
		(digits < 4 || tu_str_eq(word, TU_STR("1024")) || tu_str_eq(word, TU_STR("2048")) ||
			tu_str_eq(word, TU_STR("3072")) || tu_str_eq(word, TU_STR("4096")));
}

/* Each word is a number, a connective, a remark of the pack, or a word of the sound list itself: a
 * word that nobody knows may say anything. A pack without remarks takes each word. */
static bool is_understood(struct tu_str text, struct meeting how)
{
	struct tu_str word, before = {0};

	for (; how.remarks->count && tu_value_next_word(&text, &word); before = word) {
		bool fine = is_plain_number(word) || tu_value_is_negator(word) ||
			tu_value_is_one_of(word, connectives) ||
			(tu_value_is_negator(before) && tu_value_is_notion(word)) ||
			(!tu_str_eq(word, TU_STR("only")) && is_in_list(word, how.outer));

		for (size_t i = 0; i < how.remarks->count && !fine; i++)
			fine = is_word(word, how.remarks->at[i], false);
		if (!fine)
			return false;
	}
	return true;
}

/* "not for all", "not always"; not "never all": of the first two words. */
static bool begins_with_whole(struct tu_str pattern, struct tu_str rest)
{
	struct tu_str word;

	for (size_t i = 0; i < 2 && tu_value_next_word(&rest, &word); i++)
		if (tu_value_is_whole(word))
			return tu_str_starts(pattern, TU_STR("not"));
	return false;
}

/* "no *": nothing is missing where what is in place of the star is bad itself. */
static bool negates_bad(struct tu_str pattern, struct tu_str gap, struct meeting how)
{
	struct tu_str rest = tu_str_first(gap, tu_str_find(gap, ',')), after;

	(void)begins_with_negator(pattern, &after);
	if (tu_value_turns(rest, false) || tu_value_negates(rest) ||
		begins_with_whole(pattern, rest))
		return true;
	if (!tu_str_eq(after, TU_STR("-*")) && !tu_str_eq(after, TU_STR("*")))
		return false;
	if (tu_value_begins_with_notion(rest))
		return true;
	how.depth++;
	return how.depth < 4 && tu_value_bare(rest).len &&
		list_meets(how.outer, tu_value_bare(rest), how) >= TU_MEETING_BROAD;
}

/* ---- "~word": a negation of a word ---- */

enum { NEGATION_REACH = 4 }; /* words from a negator to what it negates */

/* Does the text begin with the word, or with several? A star ends it anywhere. */
static bool begins_with(struct tu_str text, struct tu_str word)
{
	bool open = tu_str_ends(word, TU_STR("*"));
	struct tu_str rest;

	word.len -= open;
	if (!tu_str_starts(text, word))
		return false;
	rest = tu_str_from(text, word.len);
	return open || !rest.len || rest.ptr[0] == '-' || rest.ptr[0] == ',';
}

/* "Just Works is refused", "older ones are not accepted". */
static bool is_refused(struct tu_str rest)
{
	struct tu_str word, next, after;

	while (tu_value_next_word(&rest, &word)) {
		if (tu_value_is_refusal(word))
			return true;
		if (!tu_value_is_negator(word))
			continue;
		after = rest;
		return tu_value_next_word(&after, &next) && tu_value_is_offer(next) &&
			!tu_value_negates(after);
	}
	return false;
}

/* The word is at `text` in its clause; `negators` before it, the last `since` words ago. */
static enum tu_meeting negation_at(
	struct tu_str text, struct tu_str word, bool sound, size_t negators, size_t since)
{
	struct tu_str rest = text;
	bool plain = begins_with(text, word);

	(void)tu_str_skip(&rest, TU_STR("un"));
	if (!plain && (negators || rest.len == text.len || !begins_with(rest, word)))
		return TU_MEETING_NONE;
	text = tu_str_from(plain ? text : rest, word.len - tu_str_ends(word, TU_STR("*")));
	text = tu_str_from(text, tu_str_find(text, '-'));
	if (plain && !negators)
		return is_refused(text) ? TU_MEETING_YES : TU_MEETING_NONE;
	if (plain && (negators > 1 || since > NEGATION_REACH))
		return TU_MEETING_NONE;
	return tu_value_negates(text) || tu_value_turns(text, sound) ? TU_MEETING_UNCLEAR
								     : TU_MEETING_YES;
}

static enum tu_meeting negation_meets(struct tu_str word, struct tu_str text, bool sound)
{
	struct tu_str clause = tu_str_first(text, tu_str_find(text, ',')), rest = clause, at;
	enum tu_meeting best = TU_MEETING_NONE, one;
	size_t negators = 0, since = 0;

	while (best < TU_MEETING_YES && tu_value_next_word(&rest, &at)) {
		size_t from = (size_t)(at.ptr - clause.ptr);

		since++;
		one = negation_at(tu_str_from(clause, from), word, sound, negators, since);
		best = one > best ? one : best;
		if (tu_value_is_negator(at) || tu_value_sets_apart(at, rest)) {
			negators++;
			since = 0;
		}
	}
	return best;
}

/* Without the part of a word that the pattern begins or ends in: "separate*" of "separated". */
static struct tu_str part_left_out(struct tu_str pattern, struct tu_str gap, size_t index)
{
	struct tu_str rest = pattern;
	size_t star = tu_str_find(rest, '*');

	for (size_t i = 0; i < index; i++) {
		rest = tu_str_from(rest, star + 1);
		star = tu_str_find(rest, '*');
	}
	if (star && rest.ptr[star - 1] != '-')
		gap = tu_str_from(gap, tu_str_find(gap, '-'));
	rest = tu_str_from(rest, star + 1);
	if (rest.len && rest.ptr[0] != '-' && rest.ptr[0] != ',' && rest.ptr[0] != '*')
		gap = tu_str_first(
			gap, tu_str_rfind(gap, '-') < gap.len ? tu_str_rfind(gap, '-') : 0);
	return gap;
}

/* "without *"; "separate*" where it goes on with "from". */
static bool rules_out(struct tu_str pattern, struct tu_str gap)
{
	struct tu_str word;
	bool from = tu_value_next_word(&gap, &word) &&
		(tu_str_eq(word, TU_STR("from")) || tu_str_eq(word, TU_STR("of")));

	while (tu_value_next_word(&pattern, &word)) {
		word.len -= tu_str_ends(word, TU_STR("*"));
		if (tu_value_is_negator(word) || (from && tu_value_is_apart(word)))
			return true;
	}
	return false;
}

/* What a sound pattern rules out ("without *", "not by *") may have any name. */
static bool is_doubted_gap(
	struct tu_str pattern, struct tu_str gap, size_t index, struct meeting how)
{
	struct tu_str clause = tu_str_first(gap, tu_str_find(gap, ','));

	if (tu_value_turns(gap, true))
		return true;
	if (rules_out(pattern, gap) && clause.len == gap.len)
		return false;
	return !is_understood(part_left_out(pattern, gap, index), how);
}

static enum tu_meeting word_meets(struct tu_str pattern, struct tu_str text, struct meeting how)
{
	struct gaps gaps;
	struct tu_str after, rest;
	size_t last;

	if (!pattern.len || !match(pattern, text, &gaps))
		return pattern.len || text.len ? TU_MEETING_NONE : TU_MEETING_YES;
	if (!gaps.count)
		return TU_MEETING_YES;
	last = gaps.count - 1;
	if (!how.remarks && begins_with_negator(pattern, &after))
		return negates_bad(pattern, gaps.at[last], how) ? TU_MEETING_UNCLEAR
			: tu_str_eq(after, TU_STR("-*"))	? TU_MEETING_BROAD
								: TU_MEETING_YES;
	if (pattern.ptr[0] == '*' && negated_before(gaps.at[0]))
		return TU_MEETING_UNCLEAR;
	for (size_t i = 0; i < gaps.count; i++)
		if (how.remarks ? is_doubted_gap(pattern, gaps.at[i], i, how)
				: i < last && (i || pattern.ptr[0] != '*') &&
					tu_value_negates(gaps.at[i]))
			return TU_MEETING_UNCLEAR;
	/* of a weak word the rest of its clause */
	rest = tu_str_first(gaps.at[last], tu_str_find(gaps.at[last], ','));
	return tu_value_turns(rest, how.remarks != NULL) ||
			tu_str_search(rest, TU_STR("until")) < rest.len
		? TU_MEETING_UNCLEAR
		: TU_MEETING_YES;
}

/* ---- lists ---- */

/* The last that matches decides; an unclear match leaves it to those before. */
static enum tu_meeting list_meets(
	const struct tu_value_list *list, struct tu_str text, struct meeting how)
{
	enum tu_meeting best = TU_MEETING_NONE, one = TU_MEETING_NONE;
	struct gaps gaps;

	for (size_t i = list->count; i-- > 0;) {
		const struct tu_value *value = &list->at[i];

		if (value->kind == TU_VALUE_EXCEPT && match(value->word, text, &gaps))
			return best > TU_MEETING_UNCLEAR ? best : TU_MEETING_UNCLEAR;
		if (value->kind == TU_VALUE_WORD)
			one = word_meets(value->word, text, how);
		else if (value->kind == TU_VALUE_NEGATION && how.over_clauses)
			continue;
		else if (value->kind == TU_VALUE_NEGATION)
			one = negation_meets(value->word, text, how.remarks != NULL);
		else if (value->kind == TU_VALUE_LIST)
			one = list_meets(value->list, text, how);
		else
			continue;
		if (one == TU_MEETING_YES)
			return one;
		best = one > best ? one : best;
	}
	return best;
}

bool tu_value_negations_meet(const struct tu_value_list *list, struct tu_str clause)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].kind == TU_VALUE_LIST
				? tu_value_negations_meet(list->at[i].list, clause)
				: list->at[i].kind == TU_VALUE_NEGATION &&
					negation_meets(list->at[i].word, clause, true) ==
						TU_MEETING_YES)
			return true;
	return false;
}

bool tu_value_is_bare(const struct tu_value_text *text)
{
	static const char *const answers[] = {
		"no", "none", "not", "never", "yes", "on", "off", "true", "false", "nothing", NULL};

	return text->clause_count && tu_value_is_one_of(text->clauses[0], answers);
}

/* A later clause of a sound word is a remark where it says something sound, too, or only what is
 * understood; after a bare "yes" it may say more. */
static bool is_doubted(struct tu_str clause, bool free, struct meeting how)
{
	if (!how.remarks)
		return tu_value_turns(clause, false);
	if (tu_value_negations_meet(how.outer, clause) ||
		list_meets(how.outer, clause, how) == TU_MEETING_YES)
		return false;
	return tu_value_turns(clause, true) || (!free && !is_understood(clause, how));
}

static bool rest_turns(const struct tu_value_text *text, struct meeting how)
{
	for (size_t i = 1; i < text->clause_count; i++)
		if (is_doubted(text->clauses[i], tu_value_is_bare(text), how))
			return true;
	return false;
}

/* "no: not needed" claims that there is no need. */
static bool begins_with_need(const struct tu_value_text *text)
{
	struct tu_str rest, word;

	if (text->clause_count < 2 || !tu_value_is_bare(text))
		return false;
	rest = text->clauses[1];
	if (!tu_value_next_word(&rest, &word) || !tu_value_is_negator(word) ||
		!tu_value_next_word(&rest, &word))
		return false;
	return tu_str_eq(word, TU_STR("needed")) || tu_str_eq(word, TU_STR("necessary")) ||
		tu_str_eq(word, TU_STR("applicable"));
}

static bool is_taken_back(const struct tu_value_list *list, struct tu_str text)
{
	struct gaps gaps;

	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].kind == TU_VALUE_LIST ? is_taken_back(list->at[i].list, text)
						      : list->at[i].kind == TU_VALUE_EXCEPT &&
					match(list->at[i].word, text, &gaps))
			return true;
	return false;
}

/* Sound: the first clause, where the others are remarks; else a word over several clauses. */
static enum tu_meeting sound_meets(const struct tu_value_text *text, struct meeting how)
{
	enum tu_meeting met = TU_MEETING_NONE;

	if (text->clause_count) {
		met = list_meets(how.outer, text->clauses[0], how);
		if (met >= TU_MEETING_BROAD && text->clause_count > 1 &&
			(rest_turns(text, how) || is_taken_back(how.outer, text->all)))
			met = TU_MEETING_UNCLEAR;
	}
	how.over_clauses = true;
	if (met < TU_MEETING_BROAD && text->clause_count > 1)
		met = list_meets(how.outer, text->all, how);
	return met == TU_MEETING_YES && text->is_cut ? TU_MEETING_UNCLEAR : met; /* what follows? */
}

enum tu_meeting tu_value_meets(const struct tu_value_list *list, const struct tu_value_text *text,
	const struct tu_texts *remarks)
{
	const struct meeting how = {.outer = list, .remarks = remarks};
	enum tu_meeting met;
	bool yes;

	if (remarks)
		return sound_meets(text, how);
	met = list_meets(list, text->all, how);
	if (met == TU_MEETING_NONE && text->clause_count > 1) {
		met = list_meets(list, text->clauses[0], how);
		yes = tu_value_is_bare(text) &&
			(tu_str_eq(text->clauses[0], TU_STR("yes")) ||
				tu_str_eq(text->clauses[0], TU_STR("on")));
		if (met >= TU_MEETING_BROAD && yes && rest_turns(text, how))
			met = TU_MEETING_UNCLEAR;
	}
	if (met >= TU_MEETING_BROAD && (tu_value_takes_back(text) || begins_with_need(text)))
		met = TU_MEETING_UNCLEAR;
	return met;
}

bool tu_value_later_meets(const struct tu_value_list *list, const struct tu_value_text *text)
{
	const struct meeting how = {.outer = list};

	for (size_t i = 1; i < text->clause_count; i++)
		if (list_meets(list, text->clauses[i], how) >= TU_MEETING_BROAD)
			return true;
	return false;
}

bool tu_value_list_has(const struct tu_value_list *list, enum tu_value_kind kind)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->at[i].kind == kind ||
			(list->at[i].kind == TU_VALUE_LIST &&
				tu_value_list_has(list->at[i].list, kind)))
			return true;
	return false;
}
