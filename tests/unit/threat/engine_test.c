/* Threats: conditions of three values, controls, reach, merging, questions, decisions, laws. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "threat_scene.h"

#define HEAD \
	"schema: tutela-threat-rules/1\nid: p\nversion: '1'\n" \
	"lists: {'no': ['no', none, 'not *']}\n" \
	"vocabulary: {freshness: [none, counter, 'session *']}\n"
#define WORDS \
	"x: [none, 'no *', 'open*', shared, '*radio*', '~limit*', '~lock*', 'password', '!open " \
	"with *']"
#define OF_FLOW \
	"rules: [{id: A, title: t, on: flow, stride: T, category: 4, settled_by: [integrity], "
#define OF_ELEMENT "rules: [{id: A, title: t, on: element, stride: T, category: 4, "
#define MODEL \
	"schema: tutela-model/1\n" \
	"zones: [{id: in, role: device}, {id: deep, parent: in}, {id: out, role: hospital}]\n"
#define PAIR \
	MODEL "elements: [{id: a, zone: out, kind: process, functions: [], facts: {os: Old}}, " \
	      "{id: b, zone: " \
	      "deep, " \
	      "kind: store, functions: [therapy]}]\nflows: [{id: f, from: a, to: b, "

/* One condition as `weak` at the flow f. */
static const struct {
	const char *weak, *flow;
	enum tu_threat_outcome outcome;
	const char *subject; /* of the first question */
} conditions[] = {
	{"{freshness: none}", "freshness: none", TU_THREAT_OPEN, NULL},
	{"{freshness: none}", "freshness: NONE", TU_THREAT_OPEN, NULL},
	{"{freshness: none}", "freshness: counter", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{freshness: none}", "freshness: Session_Key", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{freshness: none}", "freshness: moonlight", TU_THREAT_UNKNOWN, "freshness"},
	{"{freshness: none}", "medium: ip", TU_THREAT_UNKNOWN, "freshness"},
	{"{'freshness?': none}", "medium: ip", TU_THREAT_OUTCOMES, NULL},
	{"{freshness: silent}", "medium: ip", TU_THREAT_OPEN, NULL},
	{"{freshness: stated}", "freshness: counter", TU_THREAT_OPEN, NULL},
	{"{peer: $no}", "facts: {peer: Not checked}", TU_THREAT_OPEN, NULL},
	{"{peer: $no}", "facts: {peer: checked}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{medium: [ip, radio]}", "medium: radio", TU_THREAT_OPEN, NULL},
	{"{id: [f, g]}", "medium: radio", TU_THREAT_OPEN, NULL},
	{"{id: g}", "medium: radio", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{source.id: a, target: {id: 'B*'}}", "medium: radio", TU_THREAT_OPEN, NULL},
	{"{name: 'rate *'}", "name: Rate change", TU_THREAT_OPEN, NULL},
	{"{name: 'rate *'}", "medium: radio", TU_THREAT_UNKNOWN, "name"},
	{"{medium: [ip, radio]}", "medium: local", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{medium: [ip, radio]}", "name: x", TU_THREAT_UNKNOWN, "medium"},
	{"{carries: alarm}", "carries: [command, alarm]", TU_THREAT_OPEN, NULL},
	{"{carries: alarm}", "carries: [command]", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{fan_out: '>1'}", "fan_out: 2", TU_THREAT_OPEN, NULL},
	{"{fan_out: '>1'}", "fan_out: 1", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{fan_out: '<2'}", "fan_out: 1", TU_THREAT_OPEN, NULL},
	{"{crosses: 'yes'}", "name: x", TU_THREAT_OPEN, NULL},
	{"{source.zone.role: hospital}", "name: x", TU_THREAT_OPEN, NULL},
	{"{target.zone.role: device}", "name: x", TU_THREAT_OPEN, NULL},
	{"{target: {functions: therapy, kind: store}}", "name: x", TU_THREAT_OPEN, NULL},
	{"{source: {os: 'old*', listener: $no}}", "name: x", TU_THREAT_UNKNOWN, "listener"},
	{"{harm: integrity}", "assets: [dose]", TU_THREAT_OPEN, NULL},
	{"{harm: confidentiality}", "assets: [dose]", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{harm: integrity}", "assets: [riddle]", TU_THREAT_UNKNOWN, "harm"},
	{"{harm: integrity}", "assets: []", TU_THREAT_OUTCOMES, NULL},
	{"{harm: integrity}", "name: x", TU_THREAT_UNKNOWN, "assets"},
	{"{assets.privacy: serious}", "name: x", TU_THREAT_UNKNOWN, "assets"},
	{"{assets.privacy: serious}", "assets: [dose, name]", TU_THREAT_OPEN, NULL},
	{"{until: past}", "facts: {until: 2026-10}", TU_THREAT_OPEN, NULL},
	{"{until: past}", "facts: {until: 2026-12}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{until: past}", "facts: {until: 2026}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{any: [{x: a}, {freshness: none}]}", "freshness: none", TU_THREAT_OPEN, NULL},
	{"{any: [{x: a}, {freshness: none}]}", "freshness: counter", TU_THREAT_UNKNOWN, "x"},
	{"{x: a, freshness: none}", "freshness: counter", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{none: [{x: a}, {freshness: none}]}", "freshness: none", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{none: [{x: a}]}", "facts: {x: b}", TU_THREAT_OPEN, NULL},
	{"{by: {functions: therapy}}", "facts: {by: 'a, b'}", TU_THREAT_OPEN, NULL},
	{"{by: {functions: therapy}}", "facts: {by: a}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{by: {functions: therapy}}", "facts: {by: A and b}", TU_THREAT_OPEN, NULL},
	{"{by: {functions: therapy}}", "facts: {by: beside b}", TU_THREAT_UNKNOWN, "by"},
	{"{by: {functions: therapy}}", "facts: {by: separate from b}", TU_THREAT_NOT_APPLICABLE,
		NULL},
	{"{'by?': {functions: therapy}}", "name: x", TU_THREAT_OUTCOMES, NULL},
	{"{by: {functions: therapy}}", "name: x", TU_THREAT_UNKNOWN, "by"},
	/* values in words: clauses, negations, what takes back */
	{"{" WORDS "}", "facts: {x: 'open in the field'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'open, no password'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'Open (for service)'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'open only in production'}", TU_THREAT_UNKNOWN, "x"},
	{"{" WORDS "}", "facts: {x: 'open until it is locked'}", TU_THREAT_UNKNOWN, "x"},
	{"{" WORDS "}", "facts: {x: 'open with a key'}", TU_THREAT_UNKNOWN, "x"},
	{"{" WORDS "}", "facts: {x: 'no: nothing'}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{" WORDS "}", "facts: {x: 'none: nothing'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'no check'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'no open port'}", TU_THREAT_UNKNOWN, "x"},
	{"{" WORDS "}", "facts: {x: 'no shared key'}", TU_THREAT_UNKNOWN, "x"},
	{"{" WORDS "}", "facts: {x: 'no check for all'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'without a check'}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{" WORDS "}", "facts: {x: 'not limited'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'no rate limit'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'unlimited'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'never limited, but logged'}", TU_THREAT_UNKNOWN, "x"},
	{"{" WORDS "}", "facts: {x: 'limit removed'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'limit not enforced'}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{" WORDS "}", "facts: {x: 'no call without a limit'}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{" WORDS "}", "facts: {x: 'not without a limit'}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{" WORDS "}", "facts: {x: 'not unlimited'}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{" WORDS "}", "facts: {x: 'unlocked'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'lock is disabled'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'the lock cannot be removed'}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{" WORDS "}", "facts: {x: 'no login without a password'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'only with a password'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'no login without'}", TU_THREAT_NOT_APPLICABLE, NULL},
	{"{" WORDS "}", "facts: {x: 'on the radio'}", TU_THREAT_OPEN, NULL},
	{"{" WORDS "}", "facts: {x: 'separate from the radio'}", TU_THREAT_UNKNOWN, "x"},
	{"{" WORDS "}", "facts: {x: 'not on the radio'}", TU_THREAT_UNKNOWN, "x"},
	{"{" WORDS "}", "facts: {x: 'the radio is refused'}", TU_THREAT_UNKNOWN, "x"},
};

static void answers_conditions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(conditions) / sizeof(conditions[0]); i++) {
		char pack[2000], model[2000];
		struct tu_threats found;
		const struct tu_threat *threat;

		snprintf(pack, sizeof(pack), HEAD OF_FLOW "weak: %s}]\n", conditions[i].weak);
		snprintf(model, sizeof(model), PAIR "%s}]\n", conditions[i].flow);
		found = scene_find(
			scene_model(model), scene_pack(pack), (struct tu_dispositions){0});
		threat = scene_threat(&found, "A@b@f");
		if ((threat ? threat->outcome : TU_THREAT_OUTCOMES) != conditions[i].outcome)
			fail_msg("%s at %s: %s", conditions[i].weak, conditions[i].flow,
				threat ? tu_threat_outcome_name(threat->outcome) : "nothing");
		assert_int_equal(found.question_count, conditions[i].subject ? 1 : 0);
		if (conditions[i].subject &&
			!tu_str_eq(found.questions[0].subject, tu_str_c(conditions[i].subject)))
			fail_msg("%s: asks for %.*s", conditions[i].weak,
				TU_STR_FMT(found.questions[0].subject));
	}
}

static const struct {
	const char *control;
	enum tu_threat_outcome outcome;
} controls[] = {
	{"", TU_THREAT_OPEN},
	{"{id: c, covers: [f], provides: [integrity], evidence: T}", TU_THREAT_MITIGATED},
	{"{id: c, covers: [f], provides: [Integrity], state: compensating, evidence: T}",
		TU_THREAT_MITIGATED},
	{"{id: c, covers: [f], provides: [integrity]}", TU_THREAT_UNPROVEN},
	{"{id: c, covers: [f], provides: [integrity], state: planned, evidence: T}",
		TU_THREAT_OPEN},
	{"{id: c, covers: [f], provides: [integrity], evidence: 'planned for May'}",
		TU_THREAT_UNPROVEN},
	{"{id: c, covers: [f], provides: [integrity], evidence: 'Not tested yet'}",
		TU_THREAT_UNPROVEN},
	{"{id: c, covers: [f], provides: [integrity], evidence: 'NA-2031, section 4'}",
		TU_THREAT_MITIGATED},
	{"{id: c, covers: [f], provides: [integrity], evidence: 'Pentest 12'}",
		TU_THREAT_MITIGATED},
	{"{id: c, covers: [f], provides: [encryption], evidence: T}", TU_THREAT_OPEN},
	{"{id: c, covers: [a, b], provides: [integrity], evidence: T}", TU_THREAT_OPEN},
	{"{id: c, covers: [f], evidence: T}", TU_THREAT_UNKNOWN},
	{"{id: c, covers: [a, f, b, f], provides: [integrity], evidence: T}", TU_THREAT_MITIGATED},
	{"{id: c, covers: [a], provides: [integrity], evidence: T}, "
	 "{id: d, covers: [f, b], provides: [integrity]}",
		TU_THREAT_UNPROVEN},
};

static void settles_by_controls(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(controls) / sizeof(controls[0]); i++) {
		char model[2000];
		struct tu_threats found;

		snprintf(model, sizeof(model), PAIR "freshness: none}]\ncontrols: [%s]\n",
			controls[i].control);
		found = scene_find(scene_model(model),
			scene_pack(HEAD OF_FLOW "weak: {freshness: none}}]\n"),
			(struct tu_dispositions){0});
		assert_int_equal(found.count, 1);
		if (found.at[0].outcome != controls[i].outcome)
			fail_msg("%s: %s", controls[i].control,
				tu_threat_outcome_name(found.at[0].outcome));
		assert_true(found.at[0].controls.count <= 1);
	}
}

/* A statement that only claims a control is a question where there is none. */
static void asks_for_a_claimed_control(void **state)
{
	struct tu_threats found;
	(void)state;

	found = scene_find(scene_model(PAIR "freshness: none}]\n"),
		scene_pack(HEAD OF_FLOW "claim: true, weak: {freshness: none}}]\n"),
		(struct tu_dispositions){0});
	assert_int_equal(found.at[0].outcome, TU_THREAT_UNKNOWN);
	assert_true(tu_str_eq(found.questions[0].subject, TU_STR("control of freshness")));
	assert_true(tu_str_starts(found.questions[0].text,
		TU_STR("freshness \"none\" is only claimed here: which control that covers this "
		       "place provides ")));
}

/* A word that no rule knows is not passed over as if nothing was said. */
static void names_what_no_rule_knows(void **state)
{
	struct tu_threats found;
	(void)state;

	found = scene_find(scene_model(PAIR "freshness: moonlight}]\n"),
		scene_pack(HEAD OF_FLOW
			"weak: {freshness: none}, question: {freshness: 'What is fresh?'}}]\n"),
		(struct tu_dispositions){0});
	assert_int_equal(found.question_count, 1);
	assert_true(tu_str_starts(
		found.questions[0].text, TU_STR("\"moonlight\" is stated, which no rule knows")));
	assert_true(tu_str_ends(found.questions[0].text, TU_STR(": What is fresh?")));
}

/* ---- one open threat for a place, letter and category; one question for a subject ---- */

#define TWO_RULES \
	"rules:\n" \
	"  - {id: A, title: t, on: flow, stride: T, category: 4, weak: {freshness: none}}\n" \
	"  - {id: B, title: t, on: flow, stride: T, category: 4, weak: {medium: ip, freshness: " \
	"none}}\n" \
	"  - {id: C, title: t, on: flow, stride: T, category: 3, weak: {freshness: none}}\n" \
	"  - {id: S, title: t, on: flow, stride: T, category: 5, considered: true}\n" \
	"  - {id: D, title: t, on: flow, stride: D, category: 7, considered: true}\n"

static void merges(void **state)
{
	struct tu_threats found;
	const struct tu_threat *first;
	(void)state;

	found = scene_find(scene_model(PAIR "freshness: none, medium: ip}]\n"),
		scene_pack(HEAD TWO_RULES), (struct tu_dispositions){0});
	assert_int_equal(found.count, 3);
	first = scene_threat(&found, "A@b@f");
	assert_non_null(first);
	assert_true(tu_str_eq(first->reasons.at[1].subject, TU_STR("also")));
	assert_true(tu_str_eq(first->reasons.at[1].value, TU_STR("B")));
	assert_non_null(scene_threat(&found, "C@b@f"));
	assert_int_equal(
		scene_threat(&found, "D@b@f")->outcome, TU_THREAT_NOT_APPLICABLE); /* considered */
	found = scene_find(scene_model(PAIR "medium: ip}]\n"), scene_pack(HEAD TWO_RULES),
		(struct tu_dispositions){0});
	assert_int_equal(found.question_count, 1);
	assert_int_equal(found.questions[0].rules.count, 3);
}

/* ---- severity and reach ---- */

#define CHAIN(counts, fans) \
	MODEL "elements: [{id: a, " counts "}, {id: b, count: 100, patients: 1, assets: [dose]}, " \
	      "{id: c, count: 7, patients: 3}]\nflows: [{id: f, from: a, to: b, assets: [dose], " \
	      "freshness: none, fan_out: " fans "}, {id: g, from: b, to: c, assets: [dose], " \
	      "freshness: counter, fan_out: 1}, {id: h, " \
	      "from: c, to: a, assets: [dose], freshness: counter, fan_out: 999999999999}]\n"

static const struct {
	const char *model;
	uint64_t reach;
	enum tu_harm severity;
	size_t path;
} reaches[] = {
	{CHAIN("count: 1, patients: 0", "1"), 3, TU_HARM_CATASTROPHIC, 2},
	{CHAIN("count: 1, patients: 0", "50"), 50, TU_HARM_CATASTROPHIC, 1},
	/* limited by the count in the field */
	{CHAIN("count: 1, patients: 0", "1000"), 100, TU_HARM_CATASTROPHIC, 1},
	/* the source is never visited again, however wide the way back */
	{CHAIN("count: 1000000, patients: 1000000", "1"), 3, TU_HARM_CATASTROPHIC, 2},
	/* nobody is reached: one */
	{MODEL "elements: [{id: a}, {id: b, count: 5, patients: 0}]\nflows: [{id: f, from: a, to: "
	       "b, assets: [name], freshness: none, fan_out: 5}]\n",
		1, TU_HARM_NONE, 1},
	/* 10^9 times 10^9 stays a number */
	{MODEL "elements: [{id: a}, {id: b, count: 999999999999, patients: 999999999999}]\nflows: "
	       "[{id: f, from: a, to: b, assets: [dose], freshness: none, fan_out: "
	       "999999999999}]\n",
		TU_MODEL_UNSTATED - 1, TU_HARM_CATASTROPHIC, 1},
	/* not stated: not known, and an asset without hazards too */
	{MODEL "elements: [{id: a}, {id: b, count: 5}]\nflows: [{id: f, from: a, to: b, assets: "
	       "[riddle], freshness: none, fan_out: 5}]\n",
		TU_MODEL_UNSTATED, TU_HARM_UNKNOWN, 1},
};

static void weighs(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(reaches) / sizeof(reaches[0]); i++) {
		struct tu_threats found = scene_find(scene_model(reaches[i].model),
			scene_pack(HEAD OF_FLOW "weak: {freshness: none}}]\n"),
			(struct tu_dispositions){0});
		const struct tu_threat *threat = scene_threat(&found, "A@b@f");

		assert_non_null(threat);
		if (threat->reach != reaches[i].reach)
			fail_msg("model %zu: %llu", i, (unsigned long long)threat->reach);
		assert_false(threat->reach_is_bound);
		assert_int_equal(threat->severity, reaches[i].severity);
		assert_int_equal(threat->path.count, reaches[i].path);
	}
}

/* A shared key reaches every instance of what accepts it. */
#define KEYS(facts) \
	MODEL "elements: [{id: k, count: 9, patients: 1, assets: [dose], facts: {key_scope: " \
	      "fleet" facts "}}, {id: p, name: Pump computer, count: 400, patients: 2}, " \
	      "{id: q, count: 500, patients: 1}]\n" \
	      "flows: [{id: f, from: q, to: k, assets: [dose], freshness: none, fan_out: 1, " \
	      "facts: {x: y" facts "}}]\n"
#define ALL_ACCEPT "reach: credential, settled_by: [x]}]\n"
#define ACCEPTED "reach: accepted}]\n"

static const struct {
	const char *model, *rule, *key;
	uint64_t reach;
} credentials[] = {
	{KEYS(", accepted_by: p"), OF_ELEMENT "weak: {'key_scope?': fleet}, " ALL_ACCEPT, "A@k@",
		800},
	{KEYS(", accepted_by: 'p, q'"), OF_ELEMENT "weak: {'key_scope?': fleet}, " ALL_ACCEPT,
		"A@k@", 800},
	/* by its name too */
	{KEYS(", accepted_by: each pump computer"),
		OF_ELEMENT "weak: {'key_scope?': fleet}, " ALL_ACCEPT, "A@k@", 800},
	/* somebody accepts it, and who it is is not known */
	{KEYS(", accepted_by: every unit"), OF_ELEMENT "weak: {'key_scope?': fleet}, " ALL_ACCEPT,
		"A@k@", TU_MODEL_UNSTATED},
	{KEYS(""), OF_ELEMENT "weak: {'key_scope?': fleet}, " ALL_ACCEPT, "A@k@", 9},
	{KEYS(""), OF_ELEMENT "weak: {'key_scope?': fleet}, " ACCEPTED, "A@k@", 1},
	/* a password, where the model says what takes it; else forward */
	{KEYS(", accepted_by: p"), OF_FLOW "weak: {freshness: none}, " ACCEPTED, "A@k@f", 800},
	{KEYS(""), OF_FLOW "weak: {freshness: none}, " ACCEPTED, "A@k@f", 1},
	{KEYS(", accepted_by: whoever"), OF_FLOW "weak: {freshness: none}, " ACCEPTED, "A@k@f",
		TU_MODEL_UNSTATED},
};

static void reaches_by_credential(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(credentials) / sizeof(credentials[0]); i++) {
		char rules[1024];
		struct tu_threats found;
		const struct tu_threat *threat;

		(void)snprintf(rules, sizeof(rules), "%s%s", HEAD, credentials[i].rule);
		found = scene_find(scene_model(credentials[i].model), scene_pack(rules),
			(struct tu_dispositions){0});
		threat = scene_threat(&found, credentials[i].key);
		assert_non_null(threat);
		if (threat->reach != credentials[i].reach)
			fail_msg("row %zu: %llu", i, (unsigned long long)threat->reach);
	}
}

