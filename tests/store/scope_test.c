/* What a person or a key may see (portfolio/scope.h): the rest does not exist for them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "tests/support/portfolio_scene.h"

#include "audit/team.h"
#include "portfolio/ledger_view.h"
#include "portfolio/list_filter.h"
#include "portfolio/list_load.h"
#include "portfolio/scope.h"

static const struct tu_audit_act act = {NOW, TU_STR_INIT("setup"), TU_STR_INIT("a test")};

struct world {
	struct scene s;
	struct tu_list *list;
	struct tu_arena *arena;
};

/* The pump, and a second device whose text differs by its name; both with an SBOM. */
static struct world open_two(void)
{
	struct world w = {.s = scene_portfolio()};
	struct tu_str old = TU_STR("family: Larkspur IP-200"), text;
	struct tu_buf other;
	size_t at;

	w.arena = w.s.arena;
	text = scene_example(&w.s, "device.yaml");
	at = tu_str_search(text, old);
	assert_true(at < text.len);
	tu_buf_init(&other, 1 << 20);
	tu_buf_printf(&other, "%.*sfamily: Heron H-9%.*s", (int)at, text.ptr,
		(int)(text.len - at - old.len), text.ptr + at + old.len);
	assert_true(tu_arena_dup(w.arena, tu_buf_str(&other), &w.s.text));
	tu_buf_done(&other);
	scene_run(&w.s, scene_put_device);
	scene_put_sbom(&w.s, "4.3.1", "infusion-pump.cdx.json");
	w.s.device = "heron-h-9";
	scene_put_sbom(&w.s, "4.3.1", "infusion-pump.cdx.json");
	assert_ok(tu_list_new(&w.list, error));
	assert_ok(tu_list_load(w.s.store, w.list, error));
	return w;
}

static void done(struct world *w)
{
	tu_list_free(w->list);
	scene_done(&w->s);
}

static void add_person(struct world *w, const char *login, enum tu_person_role role)
{
	const struct tu_person_new person = {
		.login = tu_str_c(login), .name = TU_STR("Some Body"), .role = role};
	char public[TU_RANDOM_ID + 1];

	assert_ok(tu_person_add(w->s.store, &person, &act, public, error));
}

static void change(struct world *w, const char *person, const char *device, bool leaves)
{
	const struct tu_team_change change = {
		TU_STR("pumps"), tu_str_c(person), tu_str_c(device), leaves};

	assert_ok(tu_team_change(w->s.store, &change, &act, error));
}

static struct tu_list_scope scope_of(struct world *w, const char *login)
{
	struct tu_list_scope scope;
	struct tu_tx *tx;

	assert_ok(tu_store_begin(w->s.store, TU_TX_READ, &tx, error));
	assert_ok(tu_scope_of_person(tx, tu_str_c(login), w->arena, &scope, error));
	assert_ok(tu_tx_commit(tx, error));
	return scope;
}

struct seen {
	size_t pump, heron; /* rows of the two devices */
	uint64_t total, counted, groups, group_releases;
	char etag[TU_LIST_ETAG_DIGITS + 1];
};

static void count_rows(struct seen *seen, const struct tu_list_page *page)
{
	for (size_t i = 0; i < page->count; i++) {
		bool heron = tu_str_eq(page->findings[i].device, TU_STR("heron-h-9"));

		seen->heron += heron;
		seen->pump += !heron;
	}
}

static struct seen look(struct world *w, const struct tu_list_scope *scope)
{
	struct tu_list_snapshot *snapshot = tu_list_current(w->list);
	struct tu_list_query query = {.scope = scope, .page_size = TU_LIST_PAGE_MAX};
	const struct tu_list_filter filter = {0};
	const struct tu_list_filters filters = {TU_LIST_FINDINGS, scope, &filter, 1};
	struct tu_list_page page;
	struct seen seen = {0};

