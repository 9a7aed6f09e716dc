#include "list/query.h"

#include <stdlib.h>

#include "base/sha256.h"
#include "list/order.h"

/* ---- checks ---- */

/* Numbers of a filter that have a bound. */
static enum tu_status out_of_bounds(const char *what, struct tu_error *err)
{
	return tu_fail(err, TU_E_USAGE, 0, "the filter's %s is out of its bounds", what);
}

enum tu_status tu_list__check_filter(const struct tu_list_filter *filter, struct tu_error *err)
{
	const struct {
		const char *name;
		uint64_t value, below;
	} bounds[] = {
		{"kev", (uint64_t)filter->kev, TU_LIST_NO + 1},
		{"unscored", (uint64_t)filter->unscored, TU_LIST_NO + 1},
		{"cvss_stated", (uint64_t)filter->cvss_stated, TU_LIST_NO + 1},
		{"epss_stated", (uint64_t)filter->epss_stated, TU_LIST_NO + 1},
		{"fixable", (uint64_t)filter->fixable, TU_LIST_NO + 1},
		{"closed", (uint64_t)filter->closed, TU_LIST_NO + 1},
		{"deadline", (uint64_t)filter->deadline, TU_LIST_NO + 1},
		{"set of verdicts", filter->verdicts, 1 << TU_LIST_VERDICTS},
		{"set of states of releases", filter->release_states, 1 << TU_LIST_RELEASE_STATES},
		{"set of states", filter->states, 1 << TU_LIST_STATES},
		{"set of statuses", filter->statuses, 1 << TU_LIST_STATUSES},
		{"set of risks", filter->risks, 1 << TU_LIST_RISKS},
		{"text", filter->text.len, TU_LIST_TEXT_MAX + 1},
		{"vulnerability", filter->vulnerability.len, TU_LIST_TEXT_MAX + 1},
		{"component", filter->component.len, TU_LIST_TEXT_MAX + 1},
		{"number of catalogues", filter->exploited_by_count, TU_LIST_CATALOGUES_MAX + 1},
	};

	for (size_t i = 0; i < TU_COUNT(bounds); i++)
		if (bounds[i].value >= bounds[i].below)
			return out_of_bounds(bounds[i].name, err);
	if (filter->vulnerability_id < 0 || filter->component_id < 0 || filter->release_id < 0)
		return out_of_bounds("id", err);
	if (filter->seen_since < 0 || filter->seen_before < 0 || filter->deadline_before < 0)
		return out_of_bounds("time", err);
	return TU_OK;
}

enum tu_status tu_list__check(const struct tu_list_query *query, struct tu_error *err)
{
	if ((int)query->kind < 0 || query->kind >= TU_LIST_KINDS)
		return tu_fail(err, TU_E_USAGE, 0, "there is no such list");
	if ((int)query->sort < 0 || query->sort >= TU_LIST_SORTS)
		return tu_fail(err, TU_E_USAGE, 0, "there is no such order of a list");
	if (!query->page_size || query->page_size > TU_LIST_PAGE_MAX)
		return tu_fail(err, TU_E_USAGE, 0, "a page has 1 to %d rows, not %u",
			TU_LIST_PAGE_MAX, query->page_size);
	return query->filter ? tu_list__check_filter(query->filter, err) : TU_OK;
}

/* ---- pages ---- */

static const struct tu_list_filter no_filter;

enum tu_status tu_list_page(struct tu_arena *arena, const struct tu_list_snapshot *snapshot,
	const struct tu_list_query *query, struct tu_list_page *out_page, struct tu_error *err)
{
	const struct tu_list_filter *filter = query->filter ? query->filter : &no_filter;
	struct tu_list__plan plan;
	struct tu_list__walk walk = {0};
	enum tu_status status = tu_list__check(query, err);

	*out_page = (struct tu_list_page){0};
	if (status)
		return status;
	status = tu_list__plan_make(snapshot, query->scope, filter, 1, &plan);
	if (status || !tu_list__walk_begin(&plan, &walk))
		status = tu_no_memory(err);
	else if (query->kind == TU_LIST_FINDINGS)
		status = tu_list__findings(arena, &walk, query, out_page, err);
	else
		status = tu_list__groups(arena, &walk, query, out_page, err);
	tu_list__walk_done(&walk);
	tu_list__plan_done(&plan);
	return status;
}