/* A ring of 10,000 elements ends, with an answer for each. */
static void ends_in_a_ring(void **state)
{
	enum { COUNT = 10000 };
	struct tu_buf text;
	struct tu_threats found;
	(void)state;

	tu_buf_init(&text, 1 << 24);
	tu_buf_c(&text, MODEL "elements:\n");
	for (int i = 0; i < COUNT; i++)
		tu_buf_printf(&text, " - {id: e%d, count: 1000000, patients: 1}\n", i);
	tu_buf_c(&text, "flows:\n");
	for (int i = 0; i < COUNT; i++)
		tu_buf_printf(&text,
			" - {id: f%d, from: e%d, to: e%d, assets: [dose], freshness: %s, fan_out: "
			"2}\n",
			i, i, (i + 1) % COUNT, i % 100 ? "counter" : "none");
	tu_buf_byte(&text, '\0');
	assert_false(text.failed);
	found = scene_find(scene_model(text.ptr),
		scene_pack(HEAD OF_FLOW "weak: {freshness: none}}]\n"),
		(struct tu_dispositions){0});
	assert_int_equal(found.at[0].outcome, TU_THREAT_OPEN);
	assert_int_equal(found.at[0].reach, 1000000);
	tu_buf_done(&text);
}

/* Equal threats are in the order of their keys, and no two have one, whatever the ids. */
static const struct {
	const char *elements, *flows;
} orders[] = {
	{"{id: e}, {id: e-1}, {id: eA}, {id: e.1}, {id: e_1}, {id: E}, {id: e1}, {id: e10}",
		"{id: f, from: e, to: e1}, {id: f-1, from: e1, to: e}, {id: fA, from: e, to: e-1}, "
		"{id: f1, from: e, to: e10}, {id: F, from: e10, to: eA}, {id: f9, from: e, to: "
		"e1}, {id: f99, from: e, to: e1}, {id: f-9, from: e, to: e1}, {id: fa, from: e, "
		"to: e1}"},
	{"{id: z}, {id: y}, {id: x}",
		"{id: c, from: z, to: x}, {id: b, from: z, to: x}, "
		"{id: a, from: x, to: z}"},
	/* a foreign form may have such ids */
	{"{id: 'a'}, {id: 'a@b'}, {id: 'a@'}, {id: 'a@b@c'}, {id: 'a%40b'}",
		"{id: 'b@c', from: 'a', to: 'a'}, {id: 'c', from: 'a', to: 'a@b'}"},
};

