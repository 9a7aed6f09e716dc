/* Packs of rules: what is read, and what is refused where. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "threat_scene.h"

#define HEAD "schema: tutela-threat-rules/1\nid: p\nversion: '1'\n"
#define RULE "rules:\n  - {id: A, title: t, on: flow, stride: S, category: 1, "

static const struct {
	const char *text, *error;
} bad[] = {
	{"id: p\n", "p:1:1: \"schema\" is missing"},
	{"schema: x\nid: p\nversion: '1'\nrules: []\n", "p:1:9: /schema: expected \"tutela-threat"},
	{HEAD, "\"rules\" is missing"},
	{HEAD "rules: [{title: t}]\n", "/rules/0: \"id\" is missing"},
	{HEAD RULE "}\n", "\"weak\" is missing"},
	{HEAD RULE "wek: {a: b}}\n", "p:5:57: /rules/0/wek: no such key"},
	{HEAD RULE "weak: []}\n",
		"p:5:63: /rules/0/weak: expected a map of conditions, not a list"},
	{HEAD RULE "weak: {}}\n", "expected a map of conditions"},
	{HEAD RULE "weak: {any: {a: b}}}\n", "/rules/0/weak/any: expected a list of conditions"},
	{HEAD RULE "weak: {any: []}}\n", "expected a list of conditions"},
	{HEAD RULE "weak: {a: $nothing}}\n", "no list \"nothing\" under \"lists\""},
	{HEAD RULE "weak: {a: [[b]]}}\n", "expected a word, not a list"},
	{HEAD RULE "weak: {'a b': c}}\n", "expected the name of an attribute"},
	{HEAD RULE "weak: {medium: air}}\n", "\"air\" is no word of \"medium\""},
	{HEAD RULE "weak: {fan_out: '>x'}}\n", "expected a whole number after \">\""},
	{HEAD RULE "weak: {a: b}, question: {a: Who, and when?}}\n",
		"a text with a comma wants quotes"},
	{HEAD RULE "weak: {a: b}, reach: far}\n", "/rules/0/reach: expected one of forward"},
	{HEAD RULE "weak: {a: b}, on: cloud}\n", "on"},
	{HEAD "rules:\n  - {id: A, title: t, on: cloud, stride: S, category: 1, weak: {a: b}}\n",
		"/rules/0/on: expected one of flow, element"},
	{HEAD "rules:\n  - {id: A, title: t, on: flow, stride: X, category: 1, weak: {a: b}}\n",
		"/rules/0/stride: expected one letter of STRIDE"},
	{HEAD "rules:\n  - {id: A, title: t, on: flow, stride: S, category: 0, weak: {a: b}}\n",
		"\"category\" is 1 to 8"},
	{HEAD "rules:\n  - {id: A@b, title: t, on: flow, stride: S, category: 1, weak: {a: b}}\n",
		"the id of a rule has letters"},
	{HEAD RULE "weak: {a: b}}\n  - {id: A, title: t, on: flow, stride: S, category: 1, weak: "
		   "{a: b}}\n",
		"/rules/1: a second rule \"A\""},
	{HEAD RULE "weak: {any: [{any: [{any: [{any: [{any: [{any: [{any: [{any: [{any: [{a: "
		   "b}]}]}]}]}]}]}]}]}]}}\n",
		"conditions are nested more than 8 deep"},
};

static void refuses(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(bad[0]); i++) {
		const struct tu_threat_pack *pack = NULL;
		struct tu_error err = {0};

		if (tu_threat_pack_read(arena, TU_STR("p"), tu_str_c(bad[i].text), &pack, &err) ==
			TU_OK)
			fail_msg("was read:\n%s", bad[i].text);
		if (!strstr(error_text(&err), bad[i].error))
			fail_msg("%s\nexpected: %s", error_text(&err), bad[i].error);
		assert_null(pack);
	}
}

/* Every rule of the program's own pack can be read, cited and named. */
static void reads_the_builtin_pack(void **state)
{
	const struct tu_threat_pack *pack = NULL;
	struct tu_error err;
	size_t weak = 0;
	(void)state;

	if (tu_threat_pack_builtin(arena, &pack, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	assert_int_equal(pack->digest.len, 64);
	for (size_t i = 0; i < pack->rule_count; i++) {
		const struct tu_threat_rule *rule = &pack->rules[i];

		if (rule->considered)
			continue;
		weak++;
		if (!rule->control.len || !rule->cwe.count || !rule->settled_by.count)
			fail_msg("%.*s: no control, CWE or settled_by", TU_STR_FMT(rule->id));
	}
	assert_true(weak >= 60);
}

static const struct {
	const char *text, *error;
} bad_decisions[] = {
	{"decisions: []\n", "\"schema\" is missing"},
	{"schema: x\n", "t:1:9: /schema: expected \"tutela-threats/1\""},
	{"decisions: [{key: A, outcome: accepted, by: a, reason: r, at: 2026-01-01, until: "
	 "2027-01-01}]\n",
		"\"A\" is no key of a threat"},
	{"decisions: [{key: A@b@, outcome: accepted, by: a, reason: r, at: 2026-01-01}]\n",
		"\"until\" is missing"},
	{"decisions: [{key: A@b@, outcome: transferred, by: a, reason: r, at: 2026-01-01}]\n",
		"\"labelling\" is missing"},
	{"decisions: [{key: A@b@, outcome: mitigated, by: a, reason: r, at: 2026-01-01}]\n",
		"/decisions/0/outcome: expected one of accepted"},
	{"decisions: [{key: A@b@, outcome: not-applicable, by: a, at: 2026-01-01}]\n",
		"\"reason\" is missing"},
	{"decisions: [{key: A@b@, outcome: not-applicable, by: a, reason: r, at: 2026-01-01}, "
	 "{key: A@b@, outcome: not-applicable, by: a, reason: r, at: 2026-01-01}]\n",
		"/decisions/1: a second decision about \"A@b@\""},
};

static void refuses_decisions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(bad_decisions) / sizeof(bad_decisions[0]); i++) {
		struct tu_dispositions decisions = {0};
		struct tu_error err = {0};
		char text[1000];

		snprintf(text, sizeof(text), "%s%s", i > 1 ? "schema: tutela-threats/1\n" : "",
			bad_decisions[i].text);
		if (tu_dispositions_read(arena, TU_STR("t"), tu_str_c(text), &decisions, &err) ==
			TU_OK)
			fail_msg("was read:\n%s", text);
		if (!strstr(error_text(&err), bad_decisions[i].error))
			fail_msg("%s\nexpected: %s", error_text(&err), bad_decisions[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refuses, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_the_builtin_pack, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(refuses_decisions, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
