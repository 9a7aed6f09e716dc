/* Each rule of the lints finds what it is for, and nothing in a device that is well. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>
#include <string.h>

#include <tutela/decision.h>
#include <tutela/sbom.h>
#include "error_text.h"

#define DECIDED \
	"vulnerability: CVE-1\ncomponent: a\nvalidity: {releases: ['1']}\ndecided_by: lead\n" \
	"decided_at: 2026-01-02T10:00:00Z\nlearned_at: 2026-01-01T10:00:00Z\n"
#define AT INT64_C(1773576000) /* 2026-03-15T12:00:00Z */

static const struct {
	const char *rule;
	const char *device; /* behind "family: X" */
	const char *decision; /* or NULL */
} cases[] = {
	{"identity-incomplete", "", NULL},
	{"placeholder-left", "manufacturer: {name: Your company}\n", NULL},
	{"placeholder-left", "safety: What must never happen and what must not stop.\n", NULL},
	{"namespace-reserved", "manufacturer: {name: M, namespace: https://www.example.org/}\n",
		NULL},
	{"namespace-missing", "manufacturer: {name: M}\n", NULL},
	{"id-made-up", "id: 'a b'\n", NULL},
	{"id-made-up", "id: \xe3\x83\x9d\n", NULL},
	{"id-made-up", "id: ../../x\n", NULL},
	{"release-identifier", "releases: [{version: 1, purl: 'pkg:generic'}]\n", NULL},
	{"release-identifier", "releases: [{version: 1, cpe: 'cpe:2.3:o:'}]\n", NULL},
	{"release-identifier", "releases: [{version: 1, cpe: 'cpe:2.3:o:a:b:*:*:*:*:*:*:*:*'}]\n",
		NULL},
	{"variant-without-udi", "variants: [{name: v}]\n", NULL},
	{"support-expired", "lifecycle: {support_end: 2026-03-01}\n", NULL},
	{"support-expired", "releases: [{version: 1, support_end: 2026-03-01}]\n", NULL},
	{"release-without-sbom", "releases: [{version: 1}]\n", NULL},
	{"release-without-sbom", "", NULL},
	{"release-variant-unknown", "releases: [{version: 1, variants: [v]}]\n", NULL},
	{"market-unknown", "markets: [Atlantis]\n", NULL},
	{"market-unknown", "markets: [US]\nvariants: [{name: v, markets: ['US, EU']}]\n", NULL},
	{"market-without-rules", "markets: [DE, JP]\n", NULL},
	{"market-without-rules", "markets: [uk]\n", NULL},
	{"market-without-rules", "markets: []\n", NULL},
	{"market-without-rules", "variants: [{name: v, markets: [Brazil]}]\n", NULL},
	{"decision-superseded-unknown", "", DECIDED "status: fixed\nsupersedes: b\n"},
	{"asset-without-hazard", "assets: [{id: a}]\n", NULL},
	{"harmless-without-rationale", "assets: [{id: a, hazards: none}]\n", NULL},
	{"hazard-unreached", "hazards: [{id: h, severity: minor}]\n", NULL},
	{"asset-without-component", "assets: [{id: a}]\n", NULL},
	{"component-rule-without-asset", "components: [{match: a}]\n", NULL},
	{"interface-uncontrolled", "interfaces: [{id: i, kind: usb}]\n", NULL},
	{"interface-reaches-nothing", "interfaces: [{id: i, kind: usb}]\n", NULL},
	{"control-without-evidence", "controls: [{id: c}]\n", NULL},
	{"control-without-evidence", "controls: [{id: c, evidence: planned for May}]\n", NULL},
	{"matrix-not-total", "policy: {matrix: {low: {minor: controlled}}}\n", NULL},
	{"matrix-not-monotonic", "policy: {matrix: {low: [uncontrolled, controlled]}}\n", NULL},
	{"udi-wrong", "variants: [{name: v, udi_di: '00614141123459'}]\n", NULL},
	{"udi-wrong", "variants: [{name: v, udi_di: '+A123BJC5D6E71H'}]\n", NULL},
	{"udi-wrong", "variants: [{name: v, udi_di: '=/A9999XYZ100T094'}]\n", NULL},
	{"udi-form-unknown", "variants: [{name: v, udi_di: see label}]\n", NULL},
	{"policy-not-approved", "", NULL},
	{"policy-not-approved", "policy: {approved_by: lead}\n", NULL},
	{"component-rule-without-asset", "components: [{match: a, assets: none}]\n", NULL},
	{"interface-uncontrolled",
		"interfaces: [{id: i, kind: usb}]\n"
		"controls: [{id: c, interfaces: [i], state: planned}]\n",
		NULL},
	{"decision-control-unknown", "controls: [{id: b}, {id: d}]\n",
		DECIDED "status: fixed\ncontrols: [c]\n"},
	{"matrix-not-monotonic", "policy: {matrix: {low: [uncontrolled], medium: [controlled]}}\n",
		NULL},
	{"decision-in-future", "",
		"vulnerability: CVE-1\ncomponent: a\nvalidity: {releases: ['1']}\nstatus: fixed\n"
		"decided_by: lead\ndecided_at: 2027-01-02T10:00:00Z\n"
		"learned_at: 2026-01-01T10:00:00Z\n"},
	{"decision-release-unknown", "releases: [{version: 2}]\n", DECIDED "status: fixed\n"},
	{"decision-control-unknown", "", DECIDED "status: fixed\ncontrols: [c]\n"},
	{"decision-band-unknown", "", DECIDED "status: fixed\nexploitability: huge\n"},
	{"decision-against-matrix", "",
		DECIDED
		"status: affected\nrisk: controlled\nexploitability: high\nharm: critical\n"},
	{"decision-by-nobody", "policy: {deciders: [boss]}\n", DECIDED "status: fixed\n"},
	{"decision-expired", "", DECIDED "status: fixed\nexpires: 2026-03-01\n"},
	{"decision-without-plan", "", DECIDED "status: affected\nrisk: uncontrolled\n"},
	{"decision-in-future", "",
		"vulnerability: CVE-1\ncomponent: a\nvalidity: {releases: ['1']}\n"
		"status: under_investigation\nlearned_at: 2027-01-01T10:00:00Z\n"},
};