#define ORDERED_RULE(id, on) \
	"{id: " id ", title: t, on: " on ", stride: T, category: 4, considered: true}"

static void orders_by_key(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
		char model[2000];
		struct tu_threats found;

		snprintf(model, sizeof(model),
			"{schema: neutral-device-model/1, id: x, title: x, elements: [%s], flows: "
			"[%s]}",
			orders[i].elements, orders[i].flows);
		found = scene_find(scene_model(model),
			scene_pack(HEAD "rules: [" ORDERED_RULE(
				"T1", "[element, flow]") ", " ORDERED_RULE("T-1",
				"flow") ", " ORDERED_RULE("T", "element") ", " ORDERED_RULE("Ta",
				"[element, flow]") "]\n"),
			(struct tu_dispositions){0});
		assert_true(found.count > 8);
		for (size_t t = 1; t < found.count; t++)
			if (tu_str_cmp(found.at[t - 1].key, found.at[t].key) >= 0)
				fail_msg("%.*s before %.*s", TU_STR_FMT(found.at[t - 1].key),
					TU_STR_FMT(found.at[t].key));
	}
}

/* ---- decisions ---- */

#define DECIDED \
	"schema: tutela-threats/1\ndecisions:\n  - {key: A@b@f, by: x, reason: y, at: " \
	"2026-01-01, "

