/*
 * What a rule can ask of a place: each attribute, met, not met and not stated. A silence is a
 * question, never "not applicable".
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "threat_scene.h"

#define NONE TU_THREAT_NOT_APPLICABLE
#define OPEN TU_THREAT_OPEN
#define ASKED TU_THREAT_UNKNOWN
#define CONTROL(more) "controls: [{id: k, covers: [a, f]" more "}]\n"
#define NINE_STATES \
	"states: [{id: s1, phase: transport}, {id: s2, phase: storage}, {id: s3, phase: set-up}, " \
	"{id: s4, phase: therapy}, {id: s5, phase: cleaning}, {id: s6, phase: service}, {id: s7, " \
	"phase: test}, {id: s8, phase: training}, {id: s9, phase: disposal}]\n"

/* `element` and `flow` are members of a and f, which leads from a to b. */
static const struct {
	const char *on, *weak;
	const char *element, *flow, *rest;
	enum tu_threat_outcome outcome;
} asked[] = {
	/* numbers */
	{"flow", "fan_out: '>1'", "", "fan_out: 2", "", OPEN},
	{"flow", "fan_out: '>1'", "", "fan_out: 1", "", NONE},
	{"flow", "fan_out: '<2'", "", "fan_out: 1", "", OPEN},
	{"flow", "fan_out: '<2'", "", "fan_out: 2", "", NONE},
	{"flow", "fan_out: '<2'", "", "", "", ASKED},
	{"element", "count: '>9'", "count: 10", "", "", OPEN},
	{"element", "patients: '>1'", "patients: 0", "", "", NONE},
	{"element", "patients: '>1'", "", "", "", ASKED},
	{"element", "zone.trust: '<5'", "zone: low", "", "", OPEN},
	{"element", "zone.trust: '<5'", "zone: high", "", "", NONE},
	{"element", "zone.trust: '<5'", "zone: some", "", "", ASKED},
	{"element", "zone.trust: '<5'", "", "", "", ASKED},
	/* texts and words */
	{"flow", "channel: '*443'", "", "channel: tcp/8443", "", OPEN},
	{"flow", "channel: '*443'", "", "channel: tcp/80", "", NONE},
	{"flow", "channel: '*443'", "", "", "", ASKED},
	{"element", "name: 'motor*'", "name: Motor board", "", "", OPEN},
	{"element", "name: 'motor*'", "", "", "", ASKED},
	{"element", "in_scope: 'yes'", "", "", "", OPEN},
	{"flow", "crosses: 'yes'", "zone: low", "", "", ASKED},
	/* dates */
	{"element", "os_support: past", "facts: {os_support: '2026-11-29'}", "", "", OPEN},
	{"element", "os_support: past", "facts: {os_support: '2026-12-01'}", "", "", NONE},
	{"element", "os_support: past", "facts: {os_support: '2026-10'}", "", "", OPEN},
	{"element", "os_support: past", "facts: {os_support: '2026-13'}", "", "", ASKED},
	{"element", "os_support: past", "facts: {os_support: '2026-10-45'}", "", "", ASKED},
	{"element", "os_support: past", "facts: {os_support: '26-10'}", "", "", ASKED},
	{"component", "end_of_support: past", "", "",
		"components: [{id: c, end_of_support: 2026-01-01, elements: [a]}]\n", OPEN},
	{"component", "end_of_support: past", "", "",
		"components: [{id: c, end_of_support: 2027-01-01, elements: [a]}]\n", NONE},
	{"component", "end_of_support: past", "", "", "components: [{id: c, elements: [a]}]\n",
		ASKED},
	{"component", "purl: 'pkg:npm/*'", "", "",
		"components: [{id: c, purl: 'pkg:npm/x@1', elements: [a]}]\n", OPEN},
	{"component", "purl: 'pkg:npm/*'", "", "", "components: [{id: c, elements: [a]}]\n", ASKED},
	/* credentials: their own facts, at their store, else where they are accepted */
	{"credential", "scope: fleet", "", "", "credentials: [{id: c, scope: fleet, store: a}]\n",
		OPEN},
	{"credential", "scope: fleet", "", "",
		"credentials: [{id: c, scope: fleet, accepted_by: [a]}]\n", OPEN},
	{"credential", "rotated: 'no'", "facts: {rotated: 'yes'}", "",
		"credentials: [{id: c, store: a, facts: {rotated: 'no'}}]\n", OPEN},
	{"credential", "rotated: 'no'", "facts: {rotated: 'no'}", "",
		"credentials: [{id: c, store: a}]\n", OPEN},
	{"credential", "scope: fleet", "", "", "credentials: [{id: c, store: a}]\n", ASKED},
	/* states: by their phases, however many; a fact says it before them */
	{"element", "states: disposal", "states: [s1, s9]", "", NINE_STATES, OPEN},
	{"element", "states: disposal", "states: [s1, s2]", "", NINE_STATES, NONE},
	{"element", "states: disposal", "states: [s1, s2, s3, s4, s5, s6, s7, s8, s9]", "",
		NINE_STATES, ASKED},
	{"element", "states: transport", "states: [s1, s2, s3, s4, s5, s6, s7, s8, s9]", "",
		NINE_STATES, OPEN},
	{"element", "states: disposal", "facts: {states: disposal}, states: [s1]", "", NINE_STATES,
		OPEN},
	/* assets */
	{"element", "assets.function: therapy", "assets: [dose]", "", "", OPEN},
	{"element", "assets.function: therapy", "assets: [name]", "", "", NONE},
	{"element", "assets.function: therapy", "", "", "", ASKED},
	{"element", "assets.privacy: serious", "assets: [dose, name]", "", "", OPEN},
	{"flow", "harm: integrity", "", "assets: [dose]", "", OPEN},
	{"flow", "harm: integrity", "", "assets: [name]", "", NONE},
	{"flow", "harm: integrity", "", "assets: [riddle]", "", ASKED},
	{"element", "many: 'yes'", "patients: 1", "", "", NONE},
	/* what controls provide: who does not say what it provides may */
	{"element", "provided: [remote, 'lock*']", "", "", "", NONE},
	{"element", "provided: [remote, 'lock*']", "", "", CONTROL(", provides: [locked]"), OPEN},
	{"element", "provided: [remote, 'lock*']", "", "", CONTROL(", provides: [integrity]"),
		NONE},
	{"element", "provided: [remote, 'lock*']", "", "",
		CONTROL(", provides: [locked], state: planned"), NONE},
	{"element", "provided: [remote, 'lock*']", "", "", CONTROL(""), ASKED},
	{"element", "provided: [remote, 'lock*']", "", "", CONTROL(", state: planned"), NONE},
	{"flow", "none: [{provided: [integrity]}]", "", "", CONTROL(", provides: [locked]"), OPEN},
	{"flow", "none: [{provided: [integrity]}]", "", "", CONTROL(", provides: [integrity]"),
		NONE},
	{"flow", "none: [{provided: [integrity]}]", "", "", CONTROL(""), ASKED},
};