/* Near to what a rule finds, and not it. */
static const struct {
	const char *rule;
	const char *device; /* after "family: X" */
	const char *decision; /* or NULL */
} quiet[] = {
	{"variant-without-udi", "medical: false\nvariants: [{name: v}]\n", NULL},
	{"support-expired", "lifecycle: {support_end: 2026-03-20}\n", NULL},
	{"support-expired", "releases: [{version: 1, support_end: 2026-03-20}]\n", NULL},
	{"release-variant-unknown",
		"variants: [{name: u}, {name: v}]\nreleases: [{version: 1, variants: [v]}]\n",
		NULL},
	{"component-rule-without-asset",
		"components: [{match: a, assets: none, rationale: a label}]\n", NULL},
	{"interface-uncontrolled", "interfaces: [{id: i, kind: usb, disabled: true}]\n", NULL},
	{"interface-reaches-nothing", "interfaces: [{id: i, kind: usb, disabled: true}]\n", NULL},
	{"control-without-evidence", "controls: [{id: c, state: planned}]\n", NULL},
	{"market-unknown", "markets: [US]\n", NULL},
	{"market-without-rules", "markets: [Atlantis, EU]\n", NULL},
	{"decision-control-unknown", "controls: [{id: b}, {id: c}]\n",
		DECIDED "status: fixed\ncontrols: [c]\n"},
	{"decision-by-nobody", "policy: {deciders: [boss, lead]}\n", DECIDED "status: fixed\n"},
	{"decision-by-nobody", "policy: {deciders: [boss]}\n",
		DECIDED "status: fixed\nrole: boss\n"},
	{"decision-by-nobody", "policy: {deciders: [boss]}\n",
		DECIDED "status: under_investigation\n"},
	{"decision-without-plan", "",
		DECIDED "status: affected\nrisk: uncontrolled\naction: {text: update}\n"},
	{"decision-expired", "", DECIDED "status: fixed\nexpires: 2026-03-20\n"},
	{"matrix-not-monotonic",
		"policy: {matrix: {low: [controlled, uncontrolled, uncontrolled]}}\n", NULL},
};

static const char well[] =
	"manufacturer: {name: M, namespace: https://m.test}\nintended_use: u\nsafety: s\n"
	"variants: [{name: v, udi_di: '00614141123452'}]\n"
	"releases: [{version: '1', sbom: a.json, variants: [v]}]\n"
	"hazards: [{id: h, severity: minor}]\n"
	"assets: [{id: a, hazards: [h]}]\n"
	"components: [{match: x, assets: [a]}]\n"
	"interfaces: [{id: i, kind: usb, reaches: [x]}]\n"
	"controls: [{id: c, interfaces: [i], evidence: e}]\n"
	"policy:\n  approved_by: lead\n  approved_at: 2026-01-01\n  matrix:\n"
	"    low: [controlled, controlled, controlled, controlled, controlled]\n"
	"    medium: [controlled, controlled, controlled, controlled, uncontrolled]\n"
	"    high: [controlled, controlled, controlled, uncontrolled, uncontrolled]\n";

