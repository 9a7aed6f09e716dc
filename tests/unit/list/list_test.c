#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <pthread.h>
#include <stdio.h>

#include "error_text.h"
#include "list/query.h"

#define SECOND ((int64_t)1000000)

static const struct tu_list_scope everything = {.everything = true};

/* ---- a small portfolio: two devices, a release each, one component, two vulnerabilities ---- */

enum { PUMP = 1, MONITOR, PUMP_1 = 1, MONITOR_1, OPENSSL = 1, OLD = 1, NEW };

static void put(struct tu_list_draft *draft)
{
	const struct tu_list_vulnerability vulns[] = {
		{OLD, TU_STR("CVE-2024-9999"), 4, 75, false, 1000, 0},
		{NEW, TU_STR("CVE-2024-10000"), 5, 98, true, TU_LIST_UNSTATED_EPSS, 0}};
	const struct tu_list_component component = {OPENSSL, TU_STR("openssl"), TU_STR("openssl"),
		TU_STR("3.0.1"), TU_STR("pkg:deb/debian/openssl@3.0.1"), "openssl's key 1"};

	for (int64_t i = 0; i < 2; i++) {
		const struct tu_list_device device = {
			PUMP + i, i ? TU_STR("monitor") : TU_STR("pump")};
		const struct tu_list_release release = {
			PUMP_1 + i, PUMP + i, TU_STR("1.0"), 1, 5 * SECOND, TU_STR("public")};
		const struct tu_list_reference ref = {PUMP_1 + i, OPENSSL, 4, 20 * SECOND};
		const struct tu_list_fact fact = {OPENSSL, OLD + i, 1, true, 10 * SECOND};

		assert_int_equal(tu_list_put_vulnerability(draft, &vulns[i], NULL), TU_OK);
		assert_int_equal(tu_list_put_device(draft, &device, NULL), TU_OK);
		assert_int_equal(tu_list_put_release(draft, &release, NULL), TU_OK);
		assert_int_equal(tu_list_put_reference(draft, &ref, NULL), TU_OK);
		assert_int_equal(tu_list_put_fact(draft, &fact, NULL), TU_OK);
	}
	assert_int_equal(tu_list_put_component(draft, &component, NULL), TU_OK);
}

static struct tu_list_draft *draft_after(struct tu_list_snapshot *from)
{
	struct tu_list_draft *draft;

	assert_int_equal(tu_list_draft_new(from, &draft, NULL), TU_OK);
	return draft;
}

static struct tu_list_snapshot *finished(struct tu_list_draft *draft, int64_t change)
{
	struct tu_list_snapshot *snapshot;
	struct tu_error err = {0};

	if (tu_list_finish(draft, change, &snapshot, &err))
		fail_msg("%s", error_text(&err));
	tu_list_draft_free(draft);
	return snapshot;
}

static struct tu_list_snapshot *small(void)
{
	struct tu_list_draft *draft = draft_after(NULL);

	put(draft);
	return finished(draft, 7);
}

static struct tu_list_page page_of(struct tu_arena *arena, const struct tu_list_snapshot *snapshot,
	enum tu_list_kind kind, struct tu_list_query query)
{
	struct tu_list_page page;
	struct tu_error err = {0};

	query.kind = kind;
	if (tu_list_page(arena, snapshot, &query, &page, &err))
		fail_msg("%s", error_text(&err));
	return page;
}

static uint64_t count_of(
	const struct tu_list_snapshot *snapshot, const struct tu_list_filter *filter)
{
	const struct tu_list_filters filters = {TU_LIST_FINDINGS, &everything, filter, 1};
	uint64_t count;

	assert_int_equal(tu_list_count(snapshot, &filters, &count, NULL), TU_OK);
	return count;
}

/* ---- rows ---- */

static void names_stand_by_number(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_list_snapshot *snapshot = small();
	const struct tu_list_query query = {
		.scope = &everything, .sort = TU_LIST_BY_NAME, .page_size = 10};
	struct tu_list_page page = page_of(arena, snapshot, TU_LIST_OF_VULNERABILITIES, query);

	(void)state;
	assert_int_equal(page.count, 2);
	assert_int_equal(page.groups[0].vulnerability.id, OLD);
	assert_int_equal(page.groups[1].vulnerability.id, NEW);
	assert_int_equal(page.groups[1].releases, 2);
	assert_int_equal(page.groups[1].components, 1);
	assert_true(page.groups[1].component.id != 0);
	assert_true(page.groups[1].component.name.len != 0);
	assert_int_equal(page.groups[1].findings, 2);
	assert_int_equal(page.groups[1].release.id, PUMP_1);
	assert_int_equal(page.groups[1].first_seen, 20 * SECOND);
	assert_int_equal(page.next.len, 0);
	tu_list_drop(snapshot);
	tu_arena_free(arena);
}