	assert_ok(tu_list_page(w->arena, snapshot, &query, &page, error));
	assert_int_equal(page.next.len, 0);
	count_rows(&seen, &page);
	seen.total = page.total.count;
	assert_ok(tu_list_etag(snapshot, &query, seen.etag, error));
	assert_ok(tu_list_count(snapshot, &filters, &seen.counted, error));
	query.kind = TU_LIST_OF_VULNERABILITIES;
	assert_ok(tu_list_page(w->arena, snapshot, &query, &page, error));
	seen.groups = page.total.count;
	for (size_t i = 0; i < page.count; i++)
		seen.group_releases += page.groups[i].releases;
	tu_list_drop(snapshot);
	assert_int_equal(seen.total, seen.pump + seen.heron);
	assert_int_equal(seen.counted, seen.total);
	return seen;
}

static void what_is_not_seen_is_not_there(void **state)
{
	struct world w = open_two();
	struct tu_list_scope all, none, one;
	struct seen seen_all, seen_none, before, after;
	char public[TU_RANDOM_ID + 1];
	int64_t number;

	(void)state;
	assert_ok(tu_team_add(w.s.store, TU_STR("pumps"), &act, public, error));
	add_person(&w, "ann", TU_PERSON_APPROVER);
	add_person(&w, "bob", TU_PERSON_ANALYST);
	add_person(&w, "aud", TU_PERSON_AUDITOR);
	add_person(&w, "adm", TU_PERSON_ADMINISTRATOR);
	change(&w, "ann", "", false);
	change(&w, "", "larkspur-ip-200", false);
	assert_ok(tu_list_follow(w.s.store, w.list, &number, error));
	assert_true(scope_of(&w, "adm").everything);
	all = scope_of(&w, "aud");
	none = scope_of(&w, "bob");
	one = scope_of(&w, "ann");
	seen_all = look(&w, &all);
	seen_none = look(&w, &none);
	before = look(&w, &one);
	assert_true(seen_all.pump > 0 && seen_all.heron == seen_all.pump);
	assert_int_equal(seen_all.group_releases, 2 * seen_all.groups);
	assert_int_equal(seen_none.total + seen_none.groups, 0);
	assert_int_equal(before.heron, 0);
	assert_int_equal(before.pump, seen_all.pump);
	assert_int_equal(before.groups, seen_all.groups);
	assert_int_equal(before.group_releases, before.groups);
	/* that the other device changed is not seen either */
	w.s.text = scene_example(&w.s, "infusion-pump-4.4.0.cdx.json");
	w.s.version = "4.4.0";
	scene_run(&w.s, scene_ingest);
	assert_ok(tu_list_follow(w.s.store, w.list, &number, error));
	after = look(&w, &one);
	assert_string_equal(after.etag, before.etag);
	assert_string_not_equal(look(&w, &all).etag, seen_all.etag);
	/* and after the device left the team, nothing is */
	change(&w, "", "larkspur-ip-200", true);
	one = scope_of(&w, "ann");
	assert_int_equal(look(&w, &one).total, 0);
	done(&w);
}

/* Each role, in no team, then in the team of one device. */
static void roles_see_what_is_theirs(void **state)
{
	static const struct {
		enum tu_person_role role;
		bool everything;
	} rows[] = {
		{TU_PERSON_VIEWER, false},
		{TU_PERSON_ANALYST, false},
		{TU_PERSON_APPROVER, false},
		{TU_PERSON_ADMINISTRATOR, true},
		{TU_PERSON_AUDITOR, true},
		{TU_PERSON_CUSTOMER, false},
	};
	struct world w = open_two();
	char public[TU_RANDOM_ID + 1];

	(void)state;
	assert_int_equal(TU_COUNT(rows), TU_PERSON_ROLES);
	assert_ok(tu_team_add(w.s.store, TU_STR("pumps"), &act, public, error));
	change(&w, "", "larkspur-ip-200", false);
	for (size_t i = 0; i < TU_COUNT(rows); i++) {
		const char *login = tu_person_role_name(rows[i].role);
		struct tu_list_scope scope;

		add_person(&w, login, rows[i].role);
		scope = scope_of(&w, login);
		assert_int_equal(scope.everything, rows[i].everything);
		assert_int_equal(scope.device_count, 0);
		change(&w, login, "", false);
		scope = scope_of(&w, login);
		assert_int_equal(scope.everything, rows[i].everything);
		assert_int_equal(scope.device_count, rows[i].everything ? 0 : 1);
	}
	done(&w);
}

