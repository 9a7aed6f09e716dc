#include "cli/assessing.h"

#include <stdlib.h>

/* Rows of the match report as findings to assess: which score speaks for each is decided there. */
static enum tu_status take_findings(struct tu_assessing *a, struct tu_error *err)
{
	const struct tu_report *report = &a->matching.report;
	struct tu_assess_finding *findings =
		tu_arena_array(a->matching.arena, report->row_count, sizeof(*findings));

	if (!findings)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	for (size_t i = 0; i < report->row_count; i++) {
		const struct tu_report_row *row = &report->rows[i];

		findings[i] = (struct tu_assess_finding){
			.finding = row->finding,
			.distinct = row->distinct,
			.facts = row->vulnerability->facts,
			.score = row->vulnerability->score,
			.tenths = row->vulnerability->tenths,
			.severity = row->vulnerability->severity,
		};
	}
	a->input.findings = findings;
	a->input.finding_count = report->row_count;
	return TU_OK;
}

static enum tu_status match_release(struct tu_assessing *a, const char *kb, struct tu_error *err)
{
	struct tu_sbom_source source = {0};

	if (!a->release->sbom.len)
		return tu_fail(err, TU_E_NOTFOUND, 0, "%.*s:%u: release %.*s has no SBOM",
			TU_STR_FMT(a->folder.device->file), a->release->place.line,
			TU_STR_FMT(a->release->version));
	source.path = tu_device_folder_path(&a->folder, a->release->sbom);
	if (!source.path)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	return tu_matching_run(&a->matching, &source, kb, (struct tu_report_filter){0}, NULL, err);
}

enum tu_status tu_assessing_run(
	struct tu_assessing *a, const struct tu_assessing_request *request, struct tu_error *err)
{
	enum tu_status status;

	*a = (struct tu_assessing){0};
	status = tu_device_folder_open(request->folder, &a->folder, err);
	if (status == TU_OK)
		status = tu_device_folder_release(
			&a->folder, request->release, &a->input.release, err);
	if (status != TU_OK)
		return status;
	a->release = &a->folder.device->releases[a->input.release];
	status = match_release(a, request->kb, err);
	if (status == TU_OK)
		status = take_findings(a, err);
	if (status != TU_OK)
		return status;
	a->input.device = a->folder.device;
	a->input.at = request->at;
	a->input.kb = a->matching.report.kb;
	a->input.inventory = a->matching.report.inventory;
	a->input.decisions = a->folder.decisions;
	a->input.decision_count = a->folder.decision_count;
	return tu_assess(a->matching.arena, &a->input, &a->result, err);
}

void tu_assessing_done(struct tu_assessing *a)
{
	tu_matching_done(&a->matching);
	tu_device_folder_done(&a->folder);
}

/* ---- order ---- */

static int rank(const struct tu_assessment *a)
{
	static const int states[] = {[TU_ASSESS_REOPENED] = 0,
		[TU_ASSESS_UNDECIDED] = 1,
		[TU_ASSESS_DECIDED] = 2,
		[TU_ASSESS_CARRIED] = 2};

	if (tu_assess_is_closed(a))
		return 100;
	return (a->risk == TU_RISK_UNCONTROLLED ? 0 : 10) + states[a->state];
}

static int compare(const void *one, const void *other)
{
	const struct tu_assessment *a = *(const struct tu_assessment *const *)one;
	const struct tu_assessment *b = *(const struct tu_assessment *const *)other;

	if (rank(a) != rank(b))
		return rank(a) - rank(b);
	if (a->proposal.level != b->proposal.level)
		return a->proposal.level > b->proposal.level ? -1 : 1;
	if (a->harm != b->harm)
		return a->harm > b->harm ? -1 : 1;
	return a < b ? -1 : a > b; /* as in the document */
}

const struct tu_assessment *const *tu_assessing_sort(const struct tu_assessing *assessing)
{
	const struct tu_assess_result *result = assessing->result;
	const struct tu_assessment **list =
		tu_arena_array(assessing->matching.arena, result->count, sizeof(*list));

	for (size_t i = 0; list && i < result->count; i++)
		list[i] = &result->assessments[i];
	if (list && result->count)
		qsort(list, result->count, sizeof(*list), compare);
	return list;
}