/* Who sees one device only: no row, no total, no "release +1", no deadline of the other. */
static void other_devices_do_not_exist(void **state)
{
	static const int64_t pump[] = {PUMP, 12345};
	const struct tu_list_scope scope = {.device_ids = pump, .device_count = 2}, nothing = {0};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_list_snapshot *before = small(), *after;
	struct tu_list_query query = {
		.scope = &scope, .sort = TU_LIST_BY_DEADLINE, .page_size = 10};
	const struct tu_list_deadline due = {OLD, MONITOR, 99 * SECOND};
	char tags[4][TU_LIST_ETAG_DIGITS + 1];
	struct tu_list_draft *draft = draft_after(before);
	struct tu_list_page page;

	(void)state;
	assert_int_equal(tu_list_put_deadline(draft, &due, NULL), TU_OK);
	after = finished(draft, 8);
	page = page_of(arena, after, TU_LIST_OF_VULNERABILITIES, query);
	assert_int_equal(page.total.count, 2);
	for (size_t i = 0; i < 2; i++) {
		assert_int_equal(page.groups[i].releases, 1);
		assert_int_equal(page.groups[i].findings, 1);
		assert_int_equal(page.groups[i].deadline, 0);
	}
	query.scope = &everything;
	page = page_of(arena, after, TU_LIST_OF_VULNERABILITIES, query);
	assert_int_equal(page.groups[0].deadline, 99 * SECOND);
	query.scope = &nothing;
	page = page_of(arena, after, TU_LIST_FINDINGS, query);
	assert_int_equal(page.count + page.total.count, 0);
	query.scope = NULL;
	page = page_of(arena, after, TU_LIST_FINDINGS, query);
	assert_int_equal(page.count + page.total.count, 0);
	for (int i = 0; i < 4; i++) {
		query.scope = i < 2 ? &everything : &nothing;
		assert_int_equal(
			tu_list_etag(i % 2 ? after : before, &query, tags[i], NULL), TU_OK);
	}
	assert_string_not_equal(tags[0], tags[1]);
	assert_string_equal(tags[2], tags[3]);
	tu_list_drop(before);
	tu_list_drop(after);
	tu_arena_free(arena);
}

/* A decision about what is no finding waits for it. */
static void a_decision_outlives_its_fact(void **state)
{
	const struct tu_list_decision decision = {
		OPENSSL, NEW, PUMP_1, TU_LIST_DECIDED, 2, true, 1, 0};
	const struct tu_list_reference ref = {PUMP_1, OPENSSL, 4, 20 * SECOND};
	const struct tu_list_fact fact = {OPENSSL, NEW, 1, false, 30 * SECOND};
	const struct tu_list_filter closed = {.closed = TU_LIST_YES};
	struct tu_list_snapshot *snapshots[4] = {small()};
	struct tu_list_draft *draft = draft_after(snapshots[0]);

	(void)state;
	assert_int_equal(tu_list_put_reference(draft, &ref, NULL), TU_OK);
	assert_int_equal(tu_list_put_decision(draft, &decision, NULL), TU_OK);
	snapshots[1] = finished(draft, 8);
	draft = draft_after(snapshots[1]);
	assert_int_equal(tu_list_replace_component(draft, OPENSSL, NULL), TU_OK);
	snapshots[2] = finished(draft, 9);
	draft = draft_after(snapshots[2]);
	assert_int_equal(tu_list_put_fact(draft, &fact, NULL), TU_OK);
	snapshots[3] = finished(draft, 10);
	assert_int_equal(count_of(snapshots[0], &closed), 0);
	assert_int_equal(count_of(snapshots[1], &closed), 1);
	assert_int_equal(count_of(snapshots[2], &closed), 0);
	assert_int_equal(count_of(snapshots[3], &closed), 1);
	assert_int_equal(tu_list_size(snapshots[2]).decisions, 1);
	for (size_t i = 0; i < 4; i++)
		tu_list_drop(snapshots[i]);
}

