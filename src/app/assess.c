#include "app/assess.h"

#include <stdlib.h>

#include <tutela/sbom_above.h>
#include <tutela/sbom_blank.h>

#include "base/input.h"
#include "base/time.h"

/* ---- what suppliers say ---- */

static struct tu_supplier_word word_of(
	const struct tu_vex_files *files, const struct tu_vex_link *link)
{
	const struct tu_vex_claim *claim = &files->documents[link->document]->claims[link->claim];
	struct tu_supplier_word word = {.status = claim->status,
		.justification = claim->justification,
		.author = claim->author,
		.file = tu_str_c(files->paths[link->document]),
		.trusted = tu_vex_files_trust(files, link->document, link->claim)};

	if (!tu_time_parse(claim->timestamp, &word.said_at))
		word.said_at = 0;
	return word;
}

/* By finding of the match: what is said of it, or NULL. The list is NULL without memory. */
static const struct tu_supplier_word **take_words(const struct tu_assess_answer *a)
{
	const struct tu_vex_files *files = &a->matching.vex;
	const struct tu_vex_application *application = files->application;
	size_t count = application ? application->link_count : 0;
	size_t findings = a->matching.report.result->finding_count;
	struct tu_supplier_word *words = tu_arena_array(a->matching.arena, count, sizeof(*words));
	const struct tu_supplier_word **list =
		tu_arena_array(a->matching.arena, findings, sizeof(*list));

	if (!words || !list)
		return NULL;
	for (size_t i = 0; i < count; i++) {
		words[i] = word_of(files, &application->links[i]);
		list[application->links[i].finding] = &words[i];
	}
	return list;
}

/* Rows of the match report as findings to assess: which score speaks for each is decided there. */
static enum tu_status take_findings(struct tu_assess_answer *a, struct tu_error *err)
{
	const struct tu_report *report = &a->matching.report;
	struct tu_assess_finding *findings =
		tu_arena_array(a->matching.arena, report->row_count, sizeof(*findings));

	const struct tu_supplier_word **words = take_words(a);

	if (!findings || !words)
		return tu_no_memory(err);
	for (size_t i = 0; i < report->row_count; i++) {
		const struct tu_report_row *row = &report->rows[i];

		findings[i] = (struct tu_assess_finding){
			.finding = row->finding,
			.distinct = row->distinct,
			.facts = row->vulnerability->facts,
			.score = row->vulnerability->score,
			.tenths = row->vulnerability->tenths,
			.severity = row->vulnerability->severity,
			.supplier = words[row->finding - report->result->findings],
		};
	}
	a->input.findings = findings;
	a->input.finding_count = report->row_count;
	return TU_OK;
}

static enum tu_status match_release(const struct tu_app_context *context,
	struct tu_assess_answer *a, const struct tu_assess_request *asked, struct tu_error *err)
{
	struct tu_scan_request request = {.kb = asked->kb, .at = asked->at, .vex = a->matching.vex};
	enum tu_status status;

	if (!a->release->sbom.len)
		return tu_fail(err, TU_E_NOTFOUND, 0, "%.*s:%u: release %.*s has no SBOM",
			TU_STR_FMT(a->folder.device->file), a->release->place.line,
			TU_STR_FMT(a->release->version));
	request.source.path = tu_device_folder_path(&a->folder, a->release->sbom);
	if (!request.source.path)
		return tu_no_memory(err);
	status = tu_input_check_file(request.source.path, err);
	return status ? status : tu_app_scan(context, &request, &a->matching, err);
}

/* ---- warnings ---- */

static void warn_of_files(struct tu_assess_answer *a)
{
	for (size_t i = 0; i < a->side.other_count; i++)
		if (a->side.others[i].why.len)
			tu_warn(&a->warnings, TU_WARN_SIDE_FILE,
				"side file %.*s is not assessed: %.*s",
				TU_STR_FMT(a->side.others[i].name),
				TU_STR_FMT(a->side.others[i].why));
	if (a->side.other_count)
		tu_warn(&a->warnings, TU_WARN_SIDE_FILE,
			"%zu side files of release %.*s are not assessed", a->side.other_count,
			TU_STR_FMT(a->release->version));
}

static void warn_of_statement(struct tu_assess_answer *a, const struct tu_vex_result *result)
{
	const struct tu_vex_files *files = &a->matching.vex;
	const struct tu_vex_document *document = files->documents[result->document];

	tu_warn(&a->warnings, TU_WARN_STATEMENT,
		"%s: the statement on %.*s does not apply (%s): %s", files->paths[result->document],
		TU_STR_FMT(document->claims[result->claim].vulnerability),
		tu_vex_outcome_name(result->outcome), tu_vex_outcome_sentence(result->outcome));
}

static void warn_of_statements(struct tu_assess_answer *a)
{
	enum { SHOWN = 20 };
	const struct tu_vex_application *application = a->matching.vex.application;
	size_t count = application ? application->result_count : 0, shown = 0, silent = 0;

	for (size_t i = 0; i < count; i++) {
		if (!tu_vex_files_tells(&a->matching.vex, &application->results[i]))
			continue;
		if (shown++ < SHOWN)
			warn_of_statement(a, &application->results[i]);
		else
			silent++;
	}
	if (silent)
		tu_warn(&a->warnings, TU_WARN_STATEMENT,
			"and %zu more statements do not apply; \"tutela vex check\" tells why",
			silent);
}