static struct tu_list_scope scope_of_key(struct world *w, struct tu_key_new new)
{
	struct tu_list_scope scope;
	struct tu_key_made made;
	struct tu_key key;
	struct tu_tx *tx;

	new.label = TU_STR("key");
	new.rights = TU_RIGHT_BIT(TU_RIGHT_READ);
	assert_ok(tu_key_add(w->s.store, &new, &act, &made, error));
	assert_ok(tu_key_authenticate(w->s.store, tu_str_c(made.secret), NOW, &key, error));
	assert_ok(tu_store_begin(w->s.store, TU_TX_READ, &tx, error));
	assert_ok(tu_scope_of_key(tx, &key, w->arena, &scope, error));
	assert_ok(tu_tx_commit(tx, error));
	return scope;
}

static void a_key_sees_what_it_stands_for(void **state)
{
	struct world w = open_two();
	struct tu_list_scope scope;
	char public[TU_RANDOM_ID + 1];
	struct tu_error err = {0};
	struct tu_tx *tx;

	(void)state;
	assert_ok(tu_team_add(w.s.store, TU_STR("pumps"), &act, public, error));
	add_person(&w, "ann", TU_PERSON_ANALYST);
	add_person(&w, "aud", TU_PERSON_AUDITOR);
	change(&w, "", "heron-h-9", false);
	scope = scope_of_key(&w, (struct tu_key_new){.team = TU_STR("pumps")});
	assert_int_equal(look(&w, &scope).pump, 0);
	assert_true(look(&w, &scope).heron > 0);
	scope = scope_of_key(&w, (struct tu_key_new){.everything = true});
	assert_true(scope.everything);
	scope = scope_of_key(&w, (struct tu_key_new){.person = TU_STR("aud")});
	assert_true(scope.everything);
	scope = scope_of_key(&w, (struct tu_key_new){.person = TU_STR("ann")});
	assert_int_equal(look(&w, &scope).total, 0);
	change(&w, "ann", "", false);
	scope = scope_of(&w, "ann");
	assert_int_equal(scope.device_count, 1);
	assert_ok(tu_person_remove(w.s.store, TU_STR("ann"), &act, error));
	assert_ok(tu_store_begin(w.s.store, TU_TX_READ, &tx, error));
	assert_int_equal(
		tu_scope_of_person(tx, TU_STR("ann"), w.arena, &scope, &err), TU_E_CONSTRAINT);
	assert_string_equal(err.pointer, "active");
	assert_int_equal(scope.device_count + scope.everything, 0);
	tu_tx_rollback(tx);
	done(&w);
}

/* The message of a filter's names; "" when they are found. */
static const char *resolve(struct world *w, const struct tu_list_scope *scope, const char *text)
{
	static struct tu_error err;
	struct tu_list_asked asked;
	struct tu_list_resolved resolved;
	struct tu_tx *tx;

	err.message[0] = '\0';
	assert_ok(tu_list_filter_parse(tu_str_c(text), &asked, error));
	assert_ok(tu_store_begin(w->s.store, TU_TX_READ, &tx, error));
	if (tu_list_filter_resolve(tx, scope, &asked, &resolved, &err) == TU_OK)
		err.message[0] = '\0';
	tu_tx_rollback(tx);
	return err.message;
}

static void names_out_of_the_scope_are_unknown(void **state)
{
	struct world w = open_two();
	struct tu_list_scope one, all;
	char public[TU_RANDOM_ID + 1];

	(void)state;
	assert_ok(tu_team_add(w.s.store, TU_STR("pumps"), &act, public, error));
	add_person(&w, "ann", TU_PERSON_ANALYST);
	add_person(&w, "aud", TU_PERSON_AUDITOR);
	change(&w, "ann", "", false);
	change(&w, "", "larkspur-ip-200", false);
	one = scope_of(&w, "ann");
	all = scope_of(&w, "aud");
	assert_string_equal(resolve(&w, &one, "device:larkspur-ip-200 release:4.3.1"), "");
	assert_string_equal(resolve(&w, &one, "release:4.3.1"), "");
	assert_string_equal(
		resolve(&w, &one, "device:heron-h-9"), "there is no device \"heron-h-9\"");
	assert_string_equal(resolve(&w, &one, "device:nothing"), "there is no device \"nothing\"");
	assert_string_equal(resolve(&w, &all, "device:heron-h-9"), "");
	assert_string_equal(resolve(&w, &all, "release:4.3.1"),
		"several devices have a release \"4.3.1\": add device:NAME");
	assert_string_equal(resolve(&w, &all, "device:heron-h-9 release:4.3.1"), "");
	assert_string_equal(resolve(&w, &all, "release:9"), "there is no release \"9\"");
	done(&w);
}

