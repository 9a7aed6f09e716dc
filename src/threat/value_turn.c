/* The words that turn a meaning, in tables: value_turn.h. */
#include "threat/value_turn.h"

#include "threat/value_text.h"

/* Each in normal form; a table ends in NULL. Taken back after a word: "Just Works refused". */
static const char *const refusals[] = {"refused", "refuses", "rejected", "rejects", "blocked",
	"blocks", "forbidden", "prohibited", "disallowed", "denied", "prevented", "prevents",
	"disabled", "removed", "dropped", "impossible", "excluded", "off", NULL};
/* After "not": the same. */
static const char *const offers[] = {"used", "allowed", "possible", "permitted", "accepted",
	"supported", "enabled", "offered", "taken", "started", "installed", "run", "runs",
	"running", "start", "starts", "boot", "boots", "executed", "loaded", "involved", "needed",
	"required", "present", "fitted", "reachable", "available", "open", "active", "implemented",
	NULL};
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
struct tu_str tu_value_bare(struct tu_str text)
{
	struct tu_str rest = text, word;

	while (tu_value_next_word(&rest, &word) && tu_value_is_one_of(word, articles))
		text = rest;
	while (text.len && text.ptr[0] == '-')
		text = tu_str_from(text, 1);
	return text;
}

bool tu_value_begins_with_notion(struct tu_str text)
{
	struct tu_str rest = tu_value_bare(text), word;

	return tu_value_next_word(&rest, &word) && tu_value_is_one_of(word, notions);
}

/* What follows the word that the text begins with, after articles. */
static struct tu_str after_word(struct tu_str text)
{
	struct tu_str rest = tu_value_bare(text), word;

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

/* A negation that is about what is before it: "software is not involved", "unsigned code never
 * runs", "Just Works not accepted"; not "open without password". */
static bool denies(struct tu_str before, struct tu_str negator, struct tu_str rest)
{
	static const char *const copulas[] = {
		"is", "are", "was", "were", "be", "been", "does", "do", "can", "will", NULL};
	static const char *const whole[] = {"never", "cannot", NULL};
	struct tu_str next;

	return tu_value_is_one_of(negator, whole) || tu_str_ends(negator, TU_STR("n't")) ||
		(before.len && tu_value_is_one_of(before, copulas)) ||
		(tu_value_next_word(&rest, &next) && tu_value_is_one_of(next, offers));
}

/* Is there a word that turns what is around it? Sound words bear no negation but of what is
 * bad; weak ones bear one, which may explain them ("open without password"). */
bool tu_value_turns(struct tu_str text, bool sound)
{
	struct tu_str rest = text, word, before = {0};
	bool bad = false;

	for (; tu_value_next_word(&rest, &word); before = word) {
		if (turns_all(word, rest, sound) || (sound && tu_value_is_one_of(word, delays)))
			return true;
		if (tu_value_is_one_of(word, refusals) && !(sound && bad))
			return true;
		if (tu_value_is_negator(word)) {
			if (sound ? !tu_value_begins_with_notion(rest) : denies(before, word, rest))
				return true;
			rest = sound ? after_word(rest) : rest;
		}
		bad |= tu_value_is_one_of(word, notions);
	}
	return false;
}

/* A later clause that takes back a weak word: "no, but the server does", "no, a key instead". */
bool tu_value_takes_back(const struct tu_value_text *text)
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

/* "separate from", "independent of": what follows is another thing. */
bool tu_value_sets_apart(struct tu_str word, struct tu_str rest)
{
	struct tu_str next;

	return tu_value_is_one_of(word, aparts) && tu_value_next_word(&rest, &next) &&
		(tu_str_eq(next, TU_STR("from")) || tu_str_eq(next, TU_STR("of")));
}

bool tu_value_is_notion(struct tu_str word)
{
	return tu_value_is_one_of(word, notions);
}

bool tu_value_is_whole(struct tu_str word)
{
	return tu_value_is_one_of(word, wholes);
}

bool tu_value_is_apart(struct tu_str word)
{
	return tu_value_is_one_of(word, aparts);
}

bool tu_value_is_refusal(struct tu_str word)
{
	return tu_value_is_one_of(word, refusals);
}

bool tu_value_is_offer(struct tu_str word)
{
	return tu_value_is_one_of(word, offers);
}
