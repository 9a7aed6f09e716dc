/* What a build server sends: the intake, names of projects, builds: on every engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/portfolio_scene.h"

#include "audit/team.h"
#include "portfolio/build.h"
#include "portfolio/gaps.h"
#include "portfolio/intake.h"
#include "portfolio/list_load.h"
#include "portfolio/scope.h"
#include "portfolio/upload.h"

static const struct tu_list_scope all = {.everything = true}, none = {0};

#define SECOND INT64_C(1000000)
enum { TEXT_MAX = 400 };

/* One SBOM a number. */
static struct tu_str sbom_of(struct scene *s, int number)
{
	char text[TEXT_MAX];
	struct tu_str copy;

	(void)snprintf(text, sizeof(text),
		"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"version\":%d,"
		"\"components\":["
		"{\"type\":\"library\",\"name\":\"busybox\",\"version\":\"1.30.0\","
		"\"purl\":\"pkg:generic/busybox@1.30.0\",\"hashes\":[{\"alg\":\"SHA-1\","
		"\"content\":\"00112233445566778899aabbccddeeff00112233\"}]}]}",
		number);
	assert_true(tu_arena_dup(s->arena, tu_str_c(text), &copy));
	return copy;
}

struct finding {
	struct scene *s;
	struct tu_intake_ask ask;
	char release[TU_RANDOM_ID + 1];
};

static enum tu_status find(struct tu_work *w, void *self, struct tu_error *err)
{
	struct finding *f = self;
	enum tu_status status = tu_intake_find(w, &f->ask, err);

	if (status == TU_OK)
		(void)snprintf(f->release, sizeof(f->release), "%.*s", TU_STR_FMT(f->ask.release));
	return status;
}

static struct finding find_as(struct scene *s, const char *name, const char *version)
{
	return (struct finding){.s = s,
		.ask = {.scope = &all,
			.name = tu_str_c(name),
			.version = tu_str_c(version),
			.create = true}};
}

static void upload(struct scene *s, const char *release, int number)
{
	struct tu_sbom_upload up = {.release = tu_str_c(release),
		.scope = &all,
		.bytes = sbom_of(s, number),
		.kb = s->kb,
		.arena = s->arena};

	assert_ok(tu_sbom_open(NULL, up.arena, up.bytes, &up.inventory, error));
	assert_ok(tu_sbom_upload(s->store, &s->act, &up, error));
	assert_int_equal(up.build.len, TU_RANDOM_ID);
}

struct looking {
	const struct tu_list_scope *scope;
	const char *release, *name;
	struct tu_project project;
	struct tu_projects projects;
	struct tu_builds builds;
	struct tu_gaps gaps;
	char texts[4][TEXT_MAX];
	size_t count, tags;
	bool has_version;
};

static void keep(char *out, struct tu_str text)
{
	(void)snprintf(out, TEXT_MAX, "%.*s", TU_STR_FMT(text));
}

static enum tu_status look(struct tu_work *w, void *self, struct tu_error *err)
{
	struct looking *l = self;
	enum tu_status status =
		tu_project_get(w, l->scope, tu_str_c(l->release), &l->projects, err);

	if (status != TU_OK)
		return status;
	l->project = *l->projects.one;
	l->count = l->projects.count;
	l->tags = l->project.tag_count;
	keep(l->texts[0], l->project.name);
	keep(l->texts[1], l->project.device);
	keep(l->texts[2], l->project.version);
	keep(l->texts[3], l->project.parent);
	return tu_gaps_of(w, NULL, l->scope, &l->gaps, err);
}

static struct looking look_at(struct scene *s, const char *release)
{
	struct looking l = {.scope = &all, .release = release};

	assert_ok(tu_work_read(s->store, &s->act, look, &l, error));
	return l;
}

