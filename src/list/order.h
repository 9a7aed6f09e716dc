/*
 * The order of a list, and places in it.
 *
 * A key is smaller the earlier its row comes. Rows with one key are in the order of the ids of
 * vulnerability, component and release. So that a place can also be between two rows, where a
 * cursor's row is no more, a rank r is written as 2r + 1.
 */
#ifndef TU_LIST_ORDER_H
#define TU_LIST_ORDER_H

#include <tutela/arena.h>

#include "list/walk.h"

struct tu_list__place {
	uint64_t first; /* key << 32 | rank of the vulnerability */
	uint64_t second; /* rank of the component << 32 | of the release; groups: 0 */
};

struct tu_list__order {
	const struct tu_list_snapshot *snapshot;
	enum tu_list_sort sort;
	bool descending;
	const uint32_t *due, *ranks;
	const uint8_t *special;
};

static inline struct tu_list__order tu_list__order_of(
	const struct tu_list__plan *plan, const struct tu_list_query *query)
{
	return (struct tu_list__order){.snapshot = plan->snapshot,
		.sort = query->sort,
		.descending = query->descending,
		.due = plan->due,
		.ranks = plan->snapshot->tables[TU_LIST__VULNERABILITIES]->rank,
		.special = plan->special};
}

/* Does the key depend on the vulnerability alone? */
static inline bool tu_list__order_by_vuln(enum tu_list_sort sort)
{
	return sort == TU_LIST_BY_SEVERITY || sort == TU_LIST_BY_KEV || sort == TU_LIST_BY_EPSS ||
		sort == TU_LIST_BY_NAME;
}

/* The key of a value, which is higher the later it comes in a rising list. */
static inline uint32_t tu_list__key(const struct tu_list__order *order, uint32_t value)
{
	if (order->sort == TU_LIST_BY_DEADLINE && !value)
		return UINT32_MAX;
	return order->descending ? UINT32_MAX - value : value;
}

/* The key of a vulnerability, for those four sorts. */
uint32_t tu_list__vuln_key(const struct tu_list__order *order, uint32_t vuln);
/* The key of a finding for the others. */
uint32_t tu_list__finding_key(
	const struct tu_list__order *order, const struct tu_list__traits *traits);

static inline uint64_t tu_list__first_place(
	const struct tu_list__order *order, uint32_t key, uint32_t vuln)
{
	return (uint64_t)key << 32 | (2 * order->ranks[vuln] + 1);
}

uint64_t tu_list__second_place(
	const struct tu_list__order *order, uint32_t component, uint32_t release);

static inline bool tu_list__before(const struct tu_list__place *a, const struct tu_list__place *b)
{
	return a->first < b->first || (a->first == b->first && a->second < b->second);
}

/* ---- cursors ---- */

/* The row after which a page begins. */
struct tu_list__last {
	uint32_t key;
	uint32_t vuln;
	uint32_t component, release; /* findings only */
};

/* Check filter, scope, sort and page size. */
TU_NODISCARD enum tu_status tu_list__check(const struct tu_list_query *query, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list__check_filter(
	const struct tu_list_filter *filter, struct tu_error *err);
/* Append what a filter and a scope ask, in one form: what is digested. */
void tu_list__write_question(const struct tu_list_query *query, struct tu_buf *out);

TU_NODISCARD enum tu_status tu_list__cursor_write(struct tu_arena *arena,
	const struct tu_list__order *order, const struct tu_list_query *query,
	const struct tu_list__last *last, struct tu_str *out_cursor);
/* The place that a query begins after: the start for one without a cursor. */
TU_NODISCARD enum tu_status tu_list__cursor_read(const struct tu_list__order *order,
	const struct tu_list_query *query, struct tu_list__place *out_place, struct tu_error *err);

/* ---- the best rows ---- */

struct tu_list__entry {
	struct tu_list__place place;
	struct tu_list__last row;
	/* of a finding */
	const struct tu_list__fact *fact;
	uint32_t ref; /* its place in the block */
	bool decided;
	uint32_t decision;
};

/* The first `limit` rows after a place; the last of them on top of a heap. */
struct tu_list__best {
	struct tu_list__entry *at;
	size_t count, limit;
	struct tu_list__place after;
};

/* May a row with this first part of its place be among the best? */
static inline bool tu_list__best_wants(const struct tu_list__best *best, uint64_t first)
{
	return first >= best->after.first &&
		(best->count < best->limit || first <= best->at[0].place.first);
}

/* False: it comes after the last one, which stays so. */
bool tu_list__best_put(struct tu_list__best *best, const struct tu_list__entry *entry);
/* Put them in order; afterwards it is no heap any more. */
void tu_list__best_sort(struct tu_list__best *best);

/* ---- the two lists ---- */

TU_NODISCARD enum tu_status tu_list__findings(struct tu_arena *arena, struct tu_list__walk *walk,
	const struct tu_list_query *query, struct tu_list_page *out_page, struct tu_error *err);
TU_NODISCARD enum tu_status tu_list__groups(struct tu_arena *arena, struct tu_list__walk *walk,
	const struct tu_list_query *query, struct tu_list_page *out_page, struct tu_error *err);

/* Rows as the caller sees them. */
struct tu_list_vulnerability tu_list__show_vuln(
	const struct tu_list_snapshot *snapshot, uint32_t vuln);
struct tu_list_component tu_list__show_component(
	const struct tu_list_snapshot *snapshot, uint32_t component);
struct tu_list_release tu_list__show_release(
	const struct tu_list_snapshot *snapshot, uint32_t release, struct tu_str *out_device);

#endif
