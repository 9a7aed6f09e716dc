/* Attack paths: which state a target has, the way to it, what keeps it closed, the smallest cut,
 * bounds.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "threat/paths.h"
#include "threat_scene.h"

#define PACK \
	"schema: tutela-threat-rules/1\nid: p\nversion: '1'\n" \
	"rules: [{id: A, title: t, on: flow, stride: T, category: 4, settled_by: [integrity], " \
	"weak: {freshness: none}}, {id: B, title: t, on: element, stride: E, category: 4, " \
	"settled_by: [locked], weak: {'debug?': open}}, {id: C, title: t, on: flow, stride: D, " \
	"category: 4, weak: {'rate?': none}}]\n"
#define HEAD "schema: tutela-model/1\nzones: [{id: in, role: device}, {id: out, role: public}]\n"
/* a is outside, b to d are inside, t is the target. */
#define FIVE \
	HEAD "elements: [{id: a, zone: out, kind: external}, {id: b, zone: in, kind: process}, " \
	     "{id: c, zone: in, kind: process}, {id: d, zone: in, kind: process}, {id: t, zone: " \
	     "in, kind: process, functions: [therapy], count: 500, patients: 2}]\n"
#define WEAK ", freshness: none, assets: [dose], fan_out: 1}"
#define SOUND ", freshness: counter, assets: [dose], fan_out: 1}"
#define OTHER ", freshness: counter, assets: [name], fan_out: 1}"
#define SILENT ", assets: [dose], fan_out: 1}"

static struct tu_attacks find(const struct tu_model *model, const char *to)
{
	const struct tu_threat_pack *pack = scene_pack(PACK);
	struct tu_threat_input threats = {
		.model = model, .packs = &pack, .pack_count = 1, .at = SCENE_NOW};
	struct tu_threats found = scene_find(model, pack, (struct tu_dispositions){0});
	struct tu_attack_input input = {&threats, &found,
		to ? tu_model_element_by_id(model, tu_str_c(to)) : TU_MODEL_NOWHERE};
	struct tu_attacks attacks = {0};
	struct tu_error err;

