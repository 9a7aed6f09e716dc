/* Open Threat Model: our attributes arrive, what is not stated stays so, losses are listed. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <string.h>

#include <tutela/model.h>

#include "error_text.h"

static const char text[] =
	"otmVersion: 0.2.0\n"
	"project:\n"
	"  name: Pump\n"
	"  id: p\n"
	"  owner: M\n"
	"  attributes:\n"
	"    version: '2'\n"
	"    cmdb: x1\n"
	"    hazards: [{id: h, severity: critical, title: t}]\n"
	"    states: [{id: use, phase: clinical use}]\n"
	"    views: [{id: v, kind: global, elements: [a, b], flows: [f]}]\n"
	"assets:\n"
	"  - {id: rate, name: Rate, risk: {confidentiality: 0, integrity: 100, availability: 5},\n"
	"     attributes: {function: therapy, privacy: none,\n"
	"       hazards: [{hazard: h, on_loss_of: [integrity]}]}}\n"
	"  - {id: raw, name: Raw, risk: {confidentiality: 0, integrity: 100, availability: 5}}\n"
	"trustZones:\n"
	"  - {id: net, name: Net, type: internet, risk: {trustRating: 5}}\n"
	"  - {id: box, name: Box, risk: {trustRating: 70}, parent: {trustZone: net},\n"
	"     attributes: {boundary: case}}\n"
	"components:\n"
	"  - {id: a, name: A, type: process, parent: {trustZone: box}, tags: [therapy],\n"
	"     assets: {processed: [rate], stored: [raw]},\n"
	"     attributes: {count: 10, patients: 1, listener: 'yes', inScope: true}}\n"
	"  - {id: b, name: B, type: postgresql, parent: {component: a}, attributes: null,\n"
	"     threats: [{threat: t, state: exposed,\n"
	"       mitigations: [{mitigation: two, state: required}]}]}\n"
	"dataflows:\n"
	"  - {id: f, name: F, source: a, destination: b, bidirectional: true, assets: [rate],\n"
	"     tags: [command, blue], attributes: {medium: ip, authentication: mutual, fan_out: 3,\n"
	"       sender_check: 'no'},\n"
	"     threats: [{threat: t, state: mitigated,\n"
	"       mitigations: [{mitigation: one, state: implemented},\n"
	"         {mitigation: two, state: implemented}]}]}\n"
	"  - {id: g, name: G, source: b, destination: a, attributes: {medium: air, fan_out: "
	"many}}\n"
	"threats:\n"
	"  - {id: t, name: T, risk: {likelihood: 1, impact: 1}}\n"
	"mitigations:\n"
	"  - {id: one, name: One, riskReduction: 5, attributes: {fdaCategory: Cryptography,\n"
	"     covers: [f], provides: [integrity], requirement: R, evidence: E}}\n"
	"  - {id: two, name: Two, riskReduction: 5, attributes: {covers: [f, b]}}\n"
	"  - {id: three, name: Three, riskReduction: 5, attributes: {covers: [a]}}\n";

static struct tu_arena *arena;
static const struct tu_model *m;
static struct tu_model_losses losses;

static int open_model(void **state)
{
	const struct tu_model_source source = {.file = TU_STR("m"), .text = tu_str_c(text)};
	struct tu_error err;
	(void)state;

	arena = tu_arena_new(0);
	assert_non_null(arena);
	if (tu_model_read(arena, &source, &m, &losses, &err) != TU_OK)
		fail_msg("%s", error_text(&err));
	return 0;
}

static int close_model(void **state)
{
	(void)state;
	tu_arena_free(arena);
	return 0;
}

static void elements_and_zones(void **state)
{
	const struct tu_model_element *a = &m->elements[0], *b = &m->elements[1];
	(void)state;

	assert_true(tu_str_eq(m->form, TU_STR("otm")));
	assert_true(tu_str_eq(m->title, TU_STR("Pump")));
	assert_int_equal(m->zones[0].role, TU_ZONE_PUBLIC);
	assert_int_equal(m->zones[0].trust, 1);
	assert_int_equal(m->zones[1].parent, 0);
	assert_int_equal(m->zones[1].trust, 7);
	assert_int_equal(a->kind, TU_ELEMENT_PROCESS);
	assert_int_equal(a->assets.count, 2);
	assert_int_equal(a->count, 10);
	assert_int_equal(a->facts.count, 1);
	assert_false(a->out_of_scope);
	assert_int_equal(b->kind, TU_ELEMENT_UNKNOWN);
	assert_int_equal(b->zone, 1); /* of the component that it is in */
	assert_true(b->patients == TU_MODEL_UNSTATED);
	assert_true(m->assets[0].function == TU_FUNCTION_THERAPY);
	assert_int_equal(m->assets[0].hazards[0].loss, TU_LOSS_INTEGRITY);
	assert_false(m->assets[1].harmless);
	assert_int_equal(m->views[0].spots.count, 3);
}

