/* Findings of a release at the elements of a design that have its components. */
#include <string.h>

#include <tutela/claim.h>
#include <tutela/device.h>
#include <tutela/match.h>
#include <tutela/score.h>

#include "api/designs.h"
#include "api/finding_list.h"
#include "portfolio/design_place.h"
#include "service/service.h"

struct row {
	struct tu_str element, part, id, vulnerability, severity, component, component_version,
		purl, verdict, state, status, risk, harm;
	int64_t score, deadline;
	bool kev, closed;
};

static const struct tu_api_column columns[] = {
	TU_API_COLUMN(struct row, element, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, part, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, id, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, vulnerability, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, severity, TU_API_WORD, 0),
	TU_API_COLUMN(struct row, score, TU_API_TENTHS, TU_API_OPT),
	TU_API_COLUMN(struct row, kev, TU_API_BOOL, 0),
	TU_API_COLUMN(struct row, component, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, component_version, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, purl, TU_API_TEXT, TU_API_OPT),
	TU_API_COLUMN(struct row, verdict, TU_API_WORD, 0),
	TU_API_COLUMN(struct row, state, TU_API_WORD, 0),
	TU_API_COLUMN(struct row, status, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, risk, TU_API_WORD, 0),
	TU_API_COLUMN(struct row, harm, TU_API_TEXT, 0),
	TU_API_COLUMN(struct row, closed, TU_API_BOOL, 0),
	TU_API_COLUMN(struct row, deadline, TU_API_TIME, TU_API_OPT),
};
const struct tu_api_table tu_api_table_design_finding =
	TU_API_TABLE("DesignFinding", struct row, columns);

struct answering {
	struct tu_api_call *call;
	const struct tu_model *model;
	struct tu_design_places places;
	struct tu_str element; /* empty: all */
	TU_VEC(struct row) list; /* in the arena of the call */
	struct tu_api_rows rows;
	int64_t unplaced; /* open findings at no element */
};

static struct row row_of(const struct tu_list_finding *f)
{
	const struct tu_list_vulnerability *v = &f->vulnerability;

	return (struct row){.vulnerability = v->name,
		.severity = tu_str_c(tu_severity_name((enum tu_severity)v->severity)),
		.score = v->score == TU_LIST_UNSTATED_SCORE ? TU_API_NONE : v->score,
		.kev = v->kev,
		.component = f->component.name,
		.component_version = f->component.version,
		.purl = f->component.purl,
		.verdict = tu_str_c(tu_match_verdict_name((enum tu_match_verdict)f->verdict)),
		.state = tu_str_c(tu_list_state_name(f->state)),
		.status = tu_str_c(tu_claim_status_name((enum tu_claim_status)f->status)),
		.risk = tu_str_c(tu_risk_name((enum tu_risk)f->risk)),
		.harm = tu_str_c(tu_harm_name((enum tu_harm)f->harm)),
		.closed = f->closed,
		.deadline = f->deadline};
}

/* At each element that has the component. */
static bool add_finding(struct answering *a, const struct tu_list_finding *f)
{
	struct row row = row_of(f);
	bool placed = false, fine = tu_api_finding_name(a->call, f, &row.id);

	for (size_t i = 0; fine && i < a->places.count; i++) {
		const struct tu_design_place *place = &a->places.at[i];
		const struct tu_model_component *part = &a->model->components[place->component];

		if (memcmp(place->key, f->component.key, sizeof(place->key)) != 0)
			continue;
		row.part = part->id;
		placed |= part->elements.count > 0;
		for (size_t e = 0; fine && e < part->elements.count; e++) {
			row.element = a->model->elements[part->elements.at[e]].id;
			if (!a->element.len || tu_str_eq(row.element, a->element))
				fine = TU_VEC_PUSH_IN(a->call->arena, &a->list, row);
		}
	}
	a->unplaced += !placed && !f->closed;
	return fine;
}

static enum tu_status gather(struct answering *a, struct tu_error *err)
{
	const struct tu_list_filter filter = {.release_id = a->places.release_id,
		.device_ids = &a->places.device_id,
		.device_count = 1};
	struct tu_list_query query = {.kind = TU_LIST_FINDINGS,
		.filter = &filter,
		.scope = &a->call->who.scope,
		.sort = TU_LIST_BY_SEVERITY,
		.descending = true,
		.page_size = TU_LIST_PAGE_MAX};
	struct tu_list_page page;
	enum tu_status status = tu_api_list(a->call, err);

	do {
		if (status == TU_OK)
			status = tu_list_page(a->call->arena, a->call->list, &query, &page, err);
		for (size_t i = 0; status == TU_OK && i < page.count; i++)
			if (!add_finding(a, &page.findings[i]))
				status = tu_no_memory(err);
		if (status == TU_OK)
			query.cursor = page.next;
	} while (status == TU_OK && query.cursor.len);
	a->rows = (struct tu_api_rows){a->list.at, a->list.count};
	return status;
}

static void more(struct tu_api_call *call, void *self, struct tu_json_writer *json)
{
	const struct answering *a = self;

	(void)call;
	tu_json_member_str(json, "release", a->places.release);
	tu_json_member_bool(json, "sbom", a->places.has_sbom);
	tu_json_member_int(json, "unplaced", a->unplaced);
	tu_json_member_int(json, "absent", (int64_t)a->places.absent);
}

static enum tu_status fetch(
	struct tu_api_call *call, void *self, struct tu_api_page *page, struct tu_error *err)
{
	const struct answering *a = self;

	page->more = more;
	page->self = self;
	return tu_api_page_of(call, page, &a->rows, err);
}

static enum tu_status place(
	struct answering *a, const struct tu_api_design *d, struct tu_error *err)
{
	struct tu_error own = {0};
	const struct tu_design_asked asked = tu_api_design_asked(a->call);
	enum tu_status status = tu_api_kb(a->call, err);

	if (status != TU_OK)
		return status;
	a->model = d->answer.model;
	a->element = tu_api_query(a->call, "element");
	if (a->element.len && tu_model_element_by_id(a->model, a->element) == TU_MODEL_NOWHERE)
		return tu_api_unknown(err, "element");
	a->places = (struct tu_design_places){.asked = &asked,
		.model = a->model,
		.version = tu_api_query(a->call, "release"),
		.kb = a->call->kb->kb,
		.reader = tu_service_reader(a->call->service),
		.arena = d->arena};
	status = tu_design_places_find(&a->call->act, &a->places, &own);
	return status ? tu_api_design_failed(&own, err) : TU_OK;
}

enum tu_status tu_api_list_design_findings(struct tu_api_call *call, struct tu_error *err)
{
	struct answering a = {.call = call};
	struct tu_api_design d;
	enum tu_status status = tu_api_design_judged(call, &d, err);

	if (status == TU_OK)
		status = place(&a, &d, err);
	if (status == TU_OK && a.places.has_sbom)
		status = gather(&a, err);
	if (status == TU_OK)
		status = tu_api_answer_page(call, fetch, &a, err);
	tu_api_design_close(&d);
	return status;
}