	if (tu_attack_paths(arena, &input, &attacks, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	return attacks;
}

/* Ids of flows or controls with spaces. */
static void add_id(char *text, struct tu_str id)
{
	size_t len = strlen(text);

	snprintf(text + len, 200 - len, "%s%.*s", len ? " " : "", TU_STR_FMT(id));
}

static const struct {
	const char *name, *rest;
	enum tu_attack_state state;
	const char *path, *cut, *held;
} cases[] = {
	{"a line", "flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: t" WEAK "]\n",
		TU_ATTACK_OPEN, "f g", "f", ""},
	{"forged data are passed on",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: t" SOUND "]\n",
		TU_ATTACK_OPEN, "f g", "f", ""},
	{"other data are not",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: t" OTHER "]\n",
		TU_ATTACK_BLOCKED, "f g", "", ""},
	{"sound flows are no path",
		"flows: [{id: f, from: a, to: b" SOUND ", {id: g, from: b, to: t" SOUND "]\n",
		TU_ATTACK_BLOCKED, "f g", "", ""},
	{"denial is no way in", "flows: [{id: f, from: a, to: t, facts: {rate: none}" SOUND "]\n",
		TU_ATTACK_BLOCKED, "f", "", ""},
	{"silence is undecided",
		"flows: [{id: f, from: a, to: b" SILENT ", {id: g, from: b, to: t" WEAK "]\n",
		TU_ATTACK_UNDECIDED, "f g", "f", ""},
	{"a flow that states no assets is undecided",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: t, freshness: "
		"counter}]\n",
		TU_ATTACK_UNDECIDED, "f g", "f", ""},
	{"unreachable", "flows: [{id: f, from: t, to: a" WEAK "]\n", TU_ATTACK_UNREACHABLE, "", "",
		""},
	{"a control stops what was forged",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: t" SOUND "]\n"
		"controls: [{id: k, covers: [g], provides: [integrity], evidence: T-1}]\n",
		TU_ATTACK_BLOCKED, "f g", "", "k"},
	{"without evidence it does not",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: t" SOUND "]\n"
		"controls: [{id: k, covers: [g], provides: [integrity]}]\n",
		TU_ATTACK_OPEN, "f g", "f", ""},
	{"with evidence that is yet to come it does not",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: t" SOUND "]\n"
		"controls: [{id: k, covers: [g], provides: [integrity], evidence: pending}]\n",
		TU_ATTACK_OPEN, "f g", "f", ""},
	{"a control of two that are needed is not enough alone",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: t" WEAK "]\n"
		"controls: [{id: k, covers: [f], provides: [integrity], evidence: T-1}, {id: l, "
		"covers: [g], provides: [integrity], evidence: T-1}]\n",
		TU_ATTACK_BLOCKED, "f g", "", ""},
	{"a diamond",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: a, to: c" WEAK
		", {id: h, from: b, to: d" WEAK ", {id: i, from: c, to: d" WEAK
		", {id: j, from: d, to: t" WEAK "]\n",
		TU_ATTACK_OPEN, "f h j", "j", ""},
	{"two ways and a cross between them",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: a, to: c" WEAK
		", {id: h, from: b, to: c" WEAK ", {id: i, from: b, to: t" WEAK
		", {id: j, from: c, to: t" WEAK "]\n",
		TU_ATTACK_OPEN, "f i", "f g", ""},
	{"the wider way of two",
		"flows: [{id: f, from: a, to: t" WEAK ", {id: g, from: a, to: b" WEAK
		", {id: h, from: b, to: t, freshness: none, fan_out: 40}]\n",
		TU_ATTACK_OPEN, "g h", "f g", ""},
	{"a cycle on the way",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: b, to: c, freshness: none, "
		"fan_out: 9}, {id: h, from: c, to: b, freshness: none, fan_out: 9}, {id: i, from: "
		"c, to: t" WEAK "]\n",
		TU_ATTACK_OPEN, "f g i", "f", ""},
	{"a stated entry at a flow",
		"flows: [{id: f, from: a, to: b" WEAK ", {id: g, from: c, to: t" WEAK "]\n"
		"entries: [{id: e, title: x, position: radio, at: g}]\n",
		TU_ATTACK_OPEN, "g", "g", ""},
	{"a stated entry at a sound flow, and an open one elsewhere",
		"flows: [{id: f, from: a, to: t" WEAK ", {id: g, from: c, to: t" SOUND "]\n"
		"entries: [{id: e, title: x, position: radio, at: g}]\n",
		TU_ATTACK_BLOCKED, "g", "", ""},
	{"a stated entry at the target, where nothing is open",
		"flows: [{id: f, from: a, to: b" WEAK "]\n"
		"entries: [{id: e, title: x, position: touch, at: t}]\n",
		TU_ATTACK_BLOCKED, "", "", ""},
};

static void finds_the_way(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		char text[3000], path[200] = "", cut[200] = "", held[200] = "";
		const struct tu_model *model;
		struct tu_attacks attacks;
		const struct tu_attack *attack;

		snprintf(text, sizeof(text), "%s%s", FIVE, cases[i].rest);
		model = scene_model(text);
		attacks = find(model, "t");
		assert_int_equal(attacks.count, 1);
		attack = &attacks.at[0];
		for (size_t k = 0; k < attack->hop_count; k++)
			add_id(path, model->flows[attack->hops[k].flow].id);
		for (size_t k = 0; k < attack->cut.count; k++)
			add_id(cut, model->flows[attack->cut.at[k]].id);
		for (size_t k = 0; k < attack->held_by.count; k++)
			add_id(held, model->controls[attack->held_by.at[k]].id);
		if (attack->state != cases[i].state || strcmp(path, cases[i].path) != 0 ||
			strcmp(cut, cases[i].cut) != 0 || strcmp(held, cases[i].held) != 0)
			fail_msg("%s: %s, path \"%s\", cut \"%s\", held by \"%s\"", cases[i].name,
				tu_attack_state_name(attack->state), path, cut, held);
	}
}

static void counts_patients(void **state)
{
	const struct tu_attacks found =
		find(scene_model(FIVE
			     "flows: [{id: f, from: a, to: t, freshness: none, fan_out: 40}]\n"),
			NULL);
	const struct tu_attacks capped =
		find(scene_model(FIVE
			     "flows: [{id: f, from: a, to: t, freshness: none, fan_out: 4000}]\n"),
			NULL);
	const struct tu_attacks silent =
		find(scene_model(FIVE "flows: [{id: f, from: a, to: b, freshness: none}, {id: g, "
				      "from: b, to: t, freshness: none, fan_out: 3}]\n"),
			NULL);

	(void)state;
	assert_int_equal(found.at[0].patients, 80);
	assert_int_equal(capped.at[0].patients, 1000);
	assert_true(silent.at[0].patients == TU_MODEL_UNSTATED);
	assert_int_equal(found.at[0].hops[0].crosses, TU_STATED_YES);
	assert_int_equal(found.at[0].hops[0].threats.count, 1);
}