/* ---- counts ---- */

/* Of vulnerabilities a filter that has found one need not look at it again. */
static void count_vulnerability(struct tu_list__walk *walk, const struct tu_list__fact *fact,
	uint32_t mask, uint32_t *found, uint64_t *out_counts)
{
	uint64_t counts[TU_LIST__FILTERS] = {0};
	uint32_t *of = &found[tu_list__fact_vuln(fact)];

	mask &= ~*of;
	if (!mask)
		return;
	tu_list__count_fact(walk, fact, mask, counts);
	for (; mask; mask &= mask - 1) {
		uint32_t f = (uint32_t)__builtin_ctz(mask);

		if (!counts[f])
			continue;
		*of |= 1u << f;
		out_counts[f]++;
	}
}

static void count_all(struct tu_list__walk *walk, uint32_t *found, uint64_t *out_counts)
{
	while (tu_list__walk_next(walk)) {
		const struct tu_list__fact *facts = tu_list__facts(walk->block);

		for (uint32_t i = 0; i < walk->block->fact_count; i++) {
			uint32_t mask = tu_list__fact_mask(walk, &facts[i]);

			if (mask && found)
				count_vulnerability(walk, &facts[i], mask, found, out_counts);
			else if (mask)
				tu_list__count_fact(walk, &facts[i], mask, out_counts);
		}
	}
}

/* Of the filters from number `first` on, as many as fit into one walk. */
static enum tu_status count_some(const struct tu_list_snapshot *snapshot,
	const struct tu_list_filters *filters, size_t first, uint64_t *out_counts)
{
	size_t vulns = snapshot->tables[TU_LIST__VULNERABILITIES]->count + (size_t)1;
	size_t rest = filters->count - first;
	size_t count = rest < TU_LIST__FILTERS ? rest : TU_LIST__FILTERS;
	uint64_t counts[TU_LIST__FILTERS] = {0};
	uint32_t *found = NULL;
	struct tu_list__plan plan;
	struct tu_list__walk walk = {0};
	bool fine =
		!tu_list__plan_make(snapshot, filters->scope, filters->at + first, count, &plan) &&
		tu_list__walk_begin(&plan, &walk);

	if (fine && filters->kind == TU_LIST_OF_VULNERABILITIES) {
		found = tu_alloc(vulns, sizeof(*found));
		fine = found;
	}
	if (fine)
		count_all(&walk, found, counts);
	memcpy(out_counts + first, counts, count * sizeof(*counts));
	tu_free(found);
	tu_list__walk_done(&walk);
	tu_list__plan_done(&plan);
	return fine ? TU_OK : TU_E_NOMEM;
}

enum tu_status tu_list_count(const struct tu_list_snapshot *snapshot,
	const struct tu_list_filters *filters, uint64_t *out_counts, struct tu_error *err)
{
	for (size_t i = 0; i < filters->count; i++) {
		enum tu_status status = tu_list__check_filter(&filters->at[i], err);

		if (status)
			return status;
	}
	for (size_t i = 0; i < filters->count; i += TU_LIST__FILTERS)
		if (count_some(snapshot, filters, i, out_counts))
			return tu_no_memory(err);
	return TU_OK;
}

/* ---- what is asked, in one form ---- */

