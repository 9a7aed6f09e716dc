/*
 * Laws of gates on seeded random expressions. Prints TAP.
 *
 *   - "!" binds tighter than "&", "&" tighter than ",": an evaluator that reads the expression from
 *     the left, one character at a time, gives the same answer;
 *   - "&" and "+" are the same; spaces and case do not matter;
 *   - one more rule never makes a failing gate pass, one more term never makes a passing rule fail;
 *   - any bytes are parsed or refused with a place inside the expression.
 */
#include <stdio.h>

#include "gate/gate.h"
#include "kit.h"

enum { ROUNDS = 20000, ROOM = 4096 };

/* The facts of one affected finding; the evaluator knows what each word means of it. */
static const char *const words[] = {"kev", "fixable", "unscored", "any"};
enum { WORDS = 4 };

struct world {
	bool holds[WORDS];
};

static bool judge(struct tu_str expression, const struct world *world, bool *out_fails)
{
	const struct tu_finding finding = {
		.verdict = TU_MATCH_AFFECTED, .fixed = world->holds[1] ? TU_STR("2") : TU_STR("")};
	const struct tu_report_vulnerability vulnerability = {.facts.has_kev = world->holds[0],
		.severity = world->holds[2] ? TU_SEVERITY_UNKNOWN : TU_SEVERITY_LOW};
	const struct tu_report_row row = {.finding = &finding, .vulnerability = &vulnerability};
	const struct tu_match_result result = {.counts.components = 1};
	const struct tu_component component = {.purl = TU_STR("pkg:npm/a")};
	const struct tu_inventory inventory = {
		.subject = TU_NO_COMPONENT, .components = &component, .component_count = 1};
	const struct tu_report report = {
		.rows = &row, .row_count = 1, .result = &result, .inventory = &inventory};
	const struct tu_gate_input input = {.report = &report};
	static struct tu_gate gate;
	static struct tu_gate_verdict verdict;

	if (tu_gate_parse(TU_GATE_SCAN, expression, &gate, NULL) != TU_OK)
		return false;
	tu_gate_judge(&gate, &input, &verdict);
	*out_fails = tu_gate_fails(&verdict);
	return true;
}

/* ---- the obvious evaluator: left to right, one character at a time ---- */

static bool word_at(struct tu_str text, size_t *at, const struct world *world)
{
	bool negated = text.ptr[*at] == '!';

	*at += negated;
	for (size_t i = 0; i < WORDS; i++)
		if (tu_str_starts(tu_str_from(text, *at), tu_str_c(words[i]))) {
			*at += strlen(words[i]);
			return world->holds[i] != negated;
		}
	return false;
}

static bool evaluate(struct tu_str text, const struct world *world)
{
	bool whole = false, rule = true;
	size_t at = 0;

	while (at < text.len) {
		rule &= word_at(text, &at, world);
		if (at == text.len || text.ptr[at] == ',') {
			whole |= rule;
			rule = true;
		}
		at++;
	}
	return whole;
}

/* ---- random expressions ---- */

static struct world random_world(struct prop *p)
{
	struct world world = {
		{prop_below(p, 2) == 0, prop_below(p, 2) == 0, prop_below(p, 2) == 0, true}};

	return world;
}

static struct tu_str random_expression(struct prop *p, char *room)
{
	size_t len = 0;

	for (size_t rules = prop_below(p, 4) + 1; rules > 0; rules--)
		for (size_t terms = prop_below(p, 4) + 1; terms > 0; terms--)
			len += (size_t)snprintf(room + len, ROOM - len, "%s%s%s",
				prop_below(p, 2) ? "!" : "", words[prop_below(p, WORDS)],
				terms > 1	    ? (prop_below(p, 2) ? "&" : "+")
					: rules > 1 ? ","
						    : "");
	return tu_str_of(room, len);
}

/* The same with spaces, other signs and capitals. */
static struct tu_str disguised(struct prop *p, struct tu_str text, char *room)
{
	size_t len = 0;

	for (size_t i = 0; i < text.len; i++) {
		char c = text.ptr[i];
		bool sign = c == '&' || c == '+' || c == ',' || c == '!';

		if (sign && prop_below(p, 2))
			room[len++] = ' ';
		if (c == '&' || c == '+')
			c = prop_below(p, 2) ? '&' : '+';
		room[len++] = prop_below(p, 2) && c >= 'a' && c <= 'z' ? (char)(c - 32) : c;
		if (sign && prop_below(p, 2))
			room[len++] = ' ';
	}
	return tu_str_of(room, len);
}

static const char *precedence(struct prop *p)
{
	static char room[ROOM], other[ROOM];

	for (int i = 0; i < ROUNDS; i++) {
		struct world world = random_world(p);
		struct tu_str text = random_expression(p, room);
		bool fails, same;

		if (!judge(text, &world, &fails) ||
			!judge(disguised(p, text, other), &world, &same))
			return "a good expression is refused";
		if (fails != evaluate(text, &world))
			return "the parser and the evaluator disagree";
		if (fails != same)
			return "signs, spaces or capitals matter";
	}
	return NULL;
}

static const char *monotony(struct prop *p)
{
	static char room[ROOM + 64];

	for (int i = 0; i < ROUNDS; i++) {
		struct world world = random_world(p);
		struct tu_str text = random_expression(p, room);
		bool fails, more, narrower;
		size_t len = text.len;
		const char *word = words[prop_below(p, WORDS)];

		if (!judge(text, &world, &fails))
			return "a good expression is refused";
		len += (size_t)snprintf(room + text.len, 64, ",%s", word);
		if (!judge(tu_str_of(room, len), &world, &more) || (fails && !more))
			return "one more rule lets a failing gate pass";
		room[text.len] = '&';
		if (tu_str_find(text, ',') == text.len &&
			judge(tu_str_of(room, len), &world, &narrower) && narrower && !fails)
			return "one more term lets a passing rule fail";
	}
	return NULL;
}

static const char *any_bytes(struct prop *p)
{
	static const char *const pieces[] = {"kev", "!", "&", "+", ",", " ", ">", ">=", "7", "d",
		"age", "undecided", "(", "missed", "cvss", "\xff", "critical", "stale", "-"};
	char room[256];

	for (int i = 0; i < ROUNDS; i++) {
		struct tu_str text = prop_text(p, pieces, TU_COUNT(pieces), 12, room, sizeof(room));
		enum tu_gate_door door = (enum tu_gate_door)prop_below(p, TU_GATE_DOORS);
		static struct tu_gate gate;
		struct tu_error err = {0};

		if (tu_gate_parse(door, text, &gate, &err) == TU_OK) {
			if (gate.rule_count == 0)
				return "a gate without rules";
			continue;
		}
		if (err.offset > text.len || !err.message[0])
			return "an error without a place or a message";
	}
	return NULL;
}

int main(void)
{
	struct prop p = prop_begin();

	prop_report(&p, "the parser agrees with the obvious evaluator", precedence(&p));
	prop_report(&p, "more rules are stricter, more terms are narrower", monotony(&p));
	prop_report(&p, "any bytes are parsed or refused with a place", any_bytes(&p));
	return prop_end(&p);
}
