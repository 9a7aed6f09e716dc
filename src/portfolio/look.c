#include "portfolio/look.h"

#include "base/hex.h"
#include "portfolio/scope.h"

/* ---- opening ---- */

static enum tu_status unknown(struct tu_error *err)
{
	return tu_fail(err, TU_E_NOTFOUND, 0, "there is no such finding");
}

/* As tu_settling_begin(), for who only reads. */
static enum tu_status begin(struct tu_work *w, struct tu_look *look, struct tu_error *err)
{
	struct tu_settling *settling = &look->settling;
	enum tu_status status;

	if (look->to_write) {
		status = tu_settling_begin(w, &look->device, look->kb, settling, err);
	} else {
		*settling = (struct tu_settling){.device = &look->device, .kb = look->kb};
		status = tu_device_load(w, &look->device, &settling->model, NULL, err);
		if (status == TU_OK)
			status =
				tu_assessment_list(w, look->device.id, &settling->assessments, err);
	}
	settling->reader = look->reader;
	return status;
}

static enum tu_status keep_conflict(
	struct tu_work *w, struct tu_look *look, const struct tu_error *said, struct tu_error *err)
{
	return tu_work_dup(w, tu_str_c(said->message), &look->conflict, err);
}

/* Two approved ones that contradict: none applies (portfolio/settle.h). */
static enum tu_status assess(struct tu_work *w, struct tu_look *look, struct tu_error *err)
{
	struct tu_assess_answer *a = &look->answer;
	struct tu_error inner = {0};
	enum tu_status status = tu_app_assess_read(a, tu_work_seconds(w), &inner);

	if (status != TU_E_SYNTAX) {
		if (status != TU_OK && err)
			*err = inner;
		return status;
	}
	status = keep_conflict(w, look, &inner, err);
	a->folder.decisions = NULL;
	a->folder.decision_count = 0;
	a->matching.vex.documents[a->matching.vex.count] = NULL;
	return status ? status : tu_app_assess_read(a, tu_work_seconds(w), err);
}

static enum tu_status assess_proposals(
	struct tu_work *w, struct tu_look *look, struct tu_error *err)
{
	const struct tu_assessment_rows *rows = &look->settling.assessments;
	struct tu_error inner = {0};
	enum tu_status status;

	look->with_proposals = look->conflict.len ? NULL : look->answer.result;
	if (rows->count == rows->approved_count || look->conflict.len)
		return TU_OK;
	status = tu_app_assess_again(
		&look->answer, rows->all, rows->count, &look->with_proposals, &inner);
	if (status != TU_E_SYNTAX) {
		if (status != TU_OK && err)
			*err = inner;
		return status;
	}
	look->with_proposals = NULL;
	return keep_conflict(w, look, &inner, err);
}

static enum tu_status look_at(struct tu_work *w, struct tu_look *look, struct tu_error *err)
{
	const struct tu_settle settle = {
		.by = &look->settling, .release = &look->release, .prepared = &look->prepared};
	enum tu_status status =
		tu_settle_prepare(w, &look->settling, &look->release, &look->prepared, err);

	look->answer = (struct tu_assess_answer){0};
	look->conflict = (struct tu_str){0};
	if (status == TU_OK)
		status = tu_settle__fill(w, &settle, &look->answer, err);
	if (status == TU_OK)
		status = assess(w, look, err);
	return status ? status : assess_proposals(w, look, err);
}

enum tu_status tu_look_open(
	struct tu_work *w, struct tu_str release, struct tu_look *look, struct tu_error *err)
{
	struct tu_str name;
	enum tu_status status = tu_release_by_public(w, release, &look->release, err);

	if (status == TU_E_NOTFOUND)
		return unknown(err);
	if (status != TU_OK)
		return status;
	if (!look->release.sbom_id ||
		(look->scope && !tu_scope_has(look->scope, look->release.device_id)))
		return unknown(err);
	status = tu_device_name(w, look->release.device_id, &name, err);
	if (status == TU_OK)
		status = tu_device_find(w, name, &look->device, err);
	if (status == TU_OK)
		status = begin(w, look, err);
	return status ? status : look_at(w, look, err);
}