/* ---- the ledger ---- */

struct viewing {
	struct world *w;
	struct tu_ledger_view_ask ask;
	struct tu_ledger_view view;
};

static enum tu_status read_view(struct tu_work *work, void *self, struct tu_error *err)
{
	struct viewing *v = self;

	return tu_ledger_view(work, &v->ask, v->w->arena, &v->view, err);
}

static void view(struct viewing *v)
{
	const struct tu_act reader = {.at = NOW, .actor = TU_STR("reader")};

	assert_ok(tu_work_read(v->w->s.store, &reader, read_view, v, error));
}

static enum tu_status read_whole(struct tu_tx *tx, void *self, struct tu_error *err)
{
	struct viewing *v = self;
	const struct tu_ledger_ask ask = {v->ask.filter, INT64_MAX, 1000};

	return tu_ledger_rows(tx, &ask, v->w->arena, &v->view.rows, err);
}

/* Page by page it is the same. */
static void check_pages(struct viewing *v, size_t total)
{
	v->ask.limit = 1;
	for (size_t i = 0; i < total; i++) {
		view(v);
		assert_int_equal(v->view.rows.count, 1);
		assert_int_equal(v->view.total, total);
		assert_int_equal(v->view.rest, total - 1 - i);
		v->ask.end = v->view.rest;
	}
}

static void the_ledger_has_only_what_is_seen(void **state)
{
	struct world w = open_two();
	struct tu_list_scope one;
	struct viewing v = {.w = &w}, all = {.w = &w};
	char public[TU_RANDOM_ID + 1];
	size_t total, of_pump = 0;

	(void)state;
	assert_ok(tu_team_add(w.s.store, TU_STR("pumps"), &act, public, error));
	add_person(&w, "ann", TU_PERSON_APPROVER);
	change(&w, "ann", "", false);
	one = scope_of(&w, "ann");
	v.ask = (struct tu_ledger_view_ask){.scope = &one, .end = UINT64_MAX, .limit = 100};
	view(&v);
	assert_int_equal(v.view.total, 0);
	change(&w, "", "larkspur-ip-200", false);
	one = scope_of(&w, "ann");
	view(&v);
	total = v.view.rows.count;
	assert_true(total >= 2);
	assert_int_equal(v.view.total, total);
	assert_int_equal(v.view.rest, 0);
	for (size_t i = 0; i < total; i++) {
		const struct tu_ledger_record *record = &v.view.rows.at[i];

		assert_int_equal(record->n, 0);
		assert_true(
			tu_str_starts(record->texts.subject, TU_STR("device:larkspur-ip-200")) ||
			tu_str_starts(record->texts.subject, TU_STR("release:")));
		of_pump += tu_str_starts(record->texts.subject, TU_STR("release:"));
	}
	/* both devices have the same releases, and only those of one are in it */
	assert_ok(tu_store_run(w.s.store, TU_TX_READ, read_whole, &all, error));
	assert_true(all.view.rows.count > 2 * of_pump + 4);
	check_pages(&v, total);
	/* what others do is not counted */
	v.ask.end = UINT64_MAX;
	add_person(&w, "bob", TU_PERSON_VIEWER);
	view(&v);
	assert_int_equal(v.view.total, total);
	v.ask.filter.action = TU_STR("person.add");
	view(&v);
	assert_int_equal(v.view.total, 0);
	v.ask.filter.action = TU_STR("device.create");
	view(&v);
	assert_int_equal(v.view.total, 1);
	done(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_not_seen_is_not_there),
		cmocka_unit_test(roles_see_what_is_theirs),
		cmocka_unit_test(a_key_sees_what_it_stands_for),
		cmocka_unit_test(names_out_of_the_scope_are_unknown),
		cmocka_unit_test(the_ledger_has_only_what_is_seen),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
