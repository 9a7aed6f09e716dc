/* Which statements come out of decisions: for which releases, in which words, and which not. */
#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <stdio.h>

#include "assess/publish.h"
#include "base/fault.h"
#include "support/device_scene.h"

enum { MOST = 2000 };

/* A second id and a weakness of the first vulnerability, from another source than NVD. */
static const char osv[] =
	"{\"id\":\"GHSA-2222-3333-4444\",\"modified\":\"2026-01-12T00:00:00Z\",\"aliases\":["
	"\"CVE-2026-0001\"],\"summary\":\"A title.\",\"database_specific\":{\"cwe_ids\":["
	"\"CWE-787\"]},\"affected\":[{\"package\":{\"ecosystem\":\"PyPI\",\"name\":\"pumpd\"},"
	"\"versions\":[\"1.3\"]}]}";

/* Variants of which one release has a part; the last release is not out yet. */
static const char device_text[] =
	"family: Test pump\n"
	"variants:\n"
	"  - {name: small, model: S1}\n"
	"  - {name: large, model: L1, udi_di: '00614141123452'}\n"
	"releases:\n"
	"  - {version: '1.0', released: 2025-06-01, sbom: a.json, variants: [small]}\n"
	"  - {version: '1.1', released: 2025-12-01, sbom: b.json}\n"
	"  - {version: '1.2', released: 2026-03-01, sbom: c.json, purl: 'pkg:generic/pump@1.2'}\n"
	"  - {version: '1.3', released: 2026-09-01, sbom: d.json}\n"
	"  - {version: '1.4', sbom: e.json, variants: [large, other]}\n"
	"controls:\n"
	"  - {id: wall, title: A wall., evidence: T-1}\n"
	"  - {id: untitled, evidence: T-2}\n";

#define NOT_AFFECTED(id, more) \
	SCENE_DECISION(id, "not_affected", "justification: vulnerable_code_not_present\n" more)

static struct scene scene;
static enum tu_status sbom_status;
static bool has_sbom;
static const struct tu_inventory *later; /* the SBOM of 1.2, where it has another */
static unsigned told;

static enum tu_status give_sbom(
	void *self, size_t release, const struct tu_inventory **out_inventory, struct tu_error *err)
{
	(void)self;
	if (sbom_status)
		return tu_fail(err, sbom_status, 0, "the SBOM is broken");
	*out_inventory = !has_sbom ? NULL : later && release == 2 ? later : scene.inventory;
	return TU_OK;
}

static void tell_release(void *self, size_t release, bool stated)
{
	(void)self, (void)release, (void)stated;
	told++;
}

/* "CVE-2026-0001 1.1 affected small large; impact; note|" of each entry. */
static void show(const struct tu_issue *issue, struct tu_buf *out)
{
	for (size_t i = 0; i < issue->entry_count; i++) {
		const struct tu_issue_entry *e = &issue->entries[i];

		tu_buf_printf(out, "%.*s %.*s %s", TU_STR_FMT(e->vulnerability),
			TU_STR_FMT(issue->products[e->products[0]].version),
			tu_claim_status_name(e->status));
		for (size_t k = 0; k < e->product_count; k++)
			tu_buf_printf(
				out, " %.*s", TU_STR_FMT(issue->products[e->products[k]].variant));
		for (size_t k = 0; k < e->alias_count; k++)
			tu_buf_printf(out, " =%.*s", TU_STR_FMT(e->aliases[k]));
		for (size_t k = 0; k < e->control_count; k++)
			tu_buf_printf(out, "; %.*s", TU_STR_FMT(e->controls[k]));
		if (e->impact.len)
			tu_buf_printf(out, "; %.*s", TU_STR_FMT(e->impact));
		if (e->note.len)
			tu_buf_printf(out, "; %.*s", TU_STR_FMT(e->note));
		tu_buf_byte(out, '|');
	}
}

struct row {
	const char *decisions[3];
	const char *release; /* NULL: all; else they are assessed for it */
	const char *id; /* NULL: all */
	const char *said;
	size_t expired;
};

