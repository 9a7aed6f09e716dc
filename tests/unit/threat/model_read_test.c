/* Design models: what is read of our own form and of the neutral form, and what is refused where.
 */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <tutela/model.h>

#include "base/yaml.h"
#include "error_text.h"

#define OWN "schema: tutela-model/1\n"
#define DEVICE \
	"family: X\nhazards: [{id: h, severity: minor}]\n" \
	"assets: [{id: rate, hazards: [h]}, {id: chart}]\n"

static struct tu_arena *arena;

static int open_arena(void **state)
{
	(void)state;
	arena = tu_arena_new(0);
	return arena ? 0 : -1;
}

static int close_arena(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

static enum tu_status read_it(const char *text, const struct tu_model **model,
	struct tu_model_losses *losses, struct tu_error *err)
{
	const struct tu_device *device = NULL;
	struct tu_model_source source = {.file = TU_STR("m"), .text = tu_str_c(text)};

	assert_int_equal(tu_device_read(arena, TU_STR("d"), TU_STR(DEVICE), NULL, &device, err), 0);
	source.device = device;
	return tu_model_read(arena, &source, model, losses, err);
}

static const struct tu_model *model_of(const char *text)
{
	const struct tu_model *model = NULL;
	struct tu_error err;

	if (read_it(text, &model, NULL, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	return model;
}

#define TWO "elements: [{id: a}, {id: b}]\n"

static const struct {
	const char *text, *error;
} bad[] = {
	{"a: 1\n", "m:1:1: no form of a design model that is read"},
	{"schema: tutela-model/2\n", "no form of a design model"},
	{OWN "zone: []\n", "m:2:1: /zone: no such key"},
	{OWN "zones: {}\n", "m:2:8: /zones: expected a list, not a map"},
	{OWN "zones: [{name: a}]\n", "/zones/0: \"id\" is missing"},
	{OWN "zones: [{id: ' '}]\n", "/zones/0/id: \"id\" is empty"},
	{OWN "zones: [{id: a}, {id: a}]\n", "m:2:23: /zones/1/id: \"a\" names a second zone"},
	{OWN "zones: [{id: a, parent: a}]\n", "m:2:9: /zones/0: the zone \"a\" is in itself"},
	{OWN "zones: [{id: x, parent: a}, {id: a, parent: b}, {id: b, parent: a}]\n",
		"/zones/1: the zone \"a\" is in itself"},
	{OWN "zones: [{id: a, parent: b}]\n", "m:2:25: /zones/0/parent: there is no zone \"b\""},
	{OWN "zones: [{id: a, role: ward}]\n", "/zones/0/role: expected one of"},
	{OWN "zones: [{id: a, trust: 0}]\n", "expected a trust from 1 to 10"},
	{OWN "zones: [{id: a, trust: 11}]\n", "/zones/0/trust: expected a whole number"},
	{OWN "elements: [{id: a, kind: robot}]\n",
		"m:2:26: /elements/0/kind: expected one of unknown, actor"},
	{OWN "elements: [{id: a, count: 0}]\n",
		"/elements/0/count: expected a whole number from 1"},
	{OWN "elements: [{id: a, patients: -1}]\n",
		"/elements/0/patients: expected a whole number from 0"},
	{OWN "elements: [{id: a, zone: z}]\n", "/elements/0/zone: there is no zone \"z\""},
	{OWN "elements: [{id: a, assets: [x]}]\n", "/elements/0/assets/0: there is no asset \"x\""},
	{OWN "elements: [{id: a, states: [x]}]\n", "/elements/0/states/0: there is no state \"x\""},
	{OWN "elements: [{id: a, facts: [x]}]\n", "/elements/0/facts: expected a map of facts"},
	{OWN "elements: [{id: a, facts: {x: {y: 1}}}]\n",
		"/elements/0/facts/x: expected a text, not a map"},
	{OWN "elements: [{id: a, in_scope: maybe}]\n", "/elements/0/in_scope: expected true"},
	{OWN TWO "flows: [{id: f, from: a}]\n", "m:3:9: /flows/0: \"to\" is missing"},
	{OWN TWO "flows: [{id: f, from: a, to: null}]\n", "/flows/0: \"to\" is missing"},
	{OWN TWO "flows: [{id: f, from: a, to: c}]\n",
		"m:3:30: /flows/0/to: there is no element or flow \"c\""},
	{OWN TWO "flows: [{id: f, from: a, to: f}]\n",
		"/flows/0/to: \"f\" is a flow, not an element"},
	{OWN TWO "flows: [{id: a, from: a, to: b}]\n",
		"/flows/0/id: \"a\" names a second element or flow"},
	{OWN TWO "flows: [{id: f, from: a, to: b, fan_out: 0}]\n",
		"/flows/0/fan_out: expected a whole number from 1"},
	{OWN TWO "flows: [{id: f, from: a, to: b, fan_out: -3}]\n", "/flows/0/fan_out: expected"},
	{OWN TWO "flows: [{id: f, from: a, to: b, fan_out: many}]\n", "/flows/0/fan_out: expected"},
	{OWN TWO "flows: [{id: f, from: a, to: b, fan_out: 1e9}]\n", "/flows/0/fan_out: expected"},
	{OWN TWO "flows: [{id: f, from: a, to: b, fan_out: 1000000000000000000}]\n",
		"/flows/0/fan_out: expected"},
	{OWN TWO "flows: [{id: f, from: a, to: b, medium: air}]\n",
		"/flows/0/medium: expected one of"},
	{OWN TWO "flows: [{id: f, from: a, to: b, carries: [love]}]\n",
		"/flows/0/carries/0: expected one of command"},
	{OWN TWO "flows: [{id: f, from: a, to: b, carries: love}]\n",
		"/flows/0/carries: expected one of command"},
	{OWN "zones: [{id: [a]}]\n", "/zones/0/id: expected a text, not a list"},
	{OWN "zones: [a]\n", "m:2:9: /zones/0: expected a map"},
	{OWN TWO "views: [{id: v, elements: {a: b}}]\n", "/views/0/elements: expected a list"},
	{OWN TWO "flows: [{id: f, from: [a], to: b}]\n", "/flows/0/from: expected a text"},
	{OWN TWO "flows: [{id: f, from: a, to: b, roles: x, facts: {roles: y}}]\n",
		"/flows/0/roles: \"roles\" is stated twice"},
	{OWN TWO "controls: [{id: c, covers: [a, gone]}]\n",
		"m:3:32: /controls/0/covers/1: there is no element or flow \"gone\""},
	{OWN TWO "controls: [{id: c, category: 9}]\n", "/controls/0/category: expected a category"},
	{OWN TWO "controls: [{id: c, state: soon}]\n", "/controls/0/state: expected one of"},
	{OWN TWO "components: [{id: c, elements: [z]}]\n", "/components/0/elements/0: there is no"},
	{OWN TWO "components: [{id: c, end_of_support: soon}]\n",
		"/components/0/end_of_support: expected a date"},
	{OWN TWO "credentials: [{id: c, scope: world}]\n", "/credentials/0/scope: expected one of"},
	{OWN TWO "credentials: [{id: c, accepted_by: [q]}]\n", "/credentials/0/accepted_by/0"},
	{OWN TWO "assumptions: [{id: c, review_by: never}]\n", "/assumptions/0/review_by"},
	{OWN TWO "entries: [{id: e, at: x}]\n", "/entries/0/at: there is no element or flow"},
	{OWN TWO "entries: [{id: e}]\n", "/entries/0: \"at\" is missing"},
	{OWN TWO "entries: [{id: e, at: a, position: moon}]\n", "/entries/0/position: expected"},
	{OWN TWO "views: [{id: v, kind: poster}]\n", "/views/0/kind: expected one of global"},
	{OWN TWO "views: [{id: v, elements: [x]}]\n", "/views/0/elements/0: there is no"},
	{OWN TWO "views: [{id: v, flows: [a]}]\n",
		"/views/0/flows/0: \"a\" is an element, not a flow"},
	{OWN "assets: [{id: a}]\n", "m:2:1: /assets: no such key"},
	{OWN "zones: &z [{id: a}]\n", "m:2:8"},
	{"schema: neutral-device-model/1\nid: x\nhazards: [{id: h, severity: awful}]\n",
		"m:3:29: /hazards/0/severity: expected one of"},
	{"schema: neutral-device-model/1\nid: x\nassets: [{id: a, hazards: [h]}]\n",
		"/assets/0/hazards/0: there is no hazard \"h\""},
	{"schema: neutral-device-model/1\nid: x\nviews: [{id: v, kind: poster}]\n",
		"/views/0/kind: expected one of"},
};

static void refuses(void **state)
{
	(void)state;

	for (size_t i = 0; i < TU_COUNT(bad); i++) {
		const struct tu_model *model = NULL;
		struct tu_error err = {0};

		if (read_it(bad[i].text, &model, NULL, &err) == TU_OK)
			fail_msg("read: %s", bad[i].text);
		if (!strstr(error_text(&err), bad[i].error))
			fail_msg("%s\ngave %s\nnot  %s", bad[i].text, error_text(&err),
				bad[i].error);
		assert_null(model);
		assert_int_not_equal(read_it(bad[i].text, &model, NULL, NULL), TU_OK);
	}
}

static const char each_member[] =
	OWN "release: '4.4'\n"
	    "zones:\n"
	    "  - {id: in, parent: out, role: device, trust: 7, boundary: case}\n"
	    "  - {id: out, role: care}\n"
	    "states: [{id: use, phase: clinical use}]\n"
	    "elements:\n"
	    "  - {id: a, kind: process, zone: in, count: 10800, patients: 0, functions: "
	    "[therapy],\n"
	    "     assets: [rate, chart, rate], facts: {listener: yes, wipe: true, os: "
	    "unknown},\n"
	    "     states: [use]}\n"
	    "  - {id: b, in_scope: false, enabled: false}\n"
	    "flows:\n"
	    "  - {id: f, from: a, to: b, medium: ip, carries: [command, log], channel: "
	    "'8443',\n"
	    "     authentication: mutual, integrity: '', encryption: unknown, fan_out: 180,\n"
	    "     session: ten minutes, facts: {sender_check: no, abnormal: drops}}\n"
	    "controls:\n"
	    "  - {id: c, category: 3, covers: [f, b], provides: [integrity], evidence: T, "
	    "state: planned}\n"
	    "components: [{id: k, purl: 'pkg:generic/x@1', end_of_support: 2030-01-01, "
	    "elements: [a]}]\n"
	    "credentials: [{id: k, scope: Fleet, store: a, accepted_by: [b]}]\n"
	    "assumptions: [{id: s, review_by: 2027-01-01, about: [f]}]\n"
	    "entries: [{id: e, position: supply chain, at: f}]\n"
	    "views: [{id: v, kind: global, elements: '*', flows: ['*']},\n"
	    "  {id: w, elements: [b], flows: '*'}, {id: u, reason: has none}]\n";

static void reads_zones_and_elements(void **state)
{
	const struct tu_model *m = model_of(each_member);
	const struct tu_model_element *a = &m->elements[0];
	(void)state;

	assert_true(tu_str_eq(m->form, TU_STR("model.yaml")));
	assert_true(tu_str_eq(m->title, TU_STR("X")));
	assert_int_equal(m->assets_count, 2);
	assert_int_equal(m->zones[0].parent, 1);
	assert_int_equal(m->zones[1].parent, TU_MODEL_NOWHERE);
	assert_int_equal(m->zones[0].role, TU_ZONE_DEVICE);
	assert_int_equal(a->zone, 0);
	assert_int_equal(a->count, 10800);
	assert_int_equal(a->patients, 0);
	assert_int_equal(a->assets.count, 2);
	assert_int_equal(a->facts.count, 2);
	assert_true(tu_str_eq(tu_model_fact_get(&a->facts, TU_STR("wipe")), TU_STR("yes")));
	assert_int_equal(tu_model_fact_get(&a->facts, TU_STR("os")).len, 0);
	assert_int_equal(m->elements[1].zone, TU_MODEL_NOWHERE);
	assert_true(m->elements[1].count == TU_MODEL_UNSTATED);
	assert_true(m->elements[1].out_of_scope && m->elements[1].disabled);
	assert_int_equal(m->elements[1].kind, TU_ELEMENT_UNKNOWN);
}

static void reads_flows(void **state)
{
	const struct tu_model *m = model_of(each_member);
	const struct tu_model_flow *f = &m->flows[0];
	(void)state;

	assert_int_equal(f->carries, TU_CARRIES_COMMAND | TU_CARRIES_LOG);
	assert_true(tu_str_eq(f->properties[TU_PROPERTY_AUTHENTICATION], TU_STR("mutual")));
	assert_int_equal(f->properties[TU_PROPERTY_INTEGRITY].len, 0);
	assert_int_equal(f->properties[TU_PROPERTY_ENCRYPTION].len, 0);
	assert_int_equal(f->properties[TU_PROPERTY_FRESHNESS].len, 0);
	assert_int_equal(f->facts.count, 3);
	assert_true(
		tu_str_eq(tu_model_fact_get(&f->facts, TU_STR("session")), TU_STR("ten minutes")));
	assert_int_equal(f->place.line, 13);
}

static void reads_the_other_lists(void **state)
{
	const struct tu_model *m = model_of(each_member);
	(void)state;

	assert_int_equal(m->controls[0].covers.count, 2);
	assert_true(m->controls[0].covers.at[0].is_flow);
	assert_false(m->controls[0].covers.at[1].is_flow);
	assert_int_equal(m->controls[0].state, TU_CONTROL_PLANNED);
	assert_true(m->components[0].end_of_support > 0);
	assert_true(tu_str_eq(m->credentials[0].scope, TU_STR("fleet")));
	assert_int_equal(m->credentials[0].store, 0);
	assert_true(m->assumptions[0].about.at[0].is_flow);
	assert_true(tu_str_eq(m->entries[0].position, TU_STR("supply-chain")));
	assert_true(m->views[0].everything);
	assert_int_equal(m->views[0].spots.count, 3);
	assert_false(m->views[1].everything);
	assert_int_equal(m->views[1].spots.count, 2);
	assert_int_equal(tu_model_element_by_id(m, TU_STR("b")), 1);
	assert_int_equal(tu_model_element_by_id(m, TU_STR("f")), TU_MODEL_NOWHERE);
	assert_int_equal(tu_model_flow_by_id(m, TU_STR("f")), 0);
	assert_int_equal(tu_model_crosses(m, 0), TU_STATED_NOTHING);
}

static void reads_the_neutral_form(void **state)
{
	static const char text[] =
		"{\"schema\": \"neutral-device-model/1\", \"id\": \"d\", \"title\": \"T\", "
		"\"mood\": 1,\n"
		"\"hazards\": [{\"id\": \"h\", \"severity\": \"critical\", \"situation\": "
		"\"s\"}],\n"
		"\"assets\": [{\"id\": \"r\", \"function\": \"therapy\", \"privacy\": \"none\",\n"
		"  \"hazards\": [{\"hazard\": \"h\", \"on_loss_of\": [\"integrity\"]}]},\n"
		"  {\"id\": \"p\", \"hazards\": []}, {\"id\": \"q\"}],\n"
		"\"zones\": [{\"id\": \"z\", \"parent\": null}],\n"
		"\"elements\": [{\"id\": \"e\", \"zone\": \"z\", \"colour\": \"red\", \"assets\": "
		"[\"r\"]},\n"
		"  {\"id\": \"g\", \"zone\": \"z\"}],\n"
		"\"flows\": [{\"id\": \"f\", \"from\": \"e\", \"to\": \"g\", \"freshness\": "
		"\"\"}],\n"
		"\"components\": [{\"id\": \"k\", \"support\": \"\", \"end_of_support\": null}]}\n";
	const struct tu_model *m = NULL;
	struct tu_model_losses losses = {0};
	struct tu_error err;
	(void)state;

	if (read_it(text, &m, &losses, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	assert_int_equal(m->hazards[0].severity, TU_HARM_CRITICAL);
	assert_int_equal(m->assets[0].hazards[0].loss, TU_LOSS_INTEGRITY);
	assert_false(m->assets[0].harmless);
	assert_true(m->assets[1].harmless);
	assert_false(m->assets[2].harmless);
	assert_int_equal(m->elements[0].assets.count, 1);
	assert_int_equal(tu_model_crosses(m, 0), TU_STATED_NO);
	assert_int_equal(losses.count, 2);
	assert_true(tu_str_eq(losses.at[0].pointer, TU_STR("/mood")));
	assert_true(tu_str_eq(losses.at[1].pointer, TU_STR("/elements/0/colour")));
	assert_string_equal(losses.at[1].kind, "lost");
}

/* A ring of elements is a fine model; its reading takes time in proportion. */
static void reads_a_large_ring(void **state)
{
	enum { COUNT = 10000 };
	const struct tu_model *m;
	struct tu_buf text;
	(void)state;

	tu_buf_init(&text, 1 << 24);
	tu_buf_printf(&text, OWN "elements:\n");
	for (int i = 0; i < COUNT; i++)
		tu_buf_printf(&text, " - {id: e%d}\n", i);
	tu_buf_printf(&text, "flows:\n");
	for (int i = 0; i < COUNT; i++)
		tu_buf_printf(&text, " - {id: f%d, from: e%d, to: e%d, fan_out: 999999999999}\n", i,
			i, (i + 1) % COUNT);
	tu_buf_byte(&text, '\0');
	assert_false(text.failed);
	m = model_of(text.ptr);
	assert_int_equal(m->flows_count, COUNT);
	assert_int_equal(m->flows[COUNT - 1].to, 0);
	tu_buf_done(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(refuses, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_zones_and_elements, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_flows, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_the_other_lists, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_the_neutral_form, open_arena, close_arena),
		cmocka_unit_test_setup_teardown(reads_a_large_ring, open_arena, close_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