static const struct {
	const char *decision;
	enum tu_threat_outcome outcome;
	const char *reopened;
} decisions[] = {
	{"outcome: accepted, until: 2027-01-01", TU_THREAT_ACCEPTED, NULL},
	{"outcome: accepted, until: 2026-11-01", TU_THREAT_OPEN, "its time is over"},
	{"outcome: transferred, labelling: IFU 7", TU_THREAT_TRANSFERRED, NULL},
	{"outcome: not-applicable, severity: catastrophic", TU_THREAT_NOT_APPLICABLE, NULL},
	{"outcome: not-applicable, severity: minor", TU_THREAT_OPEN, "the severity is worse"},
	{"outcome: not-applicable, facts: ['freshness=none']", TU_THREAT_NOT_APPLICABLE, NULL},
	{"outcome: not-applicable, facts: ['freshness=session']", TU_THREAT_OPEN, "other facts"},
	{"outcome: not-applicable, pack: p@1", TU_THREAT_NOT_APPLICABLE, NULL},
	{"outcome: not-applicable, pack: p@0", TU_THREAT_OPEN, "the pack of rules"},
};

static void applies_decisions(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(decisions) / sizeof(decisions[0]); i++) {
		struct tu_dispositions read = {0};
		struct tu_threats found;
		struct tu_error err;
		char text[1000];

		snprintf(text, sizeof(text), DECIDED "%s}\n", decisions[i].decision);
		if (tu_dispositions_read(arena, TU_STR("t"), tu_str_c(text), &read, &err) != TU_OK)
			fail_msg("%s", error_text(&err));
		found = scene_find(scene_model(PAIR "freshness: none, assets: [dose]}]\n"),
			scene_pack(HEAD OF_FLOW "weak: {freshness: none}}]\n"), read);
		if (found.at[0].outcome != decisions[i].outcome)
			fail_msg("%s: %s", decisions[i].decision,
				tu_threat_outcome_name(found.at[0].outcome));
		assert_int_equal(found.at[0].derived, TU_THREAT_OPEN);
		assert_int_equal(found.stale.count, 0);
		assert_int_equal(found.at[0].reopened.len != 0, decisions[i].reopened != NULL);
		if (decisions[i].reopened)
			assert_true(tu_str_starts(
				found.at[0].reopened, tu_str_c(decisions[i].reopened)));
	}
}

