/* Looking at findings, what decisions would do, and proposing them (portfolio/look.h, decide.h,
 * dry_run.h, foresee.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/approve_scene.h"

#include "portfolio/dry_run.h"

#define AWK "CVE-2021-42386"
#define CURL "CVE-2023-38545"

/* ---- the world ---- */

static struct tu_error said; /* what went wrong, where that is asked */

static struct scene open_world(void)
{
	struct scene s = scene_portfolio();

	scene_person(&s, "ann", "approver");
	scene_person(&s, "ben", "analyst");
	scene_put_sbom(&s, "4.3.1", "infusion-pump.cdx.json");
	scene_put_sbom(&s, "4.4.0", "infusion-pump-4.4.0.cdx.json");
	s.act = scene_act("ben");
	return s;
}

/* What one test asks; texts live in the scene's arena. */
struct trial {
	struct scene *scene;
	const char *version, *vulnerability, *supersedes;
	struct tu_decide_request stated;
	bool propose;
	struct tu_list_scope nothing;
	bool hidden;
	/* what came of it */
	struct tu_finding_name name;
	struct tu_str id, file, text;
	bool obstacle;
	enum tu_status error;
	struct tu_dry_run run;
	size_t started;
};

static enum tu_status find_release(
	struct tu_work *w, struct trial *t, struct tu_str *out, struct tu_error *err)
{
	struct tu_device_row device;
	struct tu_release_row release;
	enum tu_status status = tu_device_find(w, tu_str_c(t->scene->device), &device, err);

	if (status == TU_OK)
		status = tu_release_find(w, &device, tu_str_c(t->version), &release, err);
	if (status == TU_OK)
		*out = release.public_id;
	return status;
}

static struct tu_look looking(const struct trial *t)
{
	return (struct tu_look){.scope = t->hidden ? &t->nothing : NULL, .kb = t->scene->kb};
}

/* The name of the trial's finding: of the first component that has it. */
static enum tu_status name_finding(struct tu_work *w, struct trial *t, struct tu_error *err)
{
	struct tu_look look = {.kb = t->scene->kb};
	struct tu_str release;
	struct tu_buf key;
	enum tu_status status = find_release(w, t, &release, err);

	if (status == TU_OK)
		status = tu_look_open(w, release, &look, err);
	t->name.component.len = 0;
	tu_buf_init(&key, 100);
	for (size_t i = 0; status == TU_OK && i < look.answer.matching.report.row_count; i++) {
		const struct tu_report_row *row = &look.answer.matching.report.rows[i];
		uint32_t at = look.prepared.component_of[row->distinct->first];

		if (!tu_str_eq(row->vulnerability->facts.id, tu_str_c(t->vulnerability)) || key.len)
			continue;
		tu_look_write_component(look.prepared.components[at].identity.key, &key);
	}
	if (status == TU_OK &&
		(!key.len || !tu_arena_dup(t->scene->arena, tu_buf_str(&key), &t->name.component) ||
			!tu_arena_dup(t->scene->arena, release, &t->name.release)))
		status = tu_fail(err, TU_E_NOTFOUND, 0, "no finding %s", t->vulnerability);
	t->name.vulnerability = tu_str_c(t->vulnerability);
	tu_buf_done(&key);
	return status;
}

static enum tu_status keep(struct trial *t, const struct tu_decide_one *one)
{
	t->error = one->error.status;
	t->obstacle = one->obstacle != NULL;
	return tu_arena_dup(t->scene->arena, one->name, &t->file) &&
			tu_arena_dup(t->scene->arena, one->text, &t->text)
		? TU_OK
		: TU_E_NOMEM;
}

static enum tu_status foresee(
	struct tu_work *w, struct trial *t, const struct tu_decide_one *one, struct tu_error *err)
{
	const struct tu_foresee_of of = {one->look, &one->finding, one->decision};
	struct tu_foreseen_list list;
	enum tu_status status = one->decision ? tu_foresee(w, &of, &list, err) : TU_OK;

	t->started = 0;
	for (size_t i = 0; one->decision && status == TU_OK && i < list.count; i++)
		t->started +=
			list.at[i].would && strncmp(list.at[i].deadline->rule->id, "fda-", 4) == 0;
	return status;
}

static enum tu_status decide(struct tu_work *outer, void *self, struct tu_error *err)
{
	struct trial *t = self;
	struct tu_work *w = outer;
	const struct tu_decide_on on = {
		t->name, t->supersedes ? tu_str_c(t->supersedes) : (struct tu_str){0}};
	const struct tu_decide_ask ask = {.scope = t->hidden ? &t->nothing : NULL,
		.kb = t->scene->kb,
		.stated = &t->stated,
		.on = &on,
		.count = 1};
	struct tu_decide_all all = {0};
	struct tu_str id = {0};
	enum tu_status status = t->propose ? tu_decide_propose(w, &ask, &all, &id, err)
					   : tu_decide_prepare(w, &ask, false, &all, err);