static void an_unknown_project_goes_to_the_intake(void **state)
{
	struct scene s = scene_portfolio();
	struct finding one = find_as(&s, "pump \"firmware\" \xe2\x82\xac", "1.0-SNAPSHOT"), again,
		       next, family;
	struct looking l;
	struct tu_error err = {0};

	(void)state;
	one.ask.create = false;
	assert_int_equal(tu_work_run(s.store, &s.act, find, &one, &err), TU_E_NOTFOUND);
	one.ask.create = true;
	assert_ok(tu_work_run(s.store, &s.act, find, &one, error));
	assert_true(one.ask.created);
	again = one;
	assert_ok(tu_work_run(s.store, &s.act, find, &again, error));
	assert_false(again.ask.created);
	assert_string_equal(again.release, one.release);
	next = find_as(&s, "pump \"firmware\" \xe2\x82\xac", "1.1");
	assert_ok(tu_work_run(s.store, &s.act, find, &next, error));
	l = look_at(&s, next.release);
	assert_string_equal(l.texts[0], "pump \"firmware\" \xe2\x82\xac");
	assert_true(tu_str_starts(tu_str_c(l.texts[1]), TU_STR("intake-pump--firmware----")));
	assert_int_equal(l.count, 2);
	assert_true(l.project.intake && l.project.latest && !l.project.imported);
	assert_int_equal(l.gaps.devices_in_intake, 1);
	assert_false(look_at(&s, one.release).project.latest);
	/* what a family has is not created, and what it has not does not change it */
	family = find_as(&s, "larkspur-ip-200", "4.4.0");
	assert_ok(tu_work_run(s.store, &s.act, find, &family, error));
	assert_false(family.ask.created);
	assert_false(look_at(&s, family.release).project.intake);
	family = find_as(&s, "larkspur-ip-200", "9.9");
	assert_ok(tu_work_run(s.store, &s.act, find, &family, error));
	l = look_at(&s, family.release);
	assert_true(family.ask.created && l.project.intake);
	assert_string_equal(l.texts[0], "larkspur-ip-200");
	scene_done(&s);
}

static void names_that_are_none_are_refused(void **state)
{
	static const struct tu_str texts[] = {TU_STR_INIT(""), TU_STR_INIT("a\nb"),
		TU_STR_INIT("a\0b"), TU_STR_INIT("\xff"), TU_STR_INIT("a\xe2\x80\xae")};
	struct scene s = scene_portfolio();

	(void)state;
	for (size_t i = 0; i < TU_COUNT(texts); i++) {
		struct finding f = find_as(&s, "x", "1");
		struct tu_error err = {0};

		f.ask.name = texts[i];
		assert_int_equal(tu_work_run(s.store, &s.act, find, &f, &err), TU_E_USAGE);
		f.ask.name = TU_STR("x");
		f.ask.version = texts[i];
		assert_int_equal(tu_work_run(s.store, &s.act, find, &f, &err), TU_E_USAGE);
	}
	scene_done(&s);
}

/* ---- teams ---- */

static enum tu_status team_id(struct tu_work *w, void *self, struct tu_error *err)
{
	return tu_team_find(w->tx, TU_STR("north"), self, err);
}

static void a_team_hears_nothing_of_another_one(void **state)
{
	struct scene s = scene_portfolio();
	const struct tu_audit_act act = {.at = NOW, .actor = TU_STR("admin")};
	struct finding others = find_as(&s, "gateway", "1"), own;
	struct looking l;
	struct tu_team team;
	char public[TU_RANDOM_ID + 1];
	struct tu_error err = {0};

	(void)state;
	assert_ok(tu_team_add(s.store, TU_STR("north"), &act, public, error));
	assert_ok(tu_work_read(s.store, &s.act, team_id, &team, error));
	assert_ok(tu_work_run(s.store, &s.act, find, &others, error));
	own = find_as(&s, "gateway", "1");
	own.ask.scope = &none;
	assert_int_equal(tu_work_run(s.store, &s.act, find, &own, &err), TU_E_USAGE);
	own.ask.team = team.id;
	assert_ok(tu_work_run(s.store, &s.act, find, &own, error));
	assert_true(own.ask.created);
	assert_string_not_equal(own.release, others.release);
	l = (struct looking){.scope = &none, .release = others.release};
	assert_int_equal(tu_work_read(s.store, &s.act, look, &l, &err), TU_E_NOTFOUND);
	scene_done(&s);
}

/* ---- to its family ---- */

struct moving {
	struct tu_intake_move ask;
};

