/*
 * Laws of deadlines on seeded random histories: decisions of one vulnerability with their events.
 * Prints TAP.
 *
 *   - no decision, and no event but one that meets, waives or reports, ends, delays or turns a
 *     deadline that has started: it is still listed, due no later, in no better state;
 *   - not even those remove or delay one;
 *   - time removes none: what has started is listed for ever.
 */
#include <stdio.h>
#include <string.h>

#include <tutela/deadline.h>

#include "kit.h"

#define NOW INT64_C(1800000000) /* 2027-01-15 */

enum { ROUNDS = 5000, DECISIONS = 4, EVENTS = 6, CONTENTS = 3, WORDS_MAX = 200, DAY = 86400 };

struct history {
	struct tu_arena *arena;
	struct tu_device device;
	struct tu_str markets[4];
	struct tu_decision decisions[DECISIONS + 1];
	const struct tu_decision *list[DECISIONS + 1];
	size_t count;
	struct tu_case_event events[DECISIONS + 1][EVENTS + 1];
	struct tu_str contents[DECISIONS + 1][EVENTS + 1][CONTENTS];
};

/* ---- words of the rows ---- */

struct words {
	struct tu_str at[WORDS_MAX];
	size_t count;
};

static struct words all, starting;

static void add_word(struct words *words, const char *pattern)
{
	struct tu_str word = tu_str_c(pattern ? pattern : "");

	word = tu_str_first(word, tu_str_find(word, ':'));
	if (word.len && words->count < WORDS_MAX)
		words->at[words->count++] = word;
}

static bool has_word(const struct words *words, struct tu_str word)
{
	for (size_t i = 0; i < words->count; i++)
		if (tu_str_eq(words->at[i], word))
			return true;
	return false;
}

/* Words that only start deadlines are those that none stops at or wants as evidence. */
static void gather_words(void)
{
	struct words ending = {0};

	for (size_t i = 0; tu_deadline_rule_at(i); i++) {
		const struct tu_deadline_rule *rule = tu_deadline_rule_at(i);

		add_word(&ending, rule->stop);
		add_word(&ending, rule->stop_too);
		for (size_t k = 0; k < TU_DEADLINE_EVIDENCE_MAX; k++)
			add_word(&ending, rule->evidence[k]);
		add_word(&all, rule->start);
		for (size_t k = 0; k < TU_DEADLINE_START_MAX; k++)
			add_word(&all, rule->start_too[k]);
	}
	for (size_t i = 0; i < all.count; i++)
		if (!has_word(&ending, all.at[i]))
			starting.at[starting.count++] = all.at[i];
	add_word(&starting, "no-such-event");
	for (size_t i = 0; i < ending.count; i++)
		all.at[all.count++] = ending.at[i];
	add_word(&all, "isao-told");
	add_word(&all, "report-1004-sent");
	add_word(&all, "deadline-waived");
}

/* ---- histories ---- */

static int64_t some_time(struct prop *p)
{
	return NOW - (int64_t)prop_below(p, 120) * DAY - (int64_t)prop_below(p, 3) * 3600;
}

static struct tu_str some_content(struct prop *p)
{
	static const struct tu_str words[] = {TU_STR_INIT("impact"), TU_STR_INIT("efforts"),
		TU_STR_INIT("fix"), TU_STR_INIT("controls"), TU_STR_INIT("correction"),
		TU_STR_INIT("malfunction"), TU_STR_INIT("fda-30"), TU_STR_INIT("us-806"),
		TU_STR_INIT("eu-87-15"), TU_STR_INIT("cra-24h")};

	return words[prop_below(p, TU_COUNT(words))];
}

static void make_event(
	struct prop *p, const struct words *words, struct history *h, size_t decision)
{
	size_t n = h->decisions[decision].event_count++;
	struct tu_case_event *event = &h->events[decision][n];

	*event = (struct tu_case_event){.name = words->at[prop_below(p, (uint32_t)words->count)],
		.at = some_time(p),
		.evidence = prop_below(p, 5) ? TU_STR("E-1") : (struct tu_str){0},
		.contents = {h->contents[decision][n], prop_below(p, CONTENTS + 1)}};
	for (size_t i = 0; i < event->contents.count; i++)
		h->contents[decision][n][i] = some_content(p);
	h->decisions[decision].events = h->events[decision];
}

static void make_decision(struct prop *p, struct history *h, size_t events)
{
	static const struct tu_str ids[] = {TU_STR_INIT("a"), TU_STR_INIT("b"), TU_STR_INIT("c"),
		TU_STR_INIT("d"), TU_STR_INIT("e")};
	size_t n = h->count++;
	struct tu_decision *d = &h->decisions[n];

	*d = (struct tu_decision){.id = ids[n],
		.vulnerability = TU_STR("CVE-2026-0001"),
		.status = (enum tu_claim_status)(1 + prop_below(p, 4)),
		.learned_at = some_time(p),
		.decided_at = some_time(p),
		.premises.kev = prop_below(p, 3) == 0};
	if (n && prop_below(p, 2))
		d->supersedes = ids[prop_below(p, (uint32_t)n)];
	if (d->status == TU_CLAIM_AFFECTED)
		d->risk = prop_below(p, 2) ? TU_RISK_CONTROLLED : TU_RISK_UNCONTROLLED;
	for (size_t i = 0; i < events; i++)
		make_event(p, &all, h, n);
	h->list[n] = d;
}

