#include "portfolio/exposure.h"

#include <stdlib.h>

#include <tutela/device.h>
#include <tutela/match.h>

#include "portfolio/release.h"
#include "portfolio/scope.h"

struct reading {
	struct tu_exposure *exposure;
	TU_VEC(struct tu_list_finding) findings;
	TU_VEC(struct tu_exposed) rows;
};

static enum tu_status find_group(struct tu_exposure *e, struct tu_error *err)
{
	const struct tu_list_filter filter = {
		.vulnerability = tu_str_first(e->vulnerability, TU_LIST_TEXT_MAX)};
	/* of all names that begin so, the shortest comes first */
	const struct tu_list_query query = {.kind = TU_LIST_OF_VULNERABILITIES,
		.filter = &filter,
		.scope = e->scope,
		.sort = TU_LIST_BY_NAME,
		.page_size = 1};
	struct tu_list_page page;
	enum tu_status status = tu_list_page(e->arena, e->list, &query, &page, err);

	if (status != TU_OK)
		return status;
	e->found = page.count && e->vulnerability.len <= TU_LIST_TEXT_MAX &&
		tu_str_ieq(page.groups[0].vulnerability.name, e->vulnerability);
	if (e->found)
		e->group = page.groups[0];
	return TU_OK;
}

static enum tu_status read_findings(struct reading *r, struct tu_error *err)
{
	struct tu_exposure *e = r->exposure;
	const struct tu_list_filter filter = {.vulnerability_id = e->group.vulnerability.id};
	struct tu_list_query query = {.kind = TU_LIST_FINDINGS,
		.filter = &filter,
		.scope = e->scope,
		.page_size = TU_LIST_PAGE_MAX};
	struct tu_list_page page;
	enum tu_status status;

	do {
		status = tu_list_page(e->arena, e->list, &query, &page, err);
		if (status != TU_OK)
			return status;
		for (size_t i = 0; i < page.count; i++)
			if (!TU_VEC_PUSH_IN(e->arena, &r->findings, page.findings[i]))
				return tu_no_memory(err);
		if (r->findings.count > TU_EXPOSURE_FINDINGS_MAX)
			return tu_fail(err, TU_E_LIMIT, 0,
				"there are more than %d findings of it: ask for pages of the list",
				TU_EXPOSURE_FINDINGS_MAX);
		query.cursor = page.next;
	} while (page.next.len);
	return TU_OK;
}

static int by_release(const void *a, const void *b)
{
	const struct tu_list_finding *x = a, *y = b;
	int order = tu_str_cmp(x->device, y->device);

	return order ? order : (x->release.id > y->release.id) - (x->release.id < y->release.id);
}

static void count(struct tu_exposed *row, const struct tu_list_finding *f)
{
	row->findings++;
	row->affected += f->verdict == TU_MATCH_AFFECTED;
	row->undecided += f->verdict == TU_MATCH_UNDECIDED;
	row->decided += f->state == TU_LIST_DECIDED || f->state == TU_LIST_CARRIED;
	row->proposed += f->state == TU_LIST_PROPOSED;
	row->reopened += f->state == TU_LIST_REOPENED;
	row->not_assessed += f->state == TU_LIST_NOT_ASSESSED;
	row->closed += f->closed;
	row->uncontrolled += f->risk == TU_RISK_UNCONTROLLED;
	row->fixable = row->fixable || f->fixable;
	if (f->harm > row->harm)
		row->harm = f->harm;
	if (f->deadline && (!row->deadline || f->deadline < row->deadline))
		row->deadline = f->deadline;
}

static enum tu_status describe(struct tu_work *w, struct tu_arena *arena,
	const struct tu_list_finding *f, struct tu_exposed *row, struct tu_error *err)
{
	struct tu_release_row release;
	enum tu_status status = tu_release_by_id(w, f->release.id, &release, err);

	*row = (struct tu_exposed){.released = status ? 0 : release.released};
	if (status != TU_OK)
		return status;
	return tu_arena_dup(arena, f->device, &row->device) &&
			tu_arena_dup(arena, release.public_id, &row->release) &&
			tu_arena_dup(arena, release.version, &row->release_name) &&
			tu_arena_dup(arena, release.state, &row->state)
		? TU_OK
		: tu_no_memory(err);
}

static enum tu_status count_unknown(struct tu_work *w, struct tu_exposure *e, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_query(w->tx, TU_SQL_RELEASES_WITHOUT_SBOM, TU_NO_BIND, &rows, err);

	e->without_sbom = e->without_components = e->without_data = 0;
	if (status != TU_OK)
		return status;
	while (tu_rows_next(rows))
		if (tu_scope_has(e->scope, tu_rows_int(rows, 0))) {
			e->without_sbom += tu_rows_int(rows, 1);
			e->without_components += tu_rows_int(rows, 2);
			e->without_data += tu_rows_int(rows, 3);
		}
	return tu_rows_close(rows, err);
}

static enum tu_status make_rows(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	struct tu_exposure *e = r->exposure;
	enum tu_status status = count_unknown(w, e, err);

	r->rows.count = 0;
	for (size_t i = 0, k; i < r->findings.count && status == TU_OK; i = k) {
		const struct tu_list_finding *first = &r->findings.at[i];
		struct tu_exposed row;

		status = describe(w, e->arena, first, &row, err);
		for (k = i;
			k < r->findings.count && r->findings.at[k].release.id == first->release.id;
			k++)
			count(&row, &r->findings.at[k]);
		/* it was removed since the list was made */
		if (status == TU_E_NOTFOUND)
			status = TU_OK;
		else if (status == TU_OK && !TU_VEC_PUSH_IN(e->arena, &r->rows, row))
			status = tu_no_memory(err);
	}
	return status;
}

enum tu_status tu_exposure_find(struct tu_store *store, struct tu_exposure *e, struct tu_error *err)
{
	const struct tu_act act = {0};
	struct reading r = {.exposure = e};
	enum tu_status status = find_group(e, err);

	if (status == TU_OK && e->found)
		status = read_findings(&r, err);
	if (status == TU_OK && r.findings.count)
		qsort(r.findings.at, r.findings.count, sizeof(*r.findings.at), by_release);
	if (status == TU_OK)
		status = tu_work_read(store, &act, make_rows, &r, err);
	e->rows = r.rows.at;
	e->count = r.rows.count;
	e->decided = 0;
	for (size_t i = 0; i < e->count; i++)
		e->decided += e->rows[i].decided == e->rows[i].findings;
	return status;
}
