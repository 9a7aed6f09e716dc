#include "portfolio/posture.h"

#include <tutela/device.h>
#include <tutela/match.h>

#define DAY (INT64_C(86400) * 1000000)

/* Numbers of portfolio/list_load.c: draft 0, released 1, withdrawn 2. */
enum { DRAFT = TU_LIST_BIT(0), RELEASED = TU_LIST_BIT(1) | TU_LIST_BIT(2) };

static enum tu_status read_drafts(
	struct tu_work *w, int64_t device_id, struct tu_posture *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_row(
		w->tx, TU_SQL_POSTURE_DRAFT_COMPONENTS, TU_BIND(tu_int(device_id)), &rows, err);

	if (status != TU_OK)
		return status;
	out->draft.components = tu_rows_int(rows, 0);
	out->draft.without_data = tu_rows_int(rows, 1);
	return tu_rows_close(rows, err);
}

enum tu_status tu_posture_read(
	struct tu_work *w, int64_t device_id, struct tu_posture *out, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status =
		tu_tx_row(w->tx, TU_SQL_POSTURE_RELEASES, TU_BIND(tu_int(device_id)), &rows, err);

	if (status != TU_OK)
		return status;
	*out = (struct tu_posture){.releases = tu_rows_int(rows, 0),
		.drafts = tu_rows_int(rows, 1),
		.withdrawn = tu_rows_int(rows, 2),
		.without_sbom = tu_rows_int(rows, 3),
		.unsettled = tu_rows_int(rows, 4),
		.without_components = tu_rows_int(rows, 5),
		.draft.without_sbom = tu_rows_int(rows, 6),
		.draft.unsettled = tu_rows_int(rows, 7),
		.draft.without_components = tu_rows_int(rows, 8),
		.releases_without_data = tu_rows_int(rows, 9),
		.draft.releases_without_data = tu_rows_int(rows, 10)};
	out->in_field = out->releases - out->drafts - out->withdrawn;
	status = tu_rows_close(rows, err);
	if (status == TU_OK)
		status = tu_tx_row(
			w->tx, TU_SQL_POSTURE_COMPONENTS, TU_BIND(tu_int(device_id)), &rows, err);
	if (status != TU_OK)
		return status;
	out->components = tu_rows_int(rows, 0);
	out->without_version = tu_rows_int(rows, 1);
	out->without_purl = tu_rows_int(rows, 2);
	out->without_data = tu_rows_int(rows, 3);
	status = tu_rows_close(rows, err);
	return status ? status : read_drafts(w, device_id, out, err);
}

static enum tu_status find_deadline(struct tu_arena *arena, const struct tu_posture_of *of,
	const struct tu_list_filter *all, struct tu_posture *posture, struct tu_error *err)
{
	struct tu_list_filter with = *all;
	const struct tu_list_query query = {.kind = TU_LIST_FINDINGS,
		.filter = &with,
		.scope = of->scope,
		.sort = TU_LIST_BY_DEADLINE,
		.page_size = 1};
	struct tu_list_page page;
	enum tu_status status;

	with.deadline = TU_LIST_YES;
	status = tu_list_page(arena, of->list, &query, &page, err);
	if (status != TU_OK || page.count == 0)
		return status;
	posture->next_deadline = page.findings[0].deadline;
	return tu_arena_dup(arena, page.findings[0].vulnerability.name, &posture->next_deadline_of)
		? TU_OK
		: tu_no_memory(err);
}

static enum tu_status count_drafts(
	const struct tu_posture_of *of, struct tu_posture *posture, struct tu_error *err)
{
	const struct tu_list_filter all = {
		.release_states = DRAFT, .device_ids = &of->device_id, .device_count = 1};
	struct tu_list_filter filters[] = {all, all, all, all};
	uint64_t counts[TU_COUNT(filters)] = {0};
	const struct tu_list_filters list = {.kind = TU_LIST_FINDINGS,
		.scope = of->scope,
		.at = filters,
		.count = TU_COUNT(filters)};
	enum tu_status status;

	filters[1].verdicts = TU_LIST_BIT(TU_MATCH_AFFECTED);
	filters[2].verdicts = TU_LIST_BIT(TU_MATCH_UNDECIDED);
	filters[3].states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED);
	status = tu_list_count(of->list, &list, counts, err);
	posture->draft.findings = counts[0];
	posture->draft.affected = counts[1];
	posture->draft.undecided = counts[2];
	posture->draft.not_assessed = counts[3];
	return status;
}

enum tu_status tu_posture_count(struct tu_arena *arena, const struct tu_posture_of *of,
	struct tu_posture *posture, struct tu_error *err)
{
	const struct tu_list_filter all = {
		.release_states = RELEASED, .device_ids = &of->device_id, .device_count = 1};
	struct {
		uint64_t *out;
		struct tu_list_filter filter;
	} rows[] = {
		{&posture->findings, all},
		{&posture->affected, all},
		{&posture->undecided, all},
		{&posture->uncontrolled, all},
		{&posture->not_assessed, all},
		{&posture->not_assessed_30, all},
		{&posture->not_assessed_90, all},
		{&posture->reopened, all},
		{&posture->proposed, all},
		{&posture->controlled, all},
		{&posture->closed, all},
	};
	struct tu_list_filter filters[TU_COUNT(rows)];
	uint64_t counts[TU_COUNT(rows)] = {0};
	const struct tu_list_filters list = {.kind = TU_LIST_FINDINGS,
		.scope = of->scope,
		.at = filters,
		.count = TU_COUNT(rows)};
	enum tu_status status;

	rows[1].filter.verdicts = TU_LIST_BIT(TU_MATCH_AFFECTED);
	rows[2].filter.verdicts = TU_LIST_BIT(TU_MATCH_UNDECIDED);
	rows[3].filter.risks = TU_LIST_BIT(TU_RISK_UNCONTROLLED);
	for (size_t i = 4; i < 7; i++)
		rows[i].filter.states = TU_LIST_BIT(TU_LIST_NOT_ASSESSED);
	posture->seen_before_30 = rows[5].filter.seen_before = of->at - 30 * DAY;
	posture->seen_before_90 = rows[6].filter.seen_before = of->at - 90 * DAY;
	rows[7].filter.states = TU_LIST_BIT(TU_LIST_REOPENED);
	rows[8].filter.states = TU_LIST_BIT(TU_LIST_PROPOSED);
	rows[9].filter.risks = TU_LIST_BIT(TU_RISK_CONTROLLED);
	rows[9].filter.closed = TU_LIST_NO;
	rows[10].filter.closed = TU_LIST_YES;
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		filters[i] = rows[i].filter;
	status = tu_list_count(of->list, &list, counts, err);
	for (size_t i = 0; i < TU_COUNT(rows); i++)
		*rows[i].out = counts[i];
	if (status == TU_OK)
		status = count_drafts(of, posture, err);
	return status ? status : find_deadline(arena, of, &all, posture, err);
}