enum tu_status tu_look_again(struct tu_work *w, const struct tu_look *from,
	const struct tu_release_row *release, struct tu_look *out, struct tu_error *err)
{
	*out = *from;
	out->release = *release;
	out->settling.device = &out->device;
	return look_at(w, out, err);
}

/* ---- a finding ---- */

/* How little is decided: the least is shown. */
static int rank(const struct tu_assessment *a)
{
	static const int ranks[TU_ASSESS_STATES] = {[TU_ASSESS_UNDECIDED] = 0,
		[TU_ASSESS_REOPENED] = 1,
		[TU_ASSESS_SUPPLIER] = 2,
		[TU_ASSESS_CARRIED] = 3,
		[TU_ASSESS_DECIDED] = 4};

	return ranks[a->state];
}

static const struct tu_prepared_component *component_of(
	const struct tu_look *look, const struct tu_distinct *distinct)
{
	return &look->prepared.components[look->prepared.component_of[distinct->first]];
}

const struct tu_assessment *tu_look_in(const struct tu_look *look,
	const struct tu_assess_result *result, const struct tu_look_finding *finding)
{
	const struct tu_assessment *least = NULL;

	for (size_t i = 0; result && i < result->count; i++) {
		const struct tu_assessment *a = &result->assessments[i];

		if (a->of->finding->vulnerability != finding->row->finding->vulnerability ||
			component_of(look, a->of->distinct) != finding->component)
			continue;
		if (!least || rank(a) < rank(least))
			least = a;
	}
	return least;
}

static bool is_key(struct tu_str digits, const struct tu_prepared_component *component)
{
	uint8_t key[TU_LIST_KEY];

	return tu_hex_read(digits, key, sizeof(key)) &&
		memcmp(key, component->identity.key, sizeof(key)) == 0;
}

enum tu_status tu_look_find(const struct tu_look *look, struct tu_str vulnerability,
	struct tu_str component, struct tu_look_finding *out, struct tu_error *err)
{
	const struct tu_report *report = &look->answer.matching.report;
	uint32_t wanted = tu_kb_find(look->kb, vulnerability);

	*out = (struct tu_look_finding){0};
	for (size_t i = 0; i < report->row_count && wanted != TU_KB_NONE && !out->row; i++) {
		const struct tu_report_row *row = &report->rows[i];
		const struct tu_prepared_component *c = component_of(look, row->distinct);

		if (row->finding->vulnerability == wanted && is_key(component, c))
			*out = (struct tu_look_finding){.row = row, .component = c};
	}
	if (!out->row)
		return unknown(err);
	out->assessment = tu_look_in(look, look->answer.result, out);
	out->proposed = tu_look_in(look, look->with_proposals, out);
	return out->assessment ? TU_OK : unknown(err);
}

const struct tu_assessment_row *tu_look_row(
	const struct tu_look *look, const struct tu_decision *decision)
{
	const struct tu_assessment_rows *rows = &look->settling.assessments;

	for (size_t i = 0; decision && i < rows->count; i++)
		if (rows->at[i].decision == decision)
			return &rows->at[i];
	return NULL;
}

/* ---- names ---- */

void tu_look_write_component(const uint8_t key[TU_LIST_KEY], struct tu_buf *out)
{
	tu_hex_write(key, TU_LIST_KEY, out);
}

bool tu_finding_name_read(struct tu_str text, struct tu_finding_name *out)
{
	size_t last = tu_str_rfind(text, '/'), middle;

	if (last == text.len)
		return false;
	middle = tu_str_rfind(tu_str_first(text, last), '/');
	if (middle >= last)
		return false;
	*out = (struct tu_finding_name){.vulnerability = tu_str_first(text, middle),
		.component = tu_str_from(tu_str_first(text, last), middle + 1),
		.release = tu_str_from(text, last + 1)};
	return out->vulnerability.len && out->component.len == TU_COMPONENT_DIGITS &&
		out->release.len == TU_RANDOM_ID;
}

void tu_finding_name_write(const struct tu_finding_name *name, struct tu_buf *out)
{
	tu_buf_printf(out, "%.*s/%.*s/%.*s", TU_STR_FMT(name->vulnerability),
		TU_STR_FMT(name->component), TU_STR_FMT(name->release));
}