static const struct row rows[] = {
	{{NOT_AFFECTED("CVE-2026-0001", "")}, NULL, NULL,
		"CVE-2026-0001 1.1 not_affected small large|", 0},
	{{NOT_AFFECTED("CVE-2026-0001", "")}, NULL, "CVE-2026-0002", "", 0},
	{{NOT_AFFECTED("GHSA-2222-3333-4444", "aliases: [X-1]\n")}, NULL, "X-1",
		"GHSA-2222-3333-4444 1.1 not_affected small large =X-1 =CVE-2026-0001|", 0},
	{{NOT_AFFECTED("CVE-2030-0001", "")}, NULL, NULL,
		"CVE-2030-0001 1.1 not_affected small large|", 0},
	{{NOT_AFFECTED("CVE-2026-0001", "expires: 2026-03-01\n")}, NULL, NULL, "", 1},
	{{NOT_AFFECTED("CVE-2026-0001", ""),
		 SCENE_DECISION("CVE-2026-0001", "affected", "risk: controlled\nsupersedes: d0\n")},
		NULL, NULL, "CVE-2026-0001 1.1 affected small large|", 0},
	{{SCENE_DECISION("CVE-2026-0002", "affected",
		 "risk: uncontrolled\nharm: serious\ncontrols: [wall, untitled, gone]\n"
		 "exploitability: low\naction: {text: t, fix_release: '1.2'}\n")},
		NULL, NULL,
		"CVE-2026-0002 1.1 affected small large; A wall.; Severity of possible harm to "
		"patients: serious. Exploitability: low. The risk is uncontrolled.|"
		"CVE-2026-0002 1.2 under_investigation small large; Named as the release with the "
		"fix, but not known to be fixed: ",
		0},
	{{SCENE_DECISION("CVE-2026-0002", "affected",
		 "risk: controlled\nharm: minor\nimpact: It stops.\n")},
		NULL, NULL, "CVE-2026-0002 1.1 affected small large; It stops.|", 0},
	/* a fix that is not out, has no date, is nowhere, or of which something else is said */
	{{SCENE_DECISION("CVE-2026-0002", "affected",
		 "risk: controlled\nharm: minor\naction: {text: t, fix_release: '1.3'}\n")},
		NULL, NULL,
		"CVE-2026-0002 1.1 affected small large; Severity of possible harm to patients: "
		"minor. The risk is controlled.|",
		0},
	{{SCENE_DECISION("CVE-2026-0002", "affected",
		 "risk: controlled\naction: {text: t, fix_release: '1.4'}\n")},
		NULL, NULL, "CVE-2026-0002 1.1 affected small large|", 0},
	{{SCENE_DECISION("CVE-2026-0002", "affected",
		 "risk: controlled\naction: {text: t, fix_release: '9'}\n")},
		NULL, NULL, "CVE-2026-0002 1.1 affected small large|", 0},
	{{SCENE_DECISION("CVE-2026-0002", "affected",
		  "risk: controlled\naction: {text: t, fix_release: '1.2'}\n"),
		 "vulnerability: CVE-2026-0002\ncomponent: pumpd\nstatus: affected\nrisk: "
		 "controlled\n"
		 "validity: {releases: ['1.2']}\ndecided_by: lead\n"
		 "decided_at: 2026-01-20T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n"},
		NULL, NULL,
		"CVE-2026-0002 1.1 affected small large|CVE-2026-0002 1.2 affected small large|",
		0},
	{{SCENE_DECISION("CVE-2026-0002", "affected",
		  "risk: controlled\naction: {text: t, fix_release: '1.2'}\n"),
		 "vulnerability: CVE-2026-0002\ncomponent: pumpd\nstatus: affected\nrisk: "
		 "controlled\n"
		 "validity: {releases: ['1.2']}\ndecided_by: lead\n"
		 "decided_at: 2026-01-20T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n",
		 "vulnerability: CVE-2026-0002\ncomponent: pumpd\nstatus: affected\nrisk: "
		 "controlled\n"
		 "validity: {releases: ['1.0']}\nsupersedes: d1\ndecided_by: lead\n"
		 "decided_at: 2026-01-20T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n"},
		NULL, NULL,
		"CVE-2026-0002 1.1 affected small large|CVE-2026-0002 1.2 under_investigation "
		"small large; Named as the release with the fix",
		0},
	/* with an assessment: as decided, carried, open since, re-opened, or long before */
	{{NOT_AFFECTED("CVE-2026-0001", "")}, "1.1", NULL,
		"CVE-2026-0001 1.1 not_affected small large|", 0},
	{{NOT_AFFECTED("CVE-2026-0001", "")}, "1.4", NULL,
		"CVE-2026-0001 1.4 not_affected large; Decided for release 1.1 and carried forward "
		"to 1.4, for which its premises hold.|",
		0},
	{{NOT_AFFECTED("CVE-2026-0001", "controls: [gone]\n")}, "1.2", NULL,
		"CVE-2026-0001 1.2 under_investigation small large; Decided as not_affected for "
		"release 1.1; for 1.2 under investigation again: it counts on control gone",
		0},
	{{SCENE_DECISION("CVE-2026-0001", "under_investigation", "")}, "1.2", NULL,
		"CVE-2026-0001 1.2 under_investigation small large; Under investigation since "
		"release 1.1.|",
		0},
	{{NOT_AFFECTED("CVE-2026-0001", "")}, "1.0", NULL, "", 0},
};

