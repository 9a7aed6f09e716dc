#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include <stdio.h>

#include "list/query.h"
#include "support/faults.h"
#include "support/list_changes.h"

/* The n-th allocation fails: the snapshot before is as it was, and nothing leaks. */

static const struct tu_list_scope everything = {.everything = true};

static uint64_t findings_in(const struct tu_list_snapshot *snapshot)
{
	return tu_list_size(snapshot).findings;
}

static enum tu_status make(void *context, size_t nth, size_t *out_asked)
{
	struct tu_list_snapshot *snapshot = NULL;
	enum tu_status status;

	tu_fault_set(nth);
	status = snapshot_of(context, 1, &snapshot, NULL);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	tu_list_drop(snapshot);
	return status;
}

static enum tu_status follow(void *context, size_t nth, size_t *out_asked)
{
	struct dice dice = {7};
	struct tu_list_snapshot *from, *next = NULL;
	static struct world w;
	enum tu_status status;
	uint64_t before;

	w = *(const struct world *)context;
	assert_int_equal(snapshot_of(&w, 1, &from, NULL), TU_OK);
	before = findings_in(from);
	tu_fault_set(nth);
	status = change_world(&w, &dice, from, &next, NULL);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	assert_int_equal(findings_in(from), before);
	tu_list_drop(from);
	tu_list_drop(next);
	return status;
}

static enum tu_status ask(void *context, size_t nth, size_t *out_asked)
{
	static const int64_t ids[] = {101, 3};
	const struct tu_list_scope some = {.device_ids = ids, .device_count = 2};
	const struct tu_list_filter filter = {
		.text = TU_STR("e"), .device_ids = ids, .device_count = 2};
	const struct tu_list_filters filters = {TU_LIST_OF_VULNERABILITIES, &some, &filter, 1};
	struct tu_arena *arena = tu_arena_new(0);
	struct tu_list_query query = {.scope = &everything, .page_size = 2};
	char etag[TU_LIST_ETAG_DIGITS + 1];
	struct tu_list_snapshot *snapshot;
	enum tu_status status = TU_OK;

	assert_non_null(arena);
	assert_int_equal(snapshot_of(context, 1, &snapshot, NULL), TU_OK);
	tu_fault_set(nth);
	for (int i = 0; i < 2 * TU_LIST_SORTS && !status; i++) {
		struct tu_list_page page;

		query.kind = (enum tu_list_kind)(i % 2);
		query.sort = (enum tu_list_sort)(i / 2);
		query.cursor = TU_STR("");
		status = tu_list_page(arena, snapshot, &query, &page, NULL);
		query.cursor = page.next;
		if (!status)
			status = tu_list_page(arena, snapshot, &query, &page, NULL);
	}
	if (!status)
		status = tu_list_count(snapshot, &filters, &(uint64_t){0}, NULL);
	query.filter = &filter;
	query.scope = &some;
	if (!status)
		status = tu_list_etag(snapshot, &query, etag, NULL);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	tu_list_drop(snapshot);
	tu_arena_free(arena);
	return status;
}

static enum tu_status begin(void *context, size_t nth, size_t *out_asked)
{
	struct tu_list *list = NULL;
	enum tu_status status;

	(void)context;
	tu_fault_set(nth);
	status = tu_list_new(&list, NULL);
	*out_asked = tu_fault_count();
	tu_fault_set(0);
	tu_list_free(list);
	return status;
}

static struct world world;

static void snapshots_are_made_or_not(void **state)
{
	(void)state;
	fail_each(make, &world, TU_OK, 40);
}

static void a_snapshot_follows_or_not(void **state)
{
	(void)state;
	fail_each(follow, &world, TU_OK, 20);
}

static void questions_are_answered_or_not(void **state)
{
	(void)state;
	fail_each(ask, &world, TU_OK, 20);
}

static void a_list_begins_or_not(void **state)
{
	(void)state;
	fail_each(begin, NULL, TU_OK, 10);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(snapshots_are_made_or_not),
		cmocka_unit_test(a_snapshot_follows_or_not),
		cmocka_unit_test(questions_are_answered_or_not),
		cmocka_unit_test(a_list_begins_or_not),
	};
	struct dice dice = {20};

	roll_world(&world, &dice);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
