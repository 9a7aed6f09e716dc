/*
 * What re-opens a decision about a threat at an element, and what keeps it. A decision that goes on
 * after something changed says "accepted" of what nobody has looked at.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "threat/write/dispositions.h"
#include "threat_scene.h"

#define PACK(version) \
	"schema: tutela-threat-rules/1\nid: p\nversion: '" version "'\nrules:\n" \
	"  - {id: B, title: t, on: element, stride: E, category: 4, settled_by: [locked], weak: " \
	"{debug: open}}\n" \
	"  - {id: R, title: t, on: element, stride: R, category: 5, settled_by: [logging], weak: " \
	"{logged: 'no'}}\n"
#define ELEMENT(assets, facts) \
	"schema: tutela-model/1\nelements: [{id: a, assets: [" assets \
	"], facts: {debug: open" facts "}}, {id: b}, {id: c}]\n"
#define FLOWS "flows: [{id: f, from: b, to: a}, {id: g, from: a, to: b}, {id: x, from: b, to: c}]\n"
#define BASE ELEMENT("dose", "")

/* The base is decided on as the program records it; then the model is another one. */
static const struct {
	const char *before, *after;
	const char *reopened; /* NULL: it applies */
} changes[] = {
	{BASE, BASE, NULL},
	{BASE FLOWS, BASE FLOWS, NULL},
	{BASE, BASE "flows: [{id: x, from: b, to: c}]\n", NULL},
	{BASE FLOWS, BASE "flows: [{id: f, from: b, to: a}]\n", NULL},
	{BASE, BASE FLOWS, "a flow was added to the element"},
	{BASE, BASE "flows: [{id: o, from: a, to: c}]\n", "a flow was added to the element"},
	{BASE FLOWS,
		BASE "flows: [{id: f, from: b, to: a}, {id: g, from: a, to: b}, {id: n, from: c, "
		     "to: a}]\n",
		"a flow was added to the element"},
	{BASE FLOWS,
		BASE "flows: [{id: f, from: b, to: a}, {id: g, from: a, to: b}, {id: n, from: a, "
		     "to: c}]\n",
		"a flow was added to the element"},
	{ELEMENT("", ""), BASE, "the severity is worse than at the time of the decision"},
	{BASE, ELEMENT("riddle", ""), "the severity is worse than at the time of the decision"},
	{BASE, ELEMENT("dose", ", colour: red"), NULL},
	{BASE, BASE "assumptions: [{id: u, review_by: 2026-06-01, about: [b, a]}]\n",
		"an assumption about the place is overdue"},
	{BASE,
		BASE
		"assumptions: [{id: u, review_by: 2027-06-01, about: [a]}, {id: v, about: [a]}, "
		"{id: w, review_by: 2026-06-01, about: [b]}]\n",
		NULL},
	{BASE FLOWS, BASE FLOWS "assumptions: [{id: u, review_by: 2026-06-01, about: [f]}]\n",
		NULL},
};

static const struct tu_threat *find_one(const char *model, const struct tu_threat_pack *pack,
	const char *key, struct tu_dispositions decisions)
{
	struct tu_threats *found = tu_arena_alloc(arena, sizeof(*found));
	const struct tu_threat *threat;

	assert_non_null(found);
	*found = scene_find(scene_model(model), pack, decisions);
	threat = scene_threat(found, key);
	if (!threat)
		fail_msg("no threat %s", key);
	return threat;
}

/* What the program records of a threat, with an acceptance until next year. */
static struct tu_disposition record(const char *model, const struct tu_threat_pack *pack)
{
	struct tu_disposition decision = {.key = TU_STR("B@a@"),
		.outcome = TU_THREAT_ACCEPTED,
		.by = TU_STR("x"),
		.reason = TU_STR("r"),
		.at = SCENE_NOW - 1000,
		.until = SCENE_NOW + 1000};
	struct tu_threat_input input = {
		.model = scene_model(model), .packs = &pack, .pack_count = 1, .at = SCENE_NOW};
	struct tu_threats found = {0};
	struct tu_error err;

	assert_int_equal(tu_threat_find(arena, &input, &found, &err), TU_OK);
	assert_int_equal(tu_disposition_take_facts(
				 arena, &input, scene_threat(&found, "B@a@"), &decision, &err),
		TU_OK);
	return decision;
}

/* Through the file, as a decision lives between two runs. */
static struct tu_dispositions keep(const struct tu_disposition *decision)
{
	const struct tu_dispositions one = {decision, 1};
	struct tu_dispositions read = {0};
	struct tu_buf out;
	struct tu_str text;
	struct tu_error err;