static struct tu_publish_input input;

static enum tu_status prepare(const struct row *row, const char *device)
{
	enum tu_status status;
	char name[8];

	scene_reset(&scene);
	sbom_status = TU_OK;
	has_sbom = true;
	later = NULL;
	told = 0;
	status = scene_begin(&scene, device, scene_sbom, SCENE_AT);
	for (size_t i = 0; i < TU_COUNT(row->decisions) && row->decisions[i] && !status; i++) {
		(void)snprintf(name, sizeof(name), "d%zu.yaml", i);
		status = scene_decide(&scene, name, row->decisions[i]);
	}
	if (row->release && !status) {
		scene.input.release = tu_device_release(scene.device, tu_str_c(row->release));
		status = scene_assess(&scene);
	}
	input = (struct tu_publish_input){.arena = scene.arena,
		.device = scene.device,
		.decisions = scene.decisions,
		.decision_count = scene.input.decision_count,
		.assessed = scene.result,
		.release = row->release,
		.ids = &row->id,
		.id_count = row->id != NULL,
		.kb = scene.kb,
		.at = SCENE_AT,
		.read_sbom = give_sbom,
		.tell_release = tell_release};
	return status;
}

static void expect(size_t at, const char *said, size_t expired)
{
	struct tu_issue issue = {0};
	struct tu_buf text;
	size_t ended;

	tu_buf_init(&text, 1 << 16);
	if (tu_assess__publish(&input, &issue, &ended, &scene.err))
		fail_msg("row %zu: %s", at, scene.err.message);
	show(&issue, &text);
	if (!(said[0] ? tu_str_starts(tu_buf_str(&text), tu_str_c(said)) : text.len == 0))
		fail_msg("row %zu: %.*s", at, TU_STR_FMT(tu_buf_str(&text)));
	assert_int_equal(ended, expired);
	tu_buf_done(&text);
}

static void states_what_is_in_force(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		if (prepare(&rows[i], device_text))
			fail_msg("row %zu: %s", i, scene.err.message);
		expect(i, rows[i].said, rows[i].expired);
		/* the same without SBOM and knowledge base */
		assert_int_equal(prepare(&rows[i], device_text), TU_OK);
		has_sbom = false;
		if (i != 2) {
			input.kb = NULL;
			expect(i, rows[i].said, rows[i].expired);
			assert_int_equal(told, 0);
		}
	}
}

#define FIXED_IN_1_2(id, component) \
	"vulnerability: " id "\n" component "status: affected\n" \
	"validity: {releases: ['1.1']}\ndecided_by: lead\n" \
	"decided_at: 2026-01-20T10:00:00Z\nlearned_at: 2026-01-15T10:00:00Z\n" \
	"risk: controlled\naction: {text: t, fix_release: '1.2'}\n"
#define PUMPD "component: pumpd\n"
#define COMPONENT(name, product, version) \
	"{\"type\":\"application\",\"name\":\"" name "\",\"version\":\"" version "\"," \
	"\"cpe\":\"cpe:2.3:a:acme:" product ":" version ":*:*:*:*:*:*:*\"}"
