/* tutela report: a device folder as one page for people. */
#include <string.h>

#include "cli/assessing.h"
#include "cli/clocking.h"
#include "cli/command.h"
#include "cli/options.h"
#include "cli/output.h"
#include "report/page.h"

static const char name[] = "report";

struct report_run {
	struct tu_assessing_request request;
	const char *format;
	const char *at;
	const char *output;
	struct tu_assessing assessing;
	struct tu_clocking clocking;
	const struct tu_clock_rule *const *rules;
	size_t rule_count;
};

static bool read_request(int argc, char **argv, struct report_run *run)
{
	const struct tu_option options[] = {
		{.name = "release", .letter = 'r', .value = &run->request.release},
		{.name = "kb", .value = &run->request.kb},
		{.name = "format", .letter = 'f', .value = &run->format},
		{.name = "at", .value = &run->at},
		{.name = "output", .letter = 'o', .value = &run->output},
	};

	if (!tu_options_take(&argc, argv, options, (int)TU_COUNT(options)))
		return false;
	if (argc != 2) {
		tu_command_misused(
			name, argc < 2 ? "no device folder is named" : "more than one folder");
		return false;
	}
	if (run->format && strcmp(run->format, "html") != 0) {
		tu_command_misused(name, "--format is html, not \"%s\"", run->format);
		return false;
	}
	run->request.folder = argv[1];
	return tu_device_folder_time(name, "at", run->at, &run->request.at);
}

static enum tu_status gather(struct report_run *run, struct tu_error *err)
{
	struct tu_assessing *a = &run->assessing;
	enum tu_status status = tu_assessing_run(a, &run->request, err);

	if (status == TU_OK)
		status = tu_clocking_run(
			&run->clocking, &a->folder, a->matching.report.kb, run->request.at, err);
	if (status == TU_OK)
		status = tu_clock_rules(
			a->matching.arena, a->folder.device, &run->rules, &run->rule_count, err);
	return status;
}

static struct tu_page_input input_of(const struct report_run *run)
{
	const struct tu_assessing *a = &run->assessing;
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
		.sorted = tu_assessing_sort(a),
		.decisions = a->folder.decisions,
		.decision_count = a->folder.decision_count,
		.cases = run->clocking.cases,
		.clocks = run->clocking.clocks,
		.case_count = run->clocking.case_count,
		.rules = run->rules,
		.rule_count = run->rule_count,
	};
}

static void spill(void *output)
{
	tu_output_spill(output);
}

static enum tu_status write_page(const struct report_run *run, struct tu_error *err)
{
	struct tu_page_input input = input_of(run);
	struct tu_output output;
	struct tu_page_sink sink = {&output.buf, spill, &output};
	enum tu_status status;

	if (!input.sorted)
		return tu_fail(err, TU_E_NOMEM, 0, "out of memory");
	status = tu_output_open(&output, run->output, err);
	if (status != TU_OK)
		return status;
	status = tu_page_write(&input, &sink, err);
	if (status == TU_OK)
		return tu_output_close(&output, err);
	tu_output_abandon(&output);
	return status;
}

int tu_cmd_report(int argc, char **argv)
{
	struct report_run run = {0};
	struct tu_error err = {0};
	enum tu_status status;

	if (!read_request(argc, argv, &run))
		return TU_EXIT_USAGE;
	status = gather(&run, &err);
	if (status == TU_OK)
		status = write_page(&run, &err);
	tu_assessing_done(&run.assessing);
	return status ? tu_command_failed(name, &err) : TU_EXIT_OK;
}