static enum tu_status move(struct tu_work *w, void *self, struct tu_error *err)
{
	struct moving *m = self;

	return tu_intake_move(w, &m->ask, err);
}

static void list_release(struct scene *s, const char *version, int64_t based_on)
{
	struct tu_buf text;

	tu_buf_init(&text, 1 << 20);
	s->text = scene_example(s, "device.yaml");
	tu_buf_str_add(&text, tu_str_first(s->text, tu_str_search(s->text, TU_STR("releases:\n"))));
	tu_buf_printf(
		&text, "releases:\n  - version: \"%s\"\n    support_end: 2031-01-01\n", version);
	tu_buf_str_add(
		&text, tu_str_from(s->text, tu_str_search(s->text, TU_STR("releases:\n")) + 10));
	assert_true(tu_arena_dup(s->arena, tu_buf_str(&text), &s->text));
	tu_buf_done(&text);
	s->row_version = based_on;
	scene_run(s, scene_put_device);
	s->row_version = 0;
}

static size_t findings(struct scene *s, struct tu_list *list, int64_t device)
{
	int64_t change;
	struct tu_list_snapshot *shot;
	struct tu_list_filter filter = {.device_ids = &device, .device_count = 1};
	struct tu_list_filters filters = {
		.kind = TU_LIST_FINDINGS, .scope = &all, .at = &filter, .count = 1};
	uint64_t count = 0;

	assert_ok(tu_list_follow(s->store, list, &change, error));
	shot = tu_list_current(list);
	assert_ok(tu_list_count(shot, &filters, &count, error));
	tu_list_drop(shot);
	return (size_t)count;
}

static void a_release_moves_to_its_family_and_keeps_its_id(void **state)
{
	struct scene s = scene_portfolio();
	struct finding f = find_as(&s, "pump-fw", "9.9.0"), again;
	struct moving m = {{.scope = &all, .device = TU_STR("larkspur-ip-200")}};
	struct tu_list *list;
	struct looking l;
	struct tu_error err = {0};
	int64_t intake;

	(void)state;
	assert_ok(tu_list_new(&list, error));
	assert_ok(tu_list_load(s.store, list, error));
	assert_ok(tu_work_run(s.store, &s.act, find, &f, error));
	upload(&s, f.release, 1);
	intake = look_at(&s, f.release).project.device_id;
	assert_true(findings(&s, list, intake) > 0);
	m.ask.release = tu_str_c(f.release);
	/* it does not list it */
	assert_int_equal(tu_work_run(s.store, &s.act, move, &m, &err), TU_E_USAGE);
	list_release(&s, "9.9.0", 1);
	m.ask.scope = &none;
	assert_int_equal(tu_work_run(s.store, &s.act, move, &m, &err), TU_E_NOTFOUND);
	m.ask.scope = &all;
	assert_ok(tu_work_run(s.store, &s.act, move, &m, error));
	l = look_at(&s, f.release);
	assert_string_equal(l.texts[0], "pump-fw");
	assert_string_equal(l.texts[1], "larkspur-ip-200");
	assert_true(!l.project.intake && l.project.imported);
	assert_int_equal(findings(&s, list, intake), 0);
	assert_true(findings(&s, list, l.project.device_id) > 0);
	/* it goes on under its name, and there is nothing left to move */
	again = find_as(&s, "pump-fw", "9.9.0");
	assert_ok(tu_work_run(s.store, &s.act, find, &again, error));
	assert_string_equal(again.release, f.release);
	again = find_as(&s, "larkspur-ip-200", "9.9.0");
	assert_ok(tu_work_run(s.store, &s.act, find, &again, error));
	assert_string_equal(again.release, f.release);
	assert_int_equal(tu_work_run(s.store, &s.act, move, &m, &err), TU_E_USAGE);
	/* device.yaml still is what lists it */
	list_release(&s, "9.9.0", 2);
	tu_list_free(list);
	scene_done(&s);
}

/* ---- what a client says ---- */

static enum tu_status say(struct tu_work *w, void *self, struct tu_error *err)
{
	return tu_project_say(w, self, err);
}