	if (all.count && keep(t, &all.at[0]) != TU_OK)
		return tu_no_memory(err);
	if (status == TU_OK && t->propose && !tu_arena_dup(t->scene->arena, id, &t->id))
		return tu_no_memory(err);
	if (status == TU_OK && !t->propose)
		status = foresee(w, t, &all.at[0], err);
	if (status == TU_OK && !t->propose) {
		struct tu_work mine = *w; /* what it says outlives the transaction */

		mine.arena = t->scene->arena;
		status = tu_dry_run(&mine, &all, &t->run, err);
	}
	return status;
}

static enum tu_status name_it(struct tu_work *w, void *self, struct tu_error *err)
{
	return name_finding(w, self, err);
}

static struct trial on(struct scene *s, const char *version, const char *vulnerability)
{
	struct trial t = {.scene = s,
		.version = version,
		.vulnerability = vulnerability,
		.stated = {.status = "not_affected",
			.justification = "vulnerable_code_not_present",
			.impact = "It is not built in.",
			.by = "PSIRT lead",
			.learned = "2026-06-01T10:00:00Z",
			.members = true}};

	assert_ok(tu_work_read(s->store, &s->act, name_it, &t, error));
	return t;
}

static enum tu_status run(struct trial *t, bool propose, struct tu_error *err)
{
	t->propose = propose;
	return propose ? tu_work_run(t->scene->store, &t->scene->act, decide, t, err)
		       : tu_work_read(t->scene->store, &t->scene->act, decide, t, err);
}

/* ---- names ---- */

static enum tu_status find_it(struct tu_work *w, void *self, struct tu_error *err)
{
	struct trial *t = self;
	struct tu_look look = looking(t);
	struct tu_look_finding finding;
	enum tu_status status = tu_look_open(w, t->name.release, &look, err);

	if (status == TU_OK)
		status = tu_look_find(
			&look, t->name.vulnerability, t->name.component, &finding, err);
	if (status == TU_OK)
		assert_string_equal(tu_assess_state_name(finding.assessment->state), "undecided");
	return status;
}

static enum tu_status look_for(struct trial *t)
{
	return tu_work_read(t->scene->store, &t->scene->act, find_it, t, &said);
}

static void a_finding_has_a_name(void **state)
{
	struct scene s = open_world();
	struct trial t = on(&s, "4.4.0", CURL);
	const struct tu_finding_name name = t.name;
	struct tu_finding_name read;
	struct tu_buf text;

	(void)state;
	tu_buf_init(&text, 500);
	tu_finding_name_write(&name, &text);
	assert_true(tu_finding_name_read(tu_buf_str(&text), &read));
	assert_true(tu_str_eq(read.vulnerability, name.vulnerability));
	assert_true(tu_str_eq(read.component, name.component));
	assert_true(tu_str_eq(read.release, name.release));
	assert_false(tu_finding_name_read(TU_STR("CVE-2024-1/x/y"), &read));
	assert_false(tu_finding_name_read(TU_STR("CVE-2024-1"), &read));
	tu_buf_done(&text);

	assert_int_equal(look_for(&t), TU_OK);
	t.name.vulnerability = TU_STR("cve-2023-38545");
	assert_int_equal(look_for(&t), TU_OK);
	t.name.component = TU_STR("00000000000000000000000000000000");
	assert_int_equal(look_for(&t), TU_E_NOTFOUND);
	t.name = name;
	t.name.vulnerability = TU_STR("CVE-1999-0001");
	assert_int_equal(look_for(&t), TU_E_NOTFOUND);
	t.name = name;
	t.hidden = true;
	assert_int_equal(look_for(&t), TU_E_NOTFOUND);
	assert_string_equal(said.message, "there is no such finding");
	scene_done(&s);
}

/* ---- what would be ---- */

static const struct tu_dry_release *release_of(const struct trial *t, const char *version)
{
	for (size_t i = 0; i < t->run.release_count; i++)
		if (tu_str_eq(t->run.releases[i].release, tu_str_c(version)))
			return &t->run.releases[i];
	return NULL;
}