#define LATER(components) \
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":1,\"components\":" \
	"[" components "]}"

/* Whatever its decision says, 1.2 is fixed where the match of its own SBOM leaves nothing open. */
static const struct {
	const char *decision;
	const char *sbom; /* of 1.2; NULL: none */
	bool no_kb;
	const char *why; /* NULL: fixed */
} fixes[] = {
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD), LATER(COMPONENT("pumpd", "pumpd", "2.0")), false,
		NULL},
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD), LATER(COMPONENT("pumpd", "pumpd", "1.9")), false,
		"finds pumpd 1.9 affected."},
	/* one of two is still open; another vulnerability's component is not looked at */
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD),
		LATER(COMPONENT("pumpd", "pumpd", "2.0") "," COMPONENT("pumpd", "pumpd", "1.4")),
		false, "finds pumpd 1.4 affected."},
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD),
		LATER(COMPONENT("pumpd", "pumpd", "2.0") "," COMPONENT("other", "other", "1.4")),
		false, NULL},
	/* a selector of the old version selects nothing any more: the name still does */
	{FIXED_IN_1_2("CVE-2026-0002",
		 "component: {name: pumpd, version: '1.3'}\npremises: {component: pumpd}\n"),
		LATER(COMPONENT("pumpd", "pumpd", "1.9")), false, "finds pumpd 1.9 affected."},
	/* by another name; or gone */
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD), LATER(COMPONENT("pumpd-ng", "pumpd", "1.9")), false,
		"finds pumpd-ng 1.9 affected."},
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD), LATER(COMPONENT("other", "other", "1.9")), false,
		NULL},
	/* without a version: undecided; the version of before is not fixed, whatever is known */
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD),
		LATER("{\"type\":\"application\",\"name\":\"pumpd\","
		      "\"cpe\":\"cpe:2.3:a:acme:pumpd:*:*:*:*:*:*:*:*\"}"),
		false, "finds pumpd undecided."},
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD "premises: {component: pumpd, version: '2.0'}\n"),
		LATER(COMPONENT("pumpd", "pumpd", "2.0")), false,
		"its SBOM still has the version that is affected."},
	/* not known */
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD), NULL, false, "it has no SBOM."},
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD), LATER(COMPONENT("pumpd", "pumpd", "2.0")), true,
		"no record of the vulnerability is at hand to match its SBOM."},
	{FIXED_IN_1_2("CVE-2030-0001", PUMPD), LATER(COMPONENT("pumpd", "pumpd", "2.0")), false,
		"no record of the vulnerability is at hand to match its SBOM."},
	{FIXED_IN_1_2("CVE-2030-0001", PUMPD "aliases: [CVE-2026-0002]\n"),
		LATER(COMPONENT("pumpd", "pumpd", "1.9")), false, "finds pumpd 1.9 affected."},
	{FIXED_IN_1_2("CVE-2026-0002", PUMPD), LATER(COMPONENT("pumpd", "elsewhere", "2.0")), false,
		"the knowledge base has no data on pumpd 2.0 in its SBOM."},
};

static void a_fix_that_does_not_show_is_not_stated(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(fixes); i++) {
		const struct row row = {.decisions = {fixes[i].decision}};
		struct tu_issue issue = {0};
		const struct tu_issue_entry *e;
		struct tu_str why;
		size_t ended;

		if (prepare(&row, device_text) ||
			(fixes[i].sbom &&
				tu_sbom_read(scene.arena, tu_str_c(fixes[i].sbom), false, NULL,
					&later, &scene.err)))
			fail_msg("row %zu: %s", i, scene.err.message);
		has_sbom = fixes[i].sbom != NULL;
		if (fixes[i].no_kb)
			input.kb = NULL;
		assert_int_equal(tu_assess__publish(&input, &issue, &ended, &scene.err), TU_OK);
		assert_int_equal(issue.entry_count, 2);
		e = &issue.entries[1];
		assert_int_equal(issue.entries[0].fix,
			fixes[i].why ? TU_ISSUE_FIX_UNSHOWN : TU_ISSUE_FIX_RELEASED);
		why = e->note;
		if (e->status != (fixes[i].why ? TU_CLAIM_UNDER_INVESTIGATION : TU_CLAIM_FIXED) ||
			(fixes[i].why ? !tu_str_ends(why, tu_str_c(fixes[i].why)) : why.len))
			fail_msg("row %zu: %s, %.*s", i, tu_claim_status_name(e->status),
				TU_STR_FMT(why));
	}
}