/* Of several rows about one thing in a draft the last counts. */
static void the_last_row_counts(void **state)
{
	const struct tu_list_fact facts[] = {{OPENSSL, NEW, 1, true, 30 * SECOND},
		{OPENSSL, OLD, 1, true, 30 * SECOND}, {OPENSSL, NEW, 0, false, 30 * SECOND}};
	const struct tu_list_filter undecided = {.verdicts = TU_LIST_BIT(0)};
	struct tu_list_snapshot *before = small(), *after;
	struct tu_list_draft *draft = draft_after(before);

	(void)state;
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(tu_list_put_fact(draft, &facts[i], NULL), TU_OK);
	after = finished(draft, 8);
	assert_int_equal(tu_list_size(after).facts, 2);
	assert_int_equal(count_of(after, &undecided), 2);
	tu_list_drop(before);
	tu_list_drop(after);
}

/* A node that follows late does not know the row of a cursor: the page begins where it would be. */
static void a_cursor_names_a_place(void **state)
{
	enum { BETWEEN = 50, LAST = 99 };
	const struct tu_list_vulnerability vulns[] = {
		{BETWEEN, TU_STR("CVE-2024-9999a"), 1, 10, false, 0, 0},
		{LAST, TU_STR("CVE-2024-9999b"), 1, 10, false, 0, 0}};
	struct tu_list_snapshot *snapshots[3] = {small()};
	struct tu_arena *arena = tu_arena_new(0);
	const struct tu_list_filter rare = {.severity_below = 2};

	(void)state;
	for (int i = 1; i >= 0; i--) {
		/* first the one with the later id */
		struct tu_list_snapshot *from = snapshots[1 - i];
		struct tu_list_draft *draft = draft_after(from);
		const int64_t ids[] = {OLD, NEW, LAST, BETWEEN};

		assert_int_equal(tu_list_put_vulnerability(draft, &vulns[i], NULL), TU_OK);
		for (int j = 0; j < 4 - i; j++) {
			const struct tu_list_fact fact = {OPENSSL, ids[j], 1, true, SECOND};

			assert_int_equal(tu_list_put_fact(draft, &fact, NULL), TU_OK);
		}
		snapshots[2 - i] = finished(draft, 9 - i);
	}
	for (int sort = 0; sort < 2; sort++) {
		struct tu_list_query query = {.scope = &everything,
			.filter = &rare,
			.sort = sort ? TU_LIST_BY_NAME : TU_LIST_BY_SEVERITY,
			.page_size = 1};
		struct tu_list_page page =
			page_of(arena, snapshots[2], TU_LIST_OF_VULNERABILITIES, query);

		assert_int_equal(page.groups[0].vulnerability.id, BETWEEN);
		query.cursor = page.next;
		page = page_of(arena, snapshots[1], TU_LIST_OF_VULNERABILITIES, query);
		assert_int_equal(page.count, 1);
		assert_int_equal(page.groups[0].vulnerability.id, LAST);
	}
	for (size_t i = 0; i < 3; i++)
		tu_list_drop(snapshots[i]);
	tu_arena_free(arena);
}

/* ---- more rows than are counted ---- */

enum { MANY = 120 };

/* MANY x MANY findings of one component. */
static struct tu_list_snapshot *large(void)
{
	struct tu_list_draft *draft = draft_after(NULL);

	put(draft);
	for (int64_t i = 0; i < MANY; i++) {
		char name[32];
		const struct tu_list_vulnerability vuln = {i + 1,
			tu_str_of(name, (size_t)snprintf(name, sizeof(name), "V-%d", (int)i)), 3,
			50, false, 0, 0};
		const struct tu_list_release release = {
			i + 1, PUMP, tu_str_c(name), 1, 5 * SECOND, TU_STR("public")};
		const struct tu_list_reference ref = {i + 1, OPENSSL, 4, 20 * SECOND};
		const struct tu_list_fact fact = {OPENSSL, i + 1, 1, true, 10 * SECOND};

		assert_int_equal(tu_list_put_vulnerability(draft, &vuln, NULL), TU_OK);
		assert_int_equal(tu_list_put_release(draft, &release, NULL), TU_OK);
		assert_int_equal(tu_list_put_reference(draft, &ref, NULL), TU_OK);
		assert_int_equal(tu_list_put_fact(draft, &fact, NULL), TU_OK);
	}
	return finished(draft, 1);
}