static void tags_parents_and_the_latest_are_kept(void **state)
{
	static const struct tu_str tags[] = {TU_STR_INIT("b"), TU_STR_INIT("a")};
	struct scene s = scene_portfolio();
	struct finding one = find_as(&s, "x", "1"), two = find_as(&s, "x", "2");
	struct tu_project_say words = {
		.scope = &all, .says_tags = true, .tags = tags, .tag_count = 2, .latest = true};
	struct tu_error err = {0};
	struct looking l;

	(void)state;
	assert_ok(tu_work_run(s.store, &s.act, find, &one, error));
	assert_ok(tu_work_run(s.store, &s.act, find, &two, error));
	words.release = tu_str_c(one.release);
	assert_ok(tu_work_run(s.store, &s.act, say, &words, error));
	l = look_at(&s, one.release);
	assert_true(l.project.latest && l.tags == 2);
	assert_false(look_at(&s, two.release).project.latest);
	words = (struct tu_project_say){
		.scope = &all, .release = tu_str_c(two.release), .parent = tu_str_c(one.release)};
	assert_ok(tu_work_run(s.store, &s.act, say, &words, error));
	l = look_at(&s, two.release);
	assert_string_equal(l.texts[3], one.release);
	words.release = tu_str_c(one.release);
	words.parent = tu_str_c(two.release);
	assert_int_equal(tu_work_run(s.store, &s.act, say, &words, &err), TU_E_USAGE);
	words.parent = TU_STR("00000000000000000000000000000000");
	assert_int_equal(tu_work_run(s.store, &s.act, say, &words, &err), TU_E_NOTFOUND);
	assert_string_equal(err.pointer, "parent");
	scene_done(&s);
}

/* ---- builds ---- */

struct dropping {
	struct tu_builds_drop drop;
	const char *release;
	size_t builds, there;
	int64_t current;
};

static enum tu_status drop(struct tu_work *w, void *self, struct tu_error *err)
{
	struct dropping *d = self;

	return tu_builds_drop(w, &d->drop, err);
}

static enum tu_status count_builds(struct tu_work *w, void *self, struct tu_error *err)
{
	struct dropping *d = self;
	struct tu_builds builds;
	enum tu_status status = tu_build_list(w, &all, tu_str_c(d->release), &builds, err);

	if (status != TU_OK)
		return status;
	d->builds = builds.count;
	d->there = 0;
	for (size_t i = 0; i < builds.count; i++) {
		assert_int_equal(builds.at[i].n, i + 1);
		assert_int_equal(builds.at[i].stored == 0, builds.at[i].dropped != 0);
		d->there += builds.at[i].stored != 0;
		if (builds.at[i].current)
			d->current = builds.at[i].n;
	}
	return TU_OK;
}

static void upload_builds(struct scene *s, const char *release, int from, int to)
{
	for (int i = from; i <= to; i++) {
		s->act.at += SECOND;
		upload(s, release, i);
	}
}

static void builds_beyond_the_newest_are_dropped(void **state)
{
	struct scene s = scene_portfolio();
	struct finding f = find_as(&s, "pump-fw", "2");
	struct dropping d = {.drop = {.keep = 3, .limit = 4}};

	(void)state;
	assert_ok(tu_work_run(s.store, &s.act, find, &f, error));
	d.release = f.release;
	upload_builds(&s, f.release, 1, 9);
	upload(&s, f.release, 9); /* the same again is no other build */
	assert_ok(tu_work_read(s.store, &s.act, count_builds, &d, error));
	assert_true(d.builds == 9 && d.there == 9 && d.current == 9);
	assert_ok(tu_work_run(s.store, &s.act, drop, &d, error));
	assert_true(d.drop.dropped == 4 && d.drop.documents == 4 && d.drop.more);
	assert_ok(tu_work_run(s.store, &s.act, drop, &d, error));
	assert_true(d.drop.dropped == 2 && !d.drop.more);
	assert_ok(tu_work_read(s.store, &s.act, count_builds, &d, error));
	assert_true(d.builds == 9 && d.there == 3 && d.current == 9);
	/* one that was dropped can come again */
	upload_builds(&s, f.release, 1, 1);
	assert_ok(tu_work_read(s.store, &s.act, count_builds, &d, error));
	assert_true(d.builds == 10 && d.there == 4 && d.current == 10);
	scene_done(&s);
}

