/* Uploads, where things are, what is known of a device, and its end: on every engine. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/portfolio_scene.h"

#include "portfolio/exposure.h"
#include "portfolio/list_load.h"
#include "portfolio/posture.h"
#include "portfolio/search.h"
#include "portfolio/upload.h"
#include "portfolio/where.h"

static const struct tu_list_scope all = {.everything = true}, none = {0};

static const char first[] =
	"{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
	"{\"type\":\"library\",\"name\":\"busybox\",\"version\":\"1.30.0\","
	"\"purl\":\"pkg:generic/busybox@1.30.0\",\"hashes\":[{\"alg\":\"SHA-1\",\"content\":"
	"\"00112233445566778899aabbccddeeff00112233\"}]},"
	"{\"type\":\"library\",\"name\":\"busybox\"}]}";
static const char second[] = "{\"bomFormat\":\"CycloneDX\",\"specVersion\":\"1.6\",\"components\":["
			     "{\"type\":\"library\",\"name\":\"nothing-known\"}]}";

/* us: May 2026, before 4.4.0 is released by its date: it is a draft, whose SBOM may change. */
#define BEFORE_RELEASE INT64_C(1777593600000000)

struct world {
	struct scene s;
	struct tu_list *list;
	struct tu_release_row release;
};

static enum tu_status find_release(struct tu_work *w, void *self, struct tu_error *err)
{
	struct world *o = self;
	struct tu_device_row device;
	struct tu_str public;
	enum tu_status status = tu_device_find(w, tu_str_c(o->s.device), &device, err);

	if (status == TU_OK)
		status = tu_release_find(w, &device, TU_STR("4.4.0"), &o->release, err);
	if (status == TU_OK && tu_arena_dup(o->s.arena, o->release.public_id, &public))
		o->release.public_id = public;
	return status;
}

static struct world open_world(void)
{
	struct world w = {.s = scene_portfolio()};

	assert_ok(tu_work_run(w.s.store, &w.s.act, find_release, &w, error));
	assert_ok(tu_list_new(&w.list, error));
	assert_ok(tu_list_load(w.s.store, w.list, error));
	return w;
}

static void close_world(struct world *w)
{
	tu_list_free(w->list);
	scene_done(&w->s);
}

static struct tu_sbom_upload upload_of(struct world *w, const char *text)
{
	struct tu_sbom_upload up = {.release = w->release.public_id,
		.scope = &all,
		.bytes = tu_str_c(text),
		.kb = w->s.kb,
		.arena = w->s.arena};

	assert_ok(tu_sbom_open(NULL, up.arena, up.bytes, &up.inventory, error));
	return up;
}

static void an_upload_says_what_came_and_went(void **state)
{
	struct world w = open_world();
	struct tu_sbom_upload up = upload_of(&w, first);
	struct tu_error err = {0};
	int64_t version;

	(void)state;
	w.s.act.at = BEFORE_RELEASE;
	assert_ok(tu_sbom_upload(w.s.store, &w.s.act, &up, error));
	assert_true(up.came > 0 && up.came == up.vulnerabilities && up.went == 0);
	version = up.version;
	up = upload_of(&w, second);
	up.based_on = version - 1;
	assert_int_equal(tu_sbom_upload(w.s.store, &w.s.act, &up, &err), TU_E_CONFLICT);
	up.based_on = version;
	assert_ok(tu_sbom_upload(w.s.store, &w.s.act, &up, error));
	assert_true(up.vulnerabilities == 0 && up.came == 0 && up.went > 0);
	up.scope = &none;
	assert_int_equal(tu_sbom_upload(w.s.store, &w.s.act, &up, &err), TU_E_NOTFOUND);
	close_world(&w);
}

static void what_cannot_be_compared_is_not_left_out(void **state)
{
	struct world w = open_world();
	struct tu_sbom_upload up = upload_of(&w, first);
	struct tu_where where = {.arena = w.s.arena, .scope = &all};
	struct tu_where_files files = {.arena = w.s.arena,
		.scope = &all,
		.hash = TU_STR("00112233445566778899AABBCCDDEEFF00112233")};

	(void)state;
	assert_ok(tu_sbom_upload(w.s.store, &w.s.act, &up, error));
	where.question = TU_STR("BusyBox < 1.9");
	assert_ok(tu_where_find(w.s.store, &where, error));
	assert_int_equal(where.count, 1);
	assert_true(where.rows[0].undecided && where.undecided == 1);
	where.question = TU_STR("busy* <= 1.30.0");
	assert_ok(tu_where_find(w.s.store, &where, error));
	assert_int_equal(where.count, 2);
	assert_true(!where.rows[0].undecided && where.rows[1].undecided);
	where.scope = &none;
	assert_ok(tu_where_find(w.s.store, &where, error));
	assert_int_equal(where.count, 0);
	assert_ok(tu_where_hash(w.s.store, &files, error));
	assert_int_equal(files.count, 1);
	assert_true(tu_str_eq(files.rows[0].component, TU_STR("busybox")));
	close_world(&w);
}

