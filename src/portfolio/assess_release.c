/* One release's findings put to its device and the assessments of it. */
#include <stdlib.h>

#include "app/assess.h"
#include "base/input.h"
#include "portfolio/settle.h"

/* ---- statements beside the SBOM ---- */

struct files {
	struct tu_work *w;
	struct tu_vex_files *vex;
	const struct tu_release *release;
	struct {
		TU_VEC(struct tu_str) paths;
		TU_VEC(int64_t) documents;
	} found;
};

static bool is_side_file(const struct tu_release *release, struct tu_str path)
{
	for (size_t i = 0; i < release->side_files.count; i++)
		if (tu_str_eq(release->side_files.at[i], path))
			return true;
	return false;
}

static enum tu_status find_files(struct files *f, int64_t device_id, struct tu_error *err)
{
	struct tu_rows *rows;
	enum tu_status status = tu_tx_query(
		f->w->tx, TU_SQL_DEVICE_FILE_LIST, TU_BIND(tu_int(device_id)), &rows, err);
	bool ok = true;

	if (status != TU_OK)
		return status;
	while (ok && tu_rows_next(rows)) {
		struct tu_str path = tu_rows_text(rows, 0), copy;
		char *text;

		if (!is_side_file(f->release, path))
			continue;
		text = tu_arena_alloc(f->w->arena, path.len + 1);
		if (text && path.len)
			memcpy(text, path.ptr, path.len);
		copy = tu_str_of(text, path.len);
		ok = text && TU_VEC_PUSH_IN(f->w->arena, &f->found.paths, copy) &&
			TU_VEC_PUSH_IN(f->w->arena, &f->found.documents, tu_rows_int(rows, 1));
	}
	status = tu_rows_close(rows, err);
	return status || ok ? status : tu_no_memory(err);
}

/* What is no statement, or cannot be read, is passed over: it clears nothing. */
static enum tu_status read_files(struct files *f, struct tu_error *err)
{
	for (size_t i = 0; i < f->found.paths.count; i++) {
		const struct tu_vex_document *document = NULL;
		struct tu_error ignored = {0};
		struct tu_str bytes;
		struct tu_buf text;
		enum tu_status status =
			tu_work_document(f->w, f->found.documents.at[i], &bytes, err);

		if (status != TU_OK)
			return status;
		tu_buf_init(&text, TU_DOCUMENT_MAX);
		status = tu_input_unpack(bytes, &text, &ignored);
		if (status == TU_OK)
			status = tu_vex_read(
				f->w->arena, tu_buf_str(&text), true, &document, &ignored);
		tu_buf_done(&text);
		if (status == TU_E_NOMEM)
			return tu_no_memory(err);
		if (status != TU_OK || !document->claim_count || f->vex->count == TU_VEX_FILES_MAX)
			continue;
		f->vex->paths[f->vex->count] = f->found.paths.at[i].ptr;
		f->vex->documents[f->vex->count++] = document;
	}
	return TU_OK;
}

/* ---- which applies ---- */

struct applying {
	struct tu_work *w;
	const struct tu_settling *settling;
	const struct tu_prepared *prepared;
	TU_VEC(struct tu_verdict_row) rows;
	uint8_t *harms;
	bool proposals; /* of the second walk: what only proposals say */
};

static const struct tu_assessment_row *row_of(
	const struct tu_settling *settling, const struct tu_decision *decision)
{
	for (size_t i = 0; i < settling->assessments.count; i++)
		if (settling->assessments.at[i].decision == decision)
			return &settling->assessments.at[i];
	return NULL;
}

static bool add_row(
	struct applying *s, const struct tu_assessment *a, const struct tu_assessment_row *by)
{
	struct tu_verdict_row row = {.component = s->prepared->component_of[a->of->distinct->first],
		.vuln = a->of->facts.id,
		.by = by,
		.state = by->approved ? tu_assess_state_name(a->state) : "proposed",
		.status = tu_claim_status_name(by->decision->status),
		.risk = tu_risk_name(a->risk),
		.harm = a->harm,
		.reopen = a->reopen ? tu_reopen_name(a->reopen) : NULL};

	return TU_VEC_PUSH_IN(s->w->arena, &s->rows, row);
}

/* Every finding gives a row, an open one too: components that are alike may be
 * decided differently, and then the one that is open counts. */
static bool take(struct applying *s, const struct tu_assess_result *result)
{
	for (size_t i = 0; i < result->count; i++) {
		const struct tu_assessment *a = &result->assessments[i];
		const struct tu_assessment_row *by =
			a->decision ? row_of(s->settling, a->decision) : NULL;
		uint32_t component = s->prepared->component_of[a->of->distinct->first];
		bool applies = by &&
			(a->state == TU_ASSESS_DECIDED || a->state == TU_ASSESS_CARRIED ||
				a->state == TU_ASSESS_REOPENED);

		if ((uint8_t)a->proposal.harm > s->harms[component])
			s->harms[component] = (uint8_t)a->proposal.harm;
		if (s->proposals && (!applies || by->approved || a->state == TU_ASSESS_REOPENED))
			continue;
		if (applies && !add_row(s, a, by))
			return false;
		if (!applies &&
			!TU_VEC_PUSH_IN(s->w->arena, &s->rows,
				(struct tu_verdict_row){
					.component = component, .vuln = a->of->facts.id}))
			return false;
	}
	return true;
}

/* How little is said: what is open counts most; a proposal is heard where nobody has decided. */
static int rank(const struct tu_verdict_row *row)
{
	static const char *const states[] = {"re-opened", "carried", "decided"};
	int at = 1;

	if (!row->by)
		return 0;
	if (!row->by->approved)
		return -1;
	while (at < 3 && strcmp(states[at - 1], row->state) != 0)
		at++;
	return at;
}

