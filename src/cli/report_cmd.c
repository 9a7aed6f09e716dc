/* tutela report: a device folder as one page for people. */
#include <string.h>

#include "app/assess.h"
#include "app/deadlines.h"
#include "cli/command.h"
#include "cli/commands.h"
#include "cli/context.h"
#include "cli/options.h"
#include "app/output.h"
#include "cli/report_notice.h"
#include "report/page.h"

static const char name[] = "report";

struct report_run {
	struct tu_assess_request request;
	const char *format;
	const char *at;
	const char *output;
	const char *notice; /* NULL: the page */
	const char *vulnerability;
	struct tu_assess_answer assessing;
	struct tu_deadlines_of clocking;
	const struct tu_deadline_rule *const *rules;
	size_t rule_count;
	struct tu_page_statement *statements;
	size_t statement_count;
	struct tu_texts unassessed;
};

static const char *format_word(size_t index)
{
	static const char *const words[] = {"html", "text", "json"};

	return index < TU_COUNT(words) ? words[index] : NULL;
}

static bool read_request(int argc, char **argv, struct report_run *run)
{
	if (!tu_options_take(&tu_cmd_report, &argc, argv, run))
		return false;
	if (argc != 2) {
		tu_command_misused(
			name, argc < 2 ? "a device folder is missing" : "more than one folder");
		return false;
	}
	run->request.folder = argv[1];
	if (!run->notice && strcmp(run->format, "html") != 0) {
		tu_command_misused(
			name, "the page is html; text and json are of notices (--notice)");
		return false;
	}
	if (!run->notice != !run->vulnerability) {
		tu_command_misused(name, "--notice and --vulnerability go together");
		return false;
	}
	return tu_context_time(name, "at", run->at, &run->request.at);
}

static struct tu_page_statement statement_of(
	const struct tu_vex_files *files, const struct tu_vex_result *result)
{
	const struct tu_vex_claim *claim =
		&files->documents[result->document]->claims[result->claim];

	return (struct tu_page_statement){
		.vulnerability = claim->vulnerability,
		.author = claim->author,
		.file = tu_str_c(files->paths[result->document]),
		.status = tu_claim_status_name(claim->status),
		.trusted = tu_vex_files_trust(files, result->document, result->claim),
		.findings = result->findings,
		.why = tu_vex_outcome_sentence(result->outcome),
	};
}

/* The side files: what suppliers say, and what nothing reads. */
static enum tu_status gather_side_files(struct report_run *run, struct tu_error *err)
{
	struct tu_assess_answer *a = &run->assessing;
	const struct tu_vex_application *application = a->matching.vex.application;
	size_t counts[TU_VEX_OUTCOMES] = {0};
	size_t count = tu_vex_files_count(&a->matching.vex, counts);
	struct tu_str *others =
		tu_arena_array(a->matching.arena, a->side.other_count, sizeof(*others));

	run->statements = tu_arena_array(a->matching.arena, count, sizeof(*run->statements));
	if (!others || !run->statements)
		return tu_no_memory(err);
	for (size_t i = 0; i < count; i++)
		run->statements[i] = statement_of(&a->matching.vex, &application->results[i]);
	run->statement_count = count;
	for (size_t i = 0; i < a->side.other_count; i++)
		others[i] = a->side.others[i].name;
	run->unassessed = (struct tu_texts){others, a->side.other_count};
	return TU_OK;
}

static enum tu_status gather(struct report_run *run, struct tu_error *err)
{
	struct tu_assess_answer *a = &run->assessing;
	enum tu_status status = tu_app_assess(tu_context(), &run->request, a, err);

	if (status == TU_OK)
		status = tu_deadlines_of_folder(
			&run->clocking, &a->folder, a->matching.report.kb, run->request.at, err);
	if (status == TU_OK)
		status = tu_deadline_rules(
			a->matching.arena, a->folder.device, &run->rules, &run->rule_count, err);
	if (status == TU_OK)
		status = gather_side_files(run, err);
	return status;
}

static struct tu_page_input input_of(const struct report_run *run)
{
	const struct tu_assess_answer *a = &run->assessing;
	const struct tu_report *report = &a->matching.report;

	return (struct tu_page_input){
		.tool = TU_STR("tutela " TUTELA_VERSION),
		.at = run->request.at,
		.arena = a->matching.arena,
		.device = a->folder.device,
		.release = a->release,
		.inventory = report->inventory,
		.match = report->result,
		.kb = report->kb,
		.kb_path = report->origin.path,
		.result = a->result,
		.sorted = tu_assess_sort(a),
		.decisions = a->folder.decisions,
		.decision_count = a->folder.decision_count,
		.cases = run->clocking.cases,
		.clocks = run->clocking.clocks,
		.case_count = run->clocking.case_count,
		.rules = run->rules,
		.rule_count = run->rule_count,
		.statements = run->statements,
		.statement_count = run->statement_count,
		.unassessed = run->unassessed,
	};
}

static enum tu_status write_page(const struct report_run *run, struct tu_error *err)
{
	struct tu_page_input input = input_of(run);
	struct tu_output output;
	enum tu_status status;

	if (!input.sorted)
		return tu_no_memory(err);
	status = tu_output_open(&output, run->output, err);
	if (status != TU_OK)
		return status;
	status = tu_page_write(&input, &output.sink, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

static int run_notice(const struct report_run *run)
{
	const struct tu_report_notice asked = {.kind = run->notice,
		.vulnerability = run->vulnerability,
		.output = run->output,
		.format = strcmp(run->format, "html") == 0 ? TU_NOTICE_HTML
			: strcmp(run->format, "json") == 0 ? TU_NOTICE_JSON
							   : TU_NOTICE_TEXT,
		.request = {.folder = run->request.folder,
			.kb = run->request.kb,
			.at = run->request.at}};

	return tu_report_notice(&asked);
}

static int run_report(int argc, char **argv)
{
	struct report_run run = {0};
	struct tu_error err = {0};
	enum tu_status status;

	if (!read_request(argc, argv, &run))
		return TU_EXIT_USAGE;
	if (run.notice)
		return run_notice(&run);
	status = gather(&run, &err);
	if (status == TU_OK) {
		tu_command_warnings(name, &run.assessing.warnings);
		status = write_page(&run, &err);
	}
	tu_assess_done(&run.assessing);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}

static const struct tu_option options[] = {
	TU_OPTION_RELEASE(struct report_run, request.release),
	TU_OPTION_KB(struct report_run, request.kb),
	{"format", 'f', "FORMAT", "Choose the output format", TU_TEXT(struct report_run, format),
		.word = format_word, .preset = "html"},
	{"notice", 0, "KIND", "Prepare a notice to an authority in place of the page",
		TU_TEXT(struct report_run, notice), .word = tu_report_notice_word},
	{"vulnerability", 0, "ID", "Prepare the notice for this vulnerability",
		TU_TEXT(struct report_run, vulnerability)},
	TU_OPTION_OUTPUT(struct report_run, output),
	TU_OPTION_AT(struct report_run, at),
};

const struct tu_command tu_cmd_report = {
	.name = "report",
	.summary = "Write the assessment of a release as one self-contained page",
	.usage = {"DIR [OPTION...]"},
	TU_OPTIONS(options),
	.notes =
		"DIR is a device folder. The page shows posture, matrix, findings, decisions,\n"
		"deadlines, measures and the SBOM, and loads nothing from the network.\n"
		"A notice (--notice) is text to copy, field by field: what is not known is named "
		"as\n"
		"missing. Nothing is sent; what was filed is recorded as an event of a decision.\n",
	.run = run_report,
};
