#include "app/assess.h"

#include <stdlib.h>

#include "base/time.h"
#include "cli/command.h"

/* ---- what suppliers say ---- */

static enum tu_decision_status status_of(enum tu_claim_status status)
{
	static const enum tu_decision_status ours[TU_CLAIM_STATUSES] = {
		[TU_CLAIM_UNSTATED] = TU_DECISION_UNDER_INVESTIGATION,
		[TU_CLAIM_UNDER_INVESTIGATION] = TU_DECISION_UNDER_INVESTIGATION,
		[TU_CLAIM_NOT_AFFECTED] = TU_DECISION_NOT_AFFECTED,
		[TU_CLAIM_AFFECTED] = TU_DECISION_AFFECTED,
		[TU_CLAIM_FIXED] = TU_DECISION_FIXED};

	return ours[status];
}

static struct tu_supplier_word word_of(
	const struct tu_vex_files *files, const struct tu_vex_link *link)
{
	const struct tu_vex_claim *claim = &files->documents[link->document]->claims[link->claim];
	struct tu_supplier_word word = {.status = status_of(claim->status),
		.justification = claim->justification,
		.author = claim->author,
		.file = tu_str_c(files->paths[link->document]),
		.trusted = tu_vex_files_trust(files, link->document, link->claim)};

	if (!tu_time_parse(claim->timestamp, &word.said_at))
		word.said_at = 0;
	return word;
}

/* By finding of the match: what is said of it, or NULL. The list is NULL without memory. */
static const struct tu_supplier_word **take_words(const struct tu_assessing *a)
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
static enum tu_status take_findings(struct tu_assessing *a, struct tu_error *err)
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

static enum tu_status match_release(struct tu_assessing *a, const char *kb, struct tu_error *err)
{
	struct tu_sbom_source source = {0};

	if (!a->release->sbom.len)
		return tu_fail(err, TU_E_NOTFOUND, 0, "%.*s:%u: release %.*s has no SBOM",
			TU_STR_FMT(a->folder.device->file), a->release->place.line,
			TU_STR_FMT(a->release->version));
	source.path = tu_device_folder_path(&a->folder, a->release->sbom);
	if (!source.path)
		return tu_no_memory(err);
	return tu_matching_run(&a->matching, &source, kb, (struct tu_report_filter){0}, NULL, err);
}

/* The maker, and whom the policy trusts. */
static bool trust_authors(struct tu_assessing *a)
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
	a->matching.vex.distrust_sbom = true;
	if (!trust_authors(a))
		return tu_no_memory(err);
	status = tu_side_files_read(&a->folder, a->release, &a->matching.vex, &a->side, err);
	if (status == TU_OK)
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

/* ---- what is told ---- */

static void warn_of_files(const struct tu_assessing *a, const char *command)
{
	for (size_t i = 0; i < a->side.other_count; i++)
		if (a->side.others[i].why.len)
			tu_command_warn(command, "side file %.*s is not assessed: %.*s",
				TU_STR_FMT(a->side.others[i].name),
				TU_STR_FMT(a->side.others[i].why));
	if (a->side.other_count)
		tu_command_warn(command, "%zu side files of release %.*s are not assessed",
			a->side.other_count, TU_STR_FMT(a->release->version));
}

static void warn_of_statements(const struct tu_assessing *a, const char *command)
{
	enum { TOLD = 20 };
	const struct tu_vex_files *files = &a->matching.vex;
	const struct tu_vex_application *application = files->application;
	size_t count = application ? application->result_count : 0, told = 0, silent = 0;

	for (size_t i = 0; i < count; i++) {
		const struct tu_vex_result *result = &application->results[i];

		if (!tu_vex_files_tells(files, result) || told == TOLD) {
			silent += tu_vex_files_tells(files, result);
			continue;
		}
		told++;
		tu_command_warn(command, "%s: the statement on %.*s does not apply (%s): %s",
			files->paths[result->document],
			TU_STR_FMT(files->documents[result->document]
					   ->claims[result->claim]
					   .vulnerability),
			tu_vex_outcome_name(result->outcome),
			tu_vex_outcome_sentence(result->outcome));
	}
	if (silent)
		tu_command_warn(command,
			"and %zu more statements do not apply; \"tutela vex check\" "
			"tells why",
			silent);
}

void tu_assessing_warn(const struct tu_assessing *assessing, const char *command)
{
	warn_of_files(assessing, command);
	warn_of_statements(assessing, command);
}

void tu_assessing_done(struct tu_assessing *a)
{
	tu_matching_done(&a->matching);
	tu_device_folder_done(&a->folder);
}

/* ---- names and order ---- */

bool tu_assessing_is_named(const struct tu_component *component, struct tu_str wanted)
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