static struct tu_lints look(
	struct tu_arena *arena, const char *device_text, const char *decision_text)
{
	const struct tu_device *device = NULL;
	const struct tu_decision *decision = NULL;
	struct tu_lint_input input = {.at = AT};
	struct tu_lints lints = {0};
	struct tu_error err = {0};
	char text[4000];

	(void)snprintf(text, sizeof(text), "family: X\n%s", device_text);
	if (tu_device_read(arena, TU_STR("device.yaml"), tu_str_c(text), NULL, &device, &err) ||
		(decision_text &&
			tu_decision_read(arena, TU_STR("decisions/d.yaml"), tu_str_c(decision_text),
				NULL, &decision, &err)))
		fail_msg("%s", error_text(&err));
	input.device = device;
	input.decisions = &decision;
	input.decision_count = decision != NULL;
	assert_int_equal(tu_device_lint(arena, &input, &lints, &err), TU_OK);
	return lints;
}

static bool has(const struct tu_lints *lints, const char *rule)
{
	for (size_t i = 0; i < lints->count; i++)
		if (!strcmp(lints->at[i].rule, rule))
			return true;
	return false;
}

static void each_rule_finds(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(cases); i++) {
		struct tu_arena *arena = tu_arena_new(8 << 20);
		struct tu_lints lints = look(arena, cases[i].device, cases[i].decision);

		if (!has(&lints, cases[i].rule))
			fail_msg("case %zu: %s is not found", i, cases[i].rule);
		for (size_t k = 0; k < lints.count; k++)
			assert_true(lints.at[k].message.len && lints.at[k].place.line);
		tu_arena_free(arena);
	}
}

static void each_rule_leaves_what_is_near(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(quiet); i++) {
		struct tu_arena *arena = tu_arena_new(8 << 20);
		struct tu_lints lints = look(arena, quiet[i].device, quiet[i].decision);

		if (has(&lints, quiet[i].rule))
			fail_msg("case %zu: %s is found", i, quiet[i].rule);
		tu_arena_free(arena);
	}
}

/* A decision of another name is known, whichever is read first. */
static void a_decision_before_is_known(void **state)
{
	static const char before[] = DECIDED "status: under_investigation\n";
	static const char after[] = DECIDED "status: fixed\nsupersedes: before\n";
	struct tu_arena *arena = tu_arena_new(8 << 20);
	const struct tu_decision *both[2] = {NULL, NULL};
	struct tu_lint_input input = {.at = AT, .decisions = both};
	struct tu_lints lints = {0};
	struct tu_error err = {0};

	(void)state;
	if (tu_device_read(arena, TU_STR("device.yaml"), TU_STR("family: X\n"), NULL, &input.device,
		    &err) ||
		tu_decision_read(arena, TU_STR("decisions/after.yaml"), tu_str_c(after), NULL,
			&both[0], &err) ||
		tu_decision_read(arena, TU_STR("decisions/before.yaml"), tu_str_c(before), NULL,
			&both[1], &err))
		fail_msg("%s", error_text(&err));
	for (input.decision_count = 1; input.decision_count <= 2; input.decision_count++) {
		assert_int_equal(tu_device_lint(arena, &input, &lints, &err), TU_OK);
		assert_int_equal(
			has(&lints, "decision-superseded-unknown"), input.decision_count == 1);
	}
	tu_arena_free(arena);
}

#define RELEASE "releases: [{version: '1', sbom: s.json, "
#define PUMP "purl: 'pkg:generic/pump@1'}]\n"
#define PUMP_CPE "cpe:2.3:o:acme:pump:1:*:*:*:*:*:*:*"