/* Another decision about the release: on the same component its word counts, on another none. */
static void a_fix_is_what_its_own_decision_says(void **state)
{
	static const struct {
		const char *own;
		enum tu_issue_fix fix;
	} rules[] = {
		{PUMPD "status: fixed\n", TU_ISSUE_FIX_RELEASED},
		{PUMPD "status: affected\nrisk: controlled\n", TU_ISSUE_FIX_UNSHOWN},
		{"component: other\nstatus: fixed\n", TU_ISSUE_FIX_UNSHOWN},
	};
	(void)state;

	for (size_t i = 0; i < TU_COUNT(rules); i++) {
		struct tu_issue issue = {0};
		char own[512];
		size_t ended;
		struct row row = {.decisions = {FIXED_IN_1_2("CVE-2026-0002", PUMPD), own}};

		(void)snprintf(own, sizeof(own),
			"vulnerability: CVE-2026-0002\n%svalidity: {releases: ['1.2']}\n"
			"decided_by: lead\ndecided_at: 2026-01-20T10:00:00Z\n"
			"learned_at: 2026-01-15T10:00:00Z\n",
			rules[i].own);
		if (prepare(&row, device_text))
			fail_msg("row %zu: %s", i, scene.err.message);
		assert_int_equal(tu_assess__publish(&input, &issue, &ended, &scene.err), TU_OK);
		assert_int_equal(issue.entry_count, 2);
		assert_int_equal(issue.entries[0].fix, rules[i].fix);
	}
}

/* The n-th allocation fails: that is said, never fewer statements. */
static void no_memory_is_said(void **state)
{
	(void)state;
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		for (size_t nth = 1; nth < MOST; nth++) {
			struct tu_issue issue = {0};
			enum tu_status status;
			size_t ended;
			bool hit;

			if (prepare(&rows[i], device_text))
				fail_msg("row %zu: %s", i, scene.err.message);
			tu_fault_set(nth);
			status = tu_assess__publish(&input, &issue, &ended, &scene.err);
			hit = tu_fault_count() >= nth;
			tu_fault_set(0);
			if (status != (hit ? TU_E_NOMEM : TU_OK))
				fail_msg("row %zu, allocation %zu: %s", i, nth, scene.err.message);
			if (!hit)
				break;
		}
	}
}

static void what_is_broken_stops_it(void **state)
{
	static const char wrong_udi[] =
		"family: X\nvariants: [{name: v, udi_di: '00614141123459'}]\n"
		"releases: [{version: '1.1', sbom: a}]\n";
	struct tu_issue issue = {0};
	size_t ended;
	(void)state;

	assert_int_equal(prepare(&rows[0], wrong_udi), TU_OK);
	assert_int_equal(tu_assess__publish(&input, &issue, &ended, &scene.err), TU_E_SYNTAX);
	assert_non_null(strstr(scene.err.message, "variant \"v\": the check character"));
	for (size_t i = 0; i < 15; i += 14) {
		assert_int_equal(prepare(&rows[i], device_text), TU_OK);
		sbom_status = TU_E_SYNTAX;
		assert_int_equal(
			tu_assess__publish(&input, &issue, &ended, &scene.err), TU_E_SYNTAX);
		assert_string_equal(scene.err.message, "the SBOM is broken");
	}
}

static int set_up(void **state)
{
	static const char *const feeds[] = {scene_feed, scene_kev, osv, NULL};
	(void)state;

	return scene_kb(&scene, feeds) != TU_OK;
}

static int tear_down(void **state)
{
	(void)state;
	scene_end(&scene);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(states_what_is_in_force),
		cmocka_unit_test(a_fix_that_does_not_show_is_not_stated),
		cmocka_unit_test(a_fix_is_what_its_own_decision_says),
		cmocka_unit_test(no_memory_is_said),
		cmocka_unit_test(what_is_broken_stops_it),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