static void a_total_is_at_least(void **state)
{
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_list_snapshot *snapshot = large();
	struct tu_list_query query = {.scope = &everything,
		.sort = TU_LIST_BY_SEVERITY,
		.descending = true,
		.page_size = TU_LIST_PAGE_MAX};
	const struct tu_list_filter half = {.seen_since = SECOND};
	size_t rows = 0;
	struct tu_list_page page;

	(void)state;
	do {
		page = page_of(arena, snapshot, TU_LIST_FINDINGS, query);
		assert_int_equal(page.total.count, TU_LIST_COUNT_MAX);
		assert_false(page.total.exact);
		for (size_t i = 0; i < page.count; i++, rows++) {
			assert_int_equal(page.findings[i].vulnerability.id, rows / MANY + 1);
			assert_int_equal(page.findings[i].release.id, rows % MANY + 1);
		}
		query.cursor = page.next;
	} while (page.next.len);
	assert_int_equal(rows, MANY * MANY);
	assert_int_equal(count_of(snapshot, &half), MANY * MANY);
	tu_list_drop(snapshot);
	tu_arena_free(arena);
}

/* ---- what is refused ---- */

static void refuses(struct tu_arena *arena, const struct tu_list_snapshot *snapshot,
	enum tu_list_kind kind, struct tu_list_query query, const char *why)
{
	struct tu_list_page page;
	struct tu_error err = {0};

	query.kind = kind;
	assert_int_equal(tu_list_page(arena, snapshot, &query, &page, &err), TU_E_USAGE);
	if (tu_str_search(tu_str_c(err.message), tu_str_c(why)) == strlen(err.message))
		fail_msg("\"%s\" does not say \"%s\"", err.message, why);
}

static void cursors_of_other_lists_are_refused(void **state)
{
	static const int64_t pump[] = {PUMP};
	const struct tu_list_scope scope = {.device_ids = pump, .device_count = 1};
	const struct tu_list_filter kev = {.kev = TU_LIST_YES};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_list_snapshot *snapshot = small();
	struct tu_list_query query = {.scope = &everything, .page_size = 1}, other;
	char damaged[256];

	(void)state;
	query.cursor = page_of(arena, snapshot, TU_LIST_FINDINGS, query).next;
	assert_true(query.cursor.len > 0 && query.cursor.len < sizeof(damaged));
	(void)page_of(arena, snapshot, TU_LIST_FINDINGS, query);
	refuses(arena, snapshot, TU_LIST_OF_VULNERABILITIES, query, "of another list");
	other = query;
	other.sort = TU_LIST_BY_EPSS;
	refuses(arena, snapshot, TU_LIST_FINDINGS, other, "of another list");
	other = query;
	other.descending = true;
	refuses(arena, snapshot, TU_LIST_FINDINGS, other, "of another list");
	other = query;
	other.filter = &kev;
	refuses(arena, snapshot, TU_LIST_FINDINGS, other, "of another list");
	other = query;
	other.scope = &scope;
	refuses(arena, snapshot, TU_LIST_FINDINGS, other, "of another list");
	for (size_t i = 0; i < query.cursor.len; i++) {
		memcpy(damaged, query.cursor.ptr, query.cursor.len);
		damaged[i] = damaged[i] == '0' ? '1' : '0';
		other = query;
		other.cursor = tu_str_of(damaged, query.cursor.len);
		refuses(arena, snapshot, TU_LIST_FINDINGS, other, "damaged");
		other.cursor = tu_str_first(query.cursor, i);
		if (i)
			refuses(arena, snapshot, TU_LIST_FINDINGS, other, "damaged");
	}
	tu_list_drop(snapshot);
	tu_arena_free(arena);
}

static void questions_out_of_bounds_are_refused(void **state)
{
	const struct tu_list_filter wide = {.states = 1u << TU_LIST_STATES};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_list_snapshot *snapshot = small();
	struct tu_list_query query = {.scope = &everything, .page_size = 0};

	(void)state;
	refuses(arena, snapshot, TU_LIST_FINDINGS, query, "1 to 1000 rows");
	query.page_size = TU_LIST_PAGE_MAX + 1;
	refuses(arena, snapshot, TU_LIST_FINDINGS, query, "1 to 1000 rows");
	query.page_size = 1;
	query.sort = TU_LIST_SORTS;
	refuses(arena, snapshot, TU_LIST_FINDINGS, query, "no such order");
	query.sort = TU_LIST_BY_HARM;
	query.filter = &wide;
	refuses(arena, snapshot, TU_LIST_FINDINGS, query, "set of states");
	tu_list_drop(snapshot);
	tu_arena_free(arena);
}