/* What a release's SBOM adds: its subject has "subject" and one component, "lib". */
static const struct {
	const char *device, *subject;
	const char *found[3]; /* rules, of those that look into SBOMs; all others find nothing */
} with_sbom[] = {
	{RELEASE PUMP "components: [{match: lib, assets: none, rationale: r}]\n",
		"\"purl\": \"pkg:generic/pump@1\"", {0}},
	{RELEASE PUMP, "\"purl\": \"pkg:generic/pump@1\"", {"component-without-asset"}},
	{RELEASE PUMP, "\"purl\": \"pkg:generic/other@1\"",
		{"component-without-asset", "release-subject"}},
	{RELEASE PUMP, "\"version\": \"1\"", {"component-without-asset", "release-subject"}},
	{RELEASE "}]\n", "\"version\": \"1\"", {"component-without-asset", "release-subject"}},
	{RELEASE "cpe: '" PUMP_CPE "'}]\n", "\"cpe\": \"" PUMP_CPE "\"",
		{"component-without-asset"}},
	{RELEASE PUMP "components: [{match: none-such, assets: none, rationale: r}]\n",
		"\"purl\": \"pkg:generic/pump@1\"",
		{"component-without-asset", "component-rule-unused"}},
};

static struct tu_lints look_with(
	struct tu_arena *arena, const char *device_text, const char *subject)
{
	const struct tu_inventory *inventory = NULL;
	struct tu_lint_input input = {.at = AT, .inventories = &inventory};
	struct tu_lints lints = {0};
	struct tu_error err = {0};
	char device[1000], sbom[1000];

	(void)snprintf(device, sizeof(device), "family: X\n%s", device_text);
	(void)snprintf(sbom, sizeof(sbom),
		"{\"bomFormat\": \"CycloneDX\", \"specVersion\": \"1.6\", \"metadata\": "
		"{\"component\": {\"type\": \"device\", \"bom-ref\": \"p\", \"name\": \"pump\", "
		"%s}}, "
		"\"components\": [{\"type\": \"library\", \"bom-ref\": \"l\", \"name\": \"lib\"}]}",
		subject);
	if (tu_device_read(
		    arena, TU_STR("device.yaml"), tu_str_c(device), NULL, &input.device, &err) ||
		tu_sbom_read(arena, tu_str_c(sbom), false, NULL, &inventory, &err))
		fail_msg("%s", error_text(&err));
	assert_int_equal(tu_device_lint(arena, &input, &lints, &err), TU_OK);
	return lints;
}

static void sboms_are_looked_into(void **state)
{
	static const char *const rules[] = {
		"component-without-asset", "component-rule-unused", "release-subject"};

	(void)state;
	for (size_t i = 0; i < TU_COUNT(with_sbom); i++) {
		struct tu_arena *arena = tu_arena_new(8 << 20);
		struct tu_lints lints = look_with(arena, with_sbom[i].device, with_sbom[i].subject);

		for (size_t k = 0; k < TU_COUNT(rules); k++) {
			bool wanted = false;

			for (size_t n = 0; n < 3 && with_sbom[i].found[n]; n++)
				wanted |= !strcmp(with_sbom[i].found[n], rules[k]);
			if (has(&lints, rules[k]) != wanted)
				fail_msg("case %zu: %s", i, rules[k]);
		}
		tu_arena_free(arena);
	}
}

/* A text of any length: the message is cut, and still there. */
static void a_long_name_is_cut(void **state)
{
	struct tu_arena *arena = tu_arena_new(8 << 20);
	struct tu_lints lints;
	char device[3000], name[2001];

	(void)state;
	memset(name, 'n', sizeof(name) - 1);
	name[sizeof(name) - 1] = '\0';
	(void)snprintf(device, sizeof(device), "interfaces: [{id: %s, kind: usb}]\n", name);
	lints = look(arena, device, NULL);
	assert_true(has(&lints, "interface-uncontrolled"));
	for (size_t i = 0; i < lints.count; i++)
		assert_true(lints.at[i].message.len > 0 && lints.at[i].message.len < 400);
	tu_arena_free(arena);
}

static void a_device_that_is_well_has_none(void **state)
{
	struct tu_arena *arena = tu_arena_new(8 << 20);
	struct tu_lints lints = look(arena, well, DECIDED "status: fixed\n");
	(void)state;

	for (size_t i = 0; i < lints.count; i++)
		fail_msg("%s: %.*s", lints.at[i].rule, TU_STR_FMT(lints.at[i].message));
	tu_arena_free(arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_rule_finds),
		cmocka_unit_test(each_rule_leaves_what_is_near),
		cmocka_unit_test(a_decision_before_is_known),
		cmocka_unit_test(sboms_are_looked_into),
		cmocka_unit_test(a_long_name_is_cut),
		cmocka_unit_test(a_device_that_is_well_has_none),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
