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

/* Each fact of docs/formats/model.md: a weak value opens a threat at its place, a sound one none.
 */
static const struct {
	const char *at, *weak, *sound, *rule;
} facts[] = {
	{"e", "os_support: 2025-01", "os_support: 2031-04", "U09"},
	{"e", "general_purpose: 'yes', listener: 'yes'", "general_purpose: 'no', listener: 'yes'",
		"H04"},
	{"e", "debug: open", "debug: fused", "P01"},
	{"e", "port: reachable", "port: closed", "P02"},
	{"e", "key_scope: fleet", "key_scope: device", "M02"},
	{"e", "key_scope: site", "key_scope: device", "M02D"},
	{"e", "key_custody: online-single", "key_custody: escrow", "C06"},
	{"e", "hardware: flash, key_scope: device", "hardware: secure element, key_scope: device",
		"P07"},
	{"e", "accounts: shared", "accounts: named", "P05"},
	{"f", "accounts: default", "accounts: named", "P05"},
	{"f", "mfa: 'no'", "mfa: 'yes'", "C03"},
	{"f", "login: social account", "login: hospital account", "C03S"},
	{"e", "phi: 'yes', at_rest: plain", "phi: 'yes', at_rest: encrypted", "P04"},
	{"e", "wipe: 'no'", "wipe: 'yes'", "P06"},
	{"f", "deidentified: 'no'", "deidentified: 'yes'", "C07D"},
	{"f", "third_party: unlisted", "third_party: listed", "C07"},
	{"e", "secure_boot: 'no'", "secure_boot: 'yes'", "U08"},
	{"e", "rollback_check: 'no'", "rollback_check: monotonic counter", "U03E"},
	{"e", "device_verifies: 'no'", "device_verifies: 'yes'", "M03E"},
	{"f", "model_signed: 'no'", "model_signed: 'yes'", "C08"},
	{"e", "power_loss: single slot", "power_loss: A/B slots", "U04"},
	{"f", "logged: 'no'", "logged: 'yes'", "L01"},
	{"e", "alarm_local: 'no'", "alarm_local: 'yes'", "T06"},
	{"f", "loss_alarm: none", "loss_alarm: both ends", "T06L"},
	{"f", "remote_access: permanent", "remote_access: none", "H05"},
	{"e", "inbound: 'yes'", "inbound: 'no'", "R07"},
	{"e", "bridge: 'yes'", "bridge: 'no'", "H07"},
	{"e", "tenants: many, partition: none", "tenants: one, partition: by customer", "M06O"},
	{"f", "object_check: 'no'", "object_check: 'yes'", "C04"},
	{"f", "identity_binding: 'no'", "identity_binding: signed", "T13"},
	{"f", "peer_check: any", "peer_check: certificate", "H09"},
	{"f", "sender_check: 'no'", "sender_check: 'yes'", "H09"},
	{"f", "client_certificate: not requested", "client_certificate: checked", "T01"},
	{"e", "break_glass: 'shared code, no time limit'", "break_glass: 'limited, audited'",
		"T10"},
	{"e", "wake: unlimited", "wake: by nearness", "R03"},
	{"e", "radio_id: static", "radio_id: rotating", "R05"},
	{"f", "pairing: Just Works", "pairing: numeric comparison", NULL},
	{"e", "tag: unauthenticated", "tag: challenge", "R08"},
	{"e", "limits_writable_by: any network process", "limits_writable_by: safety processor",
		"T03"},
	{"e", "limits_writable_by: a", "limits_writable_by: nobody", "T03"},
	{"e", "limits_from: plan file", "limits_from: read-only memory", "T03"},
	{"e", "partition: none", "partition: separate processor", "T04"},
	{"e", "runs_on: same processor as the network", "runs_on: own processor", "T04S"},
	{"e", "hardwired: 'no'", "hardwired: 'yes'", "T08"},
	{"e", "autonomous: 'no'", "autonomous: 'yes'", "T07"},
	{"e", "relay: phone", "relay: none", "T07"},
};

static size_t count_open(const char *at, const char *fact, const char *rule)
{
	const struct tu_threat_pack *pack = NULL;
	struct tu_threats found;
	struct tu_error err;
	char model[2000];
	size_t open = 0;
	bool element = at[0] == 'e';

	snprintf(model, sizeof(model),
		"schema: tutela-model/1\nzones: [{id: z, role: device}, {id: y, role: hospital}]\n"
		"elements:\n - {id: a, kind: process, zone: y, functions: [display]}\n"
		" - {id: e, kind: process, zone: z, functions: [therapy], assets: [dose], "
		"patients: "
		"1, count: 5, facts: {%s}}\n"
		"flows: [{id: f, from: a, to: e, carries: [command], medium: ip, assets: [dose], "
		"authentication: mutual, integrity: mac, encryption: aead, freshness: counter, "
		"fan_out: 1, facts: {%s}}]\n",
		element ? fact : "", element ? "" : fact);
	if (tu_threat_pack_builtin(arena, &pack, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	found = scene_find(scene_model(model), pack, (struct tu_dispositions){0});
	for (size_t i = 0; i < found.count; i++) {
		if (found.at[i].outcome != TU_THREAT_OPEN)
			continue;
		open += !rule || tu_str_eq(found.at[i].rule, tu_str_c(rule));
		if (!rule)
			print_message("%s: %.*s\n", fact, TU_STR_FMT(found.at[i].key));
	}
	return open;
}

static void knows_each_fact(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(facts) / sizeof(facts[0]); i++) {
		if (facts[i].rule && !count_open(facts[i].at, facts[i].weak, facts[i].rule))
			fail_msg("%s: %s is not found", facts[i].weak, facts[i].rule);
		if (count_open(facts[i].at, facts[i].sound, NULL))
			fail_msg("%s: a false alarm", facts[i].sound);
	}
	assert_int_equal(count_open("e", "", NULL), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refuses, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_the_builtin_pack, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(refuses_decisions, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(knows_each_fact, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