static void rows_that_cannot_be_are_refused(void **state)
{
	const struct tu_list_vulnerability severe = {.id = 1, .severity = 6};
	const struct tu_list_fact early = {
		.component_id = 1, .vulnerability_id = 1, .first_seen = -1};
	const struct tu_list_reference nameless = {.release_id = 0, .component_id = 1};
	const struct tu_list_decision undone = {.state = TU_LIST_NOT_ASSESSED};
	const struct tu_list_fact dangling = {.component_id = OPENSSL, .vulnerability_id = 77};
	struct tu_list_snapshot *snapshot = small(), *next;
	struct tu_list_draft *draft = draft_after(snapshot);
	struct tu_error err = {0};

	(void)state;
	assert_int_equal(tu_list_put_vulnerability(draft, &severe, &err), TU_E_USAGE);
	assert_int_equal(tu_list_put_fact(draft, &early, &err), TU_E_USAGE);
	assert_int_equal(tu_list_put_reference(draft, &nameless, &err), TU_E_USAGE);
	assert_int_equal(tu_list_put_decision(draft, &undone, &err), TU_E_USAGE);
	assert_int_equal(tu_list_finish(draft, 6, &next, &err), TU_E_USAGE);
	tu_list_draft_free(draft);
	draft = draft_after(snapshot);
	assert_int_equal(tu_list_put_fact(draft, &dangling, &err), TU_OK);
	assert_int_equal(tu_list_finish(draft, 8, &next, &err), TU_E_NOTFOUND);
	assert_string_equal(
		err.message, "a vulnerability with the id 77 is named, but there is no row of it");
	tu_list_draft_free(draft);
	assert_int_equal(tu_list_size(snapshot).findings, 4);
	tu_list_drop(snapshot);
}

/* ---- many readers, one writer ---- */

enum { READERS = 3, SWAPS = 60 };

static _Atomic bool done;

/* Each snapshot is whole: of change n, n - 1 releases of the pump are withdrawn (state 2). */
static void *read_on(void *argument)
{
	struct tu_list *list = argument;
	const struct tu_list_filter withdrawn = {.release_states = TU_LIST_BIT(2)};
	const struct tu_list_filters filters = {TU_LIST_FINDINGS, &everything, &withdrawn, 1};
	uintptr_t wrong = 0;

	while (!done) {
		struct tu_list_snapshot *snapshot = tu_list_current(list);
		uint64_t count = 0;

		wrong += tu_list_count(snapshot, &filters, &count, NULL) != TU_OK;
		wrong += count != (uint64_t)(tu_list_change(snapshot) - 1) * MANY;
		tu_list_drop(snapshot);
	}
	return (void *)wrong;
}

static void swap_on(struct tu_list *list)
{
	for (int64_t i = 1; i <= SWAPS; i++) {
		struct tu_list_snapshot *from = tu_list_current(list);
		struct tu_list_draft *draft = draft_after(from);
		const struct tu_list_release release = {
			i, PUMP, TU_STR("x"), 2, 0, TU_STR("public")};
		const struct tu_list_reference ref = {i, OPENSSL, 1, SECOND};

		assert_int_equal(tu_list_put_release(draft, &release, NULL), TU_OK);
		assert_int_equal(tu_list_put_reference(draft, &ref, NULL), TU_OK);
		tu_list_publish(list, finished(draft, i + 1));
		tu_list_drop(from);
	}
}

static void readers_see_whole_snapshots(void **state)
{
	pthread_t readers[READERS];
	struct tu_list *list;

	(void)state;
	assert_int_equal(tu_list_new(&list, NULL), TU_OK);
	tu_list_publish(list, large());
	for (size_t i = 0; i < READERS; i++)
		assert_int_equal(pthread_create(&readers[i], NULL, read_on, list), 0);
	swap_on(list);
	done = true;
	for (size_t i = 0; i < READERS; i++) {
		void *wrong;

		assert_int_equal(pthread_join(readers[i], &wrong), 0);
		assert_null(wrong);
	}
	tu_list_free(list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_stand_by_number),
		cmocka_unit_test(other_devices_do_not_exist),
		cmocka_unit_test(a_decision_outlives_its_fact),
		cmocka_unit_test(the_last_row_counts),
		cmocka_unit_test(a_cursor_names_a_place),
		cmocka_unit_test(a_total_is_at_least),
		cmocka_unit_test(cursors_of_other_lists_are_refused),
		cmocka_unit_test(questions_out_of_bounds_are_refused),
		cmocka_unit_test(rows_that_cannot_be_are_refused),
		cmocka_unit_test(readers_see_whole_snapshots),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