static void what_was_decided_on_or_released_stays(void **state)
{
	struct scene s = scene_portfolio();
	struct finding f = find_as(&s, "pump-fw", "2");
	struct dropping d = {.drop = {.keep = 1, .limit = 100}};
	struct looking l;

	(void)state;
	assert_ok(tu_work_run(s.store, &s.act, find, &f, error));
	d.release = f.release;
	upload_builds(&s, f.release, 1, 2);
	l = look_at(&s, f.release);
	s.device = l.texts[1];
	s.name = "one";
	s.version = NULL;
	s.text = TU_STR("schema: tutela-decision/1\nid: one\nvulnerability: CVE-2021-42386\n"
			"component: {name: busybox}\nstatus: not_affected\n"
			"justification: vulnerable_code_not_present\nimpact: \"no awk\"\n"
			"rationale: \"no awk\"\nvalidity: {releases: [\"2\"]}\n"
			"decided_by: lead\ndecided_at: 2026-07-01T00:00:00Z\n"
			"learned_at: 2026-06-30T00:00:00Z\n");
	s.act.at += SECOND;
	scene_run(&s, scene_propose);
	upload_builds(&s, f.release, 3, 6);
	assert_ok(tu_work_run(s.store, &s.act, drop, &d, error));
	assert_int_equal(d.drop.dropped, 4); /* 1, 3, 4, 5: the decision was on 2 */
	s.version = "2";
	s.to = TU_RELEASE_RELEASED;
	scene_run(&s, scene_move);
	d.drop.keep = 1;
	assert_ok(tu_work_run(s.store, &s.act, drop, &d, error));
	assert_int_equal(d.drop.dropped, 0);
	scene_done(&s);
}

/* ---- the end ---- */

static enum tu_status remove_release(struct tu_work *w, void *self, struct tu_error *err)
{
	struct finding *f = self;

	return tu_intake_remove(w, f->ask.scope, tu_str_c(f->release), err);
}

static enum tu_status remove_device(struct tu_work *w, void *self, struct tu_error *err)
{
	struct looking *l = self;
	struct tu_device_row row;
	enum tu_status status = tu_device_find(w, tu_str_c(l->texts[1]), &row, err);

	return status ? status : tu_device_remove(w, &row, err);
}

static void a_release_of_the_intake_can_be_removed(void **state)
{
	struct scene s = scene_portfolio();
	struct finding one = find_as(&s, "x", "1"), two = find_as(&s, "x", "2"), family;
	struct looking l;
	struct tu_error err = {0};

	(void)state;
	assert_ok(tu_work_run(s.store, &s.act, find, &one, error));
	assert_ok(tu_work_run(s.store, &s.act, find, &two, error));
	upload(&s, one.release, 1);
	l = look_at(&s, one.release);
	one.ask.scope = &none;
	assert_int_equal(tu_work_run(s.store, &s.act, remove_release, &one, &err), TU_E_NOTFOUND);
	one.ask.scope = &all;
	assert_ok(tu_work_run(s.store, &s.act, remove_release, &one, error));
	assert_int_equal(look_at(&s, two.release).count, 1);
	family = find_as(&s, "larkspur-ip-200", "4.4.0");
	assert_ok(tu_work_run(s.store, &s.act, find, &family, error));
	assert_int_equal(
		tu_work_run(s.store, &s.act, remove_release, &family, &err), TU_E_CONSTRAINT);
	assert_ok(tu_work_run(s.store, &s.act, remove_device, &l, error));
	scene_done(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_unknown_project_goes_to_the_intake),
		cmocka_unit_test(names_that_are_none_are_refused),
		cmocka_unit_test(a_team_hears_nothing_of_another_one),
		cmocka_unit_test(a_release_moves_to_its_family_and_keeps_its_id),
		cmocka_unit_test(tags_parents_and_the_latest_are_kept),
		cmocka_unit_test(builds_beyond_the_newest_are_dropped),
		cmocka_unit_test(what_was_decided_on_or_released_stays),
		cmocka_unit_test(a_release_of_the_intake_can_be_removed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