/* ---- what is known of a device ---- */

struct knowing {
	struct tu_posture posture;
	int64_t device;
};

static enum tu_status read_posture(struct tu_work *w, void *self, struct tu_error *err)
{
	struct knowing *k = self;
	struct tu_device_row device;
	enum tu_status status = tu_device_find(w, TU_STR("larkspur-ip-200"), &device, err);

	k->device = device.id;
	return status ? status : tu_posture_read(w, device.id, &k->posture, err);
}

static void what_is_not_known_is_counted(void **state)
{
	struct world w = open_world();
	struct tu_sbom_upload up = upload_of(&w, first);
	struct knowing k = {.device = 0};
	struct tu_list_snapshot *list;
	struct tu_exposure exposure = {.arena = w.s.arena, .scope = &all};
	struct tu_search search = {.arena = w.s.arena, .scope = &all, .word = TU_STR("busyb")};
	int64_t change;

	(void)state;
	assert_ok(tu_sbom_upload(w.s.store, &w.s.act, &up, error));
	/* device.yaml has a date in the past: it is released by its SBOM */
	assert_ok(tu_work_read(w.s.store, &w.s.act, read_posture, &k, error));
	assert_true(k.posture.in_field == 1 && k.posture.components == 2 &&
		k.posture.without_version == 1 && k.posture.without_sbom == 0);
	assert_ok(tu_list_follow(w.s.store, w.list, &change, error));
	list = tu_list_current(w.list);
	assert_ok(tu_posture_count(
		w.s.arena, &(struct tu_posture_of){list, &all, k.device, NOW}, &k.posture, error));
	assert_true(k.posture.findings > 0 && k.posture.findings == k.posture.not_assessed &&
		k.posture.not_assessed_30 == 0);
	search.list = exposure.list = list;
	assert_ok(tu_search_run(w.s.store, &search, error));
	assert_true(search.counts[TU_SEARCH_COMPONENT] == 2);
	exposure.vulnerability = up.prepared.components[0].facts.count
		? up.prepared.components[0].facts.at[0].vuln
		: up.prepared.components[1].facts.at[0].vuln;
	assert_ok(tu_exposure_find(w.s.store, &exposure, error));
	assert_true(exposure.count == 1 && exposure.rows[0].findings > 0 && exposure.decided == 0);
	tu_list_drop(list);
	close_world(&w);
}

/* ---- its end ---- */

static enum tu_status remove_device(struct tu_work *w, void *self, struct tu_error *err)
{
	struct tu_device_row device;
	enum tu_status status = tu_device_find(w, TU_STR("larkspur-ip-200"), &device, err);

	(void)self;
	return status ? status : tu_device_remove(w, &device, err);
}

static void a_device_goes_when_nobody_needs_it(void **state)
{
	struct world w = open_world();
	struct tu_sbom_upload up = upload_of(&w, first);
	struct tu_error err = {0};
	struct tu_list_snapshot *list;
	int64_t change;

	(void)state;
	w.s.act.at = BEFORE_RELEASE;
	assert_ok(tu_sbom_upload(w.s.store, &w.s.act, &up, error));
	assert_int_equal(
		tu_work_run(w.s.store, &w.s.act, remove_device, NULL, &err), TU_E_CONSTRAINT);
	assert_non_null(strstr(err.message, "open finding"));
	up = upload_of(&w, second);
	assert_ok(tu_sbom_upload(w.s.store, &w.s.act, &up, error));
	assert_ok(tu_list_follow(w.s.store, w.list, &change, error));
	list = tu_list_current(w.list);
	assert_true(tu_list_has_release(list, w.release.id));
	tu_list_drop(list);
	assert_ok(tu_work_run(w.s.store, &w.s.act, remove_device, NULL, error));
	assert_ok(tu_list_follow(w.s.store, w.list, &change, error));
	list = tu_list_current(w.list);
	assert_false(tu_list_has_release(list, w.release.id));
	tu_list_drop(list);
	close_world(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_upload_says_what_came_and_went),
		cmocka_unit_test(what_cannot_be_compared_is_not_left_out),
		cmocka_unit_test(what_is_not_known_is_counted),
		cmocka_unit_test(a_device_goes_when_nobody_needs_it),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