/* An overdue assumption re-opens; a decision whose threat is gone is stale, and kept. */
static void reopens_and_keeps(void **state)
{
	struct tu_dispositions read = {0};
	struct tu_threats found;
	struct tu_error err;
	const struct tu_threat_pack *pack = scene_pack(HEAD OF_FLOW "weak: {freshness: none}}]\n");
	(void)state;

	assert_int_equal(
		tu_dispositions_read(arena, TU_STR("t"),
			TU_STR(DECIDED "outcome: accepted, until: 2027-01-01}\n"), &read, &err),
		TU_OK);
	found = scene_find(scene_model(PAIR "freshness: none}]\nassumptions: [{id: u, text: t, "
					    "review_by: 2026-06-01, about: [f]}]\n"),
		pack, read);
	assert_int_equal(found.at[0].outcome, TU_THREAT_OPEN);
	assert_true(tu_str_starts(found.at[0].reopened, TU_STR("an assumption")));
	found = scene_find(scene_model(PAIR "freshness: counter}]\n"), pack, read);
	assert_int_equal(found.stale.count, 1);
	assert_true(found.stale.at[0].stale);
}

/* The end of a component's support is a threat at each element that contains it. */
static void finds_components(void **state)
{
	const struct tu_threat_pack *pack = NULL;
	struct tu_threats found;
	struct tu_error err;
	(void)state;

	assert_int_equal(tu_threat_pack_builtin(arena, &pack, &err), TU_OK);
	found = scene_find(
		scene_model(
			PAIR "freshness: counter}]\ncomponents: [{id: k, purl: "
			     "'pkg:generic/x@1', end_of_support: 2026-01-31, elements: [a, b]}, "
			     "{id: l, purl: 'pkg:generic/y@1', support: maintained, elements: "
			     "[a]}]\n"),
		pack, (struct tu_dispositions){0});
	assert_int_equal(scene_threat(&found, "U07:k@a@")->outcome, TU_THREAT_OPEN);
	assert_int_equal(scene_threat(&found, "U07:k@b@")->outcome, TU_THREAT_OPEN);
	assert_int_equal(scene_threat(&found, "U07:l@a@")->outcome, TU_THREAT_NOT_APPLICABLE);
}