static void warn(struct tu_assess_answer *a)
{
	enum tu_blank blank = tu_sbom_blank(a->input.inventory);

	a->warnings.arena = a->matching.arena;
	if (blank != TU_BLANK_NOT)
		tu_warn(&a->warnings, TU_WARN_EMPTY_SBOM, "the SBOM of release %.*s %s",
			TU_STR_FMT(a->release->version), tu_blank_sentence(blank));
	warn_of_files(a);
	warn_of_statements(a);
}

/* ---- the whole ---- */

/* The maker, and whom the policy trusts. */
static bool trust_authors(struct tu_assess_answer *a)
{
	const struct tu_device *device = a->folder.device;
	const struct tu_texts *suppliers = &device->policy.trusted_suppliers;
	struct tu_str *authors =
		tu_arena_array(a->folder.arena, suppliers->count + 1, sizeof(*authors));

	if (!authors)
		return false;
	authors[0] = device->manufacturer.name;
	for (size_t i = 0; i < suppliers->count; i++)
		authors[i + 1] = suppliers->at[i];
	a->matching.vex.trust.authors = authors;
	a->matching.vex.trust.author_count = suppliers->count + 1;
	return true;
}

static enum tu_status read_folder(
	struct tu_assess_answer *a, const struct tu_assess_request *request, struct tu_error *err)
{
	enum tu_status status = tu_device_folder_open(request->folder, &a->folder, err);

	if (status == TU_OK)
		status = tu_device_folder_release(
			&a->folder, request->release, &a->input.release, err);
	if (status != TU_OK)
		return status;
	a->release = &a->folder.device->releases[a->input.release];
	a->matching.vex.distrust_sbom = true;
	if (!trust_authors(a))
		return tu_no_memory(err);
	return tu_side_files_read(&a->folder, a->release, &a->matching.vex, &a->side, err);
}

/* What is matched and reported is put to device and decisions. */
static enum tu_status judge(struct tu_assess_answer *a, int64_t at, struct tu_error *err)
{
	enum tu_status status = take_findings(a, err);

	if (status != TU_OK)
		return status;
	a->input.device = a->folder.device;
	a->input.at = at;
	a->input.kb = a->matching.report.kb;
	a->input.decisions = a->folder.decisions;
	a->input.decision_count = a->folder.decision_count;
	status = tu_sbom_find_above(
		a->matching.arena, a->matching.report.inventory, &a->input.inventory, err);
	return status ? status : tu_assess(a->matching.arena, &a->input, &a->result, err);
}

enum tu_status tu_app_assess(const struct tu_app_context *context,
	const struct tu_assess_request *request, struct tu_assess_answer *a, struct tu_error *err)
{
	enum tu_status status;

	*a = (struct tu_assess_answer){0};
	status = read_folder(a, request, err);
	if (status == TU_OK)
		status = match_release(context, a, request, err);
	if (status == TU_OK)
		status = judge(a, request->at, err);
	if (status != TU_OK)
		return status;
	warn(a);
	return a->warnings.failed ? tu_no_memory(err) : TU_OK;
}

enum tu_status tu_app_assess_read(struct tu_assess_answer *a, int64_t at, struct tu_error *err)
{
	struct tu_report *report = &a->matching.report;
	enum tu_status status;

	a->matching.vex.distrust_sbom = true;
	a->matching.vex.trust.author_count = 0;
	a->release = &a->folder.device->releases[a->input.release];
	tu_kb_info(report->kb, &report->kb_info);
	status = tu_vex_files_match(&a->matching.vex, a->matching.arena, report, NULL, err);
	if (status == TU_OK)
		status = tu_report_build(a->matching.arena, report, err);
	if (status == TU_OK)
		status = judge(a, at, err);
	/* whom the policy names is shown, also where it decides nothing */
	return status || trust_authors(a) ? status : tu_no_memory(err);
}

enum tu_status tu_app_assess_again(struct tu_assess_answer *a,
	const struct tu_decision *const *decisions, size_t count,
	const struct tu_assess_result **out_result, struct tu_error *err)
{
	struct tu_assess_input input = a->input;

	input.decisions = decisions;
	input.decision_count = count;
	return tu_assess(a->matching.arena, &input, out_result, err);
}

void tu_assess_done(struct tu_assess_answer *a)
{
	tu_scan_done(&a->matching);
	tu_device_folder_done(&a->folder);
}

/* ---- names and order ---- */

bool tu_assess_is_named(const struct tu_component *component, struct tu_str wanted)
{
	return wanted.len &&
		(tu_str_ieq(component->name, wanted) || tu_str_eq(component->ref, wanted) ||
			tu_str_eq(component->purl, wanted));
}

static int compare(const void *one, const void *other)
{
	const struct tu_assessment *a = *(const struct tu_assessment *const *)one;
	const struct tu_assessment *b = *(const struct tu_assessment *const *)other;

	int order = tu_assess_compare(a, b);

	if (order)
		return order;
	return a < b ? -1 : a > b; /* as in the document */
}

const struct tu_assessment *const *tu_assess_sort(const struct tu_assess_answer *assessing)
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