static void a_dry_run_says_where_it_is_carried(void **state)
{
	struct scene s = open_world();
	struct trial t = on(&s, "4.3.1", AWK);

	(void)state;
	assert_ok(run(&t, false, error));
	assert_int_equal(t.error, TU_OK);
	assert_int_equal(release_of(&t, "4.3.1")->applies, 1);
	assert_int_equal(release_of(&t, "4.3.1")->closes, 1);
	assert_int_equal(release_of(&t, "4.4.0")->applies, 1); /* the same version is in it */
	assert_int_equal(t.run.statement_count, 1);
	assert_int_equal(t.run.statements[0].entry->status, TU_CLAIM_NOT_AFFECTED);
	t.stated.no_carry = true;
	assert_ok(run(&t, false, error));
	assert_int_equal(release_of(&t, "4.3.1")->applies, 1);
	assert_int_equal(release_of(&t, "4.4.0")->applies, 0);
	scene_done(&s);
}

static void deadlines_follow_from_what_is_stated(void **state)
{
	struct scene s = open_world();
	struct trial t = on(&s, "4.4.0", CURL);

	(void)state;
	assert_ok(run(&t, false, error));
	assert_int_equal(t.started, 0);
	t.stated = (struct tu_decide_request){.status = "affected",
		.risk = "uncontrolled",
		.harm = "serious",
		.exploitability = "high",
		.remedy = "vendor_fix",
		.action = "Update.",
		.by = "PSIRT lead",
		.learned = "2026-06-01T10:00:00Z",
		.members = true};
	assert_ok(run(&t, false, error));
	assert_int_equal(t.error, TU_OK);
	assert_int_equal(t.started, 2);
	assert_int_equal(release_of(&t, "4.4.0")->closes, 0);
	scene_done(&s);
}

static void what_is_wrong_is_of_the_one(void **state)
{
	struct scene s = open_world();
	struct trial t = on(&s, "4.4.0", CURL);

	(void)state;
	t.stated.by = "passer-by";
	assert_ok(run(&t, false, error));
	assert_int_equal(t.error, TU_E_USAGE);
	assert_int_equal(t.run.release_count, 0);
	t.stated.by = "PSIRT lead";
	t.stated.justification = "because";
	assert_ok(run(&t, false, error));
	assert_int_equal(t.error, TU_E_USAGE);
	assert_int_equal(run(&t, true, &said), TU_E_USAGE);
	assert_non_null(strstr(said.message, "findings/0: justification"));
	t.hidden = true;
	assert_int_equal(run(&t, true, &said), TU_E_NOTFOUND);
	scene_done(&s);
}

/* ---- one after the other ---- */

static void who_is_second_supersedes_or_is_refused(void **state)
{
	struct scene s = open_world();
	struct trial t = on(&s, "4.3.1", AWK);
	char first[64];

	(void)state;
	assert_ok(run(&t, true, error));
	(void)snprintf(first, sizeof(first), "%.*s", TU_STR_FMT(t.id));
	assert_true(tu_str_eq(t.file, TU_STR("CVE-2021-42386-busybox-4.3.1.yaml")));
	assert_int_equal(run(&t, true, &said), TU_E_CONFLICT);
	assert_true(t.obstacle);
	/* a proposal takes the place of another under its name */
	t.stated.impact = "The applet is off.";
	t.supersedes = first;
	assert_ok(run(&t, true, error));
	assert_true(tu_str_eq(t.file, TU_STR("CVE-2021-42386-busybox-4.3.1.yaml")));
	assert_int_equal(tu_str_search(t.text, TU_STR("supersedes")), t.text.len);
	assert_int_equal(
		run(&t, true, &said), TU_E_CONFLICT); /* the first is not current any more */
	assert_false(t.obstacle);
	/* an approved one stays, and the next has another name */
	(void)snprintf(first, sizeof(first), "%.*s", TU_STR_FMT(t.id));
	s.act = scene_act("ann");
	s.name = "CVE-2021-42386-busybox-4.3.1.yaml";
	scene_run(&s, scene_approve);
	s.act = scene_act("ben");
	t.stated.impact = "The applet is not in the image.";
	assert_ok(run(&t, true, error));
	assert_true(tu_str_eq(t.file, TU_STR("CVE-2021-42386-busybox-4.3.1-2.yaml")));
	assert_true(tu_str_search(t.text, TU_STR("supersedes: CVE-2021-42386-busybox-4.3.1\n")) <
		t.text.len);
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_finding_has_a_name),
		cmocka_unit_test(a_dry_run_says_where_it_is_carried),
		cmocka_unit_test(deadlines_follow_from_what_is_stated),
		cmocka_unit_test(what_is_wrong_is_of_the_one),
		cmocka_unit_test(who_is_second_supersedes_or_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
