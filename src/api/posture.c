/* What is known of devices: portfolio/posture.h, a row for each. */
#include "api/call.h"
#include "portfolio/device.h"
#include "portfolio/posture.h"

struct posture_row {
	struct tu_str device, title, next_deadline_of;
	int64_t releases, drafts, in_field, withdrawn, without_sbom, without_components;
	int64_t releases_without_data, unsettled;
	int64_t components, without_version, without_purl, without_data;
	int64_t findings, affected, undecided, uncontrolled, controlled, closed, reopened, proposed;
	int64_t not_assessed, not_assessed_30, not_assessed_90, next_deadline;
	int64_t seen_before_30, seen_before_90; /* us */
	int64_t draft_without_sbom, draft_without_components, draft_releases_without_data;
	int64_t draft_unsettled, draft_components;
	int64_t draft_without_data, draft_findings, draft_affected, draft_undecided;
	int64_t draft_not_assessed;
	int64_t key; /* in the store; no column */
};

#define COUNT(name) TU_API_COLUMN(struct posture_row, name, TU_API_INT, 0)
static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct posture_row, device, TU_API_TEXT, 0),
	TU_API_COLUMN(struct posture_row, title, TU_API_TEXT, 0),
	COUNT(releases),
	COUNT(drafts),
	COUNT(in_field),
	COUNT(withdrawn),
	COUNT(without_sbom),
	COUNT(without_components),
	COUNT(releases_without_data),
	COUNT(unsettled),
	COUNT(components),
	COUNT(without_version),
	COUNT(without_purl),
	COUNT(without_data),
	COUNT(findings),
	COUNT(affected),
	COUNT(undecided),
	COUNT(uncontrolled),
	COUNT(controlled),
	COUNT(closed),
	COUNT(reopened),
	COUNT(proposed),
	COUNT(not_assessed),
	COUNT(not_assessed_30),
	COUNT(not_assessed_90),
	TU_API_COLUMN(struct posture_row, seen_before_30, TU_API_TIME, 0),
	TU_API_COLUMN(struct posture_row, seen_before_90, TU_API_TIME, 0),
	TU_API_COLUMN(struct posture_row, next_deadline, TU_API_TIME, TU_API_OPT),
	TU_API_COLUMN(struct posture_row, next_deadline_of, TU_API_TEXT, TU_API_OPT),
	COUNT(draft_without_sbom),
	COUNT(draft_without_components),
	COUNT(draft_releases_without_data),
	COUNT(draft_unsettled),
	COUNT(draft_components),
	COUNT(draft_without_data),
	COUNT(draft_findings),
	COUNT(draft_affected),
	COUNT(draft_undecided),
	COUNT(draft_not_assessed),
};
const struct tu_api_table tu_api_table_posture =
	TU_API_TABLE("Posture", struct posture_row, columns);

struct reading {
	struct tu_api_call *call;
	struct posture_row *rows;
	size_t count;
	struct posture_row *page; /* those that are answered with */
	size_t page_count;
};

static enum tu_status read_devices(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	struct tu_devices_seen seen;
	enum tu_status status = tu_device_list(w, &r->call->who.scope, &seen, err);
	bool kept = true;

	if (status != TU_OK)
		return status;
	r->count = seen.count;
	r->rows = tu_arena_array(r->call->arena, seen.count, sizeof(*r->rows));
	for (size_t i = 0; r->rows && kept && i < seen.count; i++) {
		r->rows[i].key = seen.at[i].device.id;
		kept = tu_arena_dup(r->call->arena, seen.at[i].device.name, &r->rows[i].device) &&
			tu_arena_dup(r->call->arena, seen.at[i].device.title, &r->rows[i].title);
	}
	return r->rows && kept ? TU_OK : tu_no_memory(err);
}

static void put_stored(struct posture_row *row, const struct tu_posture *p)
{
	row->releases = p->releases;
	row->drafts = p->drafts;
	row->in_field = p->in_field;
	row->withdrawn = p->withdrawn;
	row->without_sbom = p->without_sbom;
	row->without_components = p->without_components;
	row->releases_without_data = p->releases_without_data;
	row->unsettled = p->unsettled;
	row->components = p->components;
	row->without_version = p->without_version;
	row->without_purl = p->without_purl;
	row->without_data = p->without_data;
	row->draft_without_sbom = p->draft.without_sbom;
	row->draft_without_components = p->draft.without_components;
	row->draft_releases_without_data = p->draft.releases_without_data;
	row->draft_unsettled = p->draft.unsettled;
	row->draft_components = p->draft.components;
	row->draft_without_data = p->draft.without_data;
}

static void put_counted(struct posture_row *row, const struct tu_posture *p)
{
	row->findings = (int64_t)p->findings;
	row->affected = (int64_t)p->affected;
	row->undecided = (int64_t)p->undecided;
	row->uncontrolled = (int64_t)p->uncontrolled;
	row->controlled = (int64_t)p->controlled;
	row->closed = (int64_t)p->closed;
	row->reopened = (int64_t)p->reopened;
	row->proposed = (int64_t)p->proposed;
	row->not_assessed = (int64_t)p->not_assessed;
	row->not_assessed_30 = (int64_t)p->not_assessed_30;
	row->not_assessed_90 = (int64_t)p->not_assessed_90;
	row->seen_before_30 = p->seen_before_30;
	row->seen_before_90 = p->seen_before_90;
	row->draft_findings = (int64_t)p->draft.findings;
	row->draft_affected = (int64_t)p->draft.affected;
	row->draft_undecided = (int64_t)p->draft.undecided;
	row->draft_not_assessed = (int64_t)p->draft.not_assessed;
	row->next_deadline = p->next_deadline;
	row->next_deadline_of = p->next_deadline_of;
}

static enum tu_status read_page(struct tu_work *w, void *self, struct tu_error *err)
{
	struct reading *r = self;
	enum tu_status status = TU_OK;

	for (size_t i = 0; i < r->page_count && status == TU_OK; i++) {
		struct tu_posture posture;

		status = tu_posture_read(w, r->page[i].key, &posture, err);
		if (status == TU_OK)
			put_stored(&r->page[i], &posture);
	}
	return status;
}

static enum tu_status count_page(struct reading *r, struct tu_error *err)
{
	struct tu_api_call *call = r->call;
	enum tu_status status = tu_api_list(call, err);

	for (size_t i = 0; i < r->page_count && status == TU_OK; i++) {
		const struct tu_posture_of of = {
			call->list, &call->who.scope, r->page[i].key, call->now};
		struct tu_posture posture = {0};

		status = tu_posture_count(call->arena, &of, &posture, err);
		if (status == TU_OK)
			put_counted(&r->page[i], &posture);
	}
	return status;
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	struct reading *r = self;
	const struct tu_api_rows all = {r->rows, r->count};
	enum tu_status status = tu_api_page_of(call, page, &all, err);

	if (status != TU_OK)
		return status;
	r->page = r->rows + ((const struct posture_row *)page->rows.at - r->rows);
	r->page_count = page->rows.count;
	status = tu_api_read(call, read_page, r, err);
	return status ? status : count_page(r, err);
}

enum tu_status tu_api_list_postures(struct tu_api_call *call, struct tu_error *err)
{
	struct reading r = {.call = call};
	enum tu_status status = tu_api_read(call, read_devices, &r, err);

	return status ? status : tu_api_answer_page(call, fetch, &r, err);
}