	tu_buf_init(&out, 1 << 16);
	assert_int_equal(tu_dispositions_write(&one, &out, &err), TU_OK);
	assert_true(tu_arena_dup(arena, tu_buf_str(&out), &text));
	tu_buf_done(&out);
	if (tu_dispositions_read(arena, TU_STR("t"), text, &read, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	return read;
}

static void applies_until_something_changes(void **state)
{
	const struct tu_threat_pack *pack = scene_pack(PACK("1"));
	(void)state;

	for (size_t i = 0; i < sizeof(changes) / sizeof(changes[0]); i++) {
		struct tu_disposition decision = record(changes[i].before, pack);
		const struct tu_threat *threat =
			find_one(changes[i].after, pack, "B@a@", keep(&decision));
		struct tu_str why = tu_str_c(changes[i].reopened ? changes[i].reopened : "");

		if (!tu_str_eq(threat->reopened, why))
			fail_msg("row %zu: \"%.*s\"", i, TU_STR_FMT(threat->reopened));
		assert_int_equal(threat->outcome, why.len ? TU_THREAT_OPEN : TU_THREAT_ACCEPTED);
	}
}

static void other_people_and_times_do_not_count(void **state)
{
	const struct tu_threat_pack *pack = scene_pack(PACK("1")), *newer = scene_pack(PACK("2"));
	struct tu_disposition decision = record(BASE, pack), changed = decision;
	const struct tu_dispositions one = {&changed, 1};
	(void)state;

	assert_true(tu_str_eq(find_one(BASE, newer, "B@a@", one)->reopened,
		TU_STR("the pack of rules has another version")));
	changed.pack = TU_STR("p");
	assert_true(find_one(BASE, pack, "B@a@", one)->reopened.len > 0);
	changed = decision;
	changed.proposed = true;
	assert_true(tu_str_eq(find_one(BASE, pack, "B@a@", one)->reopened,
		TU_STR("nobody who may approve it has")));
	changed = decision;
	changed.at = SCENE_NOW + 1;
	assert_true(tu_str_eq(find_one(BASE, pack, "B@a@", one)->reopened,
		TU_STR("the decision is dated in the future")));
	changed = decision;
	changed.until = 0;
	assert_true(tu_str_eq(find_one(BASE, pack, "B@a@", one)->reopened,
		TU_STR("the acceptance has no end date")));
	changed.outcome = TU_THREAT_NOT_APPLICABLE;
	assert_int_equal(find_one(BASE, pack, "B@a@", one)->outcome, TU_THREAT_NOT_APPLICABLE);
	changed.until = SCENE_NOW; /* the end is not a second of it */
	assert_true(
		tu_str_eq(find_one(BASE, pack, "B@a@", one)->reopened, TU_STR("its time is over")));
}

/* Each threat has its own decision, whatever their order; of two about one the last. A question and
 * a mitigated threat stay what they are. */
static void each_threat_has_its_decision(void **state)
{
	const struct tu_threat_pack *pack = scene_pack(PACK("1"));
	const struct tu_disposition all[] = {
		{.key = TU_STR("R@a@"), .outcome = TU_THREAT_NOT_APPLICABLE},
		{.key = TU_STR("B@b@"), .outcome = TU_THREAT_NOT_APPLICABLE},
		{.key = TU_STR("B@a@"), .outcome = TU_THREAT_TRANSFERRED},
		{.key = TU_STR("B@a@"), .outcome = TU_THREAT_NOT_APPLICABLE},
		{.key = TU_STR("B@z@"), .outcome = TU_THREAT_NOT_APPLICABLE},
		{.key = TU_STR("B@c@"), .outcome = TU_THREAT_NOT_APPLICABLE},
	};
	const struct tu_dispositions decisions = {all, sizeof(all) / sizeof(all[0])};
	static const char model[] =
		"schema: tutela-model/1\nelements: [{id: a, facts: {debug: open, logged: 'no'}}, "
		"{id: b}, {id: c, facts: {debug: open}}]\n"
		"controls: [{id: k, covers: [c], provides: [locked], evidence: T}]\n";
	struct tu_threats found = scene_find(scene_model(model), pack, decisions);
	(void)state;

	assert_int_equal(scene_threat(&found, "B@a@")->outcome, TU_THREAT_NOT_APPLICABLE);
	assert_int_equal(scene_threat(&found, "B@a@")->disposition, 3);
	assert_int_equal(scene_threat(&found, "R@a@")->outcome, TU_THREAT_NOT_APPLICABLE);
	assert_int_equal(scene_threat(&found, "B@b@")->outcome, TU_THREAT_UNKNOWN);
	assert_int_equal(scene_threat(&found, "B@c@")->outcome, TU_THREAT_MITIGATED);
	assert_int_equal(found.stale.count, 2);
	assert_int_equal(found.stale.at[0].outcome, TU_THREAT_TRANSFERRED);
	assert_true(tu_str_eq(found.stale.at[1].key, TU_STR("B@z@")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			applies_until_something_changes, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(
			other_people_and_times_do_not_count, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(
			each_threat_has_its_decision, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
