/* How texts stand to lists of words: value.h. The words that turn a meaning are here, in tables. */
#include "threat/value.h"

/* ---- words that turn a meaning ---- */

/* Each in normal form; a table ends in NULL. Taken back after a word: "Just Works refused". */
static const char *const refusals[] = {"refused", "refuses", "rejected", "rejects", "blocked",
	"blocks", "forbidden", "prohibited", "disallowed", "denied", "prevented", "prevents",
	"disabled", "removed", "dropped", "impossible", "excluded", "off", NULL};
/* After "not": the same. */
static const char *const offers[] = {"used", "allowed", "possible", "permitted", "accepted",
	"supported", "enabled", "offered", "taken", "started", "installed", "needed", "required",
	"present", "fitted", "reachable", "available", "open", "active", "implemented", NULL};
static const char *const contraries[] = {"but", "except", "unless", "although", "though", NULL};
/* A sound word is less with these; a weak one is not. */
static const char *const delays[] = {"until", "instead", "later", "planned", "optional",
	"optionally", "partly", "partially", "part", "half", "most", "mostly", "sometimes",
	"usually", "some", "ignored", "unchecked", "unverified", "switchable", "bypassed", NULL};
/* After "only": it limits what is before it. */
static const char *const limits[] = {"in", "at", "during", "when", "while", "if", "after", "before",
	"for", "on", "within", "under", "inside", "with", "to", "until", "from", "by", NULL};
/* What is bad in itself or says how much: nothing is missing without it. */
static const char *const notions[] = {"optional", "unknown", "unlimited", "share", "shared",
	"sharing", "shares", "default", "defaults", "anonymous", "open", "exposed", "permanent",
	"always", "fixed", "static", "common", "plain", "plaintext", "clear", "cleartext",
	"unencrypted", "unsigned", "unauthenticated", "unauthorised", "unauthorized", "unverified",
	"unchecked", "unprotected", "weak", "single", "downgrade", "downgrades", "older", "bypass",
	"bypassable", "exception", "exceptions", "loss", "lost", "interruption", "interrupted",
	"missing", "legacy", "group", "factory", "guess", "guessed", "guessing", "manual", "public",
	"social", "third", "copy", "copyable", "copied", "dependent", "depending", "dependence",
	"dependency", "network", "phone", "internet", "cloud", "need", "needs", "needed",
	"necessary", "applicable", "later", "longer", "more", "less", "earlier", "before", "after",
	"only", "by", "from", "on", "in", "via", "over", "through", "online", "remote", "debug",
	"inbound", "software", "raw", "names", "data", "reachable", "accessible", "affected",
	"relevant", "influence", "difference", "problem", "risk", "way", "one", "single-point",
	"accepted", "ignored", "skipped", "trusted", "stranger", "strangers", "foreign", "other",
	"others", "delay", "forgotten", "replayable", "writable", NULL};
/* What follows them is another thing: "separate from the radio". */
static const char *const aparts[] = {"separate", "separated", "separately", "independent",
	"independently", "apart", "isolated", "decoupled", "away", NULL};
/* Their negation is one of a part: "not for all", "not always". */
static const char *const wholes[] = {
	"all", "every", "each", "always", "everywhere", "everybody", "everyone", NULL};
static const char *const articles[] = {
	"a", "an", "the", "any", "of", "all", "each", "such", "just", "so", NULL};

/* Without the articles that it begins with. */
static struct tu_str bare(struct tu_str text)
{
	struct tu_str rest = text, word;

	while (tu_value_next_word(&rest, &word) && tu_value_is_one_of(word, articles))
		text = rest;
	while (text.len && text.ptr[0] == '-')
		text = tu_str_from(text, 1);
	return text;
}

static bool begins_with_notion(struct tu_str text)
{
	struct tu_str rest = bare(text), word;

	return tu_value_next_word(&rest, &word) && tu_value_is_one_of(word, notions);
}

/* What follows the word that the text begins with, after articles. */
static struct tu_str after_word(struct tu_str text)
{
	struct tu_str rest = bare(text), word;

	(void)tu_value_next_word(&rest, &word);
	return rest;
}

/* A word that turns what is around it, wherever it is; `rest` follows it. */
static bool turns_all(struct tu_str word, struct tu_str rest, bool sound)
{
	struct tu_str next = {0};
	bool more = tu_value_next_word(&rest, &next);

	if (tu_value_is_one_of(word, contraries))
		return sound || !more || !tu_value_is_negator(next);
	return tu_str_eq(word, TU_STR("only")) && more && tu_value_is_one_of(next, limits);
}

/* Is there a word that turns what is around it? Sound words bear no negation but of what is
 * bad; weak ones bear one, which may explain them ("open without password"). */
static bool turns(struct tu_str text, bool sound)
{
	struct tu_str rest = text, word, after, next;
	bool bad = false;

	while (tu_value_next_word(&rest, &word)) {
		if (turns_all(word, rest, sound) || (sound && tu_value_is_one_of(word, delays)))
			return true;
		if (tu_value_is_one_of(word, refusals) && !(sound && bad))
			return true;
		if (tu_value_is_negator(word)) {
			after = rest;
			if (sound ? !begins_with_notion(rest)
				  : tu_value_next_word(&after, &next) &&
						tu_value_is_one_of(next, offers))
				return true;
			rest = sound ? after_word(rest) : rest;
		}
		bad |= tu_value_is_one_of(word, notions);
	}
	return false;
}