static const struct tu_threat *threat_of(
	const struct tu_threats *found, const struct tu_model *model)
{
	for (size_t i = 0; i < found->count; i++)
		if (found->at[i].spot.is_flow ||
			tu_str_eq(model->elements[found->at[i].spot.index].id, TU_STR("a")))
			return &found->at[i];
	return NULL;
}

static void asks_each_attribute(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(asked) / sizeof(asked[0]); i++) {
		const struct tu_model *model;
		const struct tu_threat *threat;
		struct tu_threats found;
		enum tu_threat_outcome outcome;
		char text[2000], pack[600];

		(void)snprintf(text, sizeof(text),
			"schema: tutela-model/1\n"
			"zones: [{id: low, trust: 2}, {id: high, trust: 8}, {id: some}]\n%s"
			"elements: [{id: a, %s}, {id: b}]\nflows: [{id: f, from: a, to: b, %s}]\n",
			asked[i].rest, asked[i].element[0] ? asked[i].element : "name: ''",
			asked[i].flow[0] ? asked[i].flow : "name: ''");
		(void)snprintf(pack, sizeof(pack),
			"schema: tutela-threat-rules/1\nid: p\nversion: '1'\n"
			"vocabulary: {rotated: ['yes'], os_support: [2030]}\nrules:\n"
			"  - {id: A, title: t, on: %s, stride: E, category: 1, settled_by: [x], "
			"weak: {%s}}\n",
			asked[i].on, asked[i].weak);
		model = scene_model(text);
		found = scene_find(model, scene_pack(pack), (struct tu_dispositions){0});
		threat = threat_of(&found, model);
		outcome = threat ? threat->outcome : TU_THREAT_NOT_APPLICABLE;
		if (outcome != asked[i].outcome)
			fail_msg("row %zu: %s: %s, %s, %s: %s", i, asked[i].weak, asked[i].element,
				asked[i].flow, asked[i].rest, tu_threat_outcome_name(outcome));
	}
}

/* Ids and values of any length do not end in "out of memory": the reason and the question have
 * them. */
static void says_what_is_long(void **state)
{
	const struct tu_threat_pack *pack = scene_pack(
		"schema: tutela-threat-rules/1\nid: p\nversion: '1'\nrules:\n"
		"  - {id: A, title: t, on: element, stride: E, category: 1, settled_by: [x], weak: "
		"{functions: 'word 59'}}\n");
	struct tu_threats found;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1 << 20);
	tu_buf_c(&text, "schema: tutela-model/1\nelements: [{id: a, functions: [");
	for (int i = 0; i < 60; i++)
		tu_buf_printf(&text, "%sword %d%s", i ? ", " : "", i,
			i == 59 ? "" : " that nobody needs to know of");
	tu_buf_c(&text, "]}]\ncontrols: [{id: k");
	for (int i = 0; i < 6000; i++)
		tu_buf_byte(&text, 'x');
	tu_buf_c(&text, ", covers: [a]}]\n");
	tu_buf_byte(&text, '\0');
	assert_false(text.failed);
	found = scene_find(scene_model(text.ptr), pack, (struct tu_dispositions){0});
	assert_int_equal(found.count, 1);
	assert_int_equal(found.at[0].outcome, TU_THREAT_UNKNOWN);
	assert_true(found.at[0].reasons.at[0].value.len > 1500);
	assert_int_equal(found.question_count, 1);
	assert_true(found.questions[0].text.len > 6000);
	tu_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(asks_each_attribute, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(says_what_is_long, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