static void flows(void **state)
{
	(void)state;

	assert_int_equal(m->flows_count, 3);
	assert_int_equal(m->flows[0].carries, TU_CARRIES_COMMAND);
	assert_int_equal(m->flows[0].fan_out, 3);
	assert_int_equal(m->flows[0].medium, TU_MEDIUM_IP);
	assert_true(
		tu_str_eq(m->flows[0].properties[TU_PROPERTY_AUTHENTICATION], TU_STR("mutual")));
	assert_int_equal(m->flows[0].properties[TU_PROPERTY_FRESHNESS].len, 0);
	assert_int_equal(m->flows[1].medium, TU_MEDIUM_UNKNOWN);
	assert_true(m->flows[1].fan_out == TU_MODEL_UNSTATED);
	assert_true(tu_str_eq(m->flows[2].id, TU_STR("f:back")));
	assert_int_equal(m->flows[2].from, 1);
	assert_int_equal(m->flows[2].to, 0);
	assert_int_equal(m->flows[2].medium, TU_MEDIUM_IP);
}

/* Only where it is used and implemented does a mitigation count. */
static void controls(void **state)
{
	(void)state;

	assert_int_equal(m->controls[0].category, 3);
	assert_int_equal(m->controls[0].state, TU_CONTROL_IN_PLACE);
	assert_true(tu_str_eq(m->controls[0].evidence, TU_STR("E")));
	assert_int_equal(m->controls[1].state, TU_CONTROL_IN_PLACE);
	assert_int_equal(m->controls[1].covers.count, 2); /* f and the way back, not b */
	assert_true(m->controls[1].covers.at[0].is_flow && m->controls[1].covers.at[1].is_flow);
	assert_int_equal(m->controls[1].provides.count, 0);
	assert_int_equal(m->controls[2].state, TU_CONTROL_PLANNED);
}

static bool has_loss(const char *kind, const char *pointer)
{
	for (size_t i = 0; i < losses.count; i++)
		if (strcmp(losses.at[i].kind, kind) == 0 &&
			tu_str_eq(losses.at[i].pointer, tu_str_c(pointer)))
			return true;
	return false;
}

static void what_is_lost(void **state)
{
	(void)state;

	assert_true(has_loss("lost", "/project/attributes/cmdb"));
	assert_true(has_loss("lost", "/threats"));
	assert_true(has_loss("lost", "/dataflows/0/tags/1"));
	assert_true(has_loss("question", "/components/1/type"));
	assert_true(has_loss("question", "/assets/1"));
	assert_true(has_loss("question", "/mitigations/1"));
	assert_true(has_loss("question", "/dataflows/1/attributes/medium"));
	assert_true(has_loss("question", "/dataflows/1/attributes/fan_out"));
	assert_true(has_loss("changed", "/dataflows/0"));
	assert_int_equal(m->lacks, TU_FORM_NO_COMPONENTS);
}

static void refuses(void **state)
{
	static const struct {
		const char *text, *error;
	} bad[] = {
		{"otmVersion: 0.3.0\n", "no form of a design model"},
		{"otmVersion: 0.2.0\nproject: {name: n}\n", "\"id\" is missing"},
		{"otmVersion: 0.2.0\nproject: {id: n}\ndataflows: {}\n",
			"m:3:12: /dataflows: expected a list"},
		{"otmVersion: 0.2.0\nproject: {id: n}\n"
		 "dataflows: [{id: f, source: x, destination: y}]\n",
			"m:3:29: /dataflows/0/from: there is no element or flow \"x\""},
		{"otmVersion: 0.2.0\nproject: {id: n}\ncomponents: [x]\n", "\"id\" is missing"},
		{"otmVersion: 0.2.0\nproject: {id: n}\ntrustZones: [{id: a, parent: {trustZone: "
		 "a}}]\n",
			"the zone \"a\" is in itself"},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(bad); i++) {
		const struct tu_model_source source = {
			.file = TU_STR("m"), .text = tu_str_c(bad[i].text)};
		const struct tu_model *model = NULL;
		struct tu_error err;

		if (tu_model_read(arena, &source, &model, NULL, &err) == TU_OK)
			fail_msg("read: %s", bad[i].text);
		if (!strstr(error_text(&err), bad[i].error))
			fail_msg("%s\ngave %s\nnot  %s", bad[i].text, error_text(&err),
				bad[i].error);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(elements_and_zones),
		cmocka_unit_test(flows),
		cmocka_unit_test(controls),
		cmocka_unit_test(what_is_lost),
		cmocka_unit_test(refuses),
	};

	return cmocka_run_group_tests(tests, open_model, close_model);
}