static int by_value(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

/* A set of ids: in order, each once. */
static void write_ids(const int64_t *ids, size_t count, struct tu_buf *out)
{
	int64_t *sorted = tu_alloc(count + 1, sizeof(*sorted));

	if (!sorted) {
		out->failed = true;
		return;
	}
	if (count)
		memcpy(sorted, ids, count * sizeof(*ids));
	qsort(sorted, count, sizeof(*sorted), by_value);
	for (size_t i = 0; i < count; i++)
		if (!i || sorted[i] != sorted[i - 1])
			tu_buf_printf(out, " %lld", (long long)sorted[i]);
	tu_buf_c(out, ";");
	tu_free(sorted);
}

static void write_text(struct tu_str text, struct tu_buf *out)
{
	tu_buf_printf(out, "%zu:", text.len);
	tu_buf_str_add(out, text);
}

void tu_list__write_question(const struct tu_list_query *query, struct tu_buf *out)
{
	const struct tu_list_filter *f = query->filter ? query->filter : &no_filter;
	const struct tu_list_scope *scope = query->scope;
	const int64_t numbers[] = {(int64_t)query->kind, (int64_t)f->kev, (int64_t)f->unscored,
		f->severity_from, f->severity_below, (int64_t)f->cvss_stated,
		(int64_t)f->epss_stated, f->cvss_from, f->cvss_below, f->epss_from, f->epss_below,
		f->vulnerability_id, f->verdicts, (int64_t)f->fixable, f->component_id,
		f->release_id, f->release_states, f->states, (int64_t)f->closed, f->statuses,
		f->risks, f->harm_from, f->harm_below, f->seen_since, f->seen_before,
		f->deadline_before, (int64_t)f->deadline, scope && scope->everything};

	for (size_t i = 0; i < TU_COUNT(numbers); i++)
		tu_buf_printf(out, "%lld,", (long long)numbers[i]);
	for (size_t i = 0; i < f->exploited_by_count; i++) {
		tu_buf_byte(out, f->exploited_by[i].no ? '-' : '+');
		write_text(f->exploited_by[i].name, out);
	}
	write_text(f->vulnerability, out);
	write_text(f->component, out);
	write_text(f->package, out);
	write_text(f->text, out);
	write_ids(f->device_ids, f->device_count, out);
	if (scope && !scope->everything)
		write_ids(scope->device_ids, scope->device_count, out);
}

/* ---- ETags ---- */

/* The newest change that concerns what is in the scope. */
static int64_t newest_change(
	const struct tu_list_snapshot *snapshot, const struct tu_list_scope *scope)
{
	int64_t newest = 0;

	if (scope && scope->everything)
		return snapshot->change;
	for (size_t i = 0; scope && i < scope->device_count; i++) {
		uint32_t device = tu_list__table_find(
			snapshot->tables[TU_LIST__DEVICES], scope->device_ids[i]);

		if (device != TU_LIST__NONE && snapshot->device_changes[device] > newest)
			newest = snapshot->device_changes[device];
	}
	return newest;
}

enum tu_status tu_list_etag(const struct tu_list_snapshot *snapshot,
	const struct tu_list_query *query, char out_etag[TU_LIST_ETAG_DIGITS + 1],
	struct tu_error *err)
{
	enum tu_status status = query->filter ? tu_list__check_filter(query->filter, err) : TU_OK;
	struct tu_buf text, mark;

	if (status)
		return status;
	tu_buf_init(&text, 1 << 30);
	tu_buf_init(&mark, TU_LIST_ETAG_DIGITS);
	tu_buf_printf(&text, "%lld ", (long long)newest_change(snapshot, query->scope));
	tu_list__write_question(query, &text);
	if (!text.failed)
		tu_sha256_mark(tu_buf_str(&text), TU_LIST_ETAG_DIGITS, &mark);
	if (text.failed || mark.failed || mark.len != TU_LIST_ETAG_DIGITS) {
		status = tu_no_memory(err);
	} else {
		memcpy(out_etag, mark.ptr, TU_LIST_ETAG_DIGITS);
		out_etag[TU_LIST_ETAG_DIGITS] = '\0';
	}
	tu_buf_done(&text);
	tu_buf_done(&mark);
	return status;
}