static int compare(const void *a, const void *b)
{
	const struct tu_verdict_row *x = a, *y = b;
	int order = (x->component > y->component) - (x->component < y->component);

	if (order == 0)
		order = tu_str_cmp(x->vuln, y->vuln);
	return order ? order : rank(x) - rank(y);
}

static bool same_finding(const struct tu_verdict_row *a, const struct tu_verdict_row *b)
{
	return a->component == b->component && tu_str_eq(a->vuln, b->vuln);
}

/* Of the rows of one finding: the least that an approved one says, unless that is nothing (or
 * re-opened) and a proposal is there. */
static const struct tu_verdict_row *applies_to(const struct tu_verdict_row *rows, size_t count)
{
	const struct tu_verdict_row *proposal = rank(rows) < 0 ? rows : NULL;
	size_t at = 0;

	while (at < count && rank(&rows[at]) < 0)
		at++;
	if (at == count || (proposal && rank(&rows[at]) <= 1))
		return proposal;
	return rows[at].by ? &rows[at] : NULL;
}

static void count_row(struct tu_settled *counts, const struct tu_verdict_row *row)
{
	counts->proposed += !row->by->approved;
	if (!row->by->approved)
		return;
	counts->decided += strcmp(row->state, "decided") == 0;
	counts->carried += strcmp(row->state, "carried") == 0;
	counts->reopened += strcmp(row->state, "re-opened") == 0;
}

static void join(struct applying *s, struct tu_settle *settle)
{
	size_t kept = 0;

	if (s->rows.count)
		qsort(s->rows.at, s->rows.count, sizeof(*s->rows.at), compare);
	for (size_t first = 0, end; first < s->rows.count; first = end) {
		const struct tu_verdict_row *row;

		for (end = first + 1;
			end < s->rows.count && same_finding(&s->rows.at[first], &s->rows.at[end]);
			end++)
			;
		row = applies_to(&s->rows.at[first], end - first);
		if (!row)
			continue;
		count_row(&settle->settled, row);
		s->rows.at[kept++] = *row;
	}
	settle->rows = s->rows.at;
	settle->row_count = kept;
	settle->harms = s->harms;
}

/* ---- the whole ---- */

static enum tu_status assess(struct applying *s, struct tu_assess_answer *a,
	struct tu_settled *counts, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &s->settling->assessments;
	const struct tu_assess_result *with = NULL;
	enum tu_status status = tu_app_assess_read(a, tu_work_seconds(s->w), err);

	if (status != TU_OK)
		return status;
	counts->findings = a->result->count;
	if (!take(s, a->result))
		return tu_no_memory(err);
	if (rows->count == rows->approved_count)
		return TU_OK;
	status = tu_app_assess_again(a, rows->all, rows->count, &with, err);
	s->proposals = true;
	if (status == TU_OK && !take(s, with))
		return tu_no_memory(err);
	return status;
}

/* A contradiction ends in silence, not in one of the two: without decisions, proposals of harm are
 * still made. */
static enum tu_status fall_silent(struct applying *s, struct tu_assess_answer *a,
	struct tu_settled *counts, struct tu_error *err)
{
	enum tu_status status = tu_work_dup(s->w, tu_str_c(err->message), &counts->conflict, err);

	if (status != TU_OK)
		return status;
	s->rows.count = 0;
	a->folder.decisions = NULL;
	a->folder.decision_count = 0;
	a->matching.vex.documents[a->matching.vex.count] = NULL;
	status = tu_app_assess_read(a, tu_work_seconds(s->w), err);
	if (status == TU_OK && !take(s, a->result))
		status = tu_no_memory(err);
	counts->findings = a->result ? a->result->count : 0;
	return status;
}

enum tu_status tu_settle__fill(struct tu_work *w, const struct tu_settle *settle,
	struct tu_assess_answer *a, struct tu_error *err)
{
	struct files files = {.w = w, .vex = &a->matching.vex};
	const struct tu_settling *settling = settle->by;
	const struct tu_release_row *release = settle->release;
	const struct tu_device *model = settling->model;
	enum tu_status status;

	a->folder.arena = a->matching.arena = w->arena;
	a->folder.device = model;
	a->folder.decisions = settling->assessments.approved;
	a->folder.decision_count = settling->assessments.approved_count;
	a->input.release = tu_device_release(model, release->version);
	if (a->input.release == TU_NO_RELEASE)
		return tu_fail(err, TU_E_CORRUPT, 0, "device.yaml does not list release %.*s",
			TU_STR_FMT(release->version));
	a->matching.report.inventory = settle->prepared->inventory;
	a->matching.report.inventory_path = TU_STR("SBOM");
	a->matching.report.kb = settle->prepared->kb;
	files.release = &model->releases[a->input.release];
	status = find_files(&files, settling->device->id, err);
	return status ? status : read_files(&files, err);
}

enum tu_status tu_settle__assess(struct tu_work *w, struct tu_settle *settle, struct tu_error *err)
{
	struct applying s = {.w = w, .settling = settle->by, .prepared = settle->prepared};
	struct tu_assess_answer *a = tu_arena_alloc(w->arena, sizeof(*a));
	struct tu_error inner = {0};
	enum tu_status status;

	s.harms = tu_arena_array(w->arena, s.prepared->component_count, 1);
	if (!a || !s.harms)
		return tu_no_memory(err);
	status = tu_settle__fill(w, settle, a, err);
	if (status != TU_OK)
		return status;
	status = assess(&s, a, &settle->settled, &inner);
	if (status == TU_E_SYNTAX && !settle->by->strict)
		status = fall_silent(&s, a, &settle->settled, &inner);
	if (status == TU_OK)
		join(&s, settle);
	else if (err)
		*err = inner;
	return status;
}