static void make_history(struct prop *p, struct history *h)
{
	static const char *const markets[] = {"US", "eu", "Switzerland", "CAN"};
	size_t count = 1 + prop_below(p, DECISIONS);

	h->count = 0;
	for (size_t i = 0; i < TU_COUNT(markets); i++)
		h->markets[i] = tu_str_c(markets[i]);
	h->device = (struct tu_device){.medical = prop_below(p, 3) != 0,
		.manufacturer.isao_member = prop_below(p, 2) != 0,
		.markets = {h->markets, TU_COUNT(markets)}};
	for (size_t i = 0; i < count; i++)
		make_decision(p, h, prop_below(p, EVENTS + 1));
}

static const char *run(const struct history *h, int64_t at, struct tu_deadlines *out)
{
	const struct tu_deadline_case *cases;
	struct tu_error err = {0};
	size_t count;

	if (tu_deadline_cases(h->arena, h->list, h->count, &cases, &count, &err) || count != 1 ||
		tu_deadlines_run(h->arena, &h->device, &cases[0], at, out, &err))
		return "it cannot be run";
	return NULL;
}

/* ---- laws ---- */

/* A start that is assumed may be replaced by the one that an event records. */
static bool is_same(const struct tu_deadline *was, const struct tu_deadline *is)
{
	return is->rule == was->rule && is->start &&
		(was->rule->each
				? is->start == was->start
				: was->assumed || (is->start <= was->start && is->due <= was->due));
}

static const struct tu_deadline *find(
	const struct tu_deadlines *list, const struct tu_deadline *was)
{
	for (size_t i = 0; i < list->count; i++)
		if (is_same(was, &list->at[i]))
			return &list->at[i];
	return NULL;
}

static bool is_ended(const struct tu_deadline *d)
{
	return d->state == TU_DEADLINE_MET || d->state == TU_DEADLINE_WAIVED || d->stopped;
}

static const char *compare(
	const struct tu_deadlines *before, const struct tu_deadlines *after, bool strict)
{
	for (size_t i = 0; i < before->count; i++) {
		const struct tu_deadline *was = &before->at[i], *is;

		if (!was->start)
			continue;
		is = find(after, was);
		if (!is)
			return "a deadline that had started is gone, or due later";
		if (!strict || was->assumed)
			continue;
		if (!is_ended(was) && is_ended(is))
			return "an open deadline is ended";
		if (was->state == TU_DEADLINE_MISSED && is->state != TU_DEADLINE_MISSED)
			return "a missed deadline is not missed";
		if (was->state == TU_DEADLINE_RUNNING && is->state == TU_DEADLINE_CONDITIONAL)
			return "a running deadline is in doubt";
	}
	return NULL;
}

static const char *a_decision_ends_none(struct prop *p, struct history *h)
{
	struct tu_deadlines before, after;
	const char *broken = run(h, NOW, &before);

	make_decision(p, h, 0);
	broken = broken ? broken : run(h, NOW, &after);
	return broken ? broken : compare(&before, &after, true);
}

static const char *a_start_ends_none(struct prop *p, struct history *h)
{
	struct tu_deadlines before, after;
	const char *broken = run(h, NOW, &before);

	make_event(p, &starting, h, prop_below(p, (uint32_t)h->count));
	broken = broken ? broken : run(h, NOW, &after);
	return broken ? broken : compare(&before, &after, true);
}

static const char *an_event_removes_none(struct prop *p, struct history *h)
{
	struct tu_deadlines before, after;
	const char *broken = run(h, NOW, &before);

	make_event(p, &all, h, prop_below(p, (uint32_t)h->count));
	broken = broken ? broken : run(h, NOW, &after);
	return broken ? broken : compare(&before, &after, false);
}

static const char *time_ends_none(struct prop *p, struct history *h)
{
	int64_t at = some_time(p);
	struct tu_deadlines before, after;
	const char *broken = run(h, at, &before);

	broken = broken ? broken : run(h, at + (int64_t)prop_below(p, 4000) * DAY, &after);
	return broken ? broken : compare(&before, &after, false);
}

static const struct {
	const char *name;
	const char *(*holds)(struct prop *p, struct history *h);
} laws[] = {
	{"no decision ends, delays or turns a deadline that has started (REQ-CASE-2)",
		a_decision_ends_none},
	{"no start event does", a_start_ends_none},
	{"no event removes or delays one", an_event_removes_none},
	{"what has started is listed for ever", time_ends_none},
};

static const char *check(struct prop *p, size_t law)
{
	static struct history history;
	const char *broken = NULL;

	for (int i = 0; i < ROUNDS && !broken; i++) {
		history.arena = tu_arena_new(4 << 20);
		if (!history.arena)
			return "out of memory";
		make_history(p, &history);
		broken = laws[law].holds(p, &history);
		tu_arena_free(history.arena);
	}
	return broken;
}

int main(void)
{
	struct prop p = prop_begin();

	gather_words();
	for (size_t i = 0; i < TU_COUNT(laws); i++)
		prop_report(&p, laws[i].name, check(&p, i));
	return prop_end(&p);
}