/* One gateway is touched; what it then sends reaches all that it serves. */
static void reaches_on_from_a_debug_port(void **state)
{
	const struct tu_threat_pack *pack = NULL;
	struct tu_threats found;
	struct tu_error err;
	uint64_t reach = 0;
	(void)state;

	if (tu_threat_pack_builtin(arena, &pack, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	found = scene_find(
		scene_model("schema: tutela-model/1\nelements:\n"
			    " - {id: g, kind: process, count: 9, patients: 0, assets: [dose], "
			    "facts: {debug: open}}\n"
			    " - {id: e, kind: process, count: 500, patients: 1, assets: [dose]}\n"
			    "flows: [{id: f, from: g, to: e, carries: [command], medium: ip, "
			    "assets: [dose], fan_out: 20}]\n"),
		pack, (struct tu_dispositions){0});
	for (size_t i = 0; i < found.count; i++)
		if (tu_str_eq(found.at[i].rule, TU_STR("P01")))
			reach = found.at[i].reach;
	assert_int_equal(reach, 20);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			reaches_on_from_a_debug_port, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(answers_conditions, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(settles_by_controls, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(
			asks_for_a_claimed_control, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(names_what_no_rule_knows, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(merges, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(weighs, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reaches_by_credential, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(orders_by_key, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(ends_in_a_ring, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(applies_decisions, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reopens_and_keeps, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(finds_components, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