static void assumes_entries(void **state)
{
	const struct tu_attacks assumed =
		find(scene_model(FIVE "flows: [{id: f, from: a, to: t" WEAK "]\n"), NULL);
	const struct tu_attacks none = find(
		scene_model("schema: tutela-model/1\nzones: [{id: in, role: device}]\n"
			    "elements: [{id: t, zone: in, kind: process, functions: [alarm]}]\n"),
		NULL);
	const struct tu_attacks weak =
		find(scene_model("schema: tutela-model/1\nzones: [{id: in, role: device}]\n"
				 "elements: [{id: t, zone: in, kind: process, functions: [alarm], "
				 "facts: {debug: open}}]\n"),
			"t");
	const struct tu_attacks off =
		find(scene_model(FIVE "flows: [{id: f, from: a, to: t" WEAK "]\n"
				      "entries: [{id: e, title: x, position: touch, at: b}]\n"),
			NULL);

	(void)state;
	assert_true(assumed.assumed);
	assert_int_equal(assumed.entry_count, 1);
	assert_int_equal(none.entry_count, 0);
	assert_int_equal(none.at[0].state, TU_ATTACK_UNREACHABLE);
	assert_int_equal(weak.at[0].state, TU_ATTACK_OPEN);
	assert_int_equal(weak.at[0].hop_count, 0);
	assert_false(weak.at[0].cut_known);
	assert_false(off.assumed);
	assert_int_equal(off.off_path, 1);
	assert_int_equal(off.at[0].state, TU_ATTACK_UNREACHABLE);
}

enum { MANY = 10000 };

/* Elements in a ring of weak flows that each widen it; the last is the target. */
static void is_bounded(void **state)
{
	struct tu_model_element *elements = tu_arena_array(arena, MANY, sizeof(*elements));
	struct tu_model_flow *flows = tu_arena_array(arena, MANY, sizeof(*flows));
	struct tu_model model = {
		.elements = elements, .elements_count = MANY, .flows = flows, .flows_count = MANY};
	static const struct tu_model_zone zones[] = {
		{.id = {"in", 2}, .parent = TU_MODEL_NOWHERE, .role = TU_ZONE_DEVICE}};
	static const struct tu_str therapy[] = {{"therapy", 7}};
	struct tu_model_entry entry = {.id = TU_STR("e"), .spot = {false, 0}};
	struct tu_attacks attacks;

	(void)state;
	assert_true(elements && flows);
	for (uint32_t i = 0; i < MANY; i++) {
		char id[16];

		snprintf(id, sizeof(id), "n%u", i);
		elements[i] = (struct tu_model_element){
			.kind = TU_ELEMENT_PROCESS, .count = TU_MODEL_UNSTATED, .patients = 1};
		assert_true(tu_arena_dup(arena, tu_str_c(id), &elements[i].id));
		id[0] = 'f';
		flows[i] = (struct tu_model_flow){.from = i, .to = (i + 1) % MANY, .fan_out = 1000};
		flows[i].properties[TU_PROPERTY_FRESHNESS] = TU_STR("none");
		assert_true(tu_arena_dup(arena, tu_str_c(id), &flows[i].id));
	}
	elements[MANY - 1].functions = (struct tu_texts){therapy, 1};
	model.zones = zones;
	model.zones_count = 1;
	model.entries = &entry;
	model.entries_count = 1;
	attacks = find(&model, "n9999");
	assert_int_equal(attacks.count, 1);
	assert_int_equal(attacks.at[0].state, TU_ATTACK_OPEN);
	assert_int_equal(attacks.at[0].hop_count, MANY - 1);
	assert_true(attacks.at[0].patients == TU_MODEL_UNSTATED - 1);
	assert_int_equal(attacks.at[0].cut.count, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(finds_the_way, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(counts_patients, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(assumes_entries, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(is_bounded, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