/* A later clause that takes back a weak word: "no, but the server does", "no, a key instead". */
static bool takes_back(const struct tu_value_text *text)
{
	for (size_t i = 1; i < text->clause_count; i++) {
		struct tu_str rest = text->clauses[i], word;
		bool first = true;

		for (; tu_value_next_word(&rest, &word); first = false)
			if (tu_str_eq(word, TU_STR("instead")) ||
				(first && turns_all(word, rest, false)))
				return true;
	}
	return false;
}

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
		if (tu_value_is_negator(word) || tu_value_is_one_of(word, aparts))
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
	bool sound;
	size_t depth;
};

static enum tu_meeting list_meets(
	const struct tu_value_list *list, struct tu_str text, struct meeting how);

/* "not for all", "not always"; not "never all": of the first two words. */
static bool begins_with_whole(struct tu_str pattern, struct tu_str rest)
{
	struct tu_str word;

	for (size_t i = 0; i < 2 && tu_value_next_word(&rest, &word); i++)
		if (tu_value_is_one_of(word, wholes))
			return tu_str_starts(pattern, TU_STR("not"));
	return false;
}

/* "no *": nothing is missing where what is in place of the star is bad itself. */
static bool negates_bad(struct tu_str pattern, struct tu_str gap, struct meeting how)
{
	struct tu_str rest = tu_str_first(gap, tu_str_find(gap, ',')), after;

	(void)begins_with_negator(pattern, &after);
	if (turns(rest, false) || tu_value_negates(rest) || begins_with_whole(pattern, rest))
		return true;
	if (!tu_str_eq(after, TU_STR("-*")) && !tu_str_eq(after, TU_STR("*")))
		return false;
	if (begins_with_notion(rest))
		return true;
	how.depth++;
	return how.depth < 4 && bare(rest).len &&
		list_meets(how.outer, bare(rest), how) >= TU_MEETING_BROAD;
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
		if (tu_value_is_one_of(word, refusals))
			return true;
		if (!tu_value_is_negator(word))
			continue;
		after = rest;
		return tu_value_next_word(&after, &next) && tu_value_is_one_of(next, offers) &&
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
	return tu_value_negates(text) || turns(text, sound) ? TU_MEETING_UNCLEAR : TU_MEETING_YES;
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
		if (tu_value_is_negator(at)) {
			negators++;
			since = 0;
		}
	}
	return best;
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
	if (!how.sound && begins_with_negator(pattern, &after))
		return negates_bad(pattern, gaps.at[last], how) ? TU_MEETING_UNCLEAR
			: tu_str_eq(after, TU_STR("-*"))	? TU_MEETING_BROAD
								: TU_MEETING_YES;
	if (pattern.ptr[0] == '*' && negated_before(gaps.at[0]))
		return TU_MEETING_UNCLEAR;
	for (size_t i = 0; i < gaps.count; i++)
		if (how.sound ? turns(gaps.at[i], true)
			      : i < last && (i || pattern.ptr[0] != '*') &&
					tu_value_negates(gaps.at[i]))
			return TU_MEETING_UNCLEAR;
	/* of a weak word the rest of its clause */
	rest = tu_str_first(gaps.at[last], tu_str_find(gaps.at[last], ','));
	return turns(rest, how.sound) || tu_str_search(rest, TU_STR("until")) < rest.len
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
		else if (value->kind == TU_VALUE_NEGATION)
			one = negation_meets(value->word, text, how.sound);
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

static bool rest_turns(const struct tu_value_text *text, struct meeting how)
{
	for (size_t i = 1; i < text->clause_count; i++)
		if (turns(text->clauses[i], how.sound) &&
			!(how.sound && tu_value_negations_meet(how.outer, text->clauses[i])))
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

enum tu_meeting tu_value_meets(
	const struct tu_value_list *list, const struct tu_value_text *text, bool sound)
{
	const struct meeting how = {list, sound, 0};
	enum tu_meeting met = list_meets(list, text->all, how);
	bool yes;

	if (met == TU_MEETING_NONE && text->clause_count > 1) {
		met = list_meets(list, text->clauses[0], how);
		yes = tu_value_is_bare(text) &&
			(tu_str_eq(text->clauses[0], TU_STR("yes")) ||
				tu_str_eq(text->clauses[0], TU_STR("on")));
		if (met >= TU_MEETING_BROAD && (sound || yes) && rest_turns(text, how))
			met = TU_MEETING_UNCLEAR;
	}
	if (met == TU_MEETING_YES && sound && text->is_cut)
		met = TU_MEETING_UNCLEAR; /* who knows what follows */
	if (met >= TU_MEETING_BROAD && !sound && (takes_back(text) || begins_with_need(text)))
		met = TU_MEETING_UNCLEAR;
	return met;
}

bool tu_value_later_meets(const struct tu_value_list *list, const struct tu_value_text *text)
{
	const struct meeting how = {list, false, 0};

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
